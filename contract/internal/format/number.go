package format

import (
	"math"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
)

func int32Range(number string) bool { return isInteger(number, math.MinInt32, math.MaxInt32) }
func int64Range(number string) bool { return isInteger(number, math.MinInt64, math.MaxInt64) }

// isInteger accepts the integers of a range in any notation, such as 1e3 and 1.0.
func isInteger(number string, least, most int64) bool {
	if n, ok := decimal.SmallInteger(number); ok {
		return least <= n && n <= most
	}
	return decimal.IsInteger(number) && decimal.Compare(number, strconv.FormatInt(least, 10)) >= 0 &&
		decimal.Compare(number, strconv.FormatInt(most, 10)) <= 0
}

// floatRange accepts what a 32-bit float can hold without becoming infinite. Digits beyond its precision are allowed.
func floatRange(number string) bool {
	_, err := strconv.ParseFloat(number, 32)
	return err == nil
}

func doubleRange(number string) bool {
	_, err := strconv.ParseFloat(number, 64)
	return err == nil
}
