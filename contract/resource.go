package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// absence is the evidence of what a resource that does not exist must get: the document says what a refusal is, HTTP that
// this is the case for one (RFC 9110, 15.5.5).
var absence = openapi.Evidence{Grade: openapi.Inferred, Source: []string{"RFC 9110"}}

// resourceInRefusal finds members of the resource in the refusal to show it, where it does not exist: members of a success
// that the refusal's own schema does not have. An id that is repeated from the path is none.
func (c *hearing) resourceInRefusal() {
	body, isObject := c.responseBody.(map[string]any)
	if c.ex.Probe != string(openapi.UnknownResource) || c.ex.Response.Status/100 != 4 || !isObject {
		return
	}
	own := propertiesOf(c.responseSchema)
	if len(own) == 0 {
		return // nothing says what a refusal holds
	}
	for _, success := range c.op.Responses {
		if !strings.HasPrefix(success.Status, "2") {
			continue
		}
		for _, mediaType := range sortedKeys(success.Spec.Content) {
			for _, name := range propertiesOf(success.Spec.Content[mediaType].Schema) {
				value, holds := body[name]
				if holds && !slices.Contains(own, name) && !c.inPath(value) {
					c.deviate("member/of-resource", absence, "/response/body/"+escapePointer(name), success.Pointer, "no member of the resource, which does not exist", compact(value))
				}
			}
		}
	}
}

// inPath says whether a value is one of those that the path of the request has.
func (c *hearing) inPath(value any) bool {
	for _, param := range c.pathParams {
		if fmt.Sprint(value) == param {
			return true
		}
	}
	return false
}

// propertiesOf are the names of the members that a schema knows for the top of a value, sorted.
func propertiesOf(ref *openapi3.SchemaRef) []string {
	if ref == nil || ref.Value == nil {
		return nil
	}
	names := map[string]bool{}
	for _, s := range parts([]*openapi3.Schema{ref.Value}) {
		for name := range s.Properties {
			names[name] = true
		}
	}
	return sortedKeys(names)
}
