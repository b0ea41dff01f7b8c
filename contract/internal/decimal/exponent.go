package decimal

import (
	"math/rand/v2"
	"strings"
)

// maxDifference is larger than any number of digits. A difference of exponents beyond it is not computed exactly.
const maxDifference = 100_000_000_000_000_000

// difference returns p - q for two exponents as written, such as 5, +05 or -3. If the result is beyond maxDifference, it
// is some number of up to 18 digits that is also beyond it and has the right sign.
//
// It goes through the digits of both from the highest place down, and subtracts place by place, so no exponent is ever
// computed: 120 - 34 is (1-0)×100 + (2-3)×10 + (0-4). The sum so far is multiplied by ten at each place. Once it is
// beyond maxDifference, no later digit can bring it back.
func difference(p, q string) int64 {
	d := int64(0)
	for place := max(len(p), len(q)); place > 0; place-- {
		d = 10*d + digitAt(p, place) - digitAt(q, place)
		if d < -maxDifference || maxDifference < d {
			break
		}
	}
	return d
}

// digitAt returns the digit of an exponent at a place, counted from the end beginning with 1, with the sign of the
// exponent. It returns 0 for a place that the exponent does not have.
func digitAt(exponent string, place int) int64 {
	i := len(exponent) - place
	if i < 0 || exponent[i] == '+' || exponent[i] == '-' {
		return 0
	}
	digit := int64(exponent[i] - '0')
	if strings.HasPrefix(exponent, "-") {
		return -digit
	}
	return digit
}

// The unit of a number is the exponent of its last digit: the number is DIGITS × 10^unit.

// unitsBetween returns the difference of the units of two numbers, with the limit of difference.
func unitsBetween(x, y decimal) int64 {
	return difference(x.power, y.power) + int64((x.point-x.size())-(y.point-y.size()))
}

// one has the unit 0.
var one = normalize("1")

// modulus limits the units in keys. It is random, so that an attacker cannot prepare many numbers with the same key.
var modulus = 8*maxDifference + rand.Int64N(maxDifference) //nolint:gosec // math/rand/v2 is seeded by the system

// unit returns the unit modulo modulus. Up to maxDifference that is the unit itself.
func (d decimal) unit() int64 {
	unit := int64(0)
	for place := len(d.power); place > 0; place-- {
		unit = (10*unit + digitAt(d.power, place)) % modulus
	}
	unit = (unit + int64(d.point-d.size())) % modulus
	switch {
	case unit > modulus/2:
		unit -= modulus
	case unit < -modulus/2:
		unit += modulus
	}
	return unit
}
