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

// absenceEvidence is the evidence of what a response may say of a resource that does not exist. It is inferred: the document
// describes refusals, and HTTP says that such a request gets one (RFC 9110, 15.5.5).
var absenceEvidence = spec.Evidence{Grade: spec.Inferred, Source: []string{"RFC 9110"}}

// judgeRefusalBody finds members of a resource in the refusal of the probe unknown-resource. They are members that a success
// describes and the refusal does not. A value repeated from the path is no finding.
func (j *Judge) judgeRefusalBody(s *subject, b body, out *findings) {
	if s.ex.Probe != spec.UnknownResource || s.ex.Response.Status/100 != 4 || b.value.Kind() != strictjson.Object {
		return
	}
	own := propertiesOf(b.schema)
	if len(own) == 0 {
		return // the document does not describe the refusal
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
						ID: "member/of-resource", Evidence: absenceEvidence, Node: success.Node,
						Pointer: "/response/body/" + pointer.Escape(name),
						Want:    "no member of the resource, which does not exist", Got: value.Compact(),
					})
				}
			}
		}
	}
}

// inPath reports whether a value equals a path parameter of the request.
func (s *subject) inPath(value strictjson.Value) bool {
	for _, sent := range s.params {
		param, _ := url.PathUnescape(sent.Value) // match has decoded it without an error
		if value.Kind() < strictjson.Array && value.Text() == param {
			return true
		}
	}
	return false
}

// propertiesOf returns the names of the members that a schema describes at the top of a value, sorted.
func propertiesOf(schema *spec.Schema) []string {
	names := map[string]bool{}
	for s := range schema.Parts {
		for _, p := range s.Properties {
			names[p.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
