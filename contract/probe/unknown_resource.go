package probe

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// unknownResource adds requests for a resource that does not exist: one with a well-formed id and one with a malformed id. The
// id is the last parameter of the path, since the parameters before it name what the resource belongs to:
//
//	/stores/{store}/pets/{pet}    /stores/1/pets/2147483647 and /stores/1/pets/no-such-id
func (d *deriver) unknownResource() {
	p := d.resourceID()
	if p == nil {
		return
	}
	const kind = spec.UnknownResource
	if value, ok := d.unknownID(p); ok {
		d.addValue(p, value, "unknown-resource", kind)
	} else {
		skipped := d.add("unknown-resource", kind, Reader, nil)
		skipped.SkipFor("no value for the parameter " + p.Name + " that is well-formed and unknown")
	}
	d.addValue(p, d.malformedID(p.Schema), "unknown-resource-malformed", kind)
}

// resourceID is the path parameter that identifies the resource, or nil. A parameter with a list of values identifies none: it
// may be a format at the end of the path.
func (d *deriver) resourceID() (id *spec.Parameter) {
	if d.op.Method != http.MethodGet {
		return nil
	}
	at := -1
	for _, p := range d.op.Parameters {
		if p.In != "path" || p.Schema == nil {
			continue
		}
		s := sample.Resolve(p.Schema)
		isID := len(sample.Choices(s)) == 0 && !slices.Contains([]string{"boolean", "array", "object"}, sample.TypeOf(s))
		if i := strings.Index(d.op.Path, "{"+p.Name+"}"); isID && i > at {
			id, at = p, i
		}
	}
	return id
}

// malformedID is a value that the schema refuses, or else an unlikely text.
func (d *deriver) malformedID(s *spec.Schema) any {
	const unlikely = "no-such-id"
	if list := d.invalidSegments(s); len(list) > 0 && d.takes(s, unlikely) {
		return list[0].Value
	}
	return unlikely
}

// maxTries is the number of ids to try until one is well-formed and unknown.
const maxTries = 100

// unknownID is an id that the schema takes and that neither the document nor a principal has: a number at the upper bound, or
// else a known id with other digits and letters. It is the same in each run.
func (d *deriver) unknownID(p *spec.Parameter) (value any, ok bool) {
	s, taken := sample.Resolve(p.Schema), d.knownIDs(p)
	isNumber := sample.TypeOf(s) == "integer" || sample.TypeOf(s) == "number"
	known, _, ok := d.valueOf(p, d.principals[Reader].Values)
	if !ok && !isNumber {
		return nil, false
	}
	for i := range maxTries {
		value = otherID(sample.PlainText(known), i)
		if isNumber {
			value = largestID(s) - float64(i)
		}
		if d.takes(p.Schema, value) && !slices.Contains(taken, sample.PlainText(value)) {
			return value, true
		}
	}
	return nil, false
}

// knownIDs lists the values that the document and the principals have for a parameter.
func (d *deriver) knownIDs(p *spec.Parameter) []string {
	s := sample.Resolve(p.Schema)
	nodes := append([]*spec.Node{p.Example, p.Schema.Example, p.Schema.Default, s.Example, s.Default}, s.Examples...)
	for _, example := range p.Examples {
		nodes = append(nodes, example.Value)
	}
	known := []string{}
	for _, n := range nodes {
		known = append(known, sample.PlainText(n.Value()))
	}
	for principal := range maps.Values(d.principals) {
		value, _ := d.givenValue(p, principal.Values)
		known = append(known, value)
	}
	place := placeOf(d.op, p)
	return append(known, sample.PlainText(d.siblings[place]), sample.PlainText(d.known.Found[place]))
}

// largestID is the upper bound of a schema, or the largest number of 32 bits.
func largestID(s *spec.Schema) float64 {
	const largest = 1<<31 - 1
	if high := sample.Highest(s); high != nil {
		return high.At
	}
	if low := sample.Lowest(s); low != nil {
		return max(largest, low.At+maxTries)
	}
	return largest
}

// alphabets are the sets of characters that replace each other in an id, so that hexadecimal digits stay hexadecimal.
var alphabets = []string{"0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ"}

// otherID replaces the digits and letters of an id by those at the mirrored position of their alphabet, shifted by n: "a7"
// becomes "f2". The version and variant of a UUID stay.
func otherID(id string, n int) string {
	other, isUUID := []byte(id), uuid.MatchString(id)
	for i, c := range other {
		if isVersion := i == 14 || i == 19; isUUID && isVersion {
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

var uuid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
