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
		{a: `null`, b: `null`, want: true},
		{a: `null`, b: `false`, want: false},
		{a: `true`, b: `false`, want: false},
		{a: `"a"`, b: `"\u0061"`, want: true},
		{a: `"1"`, b: `1`, want: false},
		{a: `"a"`, b: `"A"`, want: false},
		{a: `[]`, b: `{}`, want: false},
		{a: `[1,2]`, b: `[1.0,2e0]`, want: true},
		{a: `[1,2]`, b: `[2,1]`, want: false},
		{a: `[1]`, b: `[1,1]`, want: false},
		{a: `[[1],[2]]`, b: `[[1],[3]]`, want: false},
		{a: `{"a":1,"b":[2]}`, b: `{"b":[2.0],"a":1}`, want: true},
		{a: `{"a":1}`, b: `{"b":1}`, want: false},
		{a: `{"a":1,"b":2}`, b: `{"a":1}`, want: false},
		{a: `{"a":null}`, b: `{"b":null}`, want: false},
		{a: `{"a":1,"a":2}`, b: `{"a":2}`, want: true},
		{a: wide(100, 200), b: wide(199, 99), want: true},
		{a: wide(100, 200), b: wide(101, 201), want: false},

		{a: `0`, b: `-0.00e9`, want: true},
		{a: `1`, b: `2`, want: false},
		{a: `1050`, b: `10.5e2`, want: true},
		{a: `9007199254740993`, b: `9007199254740992`, want: false},
		{a: `1e999999999999999999`, b: `10e999999999999999998`, want: true},
		{a: `1e999999999999999999`, b: `1e999999999999999998`, want: false},
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
