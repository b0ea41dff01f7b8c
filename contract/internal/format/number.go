package format

import (
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
)

func int32Range(number string) bool { return isInteger(number, "-2147483648", "2147483647") }
func int64Range(number string) bool {
	return isInteger(number, "-9223372036854775808", "9223372036854775807")
}

// isInteger takes the integers of a range, however they are written: 1e3 and 1.0 are some.
func isInteger(number, least, most string) bool {
	return decimal.IsInteger(number) && decimal.Compare(number, least) >= 0 && decimal.Compare(number, most) <= 0
}

// floatRange takes what a float of 32 bits holds without becoming infinite; digits beyond its precision are no matter.
func floatRange(number string) bool {
	_, err := strconv.ParseFloat(number, 32)
	return err == nil
}

func doubleRange(number string) bool {
	_, err := strconv.ParseFloat(number, 64)
	return err == nil
}
