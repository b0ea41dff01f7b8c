package format

import (
	"math"
	"math/big"
	"strconv"
)

func int32Range(number string) bool { return integer(number, 32) }
func int64Range(number string) bool { return integer(number, 64) }

// floatRange takes what a float of 32 bits holds without becoming infinite; digits beyond its precision are no matter.
func floatRange(number string) bool {
	_, err := strconv.ParseFloat(number, 32)
	return err == nil
}

func doubleRange(number string) bool {
	_, err := strconv.ParseFloat(number, 64)
	return err == nil
}

// integer takes the integers of so many bits, however they are written: 1e3 and 1.0 are some.
func integer(number string, bits int) bool {
	if _, err := strconv.ParseInt(number, 10, bits); err == nil {
		return true
	}
	approximate, err := strconv.ParseFloat(number, 64)
	if err != nil || math.Abs(approximate) > math.MaxUint64 || math.Abs(approximate) < 1 && approximate != 0 {
		return false
	}
	if approximate == 0 {
		return isZero(number)
	}
	// What lies between has an exponent that its digits nearly make up for, so it can be written out.
	exact, ok := new(big.Rat).SetString(number)
	if !ok || !exact.IsInt() {
		return false
	}
	_, err = strconv.ParseInt(exact.Num().String(), 10, bits)
	return err == nil
}

// isZero tells a zero from a number too small for a float.
func isZero(number string) bool {
	for i := range len(number) {
		switch c := number[i]; {
		case c == 'e' || c == 'E':
			return true
		case '1' <= c && c <= '9':
			return false
		}
	}
	return true
}
