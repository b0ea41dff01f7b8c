package traffic

import (
	"bytes"
	"math"
	"strconv"
)

// The values of members as they are written become what is wanted of them, whatever their type is: none of these fails.

// numberOf reads a number, which some recorders write as a text; 0: it is none.
func numberOf(value []byte) float64 {
	f, err := strconv.ParseFloat(string(bytes.Trim(value, `"`)), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// stringOf reads a string; "": it is none.
func stringOf(value []byte) string {
	if !isString(value) {
		return ""
	}
	return string(unquote(value[1 : len(value)-1]))
}

// textOf reads the value of a header, which some recorders write as a number: it is the text as it is written; "": it is null.
func textOf(value []byte) string {
	switch {
	case isNull(value):
		return ""
	case isString(value):
		return stringOf(value)
	}
	return string(value)
}

func isString(value []byte) bool { return len(value) > 1 && value[0] == '"' }

// isNull says whether there is no value, or null.
func isNull(value []byte) bool { return len(value) == 0 || string(value) == "null" }

// isSet says whether a flag is set, or a reason given: null, false and "" mean no.
func isSet(value []byte) bool {
	return !isNull(value) && string(value) != "false" && string(value) != `""`
}
