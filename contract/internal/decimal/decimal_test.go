package decimal

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

var nines = strings.Repeat("9", 40)

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{a: "0", b: "-0.00e9", want: 0},
		{a: "-0", b: "0", want: 0},
		{a: "1", b: "-1", want: 1},
		{a: "1", b: "2", want: -1},
		{a: "-1", b: "-2", want: 1},
		{a: "100", b: "1e2", want: 0},
		{a: "100", b: "1E+02", want: 0},
		{a: "0.001", b: "1e-3", want: 0},
		{a: "10.50", b: "105e-1", want: 0},
		{a: "1.5", b: "15", want: -1},
		{a: "-1.5", b: "-15", want: 1},
		{a: "0.15", b: "0.015", want: 1},
		{a: "1050", b: "10.5e2", want: 0},
		{a: "0.1", b: "0", want: 1},
		{a: "-0.1", b: "0", want: -1},
		{a: "0", b: "1e-400", want: -1},
		{a: "1.05", b: "1.050001", want: -1},
		{a: "1000000000000000000001", b: "1000000000000000000002", want: -1},
		{a: "9007199254740993", b: "9007199254740992.0", want: 1},
		{a: "999999999999999999", b: "1000000000000000000", want: -1},
		{a: "-9223372036854775808", b: "-9223372036854775809", want: 1},
		{a: "1e400", b: "10e399", want: 0},
		{a: "1e400", b: "1e401", want: -1},
		{a: "1e1000000000", b: "9e999999999", want: 1},
		{a: "1e999999999999999999", b: "10e999999999999999998", want: 0},
		{a: "1e1000000000000000000", b: "10e999999999999999999", want: 0},
		{a: "1e-1000000000000000000", b: "0.1e-999999999999999999", want: 0},
		{a: "1e" + nines, b: "0.1e1" + strings.Repeat("0", 40), want: 0},
		{a: "1e" + nines, b: "10e1" + strings.Repeat("0", 40), want: -1},
		{a: "1e-" + nines, b: "10e-1" + strings.Repeat("0", 40), want: 0},
		{a: "1e" + nines, b: "1e-" + nines, want: 1},
		{a: "1e" + nines, b: "7", want: 1},
		{a: "1e-" + nines, b: "7", want: -1},
		{a: "-1e" + nines, b: "-1e1" + nines, want: 1},
		{a: "1e-" + nines, b: "1e-1" + nines, want: 1},
		{a: "0e" + nines, b: "0", want: 0},
		{a: "1e1" + strings.Repeat("0", 40), b: "10e" + nines, want: 0},
		{a: "1e2" + strings.Repeat("0", 40), b: "10e1" + nines, want: 0},
		{a: "1e0000000000000000000000000001", b: "10", want: 0},
	} {
		if got := Compare(test.a, test.b); got != test.want {
			t.Errorf("%s and %s: got %d, want %d", test.a, test.b, got, test.want)
		}
		if got := Compare(test.b, test.a); got != -test.want {
			t.Errorf("%s and %s: got %d, want %d", test.b, test.a, got, -test.want)
		}
		if same := Key(test.a) == Key(test.b); same != (test.want == 0) {
			t.Errorf("keys of %s and %s: %s and %s", test.a, test.b, Key(test.a), Key(test.b))
		}
	}
}

func TestIsInteger(t *testing.T) {
	for number, want := range map[string]bool{
		"0": true, "-0": true, "0.0": true, "0e-5": true, "1.0": true, "1e3": true, "1.5e1": true, "-7": true, "100e-2": true,
		"12345678901234567890123": true, "1e1000000000": true, "1e" + nines: true, "1.50e1": true,
		"0.5": false, "1e-1": false, "1.25e1": false, "12345678901234567890123.5": false, "1e-1000000000": false, "1e-" + nines: false,
	} {
		if got := IsInteger(number); got != want {
			t.Errorf("%s: got %t, want %t", number, got, want)
		}
	}
}

