package probe

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// unknown requests a resource that does not exist, with a request that is right otherwise: once by an id of the right form
// and once by a malformed one. The id is the last parameter of the path, since those before it name what the resource
// belongs to.
func (d *deriver) unknown() {
	p := d.id()
	if p == nil {
		return
	}
	const kind = spec.UnknownResource
	if value, ok := d.unknownID(p); ok {
		d.try(p, value, "unknown-resource", kind)
	} else {
		d.add("unknown-resource", kind, Reader, nil).Skip = "nothing says which " + p.Name + " is well-formed and unknown"
	}
	d.try(p, d.malformedID(p.Schema), "unknown-resource-malformed", kind)
}

// id is the parameter that names the resource, nil where the operation has none. What has a fixed list of values,
// such as a format at the end of the path, names none.
func (d *deriver) id() (id *spec.Parameter) {
	if d.op.Method != http.MethodGet {
		return nil
	}
	at := -1
	for _, p := range d.op.Parameters {
		if p.In != "path" || p.Schema == nil {
			continue
		}
		s := target(p.Schema)
		one := len(choices(s)) == 0 && !slices.Contains([]string{"boolean", "array", "object"}, typeOf(s))
		if i := strings.Index(d.op.Path, "{"+p.Name+"}"); one && i > at {
			id, at = p, i
		}
	}
	return id
}

// malformedID breaks the schema if anything can, else it is a text that no provider gives out.
func (d *deriver) malformedID(s *spec.Schema) any {
	const unlikely = "no-such-id"
	if list := d.breakingSegment(s); len(list) > 0 && d.takes(s, unlikely) {
		return list[0].value
	}
	return unlikely
}

// maxTries bounds how many ids are tried until one is well-formed and not known.
const maxTries = 100

// unknownID is an id that the schema takes and that neither the document nor a principal names: a number at the upper end of
// those allowed, else a known id with other digits and letters. It is the same in each run.
func (d *deriver) unknownID(p *spec.Parameter) (value any, ok bool) {
	s, known := target(p.Schema), d.knownIDs(p)
	isNumber := typeOf(s) == "integer" || typeOf(s) == "number"
	form, _, ok := d.valueOf(p, d.principals[Reader].Values)
	if !ok && !isNumber {
		return nil, false
	}
	for i := range maxTries {
		value = otherID(plainText(form), i)
		if isNumber {
			value = largestID(s) - float64(i)
		}
		if d.takes(p.Schema, value) && !slices.Contains(known, plainText(value)) {
			return value, true
		}
	}
	return nil, false
}

// knownIDs are the values that the document or a principal has for a parameter.
func (d *deriver) knownIDs(p *spec.Parameter) []string {
	s := target(p.Schema)
	nodes := append([]*spec.Node{p.Example, p.Schema.Example, p.Schema.Default, s.Example, s.Default}, s.Examples...)
	for _, example := range p.Examples {
		nodes = append(nodes, example.Value)
	}
	known := []string{}
	for _, n := range nodes {
		known = append(known, plainText(n.Value()))
	}
	for who := range maps.Values(d.principals) {
		known = append(known, who.Values[p.Name])
	}
	return known
}

// largestID is the upper end of the numbers that a schema allows, or of those that 32 bits hold.
func largestID(s *spec.Schema) float64 {
	const largest = 1<<31 - 1
	if high := highest(s); high != nil {
		return high.at
	}
	if low := lowest(s); low != nil {
		return max(largest, low.at+maxTries)
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
		if isUUID := uuid.MatchString(id); isUUID && (i == 14 || i == 19) {
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
