package bodies

import (
	"cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// requirement is what a standard wants of JSON.
type requirement struct{ want, rfc string }

// requirements are those that a fault of JSON breaks, by its id; any other fault breaks anyJSON.
var requirements = map[string]requirement{
	"body/duplicate-member": {"each member once", "RFC 7493"},
	"body/lone-surrogate":   {"surrogates in pairs", "RFC 7493"},
	"body/too-deep":         {"a JSON value", "RFC 8259"},
	"body/invalid-utf8":     {"UTF-8", "RFC 8259"},
	"body/trailing-bytes":   {"one JSON value and no more", "RFC 8259"},
}

var anyJSON = requirement{"a JSON value", "RFC 8259"}

// JSON reads one value of JSON, as [strictjson.Parse] does, that stands at a pointer in a body. If it cannot be read there is
// no value.
func JSON(at string, data []byte) (v strictjson.Value, faults []SyntaxError) {
	v, found, _ := strictjson.Parse(data)
	for _, f := range found {
		broken := cmp.Or(requirements[f.ID], anyJSON)
		faults = append(faults, SyntaxError{f.ID, at + f.Pointer, broken.want, f.Got, broken.rfc})
	}
	return v, faults
}
