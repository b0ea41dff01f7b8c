package strictjson

import (
	"fmt"
	"strings"
	"testing"
)

func TestEqual(t *testing.T) {
	nines := strings.Repeat("9", 40)
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
		{`1`, `-1`, false},
		{`1`, `2`, false},
		{`100`, `1e2`, true},
		{`100`, `1E+02`, true},
		{`0.001`, `1e-3`, true},
		{`10.50`, `105e-1`, true},
		{`1.5`, `15`, false},
		{`0.15`, `0.015`, false},
		{`1050`, `10.5e2`, true},
		{`1000000000000000000001`, `1000000000000000000002`, false},
		{`9007199254740993`, `9007199254740992`, false},
		{`1e400`, `10e399`, true},
		{`1e400`, `1e401`, false},
		{`1e-400`, `0`, false},
		{`1e999999999999999999`, `10e999999999999999998`, true},
		{`1e1000000000000000000`, `10e999999999999999999`, true},
		{`1e-1000000000000000000`, `0.1e-999999999999999999`, true},
		{`1e` + nines, `0.1e1` + strings.Repeat("0", 40), true},
		{`1e` + nines, `10e1` + strings.Repeat("0", 40), false},
		{`1e-` + nines, `10e-1` + strings.Repeat("0", 40), true},
		{`1e` + nines, `1e-` + nines, false},
		{`0e` + nines, `0`, true},
		{`1e1` + strings.Repeat("0", 40), `10e` + nines, true},
		{`1e2` + strings.Repeat("0", 40), `10e1` + nines, true},
		{`1e0000000000000000000000000001`, `10`, true},
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

// FuzzEqualNumbers compares two numbers, of which one is the other with its point moved.
func FuzzEqualNumbers(f *testing.F) {
	f.Add(int64(120), int64(3), uint8(2))
	f.Add(int64(-1), int64(-7), uint8(200))
	f.Add(int64(0), int64(1)<<62, uint8(0))
	f.Fuzz(func(t *testing.T, digits, exponent int64, zeros uint8) {
		if exponent > 1<<62 || exponent < -1<<62 {
			return
		}
		a := fmt.Sprintf("%de%d", digits, exponent)
		b := fmt.Sprintf("%d%se%d", digits, strings.Repeat("0", int(zeros)), exponent-int64(zeros))
		c := fmt.Sprintf("%de%d", digits, exponent+1)
		if !equalNumbers(a, b) {
			t.Errorf("%s and %s are equal", a, b)
		}
		if equalNumbers(a, c) != (digits == 0) {
			t.Errorf("%s and %s: equal is %t", a, c, digits != 0)
		}
	})
}
