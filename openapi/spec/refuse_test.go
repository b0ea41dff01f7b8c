package spec

import (
	"fmt"
	"strings"
	"testing"
)

// documentOf returns a document with a GET /a whose response has the schema, a GET /b without one, and the component schemas.
func documentOf(version, schema, schemas string) string {
	return "openapi: " + version + "\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {'200': {description: " +
		"ok, content: {application/json: {schema: " + schema + "}}}}}}\n" +
		"  /b: {get: {responses: {'200': {description: ok}}}}\ncomponents:\n  schemas:\n" + schemas
}

// TestEndlessSchemas checks that a schema that applies itself to the same value is refused, and one that applies itself to a
// part of the value is not.
func TestEndlessSchemas(t *testing.T) {
	const ref = "{$ref: '#/components/schemas/A'}"
	endless := func(keyword string) string {
		return "d.yaml:8: endless schema: it applies itself to the same value by " + keyword
	}
	tests := []struct{ name, version, schemas, want string }{
		{name: "allOf", version: "3.0.3", schemas: "    A: {allOf: [" + ref + ", {type: object}]}", want: endless("allOf")},
		{name: "anyOf", version: "3.0.3", schemas: "    A: {anyOf: [" + ref + "]}", want: endless("anyOf")},
		{name: "oneOf", version: "3.0.3", schemas: "    A: {oneOf: [{type: string}, " + ref + "]}", want: endless("oneOf")},
		{name: "not", version: "3.0.3", schemas: "    A: {not: " + ref + "}", want: endless("not")},
		{
			name: "by way of others", version: "3.0.3",
			schemas: "    A: {allOf: [{anyOf: [{$ref: '#/components/schemas/B'}]}]}\n    B: {not: " + ref + "}",
			want:    endless("allOf"),
		},
		{
			name: "a reference to itself", version: "3.0.3", schemas: "    A: " + ref,
			want: `d.yaml:4: reference "#/components/schemas/A" leads back to itself`,
		},
		{name: "a reference of 3.1 to itself", version: "3.1.0", schemas: "    A: " + ref, want: endless("$ref")},
		{name: "if", version: "3.1.0", schemas: "    A: {if: " + ref + "}", want: endless("if")},
		{
			name: "dependentSchemas", version: "3.1.0", schemas: "    A: {dependentSchemas: {x: " + ref + "}}",
			want: endless("dependentSchemas"),
		},
		{name: "only used by a property", version: "3.0.3", schemas: "    A: {properties: {x: {$ref: " +
			"'#/components/schemas/B'}}}\n    B: {allOf: [{$ref: '#/components/schemas/B'}]}",
			want: "d.yaml:9: endless schema: it applies itself to the same value by allOf"},

		{name: "properties", version: "3.0.3", schemas: "    A: {properties: {x: " + ref + "}}"},
		{name: "items", version: "3.0.3", schemas: "    A: {oneOf: [{type: string}, {type: array, items: " + ref + "}]}"},
		{name: "additionalProperties", version: "3.0.3", schemas: "    A: {additionalProperties: " + ref + "}"},
		{
			name: "an unused definition", version: "3.1.0",
			schemas: "    A: {$defs: {B: {allOf: [{$ref: '#/components/schemas/A'}]}}}",
		},
		{
			name: "a discriminator with its base", version: "3.0.3",
			schemas: "    A: {discriminator: {propertyName: x, mapping: {b: B}}}\n    B: {allOf: [" + ref + "]}",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := readText(t, documentOf(test.version, ref, test.schemas))
			if got := refused(d); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestHeadersInCycles checks that a header of a part whose media type has a part with the same header is read without end or
// refusal.
func TestHeadersInCycles(t *testing.T) {
	d := readText(t, `
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {multipart/form-data: {encoding: {a: {headers: {X-A: {$ref: '#/components/headers/A'}}}}}}}
      responses: {'200': {description: ok}}
components: {headers: {A: {content: {multipart/form-data: {encoding: {a: {headers: {X-A: {$ref: '#/components/headers/A'}}}}}}}}}
`)
	if got := refused(d); got != "" {
		t.Error(got)
	}
}

// TestRefusals checks that an error in any part of an operation refuses it, and that it is a finding in an unused component.
func TestRefusals(t *testing.T) {
	const none = "{$ref: '#/none'}"
	part := func(header string) string { // of a body
		return "{content: {multipart/form-data: {encoding: {a: {headers: {X-A: " + header + "}}}}}}"
	}
	tests := []struct{ name, item, want string }{
		{name: "an operation that is null", item: "{get: }", want: "GET /a: want an operation, got null"},
		{
			name: "a parameter", item: "{get: {parameters: [" + none + "], responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a parameter of the path", item: "{parameters: [" + none + "], get: {responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a parameter without a place",
			item: "{get: {parameters: [{name: q, in: body, schema: {}}], responses: {'200': {description: ok}}}}",
			want: `parameter "q": want in: path, query, header or cookie, got "body"`,
		},
		{
			name: "a parameter without a name",
			item: "{get: {parameters: [{in: query, schema: {}}], responses: {'200': {description: ok}}}}",
			want: "parameter: name is missing",
		},
		{
			name: "a body", item: "{get: {requestBody: " + none + ", responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a schema deep in a body",
			item: "{get: {requestBody: {content: {a/b: {schema: {items: " +
				"{properties: {x: " + none + "}}}}}}, responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{name: "a response", item: "{get: {responses: {'200': " + none + "}}}", want: `reference "#/none" leads nowhere`},
		{
			name: "a header", item: "{get: {responses: {'200': {description: ok, headers: {X-A: " + none + "}}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a schema of a header",
			item: "{get: {responses: {'200': {description: ok, headers: {X-A: {schema: " + none + "}}}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a header of a part", item: "{post: {requestBody: " + part(none) + ", responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a schema of a header of a part",
			item: "{post: {requestBody: " + part("{schema: "+none+"}") + ", responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a media type of a header of a part",
			item: "{post: {requestBody: " + part("{content: {a/b: {schema: "+none+"}}}") + ", responses: {'200': {description: ok}}}}",
			want: `reference "#/none" leads nowhere`,
		},
		{
			name: "a schema that is a text",
			item: "{get: {responses: {'200': {description: ok, content: {a/b: {schema: text}}}}}}",
			want: "want a schema, got string",
		},
		{
			name: "a reference that is a number",
			item: "{get: {responses: {'200': {description: ok, content: {a/b: {schema: {$ref: 7}}}}}}}",
			want: "$ref: want a string, got number",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := readText(t, "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"+
				"paths:\n  /a: "+test.item+"\n  /b: {get: {responses: {'200': {description: ok}}}}\n")
			if got, want := refused(d), "d.yaml:4: "+test.want; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if text := findings(d); text != "" {
				t.Errorf("also a finding: %s", text)
			}
		})
	}
	d := readText(t, documentOf("3.0.3", "{type: string}", "    A: {allOf: [{$ref: '#/none'}]}"))
	if got := refused(d) + findings(d); got != `reference/unresolved d.yaml:8: reference "#/none" leads nowhere` {
		t.Errorf("got %s", got)
	}
}

// TestRefusedDynamicTarget checks that a refused schema also refuses a schema with a $dynamicRef to its anchor.
func TestRefusedDynamicTarget(t *testing.T) {
	d := readText(t, documentOf("3.1.0", "{$ref: '#/components/schemas/A'}", `    A:
      $id: https://example.com/a
      properties: {x: {$ref: c}}
      $defs: {n: {$dynamicAnchor: n, $ref: 'https://example.com/none'}}
    C: {$id: 'https://example.com/c', $dynamicRef: '#n', $defs: {n: {$dynamicAnchor: n}}}
`))
	if got := refused(d); !strings.Contains(got, `reference "https://example.com/none" is outside the document`) {
		t.Errorf("got %q", got)
	}
}

// TestLongChains reads a long cycle of schemas, which must not need a deep stack or quadratic time.
func TestLongChains(t *testing.T) {
	var chain strings.Builder
	const length = 20_000
	for i := range length {
		fmt.Fprintf(&chain, "    A%d: {allOf: [{$ref: '#/components/schemas/A%d'}]}\n", i, (i+1)%length)
	}
	d := readText(t, documentOf("3.1.0", "{$ref: '#/components/schemas/A7'}", chain.String()))
	if !strings.Contains(refused(d), "endless schema: it applies itself to the same value") {
		t.Errorf("got %q", refused(d))
	}
}
