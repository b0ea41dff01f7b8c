package spec

import (
	"fmt"
	"strings"
	"testing"
)

// documentOf has a GET /a whose response has the schema, and a GET /b without one.
func documentOf(version, schema, schemas string) string {
	return "openapi: " + version + "\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: " + schema + "}}}}}}\n" +
		"  /b: {get: {responses: {'200': {description: ok}}}}\ncomponents:\n  schemas:\n" + schemas
}

// A schema that applies itself to the same value has no end; one that contains itself by a part of the value has.
func TestEndlessSchemas(t *testing.T) {
	const ref = "{$ref: '#/components/schemas/A'}"
	endless := func(keyword string) string {
		return "d.yaml:8: the schema contains itself without a way out: " + keyword + " leads back to it"
	}
	tests := []struct{ name, version, schemas, want string }{
		{"allOf", "3.0.3", "    A: {allOf: [" + ref + ", {type: object}]}", endless("allOf")},
		{"anyOf", "3.0.3", "    A: {anyOf: [" + ref + "]}", endless("anyOf")},
		{"oneOf", "3.0.3", "    A: {oneOf: [{type: string}, " + ref + "]}", endless("oneOf")},
		{"not", "3.0.3", "    A: {not: " + ref + "}", endless("not")},
		{"by way of others", "3.0.3", "    A: {allOf: [{anyOf: [{$ref: '#/components/schemas/B'}]}]}\n    B: {not: " + ref + "}", endless("allOf")},
		{"a reference to itself", "3.0.3", "    A: " + ref, `d.yaml:4: reference "#/components/schemas/A" leads back to itself`},
		{"a reference of 3.1 to itself", "3.1.0", "    A: " + ref, endless("$ref")},
		{"if", "3.1.0", "    A: {if: " + ref + "}", endless("if")},
		{"dependentSchemas", "3.1.0", "    A: {dependentSchemas: {x: " + ref + "}}", endless("dependentSchemas")},
		{"only used by a property", "3.0.3", "    A: {properties: {x: {$ref: '#/components/schemas/B'}}}\n    B: {allOf: [{$ref: '#/components/schemas/B'}]}",
			"d.yaml:9: the schema contains itself without a way out: allOf leads back to it"},

		{"properties", "3.0.3", "    A: {properties: {x: " + ref + "}}", ""},
		{"items", "3.0.3", "    A: {oneOf: [{type: string}, {type: array, items: " + ref + "}]}", ""},
		{"additionalProperties", "3.0.3", "    A: {additionalProperties: " + ref + "}", ""},
		{"a definition that nobody uses", "3.1.0", "    A: {$defs: {B: {allOf: [{$ref: '#/components/schemas/A'}]}}}", ""},
		{"a discriminator with its base", "3.0.3", "    A: {discriminator: {propertyName: x, mapping: {b: B}}}\n    B: {allOf: [" + ref + "]}", ""},
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
		{"an operation that is null", "{get: }", "GET /a: want an operation, got null"},
		{"a parameter", "{get: {parameters: [" + none + "], responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a parameter of the path", "{parameters: [" + none + "], get: {responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a parameter without a place", "{get: {parameters: [{name: q, in: body, schema: {}}], responses: {'200': {description: ok}}}}", `parameter "q": want in: path, query, header or cookie, got "body"`},
		{"a parameter without a name", "{get: {parameters: [{in: query, schema: {}}], responses: {'200': {description: ok}}}}", "parameter: name is missing"},
		{"a body", "{get: {requestBody: " + none + ", responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a schema deep in a body", "{get: {requestBody: {content: {a/b: {schema: {items: {properties: {x: " + none + "}}}}}}, responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a response", "{get: {responses: {'200': " + none + "}}}", `reference "#/none" leads nowhere`},
		{"a header", "{get: {responses: {'200': {description: ok, headers: {X-A: " + none + "}}}}}", `reference "#/none" leads nowhere`},
		{"a schema of a header", "{get: {responses: {'200': {description: ok, headers: {X-A: {schema: " + none + "}}}}}}", `reference "#/none" leads nowhere`},
		{"a header of a part", "{post: {requestBody: " + part(none) + ", responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a schema of a header of a part", "{post: {requestBody: " + part("{schema: "+none+"}") + ", responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a media type of a header of a part", "{post: {requestBody: " + part("{content: {a/b: {schema: "+none+"}}}") + ", responses: {'200': {description: ok}}}}", `reference "#/none" leads nowhere`},
		{"a schema that is a text", "{get: {responses: {'200': {description: ok, content: {a/b: {schema: text}}}}}}", "want a schema, got string"},
		{"a reference that is a number", "{get: {responses: {'200': {description: ok, content: {a/b: {schema: {$ref: 7}}}}}}}", "$ref: want a text, got number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := readText(t, "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: "+test.item+"\n  /b: {get: {responses: {'200': {description: ok}}}}\n")
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
