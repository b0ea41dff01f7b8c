package strictjson

import (
	"strconv"
	"strings"
)

// Equal reports whether two values are equal as JSON Schema means it: numbers by their mathematical value, so that 1,
// 1.0 and 10e-1 are one number, strings by their characters, objects without order. It is exact for numbers of any size.
func Equal(a, b Value) bool {
	if !a.Exists() || !b.Exists() {
		return a.Exists() == b.Exists()
	}
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case Number:
		return equalNumbers(a.Text(), b.Text())
	case Array:
		return equalArrays(a, b)
	case Object:
		return equalObjects(a, b)
	}
	return a.Text() == b.Text()
}

func equalArrays(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	other := b.index + 1
	for _, element := range a.Elements() {
		if !Equal(element, Value{b.tape, other}) {
			return false
		}
		other = b.tape.nodes[other].end
	}
	return true
}

func equalObjects(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	member := b.Member
	if b.Len() > few {
		members := make(map[string]Value, b.Len())
		for name, value := range b.Members() {
			members[name] = value
		}
		member = func(name string) Value { return members[name] }
	}
	for name, value := range a.Members() {
		if !Equal(value, member(name)) {
			return false
		}
	}
	return true
}

// equalNumbers compares two numbers of JSON without computing them, since 1e999999999 has no room in memory. Each is
// brought into the form 0.DIGITS × 10^EXPONENT, where DIGITS neither begins nor ends with a zero: then equal numbers
// have the same digits and the same exponent.
func equalNumbers(a, b string) bool {
	if a == b {
		return true
	}
	x, y := normalize(a), normalize(b)
	return x.negative == y.negative && x.whole+x.fraction == y.whole+y.fraction && x.exponent() == y.exponent()
}

// decimal is a number other than zero without the zeros around its digits; the zero decimal is 0.
type decimal struct {
	negative        bool
	whole, fraction string // the digits before and after the point
	point           int    // how many digits come before the point; negative: how many zeros come after it
	power           string // the exponent as it is written, a decimal integer
}

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
	if d.whole == "" && d.fraction == "" {
		return decimal{power: "0"} // neither the sign nor the exponent of a zero means anything
	}
	return d
}

// exponent gives the power of ten of 0.DIGITS as a decimal integer in its shortest form.
func (d decimal) exponent() string {
	negative := strings.HasPrefix(d.power, "-")
	digits := strings.TrimLeft(d.power, "+-0")
	shift := int64(d.point)
	if negative {
		shift = -shift
	}
	sum := addTo(digits, shift)
	if negative && sum != "0" {
		if rest, ok := strings.CutPrefix(sum, "-"); ok {
			return rest
		}
		return "-" + sum
	}
	return sum
}

// chunk is how many digits an int64 always has room for.
const chunk = 18

// addTo adds a number of at most 18 digits to a decimal integer of any length without leading zeros.
func addTo(digits string, n int64) string {
	if len(digits) <= chunk {
		sum, _ := strconv.ParseInt("0"+digits, 10, 64)
		return strconv.FormatInt(sum+n, 10)
	}
	const base = 1_000_000_000_000_000_000 // 10^chunk
	high := []byte(digits[:len(digits)-chunk])
	low, _ := strconv.ParseInt(digits[len(digits)-chunk:], 10, 64)
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
	sum := string(high) + strings.Repeat("0", chunk-len(tail)) + tail
	return strings.TrimLeft(sum, "0") // not all zeros: it was at least 10^18, and n is less
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
