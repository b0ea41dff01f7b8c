package probe_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestUnknownResource holds which ids are requested that nobody has: one of the form of the schema, which neither the document
// nor a principal names, and a malformed one.
func TestUnknownResource(t *testing.T) {
	const none, skipped = "no probe", "skipped"
	for _, test := range []struct {
		name, parameter    string
		reader, stranger   string // their own ids; empty: none
		unknown, malformed string
	}{
		{"a text", "schema: {type: string}", "", "", "mbim", "no-such-id"},
		{"a principal's text", "schema: {type: string}", "Ab-09", "", "Fe-90", "no-such-id"},
		{"an example", "example: W01, schema: {type: string, pattern: '^[A-Z][0-9]{2}$'}", "", "", "J98", "no-such-id"},
		{"a text that may be unlikely", "example: ab, schema: {type: string, pattern: '^[a-z-]+$'}", "", "", "fe", "~%20no%20match%20~"},
		{"a principal has the next one", "schema: {type: string}", "12", "87", "98", "no-such-id"},
		{"an example is the next one", "examples: {a: {value: '12'}, b: {value: '87'}}, schema: {type: string}", "", "", "98", "no-such-id"},
		{"a pattern alone", "schema: {type: string, pattern: '^[A-Z][0-9]{2}$'}", "", "", skipped, "no-such-id"},
		{"a UUID", "schema: {type: string, format: uuid}", "", "", "1d5f3e0b-7a8c-4b2f-9e6d-4c3b2a190887", "no-such-id"},
		{"an integer", "schema: {type: integer}", "", "", "2147483647", "no-such-id"},
		{"an integer with bounds", "example: 17, schema: {type: integer, minimum: 1, maximum: 1000}", "", "", "1000", "no-such-id"},
		{"an integer, and the largest is known", "example: 1000, schema: {type: integer, maximum: 1000}", "999", "", "998", "no-such-id"},
		{"an integer above 32 bits", "schema: {type: integer, minimum: 5000000000}", "", "", "5000000100", "no-such-id"},
		{"no id is left", "example: 1, schema: {type: integer, minimum: 1, maximum: 1}", "", "", skipped, "no-such-id"},
		{"a list of values", "schema: {type: string, enum: [json, xml]}", "", "", none, none},
		{"true or false", "schema: {type: boolean}", "", "", none, none},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things/{id}:
    get:
      operationId: show
      parameters: [{name: id, in: path, required: true, `+test.parameter+`}]
      responses:
        '200': {description: It.}
        '404': {description: No.}
`)
			principals := probe.Principals{}
			for role, id := range map[probe.Role]string{probe.Reader: test.reader, probe.Stranger: test.stranger} {
				if id != "" {
					principals[role] = probe.Principal{Values: map[string]string{"id": id}}
				}
			}
			got := map[string]string{"show/unknown-resource": none, "show/unknown-resource-malformed": none}
			for _, p := range probe.Derive(judge, principals) {
				if p.Kind != spec.UnknownResource {
					continue
				}
				if got[p.ID] = strings.TrimPrefix(p.Request.Target, "/things/"); p.Skip != "" {
					got[p.ID] = skipped
				}
			}
			if got["show/unknown-resource"] != test.unknown || got["show/unknown-resource-malformed"] != test.malformed {
				t.Errorf("got %v, want %s and %s", got, test.unknown, test.malformed)
			}
		})
	}
}

// TestUnknownResourceOfOtherMethods holds that nothing is changed or deleted by an id that nobody has.
func TestUnknownResourceOfOtherMethods(t *testing.T) {
	judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    delete: {operationId: drop, responses: {'204': {description: Gone.}, '404': {description: No.}}}
    put: {operationId: put, responses: {'204': {description: Put.}, '404': {description: No.}}}
`)
	for _, p := range probe.Derive(judge, nil) {
		if p.Kind == spec.UnknownResource {
			t.Errorf("%s requests %s %s", p.ID, p.Request.Method, p.Request.Target)
		}
	}
}
