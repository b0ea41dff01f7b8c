package traffic

import (
	"fmt"
	"math"
	"strconv"
)

// number reads a number, which some recorders write as a text; 0: it is none.
func number(value any) float64 {
	switch value := value.(type) {
	case float64:
		return value
	case string:
		if n, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n
		}
	}
	return 0
}

// textOf reads the value of a header, which some recorders write as a number.
func textOf(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// isSet says whether a flag is set, or a reason given: null, false and "" mean no.
func isSet(value any) bool { return value != nil && value != false && value != "" }
