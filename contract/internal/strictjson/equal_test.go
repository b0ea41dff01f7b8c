package strictjson

import (
	"fmt"
	"strings"
	"testing"
)

func TestEqual(t *testing.T) {
	wide := func(first, last int) string {
		var members []string
		for i := first; i != last; i += (last - first) / 100 {
			members = append(members, fmt.Sprintf(`"m%d":%d`, i, i))
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{`null`, `null`, true},
		{`null`, `false`, false},
		{`true`, `false`, false},
		{`"a"`, `"\u0061"`, true},
		{`"1"`, `1`, false},
		{`"a"`, `"A"`, false},
		{`[]`, `{}`, false},
		{`[1,2]`, `[1.0,2e0]`, true},
		{`[1,2]`, `[2,1]`, false},
		{`[1]`, `[1,1]`, false},
		{`[[1],[2]]`, `[[1],[3]]`, false},
		{`{"a":1,"b":[2]}`, `{"b":[2.0],"a":1}`, true},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":1,"b":2}`, `{"a":1}`, false},
		{`{"a":null}`, `{"b":null}`, false},
		{`{"a":1,"a":2}`, `{"a":2}`, true},
		{wide(100, 200), wide(199, 99), true},
		{wide(100, 200), wide(101, 201), false},

		{`0`, `-0.00e9`, true},
		{`1`, `2`, false},
		{`1050`, `10.5e2`, true},
		{`9007199254740993`, `9007199254740992`, false},
		{`1e999999999999999999`, `10e999999999999999998`, true},
		{`1e999999999999999999`, `1e999999999999999998`, false},
	} {
		a, b := mustParse(t, test.a), mustParse(t, test.b)
		if got := Equal(a, b); got != test.want {
			t.Errorf("%s and %s: got %t, want %t", test.a, test.b, got, test.want)
		}
		if got := Equal(b, a); got != test.want {
			t.Errorf("%s and %s: got %t, want %t", test.b, test.a, got, test.want)
		}
	}
	if Equal(Value{}, mustParse(t, "null")) || !Equal(Value{}, Value{}) {
		t.Error("no value is equal to no value, and to nothing else")
	}
}
