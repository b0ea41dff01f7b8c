package decimal

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
)

// base is 10^chunk.
const base = 1_000_000_000_000_000_000

// newExponent adds shift, a number of at most 18 digits, to an exponent as it is written, such as 5, +05 or -3.
func newExponent(power string, shift int64) exponent {
	negative := strings.HasPrefix(power, "-")
	digits := strings.TrimLeft(power, "+-0")
	if negative {
		shift = -shift
	}
	sum := addTo(digits, shift)
	if !negative {
		return sum
	}
	sum.small = -sum.small
	if rest, ok := strings.CutPrefix(sum.long, "-"); ok {
		sum.long = rest
	} else if sum.long != "" {
		sum.long = "-" + sum.long
	}
	return sum
}

// addTo adds a number of at most 18 digits to a decimal integer of any length without leading zeros.
func addTo(digits string, n int64) exponent {
	if len(digits) <= chunk {
		if digits != "" {
			small, _ := plain(digits)
			n += small
		}
		if n <= -base || base <= n {
			return exponent{long: strconv.FormatInt(n, 10)}
		}
		return exponent{small: n}
	}
	high := []byte(digits[:len(digits)-chunk])
	low, _ := plain(digits[len(digits)-chunk:])
	low += n
	switch {
	case low < 0:
		low += base
		high = carry(high, '0', '9', -1)
	case low >= base:
		low -= base
		high = carry(high, '9', '0', +1)
	}
	tail := strconv.FormatInt(low, 10)
	sum := strings.TrimLeft(string(high), "0")
	if sum == "" {
		return exponent{small: low}
	}
	return exponent{long: sum + strings.Repeat("0", chunk-len(tail)) + tail}
}

// carry adds step, 1 or -1, to the last digit. A digit that has no room for it, last, becomes first, and the step goes on
// to the digit before.
func carry(digits []byte, last, first byte, step int8) []byte {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != last {
			digits[i] = byte(int8(digits[i]) + step)
			return digits
		}
		digits[i] = first
	}
	return append([]byte{'1'}, digits...) // only an addition gets here: 99 becomes 100
}

func compareExponents(a, b exponent) int {
	switch {
	case a.long == "" && b.long == "":
		return cmp.Compare(a.small, b.small)
	case a.long == "":
		return -b.sign()
	case b.long == "" || a.sign() != b.sign():
		return a.sign()
	}
	if c := cmp.Compare(len(a.long), len(b.long)); c != 0 {
		return a.sign() * c
	}
	return a.sign() * strings.Compare(a.long, b.long)
}

// difference returns a - b, but at most limit, which has fewer than 18 digits. It requires that a is not less than b. Exponents
// of very different lengths are not computed, so the time is linear in the length of a number unless the other has an
// exponent as long.
func difference(a, b exponent, limit int64) int64 {
	if a.long == "" && b.long == "" {
		return min(a.small-b.small, limit)
	}
	m, n := a.String(), b.String()
	if len(m)-len(n) > 2 || len(n)-len(m) > 2 {
		return limit
	}
	var x, y big.Int
	x.SetString(m, 10)
	y.SetString(n, 10)
	if x.Sub(&x, &y); x.IsInt64() {
		return min(x.Int64(), limit)
	}
	return limit
}
