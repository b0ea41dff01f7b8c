package probe_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/probe"
)

// TestBodiesOfRecursiveSchemas checks that schemas that contain one another have a small sample body.
func TestBodiesOfRecursiveSchemas(t *testing.T) {
	wide := "" // each schema has ten members of the next: the whole has a million parts
	for i := range 6 {
		wide += fmt.Sprintf("    L%d: {type: object, required: [name], properties: {name: {type: string}", i)
		for j := range 10 {
			wide += fmt.Sprintf(", m%d: {$ref: '#/components/schemas/L%d'}", j, i+1)
		}
		wide += "}}\n"
	}
	for _, test := range []struct{ name, schemas, required, complete string }{
		{name: "members of its own kind", schemas: `
    L0:
      type: object
      required: [name]
      properties: {left: {$ref: '#/components/schemas/L0'}, right: {$ref: '#/components/schemas/L0'}, name: {type: string}}
`, required: `{"name":"text"}`, complete: `{"name":"text"}`},
		{name: "members of its own kind, by way of another", schemas: `
    L0: {type: object, properties: {other: {$ref: '#/components/schemas/L1'}}}
    L1: {type: object, required: [one], properties: {one: {type: boolean}, back: {$ref: '#/components/schemas/L0'}}}
`, required: `{}`, complete: `{"other":{"one":true}}`},
		{name: "a list of its own kind that must be there", schemas: `
    L0: {type: object, required: [parts], properties: {parts: {type: array, items: {$ref: '#/components/schemas/L0'}}}}
`, required: `{"parts":[]}`, complete: `{"parts":[]}`},
		{name: "a million parts", schemas: "\n" + wide + "    L6: {type: string}\n", required: `{"name":"text"}`},
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
			otherTypes := 0
			for _, p := range probe.Derive(judge, nil) {
				if got[p.ID] = string(p.Request.Body); strings.HasSuffix(p.ID, "-other-type") {
					otherTypes++
				}
			}
			if got["send/body-required-only"] != test.required || got["send/body-complete"] != test.complete {
				t.Errorf("got %.200s and %.200s, want %s and %s",
					got["send/body-required-only"], got["send/body-complete"], test.required, test.complete)
			}
			if otherTypes == 0 {
				t.Error("no probe has a member of another type")
			}
		})
	}
}

// TestFormats checks that each format has a sample value, and tests which formats can be broken.
func TestFormats(t *testing.T) {
	for _, test := range []struct {
		format string
		never  bool // no text breaks it that is tried
	}{
		{format: "date"}, {format: "date-time"}, {format: "time"}, {format: "duration"}, {format: "uuid"}, {format: "email"}, {
			format: "idn-email",
		},
		{format: "uri"}, {format: "iri"}, {format: "ipv4"}, {format: "ipv6"}, {format: "byte"}, {format: "json-pointer"}, {
			format: "relative-json-pointer",
		},
		{format: "hostname", never: true}, {format: "idn-hostname", never: true}, {format: "uri-reference", never: true},
		{format: "iri-reference", never: true}, {format: "uri-template", never: true}, {
			format: "regex", never: true,
		},
		{format: "binary", never: true}, {format: "password", never: true}, {format: "int32", never: true},
		{format: "of-the-author", never: true},
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

// TestNumbers tests the sample numbers between bounds, which may be exclusive.
func TestNumbers(t *testing.T) {
	for _, test := range []struct{ name, openapi, schema, want string }{
		{name: "the plain integer", openapi: "3.0.3", schema: "type: integer", want: "1"},
		{name: "the plain number", openapi: "3.0.3", schema: "type: number", want: "1.5"},
		{name: "above an exclusive minimum", openapi: "3.0.3", schema: "type: integer, minimum: 1, exclusiveMinimum: true", want: "2"},
		{name: "below an exclusive maximum", openapi: "3.0.3", schema: "type: integer, maximum: 1, exclusiveMaximum: true", want: "0"},
		{
			name: "between two exclusive bounds", openapi: "3.0.3",
			schema: "type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true", want: "0.5",
		},
		{
			name: "an exclusive minimum, and a maximum less than 1 above it", openapi: "3.0.3",
			schema: "type: number, minimum: 2, exclusiveMinimum: true, maximum: 2.5", want: "2.25",
		},
		{
			name: "an exclusive maximum, and a minimum less than 1 below it", openapi: "3.0.3",
			schema: "type: number, minimum: 0.5, maximum: 1, exclusiveMaximum: true", want: "0.75",
		},
		{
			name: "nothing between two exclusive bounds", openapi: "3.0.3",
			schema: "type: integer, minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: true",
		},
		{
			name: "between two exclusive bounds, in 3.1", openapi: "3.1.0",
			schema: "type: number, exclusiveMinimum: 2, exclusiveMaximum: 2.5", want: "2.25",
		},
		{
			name: "an integer between bounds that are none", openapi: "3.1.0",
			schema: "type: integer, exclusiveMinimum: 2.5, exclusiveMaximum: 3.5", want: "3",
		},
		{
			name: "an exclusive bound beside a tighter one", openapi: "3.1.0",
			schema: "type: integer, exclusiveMinimum: 1, minimum: 5, exclusiveMaximum: 6", want: "5",
		},
		{
			name: "a multiple above an exclusive minimum", openapi: "3.1.0",
			schema: "type: integer, exclusiveMinimum: 10, multipleOf: 5", want: "15",
		},
		{
			name: "a multiple below an exclusive maximum", openapi: "3.1.0",
			schema: "type: integer, exclusiveMaximum: -3, multipleOf: 5", want: "-5",
		},
		{
			name: "a multiple below a maximum", openapi: "3.0.3", schema: "type: integer, minimum: -20, maximum: -3, multipleOf: 5",
			want: "-5",
		},
		{
			name: "a multiple that the exclusive maximum is", openapi: "3.0.3",
			schema: "type: number, maximum: 0.7, exclusiveMaximum: true, multipleOf: 0.1", want: "0.6",
		},
		{name: "a multiple that no float64 is", openapi: "3.0.3", schema: "type: number, maximum: 0.7, multipleOf: 0.1", want: "0.7"},
		{name: "a multiple of a part of 1", openapi: "3.0.3", schema: "type: integer, minimum: 3, multipleOf: 0.25", want: "3"},
		{
			name: "no multiple between the bounds", openapi: "3.1.0",
			schema: "type: integer, exclusiveMinimum: 5, exclusiveMaximum: 10, multipleOf: 5",
		},
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
