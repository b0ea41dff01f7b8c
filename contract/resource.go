package contract

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// absenceEvidence is the evidence of what a resource that does not exist must get: the document says what a refusal is, HTTP that
// this is the case for one (RFC 9110, 15.5.5).
var absenceEvidence = spec.Evidence{Grade: spec.Inferred, Source: []string{"RFC 9110"}}

// judgeRefusalBody finds members of the resource in the refusal to show it, where it does not exist: members of a success
// that the refusal's own schema does not have. An id that is repeated from the path is none.
func (j *Judge) judgeRefusalBody(s *subject, b body, out *findings) {
	if s.ex.Probe != spec.UnknownResource || s.ex.Response.Status/100 != 4 || b.value.Kind() != strictjson.Object {
		return
	}
	own := propertiesOf(b.schema)
	if len(own) == 0 {
		return // nothing says what a refusal holds
	}
	for _, success := range s.op.Responses {
		if !strings.HasPrefix(success.Status, "2") {
			continue
		}
		for _, media := range success.Content {
			for _, name := range propertiesOf(media.Schema) {
				value := b.value.Member(name)
				if value.Exists() && !slices.Contains(own, name) && !s.inPath(value) {
					out.add(Finding{
						ID: "member/of-resource", Evidence: absenceEvidence, Pointer: "/response/body/" + pointer.Escape(name), Node: success.Node,
						Want: "no member of the resource, which does not exist", Got: value.Compact(),
					})
				}
			}
		}
	}
}

// inPath says whether a value is one of those that the path of the request has.
func (s *subject) inPath(value strictjson.Value) bool {
	for _, sent := range s.params {
		param, _ := url.PathUnescape(sent.Value) // match has decoded it before
		if value.Kind() < strictjson.Array && value.Text() == param {
			return true
		}
	}
	return false
}

// propertiesOf are the names of the members that a schema knows for the top of a value, sorted.
func propertiesOf(schema *spec.Schema) []string {
	names := map[string]bool{}
	for s := range schema.Parts {
		for _, p := range s.Properties {
			names[p.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
