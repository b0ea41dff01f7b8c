package decimal

import (
	"math/rand/v2"
	"strings"
)

// maxDifference is more than any number of digits. A difference of exponents beyond it is not computed.
const maxDifference = 100_000_000_000_000_000

// difference returns p - q, two exponents as they are written, such as 5, +05 or -3. Beyond far it returns some number of
// at most 18 digits that is beyond far too, with the right sign.
//
// It goes through the digits of both from the first place of the longer one on, and never computes either. What it has of
// the difference at one place is multiplied by ten at the next, so beyond far no later digit brings it back.
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

// digitAt returns the digit of an exponent at a place, counted from the end from 1, with the sign of the exponent. Where it
// has none, that is 0.
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

// The last digit of a number stands for its unit: the number is DIGITS × 10^unit.

// unitsBetween returns by how much the unit of one number is greater than that of another, as far as difference does.
func unitsBetween(x, y decimal) int64 {
	return difference(x.power, y.power) + int64((x.point-x.size())-(y.point-y.size()))
}

// one has the unit 0.
var one = normalize("1")

// modulus bounds the units that Key writes. It is a random one, so that nobody can write many numbers that share a key.
var modulus = 8*maxDifference + rand.Int64N(maxDifference) //nolint:gosec // of v2, whose seed is the system's

// unit returns the unit modulo modulus, which up to far is the unit itself.
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
