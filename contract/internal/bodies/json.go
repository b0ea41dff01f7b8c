package bodies

import (
	"cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// requirement is what a standard requires of JSON.
type requirement struct{ want, rfc string }

// requirements has the requirement that an error breaks, by the id of the error. Any other error breaks anyJSON.
var requirements = map[string]requirement{
	"body/duplicate-member": {"each member once", "RFC 7493"},
	"body/lone-surrogate":   {"surrogates in pairs", "RFC 7493"},
	"body/too-deep":         {"a JSON value", "RFC 8259"},
	"body/invalid-utf8":     {"UTF-8", "RFC 8259"},
	"body/trailing-bytes":   {"one JSON value and no more", "RFC 8259"},
}

var anyJSON = requirement{"a JSON value", "RFC 8259"}

// JSON reads one JSON value, as [strictjson.Parse] does, and adds to each error what the standard requires. The pointer
// at is the place of the value in the body. If it cannot be read there is no value.
func JSON(at string, data []byte) (v strictjson.Value, errs []SyntaxError) {
	v, found, _ := strictjson.Parse(data)
	for _, f := range found {
		broken := cmp.Or(requirements[f.ID], anyJSON)
		errs = append(errs, SyntaxError{f.ID, at + f.Pointer, broken.want, f.Got, broken.rfc})
	}
	return v, errs
}
