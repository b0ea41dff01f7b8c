package probe_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestDeriveParametersOf31 tests the requests derived from schemas of OpenAPI 3.1: lists of types, constants, references with
// other keywords beside them, and optional parameters as generators write them.
func TestDeriveParametersOf31(t *testing.T) {
	for _, test := range []struct {
		name, schema string   // of the optional parameter q
		valid        []string // the queries of valid requests beside the plain one
		invalid      []string
	}{
		{
			name: "a type or null", schema: `{type: [integer, 'null'], minimum: 2, maximum: 9}`, valid: []string{"q=2", "q=9"},
			invalid: []string{"q=many", "q=1.5", "q=1", "q=10", "q=", "q=%zz"},
		},
		{
			name: "an alternative to null", schema: `{anyOf: [{type: integer, exclusiveMinimum: 2}, {type: 'null'}], title: Q}`,
			valid: []string{"q=3"}, invalid: []string{"q=many", "q=1.5", "q=1", "q=", "q=%zz"},
		},
		{name: "a constant", schema: `{const: on}`, valid: []string{"q=on"}, invalid: []string{"q=ons", "q=ON", "q=", "q=%zz"}},
		{
			name: "a reference and a default", schema: `{$ref: '#/components/schemas/Size', default: L}`,
			valid: []string{"q=S", "q=L"}, invalid: []string{"q=Ss", "q=", "q=%zz"},
		},
		{
			name: "a reference and examples", schema: `{$ref: '#/components/schemas/Count', examples: [12345678901234567890]}`,
			valid: []string{"q=12345678901234567890"}, invalid: []string{"q=many", "q=1.5", "q=", "q=%zz"},
		},
		{
			name: "a list", schema: `{type: array, items: {$ref: '#/components/schemas/Size'}, maxItems: 1}`,
			valid: []string{"q=S"}, invalid: []string{"q=Ss", "q=S&q=S"},
		},
		{
			name: "a bound beyond 53 bits", schema: `{type: integer, minimum: 0, maximum: 9007199254740993}`,
			valid: []string{"q=0", "q=9007199254740993"}, invalid: []string{"q=many", "q=1.5", "q=-1", "q=", "q=%zz"},
		},
		{
			name: "a number with an exponent", schema: `{type: number, default: 1.5e3}`, valid: []string{"q=1500"},
			invalid: []string{"q=many", "q=", "q=%zz"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: list
      parameters: [{name: q, in: query, schema: `+test.schema+`}]
      responses: {'200': {description: Done.}, '400': {description: No.}}
components:
  schemas:
    Size: {type: string, enum: [S, L]}
    Count: {type: integer}
`)
			got := map[spec.Probe][]string{}
			for _, p := range probe.Derive(judge, nil) {
				if _, query, ok := strings.Cut(p.Request.Target, "?"); ok && p.Skip == "" {
					got[p.Kind] = append(got[p.Kind], query)
				}
			}
			want := map[spec.Probe][]string{spec.ValidRequest: test.valid, spec.InvalidParameter: test.invalid}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDeriveBodiesOf31 tests the bodies made from schemas of OpenAPI 3.1.
func TestDeriveBodiesOf31(t *testing.T) {
	judge := judge(t, "things.yaml", `openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      operationId: send
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Base'
              required: [at]
              properties:
                at: {type: array, prefixItems: [{type: number}, {type: string}], minItems: 2}
                note: {type: [string, 'null'], default: null}
      responses: {'201': {description: Done.}, '400': {description: No.}}
components:
  schemas:
    Base:
      type: object
      required: [kind]
      properties:
        kind: {const: thing}
        id: {$ref: '#/components/schemas/ID', description: Of the server.}
    ID: {type: string, readOnly: true}
`)
	got := map[string]string{}
	for _, p := range probe.Derive(judge, nil) {
		got[p.ID] = string(p.Request.Body)
	}
	for id, want := range map[string]string{
		"send/plain":              `{"at":[1.5,"text"],"kind":"thing"}`,
		"send/body-complete":      `{"at":[1.5,"text"],"kind":"thing","note":"text"}`,
		"send/body-kind-missing":  `{"at":[1.5,"text"],"note":"text"}`,
		"send/body-kind-unknown":  `{"at":[1.5,"text"],"kind":"things","note":"text"}`,
		"send/body-at-too-few":    `{"at":[1.5],"kind":"thing","note":"text"}`,
		"send/body-note-null":     "",
		"send/body-id-other-type": "",
	} {
		if got[id] != want {
			t.Errorf("%s: got %s, want %s", id, got[id], want)
		}
	}
}

// TestRefusedOperation checks that a refused operation has one skipped probe, which names the cause.
func TestRefusedOperation(t *testing.T) {
	judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get: {operationId: list, responses: {'200': {description: Done.}}}
    post:
      operationId: send
      requestBody: {$ref: '#/components/requestBodies/None'}
      responses: {'201': {description: Done.}}
`)
	got := []string{}
	for _, p := range probe.Derive(judge, nil) {
		if p.Operation.ID == "send" {
			got = append(got, fmt.Sprintf("%s: %s", p.ID, p.Skip))
		}
	}
	want := []string{`send/plain: things.yaml:8: reference "#/components/requestBodies/None" leads nowhere`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestParameterWithoutValue checks that the probe of an operation is skipped if a required parameter has no value.
func TestParameterWithoutValue(t *testing.T) {
	for _, test := range []struct{ name, parameter, skip string }{
		{
			name: "JSON", parameter: `{name: q, in: query, required: true, content: {application/json: {}}}`,
			skip: "add values: {list.q: …} to quotaspec.yaml: 14 probes of list were not sent, since no value is known for the query parameter q",
		},
		{
			name: "an example that is null",
			parameter: `{name: q, in: query, required: true, example: null,
        schema: {type: string, nullable: true, default: null, pattern: '^([0-9])-\1$'}}`,
			skip: "add values: {list.q: …} to quotaspec.yaml: 17 probes of list were not sent, since no value is known for the query parameter q",
		},
		{
			name:      "bounds that exclude each other",
			parameter: `{name: q, in: query, required: true, schema: {type: integer, minimum: 3, maximum: 4, multipleOf: 5}}`,
			skip:      "add values: {list.q: …} to quotaspec.yaml: 22 probes of list were not sent, since no value is known for the query parameter q",
		},
		{
			name:      "an example",
			parameter: `{name: q, in: query, required: true, content: {application/json: {examples: {a: {value: {b: 1}}}}}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: list
      parameters: [`+test.parameter+`]
      responses: {'200': {description: Done.}}
`)
			for _, p := range probe.Derive(judge, nil) {
				if p.ID == "list/plain" && p.Skip != test.skip {
					t.Errorf("got skip %q, want %q", p.Skip, test.skip)
				}
			}
		})
	}
}
