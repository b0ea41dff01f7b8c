package contract

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A consumer that misspells a name sends a name that the document does not have, and leaves out one that it has. If the two
// are near each other (text.Edits), the finding says so: page_size or pageSiz for the parameter pageSize. A name that the
// request has is never suggested, since it cannot be the one that was meant.

// nearest returns the documented name that a sent name is nearest to; the first of several. It returns "" if none is near.
func nearest(sent string, documented []string) string {
	name, fewest := "", text.Far
	for _, candidate := range documented {
		if n := text.Edits(sent, candidate); n < fewest {
			name, fewest = candidate, n
		}
	}
	return name
}

// didYouMean begins the part of Finding.Want that suggests a name.
const didYouMean = "did you mean "

// suggest appends a name to what a finding wants; nothing if the name is "".
func suggest(want, name string) string {
	if name == "" {
		return want
	}
	return want + "; " + didYouMean + `"` + name + `"?`
}

// nearQuery returns the name of the query parameter or credential that an undocumented name of the query is near to, and that
// the query lacks. Brackets do not count: size[width] is sent for the parameter size.
func (j *Judge) nearQuery(s *subject, sent string) string {
	isSent := func(name string) bool {
		for other := range s.values {
			if before, _, _ := strings.Cut(other, "["); before == name && other != sent {
				return true
			}
		}
		return false
	}
	documented := slices.Clone(j.places.query)
	for _, p := range s.op.Parameters {
		if p.In != "query" {
			continue
		}
		for _, name := range append([]string{p.Name}, properties(p.Schema)...) { // those of an exploded object are in the query
			if parameter.Owns(p, name) {
				documented = append(documented, name)
			}
		}
	}
	name, _, _ := strings.Cut(sent, "[")
	return nearest(name, slices.DeleteFunc(documented, isSent))
}

// nearHeader returns the finding about an undocumented header that is near a header parameter, a credential or a header of a
// signer, if the request lacks that one. Its evidence is that of the documented header.
func (j *Judge) nearHeader(s *subject, sent string) (f Finding, isNear bool) {
	names, found := []string{}, map[string]Finding{}
	add := func(name string, node *spec.Node, evidence spec.Evidence) {
		if name != "" && len(s.ex.Request.Header.Values(name)) == 0 {
			names = append(names, name)
			found[name] = Finding{ID: "header/near-miss", Evidence: evidence, Node: node, Got: "the header"}
		}
	}
	for _, p := range s.prepared.parameters {
		if p.In == "header" {
			add(p.Name, p.Node, p.place.Evidence)
		}
	}
	if s.ex.Unrecorded&UnrecordedCredentials == 0 {
		for _, scheme := range j.doc.Schemes {
			add(credentialHeader(scheme), scheme.Node, j.doc.Evidence(scheme.Node, s.op.Evidence))
			for _, h := range scheme.SigningHeaders {
				add(h.Name, h.Node, h.Evidence)
			}
		}
	}
	name := nearest(sent, names)
	f = found[name]
	f.Want = suggest("no such header", name)
	return f, name != ""
}

// suggestMember appends the property of a schema that a member is near to, and that its object lacks. at is the pointer of the
// member in the value. Only consumers misspell members, in what they send or expect: a provider may add any.
func suggestMember(want string, value strictjson.Value, at string, s *spec.Schema, options schema.Options) string {
	if options.Direction == schema.Response && !options.Partial {
		return want
	}
	i := strings.LastIndexByte(at, '/')
	object, name := value.At(at[:i]), pointer.Unescape(at[i+1:])
	isThere := func(property string) bool { return object.Member(property).Exists() }
	return suggest(want, nearest(name, slices.DeleteFunc(properties(s), isThere)))
}

// properties returns the names of the properties of a schema and of its parts.
func properties(s *spec.Schema) []string {
	list := []string{}
	for part := range s.Parts {
		for _, p := range part.Properties {
			list = append(list, p.Name)
		}
	}
	return list
}
