package format

import (
	"math"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
)

func int32Range(number string) bool { return isInteger(number, math.MinInt32, math.MaxInt32) }
func int64Range(number string) bool { return isInteger(number, math.MinInt64, math.MaxInt64) }

// isInteger takes the integers of a range, however they are written: 1e3 and 1.0 are some.
func isInteger(number string, least, most int64) bool {
	if n, ok := decimal.SmallInteger(number); ok {
		return least <= n && n <= most
	}
	return decimal.IsInteger(number) && decimal.Compare(number, strconv.FormatInt(least, 10)) >= 0 &&
		decimal.Compare(number, strconv.FormatInt(most, 10)) <= 0
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
