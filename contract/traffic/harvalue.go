package traffic

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// number is a number, which some recorders write as a text; 0: it is none.
type number float64

// UnmarshalJSON never fails.
func (n *number) UnmarshalJSON(value []byte) error {
	*n = 0
	f, err := strconv.ParseFloat(string(bytes.Trim(value, `"`)), 64)
	if err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
		*n = number(f)
	}
	return nil
}

// text is the value of a header, which some recorders write as a number; "": it is null.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(value []byte) error {
	inner, quoted := bytes.CutPrefix(value, []byte(`"`))
	switch {
	case string(value) == "null":
		*t = ""
	case !quoted:
		*t = text(value)
	case bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner):
		*t = text(inner[:len(inner)-1])
	default:
		var plain string
		_ = json.Unmarshal(value, &plain) // it is a text
		*t = text(plain)
	}
	return nil
}

// isSet says whether a flag is set, or a reason given: null, false and "" mean no.
func isSet(value any) bool { return value != nil && value != false && value != "" }
