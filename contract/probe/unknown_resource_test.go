package probe_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestUnknownResource tests the ids of resources that do not exist: a well-formed one that neither the document nor a principal
// has, and a malformed one.
func TestUnknownResource(t *testing.T) {
	const none, skipped = "no probe", "skipped"
	for _, test := range []struct {
		name, parameter    string
		reader, stranger   string // their own ids; "": none
		unknown, malformed string
	}{
		{name: "a text", parameter: "schema: {type: string}", unknown: "mbim", malformed: "no-such-id"},
		{name: "a principal's text", parameter: "schema: {type: string}", reader: "Ab-09", unknown: "Fe-90", malformed: "no-such-id"},
		{
			name: "an example", parameter: "example: W01, schema: {type: string, pattern: '^[A-Z][0-9]{2}$'}", unknown: "J98",
			malformed: "no-such-id",
		},
		{
			name: "a text that may be unlikely", parameter: "example: ab, schema: {type: string, pattern: '^[a-z-]+$'}",
			unknown: "fe", malformed: "~%20no%20match%20~",
		},
		{
			name: "a principal has the next one", parameter: "schema: {type: string}", reader: "12", stranger: "87", unknown: "98",
			malformed: "no-such-id",
		},
		{
			name: "an example is the next one", parameter: "examples: {a: {value: '12'}, b: {value: '87'}}, schema: {type: string}",
			unknown: "98", malformed: "no-such-id",
		},
		{
			name: "a pattern alone", parameter: "schema: {type: string, pattern: '^[A-Z][0-9]{2}$'}", unknown: "F88",
			malformed: "no-such-id",
		},
		{
			name: "a pattern that is not simple", parameter: `schema: {type: string, pattern: '^([0-9])-\1$'}`, unknown: skipped,
			malformed: "no-such-id",
		},
		{
			name: "a UUID", parameter: "schema: {type: string, format: uuid}", unknown: "1d5f3e0b-7a8c-4b2f-9e6d-4c3b2a190887",
			malformed: "no-such-id",
		},
		{name: "an integer", parameter: "schema: {type: integer}", unknown: "2147483647", malformed: "no-such-id"},
		{
			name: "an integer with bounds", parameter: "example: 17, schema: {type: integer, minimum: 1, maximum: 1000}",
			unknown: "1000", malformed: "no-such-id",
		},
		{
			name: "an integer, and the largest is known", parameter: "example: 1000, schema: {type: integer, maximum: 1000}",
			reader: "999", unknown: "998", malformed: "no-such-id",
		},
		{
			name: "an integer above 32 bits", parameter: "schema: {type: integer, minimum: 5000000000}", unknown: "5000000100",
			malformed: "no-such-id",
		},
		{
			name: "no id is left", parameter: "example: 1, schema: {type: integer, minimum: 1, maximum: 1}", unknown: skipped,
			malformed: "no-such-id",
		},
		{name: "a list of values", parameter: "schema: {type: string, enum: [json, xml]}", unknown: none, malformed: none},
		{name: "true or false", parameter: "schema: {type: boolean}", unknown: none, malformed: none},
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

// TestUnknownResourceOfOtherMethods checks that unknown ids are only used with GET.
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
