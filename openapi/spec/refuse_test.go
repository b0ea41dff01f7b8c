package spec

import (
	"fmt"
	"strings"
	"testing"
)

// documentOf has a GET /a whose response has the schema, and a GET /b without one.
func documentOf(version, schema, schemas string) string {
	return "openapi: " + version + "\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {'200': {description: " +
		"ok, content: {application/json: {schema: " + schema + "}}}}}}\n" +
		"  /b: {get: {responses: {'200': {description: ok}}}}\ncomponents:\n  schemas:\n" + schemas
}

// A schema that applies itself to the same value has no end; one that contains itself by a part of the value has.
func TestEndlessSchemas(t *testing.T) {
	const ref = "{$ref: '#/components/schemas/A'}"
	endless := func(keyword string) string {
		return "d.yaml:8: the schema contains itself without a way out: " + keyword + " leads back to it"
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
			want: "d.yaml:9: the schema contains itself without a way out: allOf leads back to it"},

		{name: "properties", version: "3.0.3", schemas: "    A: {properties: {x: " + ref + "}}"},
		{name: "items", version: "3.0.3", schemas: "    A: {oneOf: [{type: string}, {type: array, items: " + ref + "}]}"},
		{name: "additionalProperties", version: "3.0.3", schemas: "    A: {additionalProperties: " + ref + "}"},
		{
			name: "a definition that nobody uses", version: "3.1.0",
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

// A header of a part may be described by a media type whose parts have that header: nothing refuses it, and reading it ends.
func TestHeadersInCircles(t *testing.T) {
	d := readText(t, `
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a: {post: {requestBody: {content: {multipart/form-data: {encoding: {a: {headers: {X-A: {$ref: '#/components/headers/A'}}}}}}}, responses: {'200': {description: ok}}}}
components: {headers: {A: {content: {multipart/form-data: {encoding: {a: {headers: {X-A: {$ref: '#/components/headers/A'}}}}}}}}}
`)
	if got := refused(d); got != "" {
		t.Error(got)
	}
}

// What hinders judging refuses the operations that use it, wherever it stands. Of a component that none uses it is a finding.
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
			want: "$ref: want a text, got number",
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

// A $dynamicRef may come to use each schema that has its anchor, also one that is refused.
func TestRefusedDynamicTarget(t *testing.T) {
	d := readText(t, documentOf("3.1.0", "{$ref: '#/components/schemas/A'}", `    A: {$id: 'https://example.com/a', properties: {x: {$ref: c}}, $defs: {n: {$dynamicAnchor: n, $ref: 'https://example.com/none'}}}
    C: {$id: 'https://example.com/c', $dynamicRef: '#n', $defs: {n: {$dynamicAnchor: n}}}
`))
	if got := refused(d); !strings.Contains(got, `reference "https://example.com/none" leaves the document`) {
		t.Errorf("got %q", got)
	}
}

// A long chain of schemas or references is read without a deep stack, and a document of many circles in linear time.
func TestLongChains(t *testing.T) {
	var chain strings.Builder
	const length = 20_000
	for i := range length {
		fmt.Fprintf(&chain, "    A%d: {allOf: [{$ref: '#/components/schemas/A%d'}]}\n", i, (i+1)%length)
	}
	d := readText(t, documentOf("3.1.0", "{$ref: '#/components/schemas/A7'}", chain.String()))
	if !strings.Contains(refused(d), "the schema contains itself without a way out") {
		t.Errorf("got %q", refused(d))
	}
}