func TestIsMultiple(t *testing.T) {
	long := "12345678901234567891" // more digits than an int64 has room for
	for _, test := range []struct {
		number, of string
		want       bool
	}{
		{number: "0", of: "7", want: true},
		{number: "-0.0", of: "0.3", want: true},
		{number: "7", of: "0", want: false},
		{number: "0", of: "0", want: true},
		{number: "21", of: "7", want: true},
		{number: "-21", of: "7", want: true},
		{number: "22", of: "7", want: false},
		{number: "0.3", of: "0.1", want: true},
		{number: "0.35", of: "0.1", want: false},
		{number: "4.35", of: "0.01", want: true},
		{number: "0.0075", of: "0.0001", want: true},
		{number: "0.00751", of: "0.0001", want: false},
		{number: "25", of: "0.5", want: true},
		{number: "25", of: "10", want: false},
		{number: "1", of: "1e-400", want: true},
		{number: "1e308", of: "0.123456789", want: false},
		{number: "1e308", of: "0.5", want: true},
		{number: "1e1000000000", of: "3", want: false},
		{number: "3e1000000000", of: "3", want: true},
		{number: "1e1000000000", of: "1024", want: true},
		{number: "1e9", of: "1024", want: false},
		{number: "1e10", of: "1024", want: true},
		{number: "1e-1000000000", of: "1", want: false},
		{number: "1e" + nines, of: "2e" + nines, want: false},
		{number: "2e" + nines, of: "2e" + nines, want: true},
		{number: "1e1" + nines, of: "8e" + nines, want: true},
		{number: "1e1" + nines, of: "7", want: false},
		{number: long, of: long, want: true},
		{number: "37037036703703703673", of: long, want: true},
		{number: "37037036703703703674", of: long, want: false},
		{number: long + "e5", of: long + "e4", want: true},
		{number: long + "e5", of: long + "e6", want: false},
		{number: "1e1000000000", of: long, want: false},
		{number: "1e1000000000", of: "18446744073709551616", want: true},
		{number: "1e63", of: "18446744073709551616", want: false},
		{number: "1e64", of: "18446744073709551616", want: true},
		{number: strings.Repeat(long, 100), of: long, want: true},
		{number: strings.Repeat(long, 100), of: "1" + long, want: false},
	} {
		if got := IsMultiple(test.number, test.of); got != test.want {
			t.Errorf("%s of %s: got %t, want %t", test.number, test.of, got, test.want)
		}
	}
}

func TestKey(t *testing.T) {
	for number, want := range map[string]string{
		"0": "0", "-0": "0", "0e5": "0", "100": "100", "1e2": "100", "-1.50": "-15e-1", "1000000000000000000": "1e18",
		"1e1000000000": "1e1000000000",
	} {
		if got := Key(number); got != want {
			t.Errorf("%s: got %s, want %s", number, got, want)
		}
	}
}

// TestLongNumbers tests that the time is linear in the length of a number. In quadratic time it would take minutes.
func TestLongNumbers(t *testing.T) {
	long := strings.Repeat("7", 10_000_000)
	for _, test := range []struct {
		number, of string
		want       bool
	}{
		{number: "1e" + long, of: "8", want: true},
		{number: "1e" + long, of: "12345678901234567891", want: false},
		{number: "1e-" + long, of: "7", want: false},
		{number: long, of: "7", want: true},
		{number: long, of: "77777777777777777777", want: true},
	} {
		if got := IsMultiple(test.number, test.of); got != test.want {
			t.Errorf("a number of %d digits, of %s: got %t, want %t", len(test.number), test.of, got, test.want)
		}
	}
}

func TestAllocations(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() {
		Compare("1e1000000000", "2.50e-7")
		IsInteger("1e1000000000")
		IsMultiple("1e1000000000", "0.003")
		Key("120")
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// FuzzNumbers compares with math/big. The second number is the first with its point moved, plus delta in its last digit.
func FuzzNumbers(f *testing.F) {
	f.Add(int64(120), int16(3), uint8(2), int8(0))
	f.Add(int64(-1), int16(-7), uint8(200), int8(1))
	f.Add(int64(0), int16(400), uint8(0), int8(-1))
	f.Fuzz(func(t *testing.T, digits int64, exponent int16, zeros uint8, delta int8) {
		exponent %= 500
		a := fmt.Sprintf("%de%d", digits, exponent)
		moved, _ := new(big.Int).SetString(fmt.Sprintf("%d%s", digits, strings.Repeat("0", int(zeros))), 10)
		moved.Add(moved, big.NewInt(int64(delta)))
		b := fmt.Sprintf("%se%d", moved, int(exponent)-int(zeros))
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if got, want := Compare(a, b), x.Cmp(y); got != want {
			t.Errorf("Compare(%s, %s): got %d, want %d", a, b, got, want)
		}
		if (Key(a) == Key(b)) != (x.Cmp(y) == 0) {
			t.Errorf("keys of %s and %s: %s and %s", a, b, Key(a), Key(b))
		}
		if got := IsInteger(b); got != y.IsInt() {
			t.Errorf("IsInteger(%s): got %t", b, got)
		}
		if y.Sign() != 0 {
			if got, want := IsMultiple(a, b), new(big.Rat).Quo(x, y).IsInt(); got != want {
				t.Errorf("IsMultiple(%s, %s): got %t, want %t", a, b, got, want)
			}
		}
	})
}
