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
		{"0", "-0.00e9", 0},
		{"-0", "0", 0},
		{"1", "-1", 1},
		{"1", "2", -1},
		{"-1", "-2", 1},
		{"100", "1e2", 0},
		{"100", "1E+02", 0},
		{"0.001", "1e-3", 0},
		{"10.50", "105e-1", 0},
		{"1.5", "15", -1},
		{"-1.5", "-15", 1},
		{"0.15", "0.015", 1},
		{"1050", "10.5e2", 0},
		{"0.1", "0", 1},
		{"-0.1", "0", -1},
		{"0", "1e-400", -1},
		{"1.05", "1.050001", -1},
		{"1000000000000000000001", "1000000000000000000002", -1},
		{"9007199254740993", "9007199254740992.0", 1},
		{"999999999999999999", "1000000000000000000", -1},
		{"-9223372036854775808", "-9223372036854775809", 1},
		{"1e400", "10e399", 0},
		{"1e400", "1e401", -1},
		{"1e1000000000", "9e999999999", 1},
		{"1e999999999999999999", "10e999999999999999998", 0},
		{"1e1000000000000000000", "10e999999999999999999", 0},
		{"1e-1000000000000000000", "0.1e-999999999999999999", 0},
		{"1e" + nines, "0.1e1" + strings.Repeat("0", 40), 0},
		{"1e" + nines, "10e1" + strings.Repeat("0", 40), -1},
		{"1e-" + nines, "10e-1" + strings.Repeat("0", 40), 0},
		{"1e" + nines, "1e-" + nines, 1},
		{"1e" + nines, "7", 1},
		{"1e-" + nines, "7", -1},
		{"-1e" + nines, "-1e1" + nines, 1},
		{"1e-" + nines, "1e-1" + nines, 1},
		{"0e" + nines, "0", 0},
		{"1e1" + strings.Repeat("0", 40), "10e" + nines, 0},
		{"1e2" + strings.Repeat("0", 40), "10e1" + nines, 0},
		{"1e0000000000000000000000000001", "10", 0},
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
		{"0", "7", true},
		{"-0.0", "0.3", true},
		{"7", "0", false},
		{"0", "0", true},
		{"21", "7", true},
		{"-21", "7", true},
		{"22", "7", false},
		{"0.3", "0.1", true},
		{"0.35", "0.1", false},
		{"4.35", "0.01", true},
		{"0.0075", "0.0001", true},
		{"0.00751", "0.0001", false},
		{"25", "0.5", true},
		{"25", "10", false},
		{"1", "1e-400", true},
		{"1e308", "0.123456789", false},
		{"1e308", "0.5", true},
		{"1e1000000000", "3", false},
		{"3e1000000000", "3", true},
		{"1e1000000000", "1024", true},
		{"1e9", "1024", false},
		{"1e10", "1024", true},
		{"1e-1000000000", "1", false},
		{"1e" + nines, "2e" + nines, false},
		{"2e" + nines, "2e" + nines, true},
		{"1e1" + nines, "8e" + nines, true},
		{"1e1" + nines, "7", false},
		{long, long, true},
		{"37037036703703703673", long, true},
		{"37037036703703703674", long, false},
		{long + "e5", long + "e4", true},
		{long + "e5", long + "e6", false},
		{"1e1000000000", long, false},
		{"1e1000000000", "18446744073709551616", true},
		{"1e63", "18446744073709551616", false},
		{"1e64", "18446744073709551616", true},
		{strings.Repeat(long, 100), long, true},
		{strings.Repeat(long, 100), "1" + long, false},
	} {
		if got := IsMultiple(test.number, test.of); got != test.want {
			t.Errorf("%s of %s: got %t, want %t", test.number, test.of, got, test.want)
		}
	}
}

func TestKey(t *testing.T) {
	for number, want := range map[string]string{
		"0": "0", "-0": "0", "0e5": "0", "100": "100", "1e2": "100", "-1.50": "-15e-1", "1000000000000000000": "1e18", "1e1000000000": "1e1000000000",
	} {
		if got := Key(number); got != want {
			t.Errorf("%s: got %s, want %s", number, got, want)
		}
	}
}

// The time is linear in the length of a number: with a quadratic step this test takes minutes.
func TestLongNumbers(t *testing.T) {
	long := strings.Repeat("7", 10_000_000)
	for _, test := range []struct {
		number, of string
		want       bool
	}{
		{"1e" + long, "8", true},
		{"1e" + long, "12345678901234567891", false},
		{"1e-" + long, "7", false},
		{long, "7", true},
		{long, "77777777777777777777", true},
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
