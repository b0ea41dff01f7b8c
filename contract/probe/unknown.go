package probe

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// unknown requests a resource that does not exist, with a request that is right otherwise: once by an id of the right form
// and once by a malformed one. The id is the last parameter of the path, since those before it name what the resource
// belongs to.
func (d *deriver) unknown() {
	p, ok := d.id()
	if !ok {
		return
	}
	const kind = string(openapi.UnknownResource)
	if value, ok := d.unknownID(p); ok {
		d.try(p, value, "unknown-resource", kind)
	} else {
		d.add("unknown-resource", kind, Reader, nil)
		d.probes[len(d.probes)-1].Skip = "nothing says which " + p.Name + " is well-formed and unknown"
	}
	d.try(p, malformedID(p.Schema.Value), "unknown-resource-malformed", kind)
}

// id is the parameter that names the resource; ok is false where the operation has none. What has a fixed list of values,
// such as a format at the end of the path, names none.
func (d *deriver) id() (id openapi.Parameter, ok bool) {
	if d.op.Method != http.MethodGet {
		return id, false
	}
	at := -1
	for _, p := range d.op.Parameters {
		if p.In != openapi3.ParameterInPath || p.Schema == nil || p.Schema.Value == nil {
			continue
		}
		s := p.Schema.Value
		one := len(s.Enum) == 0 && !s.Type.Is(openapi3.TypeBoolean) && !s.Type.Is(openapi3.TypeArray) && !s.Type.Is(openapi3.TypeObject)
		if i := strings.Index(d.op.Path, "{"+p.Name+"}"); one && i > at {
			id, at = p, i
		}
	}
	return id, at >= 0
}

// malformedID breaks the schema if anything can, else it is a text that no provider gives out.
func malformedID(s *openapi3.Schema) any {
	const unlikely = "no-such-id"
	if takes(s, unlikely) {
		for _, b := range breaking(s) {
			if text := plainText(b.value); text != "" && !strings.Contains(text, "/") {
				return b.value
			}
		}
	}
	return unlikely
}

// maxTries bounds how many ids are tried until one is well-formed and not known.
const maxTries = 100

// unknownID is an id that the schema takes and that neither the document nor a principal names: a number at the upper end of
// those allowed, else a known id with other digits and letters. It is the same in each run.
func (d *deriver) unknownID(p openapi.Parameter) (value any, ok bool) {
	s, known := p.Schema.Value, d.knownIDs(p)
	isNumber := s.Type.Is(openapi3.TypeInteger) || s.Type.Is(openapi3.TypeNumber)
	form, _, ok := valueOf(p, d.principals[Reader].Values)
	if !ok && !isNumber {
		return nil, false
	}
	for i := range maxTries {
		value = otherID(plainText(form), i)
		if isNumber {
			value = largestID(s) - float64(i)
		}
		if takes(s, value) && !slices.Contains(known, plainText(value)) {
			return value, true
		}
	}
	return nil, false
}

// knownIDs are the values that the document or a principal has for a parameter.
func (d *deriver) knownIDs(p openapi.Parameter) []string {
	known := []string{plainText(p.Example), plainText(p.Schema.Value.Example), plainText(p.Schema.Value.Default)}
	for _, example := range p.Examples {
		if example.Value != nil {
			known = append(known, plainText(example.Value.Value))
		}
	}
	for who := range maps.Values(d.principals) {
		known = append(known, who.Values[p.Name])
	}
	return known
}

// largestID is the upper end of the numbers that a schema allows, or of those that 32 bits hold.
func largestID(s *openapi3.Schema) float64 {
	const largest = 1<<31 - 1
	switch {
	case s.Max != nil:
		return *s.Max
	case s.Min != nil:
		return max(largest, *s.Min+maxTries)
	}
	return largest
}

// alphabets are the characters that stand in for one another in an id, so that digits stay digits and hexadecimal digits
// stay hexadecimal.
var alphabets = []string{"0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ"}

// otherID is an id of the same form with other digits and letters: the n-th of them, counted from the mirror image. Where
// the form is that of a UUID, its version and variant stay.
func otherID(id string, n int) string {
	other := []byte(id)
	for i, c := range other {
		if isUUID := takes(uuidSchema, id); isUUID && (i == 14 || i == 19) {
			continue
		}
		for _, alphabet := range alphabets {
			if at := strings.IndexByte(alphabet, c); at >= 0 {
				other[i] = alphabet[(len(alphabet)-1-at+n)%len(alphabet)]
			}
		}
	}
	return string(other)
}

var uuidSchema = openapi3.NewUUIDSchema()
