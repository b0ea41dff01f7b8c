// Package decimal compares JSON numbers exactly, at any size: 0.1 is a tenth, and 9007199254740993 is not 9007199254740992.
//
// Every argument must be a JSON number. Integers of up to 18 digits are converted to int64. Any other number is split
// into digits and an exponent, both still text, and two numbers are compared by the difference of their exponents and
// then digit by digit:
//
//	10.50e3   digits 105, value 0.105 × 10^5
//	105e2     digits 105, value 0.105 × 10^5: equal
//
// No number is ever expanded, so 1e1000000000 costs no more than 1. Only Key and multiples of a number of more than 18 digits
// allocate. The package does not read JSON: it trusts its caller that a text is a number.
package decimal

import (
	"cmp"
	"strconv"
	"strings"
)

// Compare returns -1 if a is less than b, 0 if they are equal, such as 1, 1.0 and 10e-1, and +1 if a is greater.
func Compare(a, b string) int {
	if m, ok := SmallInteger(a); ok {
		if n, ok := SmallInteger(b); ok {
			return cmp.Compare(m, n)
		}
	}
	if a == b {
		return 0
	}
	x, y := normalize(a), normalize(b)
	if c := cmp.Compare(x.sign(), y.sign()); c != 0 || x.sign() == 0 {
		return c
	}
	return x.sign() * compareMagnitudes(x, y)
}

// IsInteger reports whether a number is an integer: 1.0, 1e3 and 1.5e1 are.
func IsInteger(number string) bool {
	if _, ok := SmallInteger(number); ok {
		return true
	}
	d := normalize(number)
	return d.sign() == 0 || unitsBetween(d, one) >= 0
}

// Key returns a text that is the same for equal numbers, to group them. Unequal numbers share a key only by chance, and
// only with exponents of more than 17 digits. An integer of up to 18 digits is its own key:
//
//	7, 7.0 and 70e-1    7
//	0.070               7e-2
func Key(number string) string {
	n, isSmall := SmallInteger(number)
	if isNegativeZero := n == 0 && number != "0"; isSmall && !isNegativeZero {
		return number
	}
	d := normalize(number)
	if d.sign() == 0 {
		return "0"
	}
	digits := d.whole + d.fraction
	if d.negative {
		digits = "-" + digits
	}
	unit := d.unit()
	if 0 <= unit && unit <= int64(smallDigits-d.size()) {
		return digits + strings.Repeat("0", int(unit))
	}
	return digits + "e" + strconv.FormatInt(unit, 10)
}

// smallDigits is the number of decimal digits that always fit into an int64.
const smallDigits = 18

// SmallInteger returns the value of an integer of up to 18 digits. If a number is longer, or has a point or an exponent,
// ok is false.
func SmallInteger(number string) (n int64, ok bool) {
	digits := number
	if digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) > smallDigits {
		return 0, false
	}
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = 10*n + int64(c)
	}
	if number[0] == '-' {
		n = -n
	}
	return n, true
}

// decimal is the number 0.DIGITS × 10^(point + power). DIGITS are whole and fraction together, and neither begin nor end
// with a zero. So equal numbers have the same digits and the same exponent. Zero has no digits.
type decimal struct {
	negative        bool
	whole, fraction string // the digits before and after the point
	point           int    // the digits before the point or, if negative, the zeros after it
	power           string // the exponent as written
}

// normalize takes a number apart. Leading and trailing zeros move into the exponent:
//
//	1200         whole 12, point 4                      0.12 × 10^4
//	-0.0250e3    negative, fraction 25, point -1, power 3    -0.25 × 10^(-1+3)
func normalize(number string) decimal {
	d := decimal{power: "0"}
	mantissa := number
	if i := strings.IndexAny(number, "eE"); i >= 0 {
		mantissa, d.power = number[:i], number[i+1:]
	}
	mantissa, d.negative = strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.whole, d.fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	d.point = len(d.whole)
	if d.whole == "" {
		significant := strings.TrimLeft(d.fraction, "0")
		d.point, d.fraction = len(significant)-len(d.fraction), significant
	}
	if d.fraction == "" {
		d.whole = strings.TrimRight(d.whole, "0")
	}
	return d
}

// size returns the number of digits.
func (d decimal) size() int { return len(d.whole) + len(d.fraction) }

// digit returns a digit as an ASCII character.
func (d decimal) digit(i int) byte {
	if i < len(d.whole) {
		return d.whole[i]
	}
	return d.fraction[i-len(d.whole)]
}

// sign returns -1, 0 or +1. It is 0 for -0 too.
func (d decimal) sign() int {
	switch {
	case d.size() == 0:
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// compareMagnitudes compares two numbers other than zero without regard to their signs.
func compareMagnitudes(x, y decimal) int {
	if d := difference(x.power, y.power) + int64(x.point-y.point); d != 0 {
		return cmp.Compare(d, 0)
	}
	for i := range min(x.size(), y.size()) {
		if c := cmp.Compare(x.digit(i), y.digit(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(x.size(), y.size())
}
