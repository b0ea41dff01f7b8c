package traffic

import (
	"math"
	"strconv"
	"strings"
)

// These functions convert the JSON of a member to the type that the reader needs. None of them fails: recorders write members
// of unexpected types, and such a member must not cost the entry.

// numberOf reads a number, which some recorders write as a string. It returns 0 for anything else.
func numberOf(value string) float64 {
	f, err := strconv.ParseFloat(strings.Trim(value, `"`), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// stringOf reads a string. It returns "" for anything else.
func stringOf(value string) string {
	if !isString(value) {
		return ""
	}
	return unquote(value[1 : len(value)-1])
}

// textOf reads the value of a header. Some recorders write numbers, which become their text. It returns "" for null.
func textOf(value string) string {
	if isNull(value) || isString(value) {
		return stringOf(value)
	}
	return value
}

func isString(value string) bool { return len(value) > 1 && value[0] == '"' }

// isNull reports whether the value is missing or null.
func isNull(value string) bool { return value == "" || value == "null" }

// isSet reports whether a flag or a reason is set: null, false and "" mean no.
func isSet(value string) bool {
	return !isNull(value) && value != "false" && value != `""`
}
