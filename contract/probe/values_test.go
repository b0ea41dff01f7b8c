package probe_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/probe"
)

// TestBodiesEnd holds that a body is made of schemas that contain one another, and that it stays small.
func TestBodiesEnd(t *testing.T) {
	wide := "" // each schema has ten members of the next: the whole has a million parts
	for i := range 6 {
		wide += fmt.Sprintf("    L%d: {type: object, required: [name], properties: {name: {type: string}", i)
		for j := range 10 {
			wide += fmt.Sprintf(", m%d: {$ref: '#/components/schemas/L%d'}", j, i+1)
		}
		wide += "}}\n"
	}
	for _, test := range []struct{ name, schemas, required, complete string }{
		{"members of its own kind", `
    L0:
      type: object
      required: [name]
      properties: {left: {$ref: '#/components/schemas/L0'}, right: {$ref: '#/components/schemas/L0'}, name: {type: string}}
`, `{"name":"text"}`, `{"name":"text"}`},
		{"members of its own kind, by way of another", `
    L0: {type: object, properties: {other: {$ref: '#/components/schemas/L1'}}}
    L1: {type: object, required: [one], properties: {one: {type: boolean}, back: {$ref: '#/components/schemas/L0'}}}
`, `{}`, `{"other":{"one":true}}`},
		{"a list of its own kind that must be there", `
    L0: {type: object, required: [parts], properties: {parts: {type: array, items: {$ref: '#/components/schemas/L0'}}}}
`, `{"parts":[]}`, `{"parts":[]}`},
		{"a million parts", "\n" + wide + "    L6: {type: string}\n", `{"name":"text"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      operationId: send
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/L0'}}}}
      responses: {'201': {description: Done.}, '400': {description: No.}}
components:
  schemas:`+test.schemas)
			got := map[string]string{}
			broken := 0
			for _, p := range probe.Derive(judge, nil) {
				if got[p.ID] = string(p.Request.Body); strings.HasSuffix(p.ID, "-other-type") {
					broken++
				}
			}
			if got["send/body-required-only"] != test.required || got["send/body-complete"] != test.complete {
				t.Errorf("got %.200s and %.200s, want %s and %s", got["send/body-required-only"], got["send/body-complete"], test.required, test.complete)
			}
			if broken == 0 {
				t.Error("no member is broken")
			}
		})
	}
}

// TestFormats holds that a value is known for each format, and which formats can be broken.
func TestFormats(t *testing.T) {
	for _, test := range []struct {
		format string
		never  bool // all texts are of it, or the broken one is
	}{
		{"date", false}, {"date-time", false}, {"time", false}, {"duration", false}, {"uuid", false}, {"email", false}, {"idn-email", false},
		{"uri", false}, {"iri", false}, {"ipv4", false}, {"ipv6", false}, {"byte", false}, {"json-pointer", false}, {"relative-json-pointer", false},
		{"hostname", true}, {"idn-hostname", true}, {"uri-reference", true}, {"iri-reference", true}, {"uri-template", true}, {"regex", true},
		{"binary", true}, {"password", true}, {"int32", true}, {"of-the-author", true},
	} {
		judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: list
      parameters: [{name: q, in: query, required: true, schema: {type: string, format: `+test.format+`}}]
      responses: {'200': {description: Done.}, '400': {description: No.}}
`)
		ids := map[string]bool{}
		for _, p := range probe.Derive(judge, nil) {
			if p.Skip == "" {
				ids[p.ID] = true
			}
		}
		if !ids["list/plain"] || ids["list/q-not-of-format"] == test.never {
			t.Errorf("%s: got %v", test.format, ids)
		}
	}
}

// TestNumbers holds that a number is found between two bounds, whichever of them the number itself must not be.
func TestNumbers(t *testing.T) {
	for _, test := range []struct{ name, openapi, schema, want string }{
		{"the plain integer", "3.0.3", "type: integer", "1"},
		{"the plain number", "3.0.3", "type: number", "1.5"},
		{"above an exclusive minimum", "3.0.3", "type: integer, minimum: 1, exclusiveMinimum: true", "2"},
		{"below an exclusive maximum", "3.0.3", "type: integer, maximum: 1, exclusiveMaximum: true", "0"},
		{"between two exclusive bounds", "3.0.3", "type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true", "0.5"},
		{"an exclusive minimum, and a maximum less than 1 above it", "3.0.3", "type: number, minimum: 2, exclusiveMinimum: true, maximum: 2.5", "2.25"},
		{"an exclusive maximum, and a minimum less than 1 below it", "3.0.3", "type: number, minimum: 0.5, maximum: 1, exclusiveMaximum: true", "0.75"},
		{"nothing between two exclusive bounds", "3.0.3", "type: integer, minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: true", ""},
		{"between two exclusive bounds, in 3.1", "3.1.0", "type: number, exclusiveMinimum: 2, exclusiveMaximum: 2.5", "2.25"},
		{"an integer between bounds that are none", "3.1.0", "type: integer, exclusiveMinimum: 2.5, exclusiveMaximum: 3.5", "3"},
		{"an exclusive bound beside a tighter one", "3.1.0", "type: integer, exclusiveMinimum: 1, minimum: 5, exclusiveMaximum: 6", "5"},
		{"a multiple above an exclusive minimum", "3.1.0", "type: integer, exclusiveMinimum: 10, multipleOf: 5", "15"},
		{"a multiple below an exclusive maximum", "3.1.0", "type: integer, exclusiveMaximum: -3, multipleOf: 5", "-5"},
		{"a multiple below a maximum", "3.0.3", "type: integer, minimum: -20, maximum: -3, multipleOf: 5", "-5"},
		{"a multiple that the exclusive maximum is", "3.0.3", "type: number, maximum: 0.7, exclusiveMaximum: true, multipleOf: 0.1", "0.6"},
		{"a multiple that no float64 is", "3.0.3", "type: number, maximum: 0.7, multipleOf: 0.1", "0.7"},
		{"a multiple of a part of 1", "3.0.3", "type: integer, minimum: 3, multipleOf: 0.25", "3"},
		{"no multiple between the bounds", "3.1.0", "type: integer, exclusiveMinimum: 5, exclusiveMaximum: 10, multipleOf: 5", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: `+test.openapi+`
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: list
      parameters: [{name: q, in: query, required: true, schema: {`+test.schema+`}}]
      responses: {'200': {description: Done.}}
`)
			for _, p := range probe.Derive(judge, nil) {
				if p.ID != "list/plain" {
					continue
				}
				if _, got, _ := strings.Cut(p.Request.Target, "?q="); got != test.want || (p.Skip != "") != (test.want == "") {
					t.Errorf("got %s with skip %q, want %s", got, p.Skip, test.want)
				}
			}
		})
	}
}
