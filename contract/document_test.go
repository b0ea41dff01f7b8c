package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestDocumentFindings checks the findings about a document, each once and at its line.
func TestDocumentFindings(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: a\n"
	for _, test := range []struct {
		name, document string
		want           []string
	}{
		{name: "a right document", document: head + `
      parameters: [{name: n, in: query, schema: {type: integer, format: int32}, example: 5}]
      responses:
        '200':
          description: A.
          headers: {X-Day: {schema: {type: string, format: date}, examples: {new-year: {value: 2024-01-01}}}}
          content:
            application/json:
              schema: {type: object, properties: {id: {type: string, format: uuid}}}
              example: {id: 123e4567-e89b-12d3-a456-426614174000}
`},
		{name: "a format, three times", document: head + `
      parameters: [{name: n, in: query, schema: {type: integer, format: uint64}}]
      responses: {'200': {description: A., content: {application/json: {schema: {type: array, items: {type: integer, format: uint64}}}}},
        '201': {description: A., content: {application/json: {schema: {type: integer, format: uint64}}}}}
`, want: []string{`format/unknown at d.yaml:8: want a format of OpenAPI or JSON Schema, got "uint64", which is not checked (3 times)`}},
		{name: "patterns that ECMA-262 does not have", document: strings.Replace(head, "3.0.3", "3.1.0", 1) + `
      parameters:
        - {name: n, in: query, schema: {type: string, pattern: '(?i)^[a-z]+\z'}}
        - {name: m, in: query, schema: {type: string, pattern: '^(?!x)\p{Lu}$'}}
      responses: {'200': {description: A., content: {application/json: {schema: {type: object, patternProperties: {'^[b-a]': {}}}}}}}
`, want: []string{
			`pattern/invalid at d.yaml:9: want a regular expression of ECMA-262, got "(?i)^[a-z]+\\z", which is not checked: ` +
				`at character 1: ECMA-262 has no group that begins with (?i`,
			`pattern/invalid at d.yaml:11: want a regular expression of ECMA-262, got "^[b-a]", which is not checked: ` +
				`at character 3: the range ends before it begins`,
		}},
		{name: "examples of each kind", document: head + `
      parameters: [{name: n, in: query, schema: {type: integer}, example: five}]
      requestBody: {content: {application/json: {examples: {x: {value: {}}},
        schema: {type: object, required: [b], properties: {b: {type: integer}}}}}}
      responses:
        '200':
          description: A.
          headers: {X-N: {schema: {type: integer}, example: none}}
          content: {application/json: {schema: {type: object, properties: {b: {type: integer, example: no}}}, example: {b: x}}}
`, want: []string{
			`example/invalid at d.yaml:15: want type integer, got string "no"`,
			`example/invalid at d.yaml:8: want type integer, got string "five"`,
			`example/invalid at d.yaml:9: want the member, got none at /b`,
			`example/invalid at d.yaml:14: want type integer, got string "none"`,
			`example/invalid at d.yaml:15: want type integer, got string "x"`,
		}},
		{name: "an example that several operations share", document: head + `
      responses: {'200': {$ref: '#/components/responses/R'}}
    put: {responses: {'200': {$ref: '#/components/responses/R'}}}
components: {responses: {R: {description: A., content: {application/json: {schema: {type: string}, example: 5}}}}}
`, want: []string{`example/invalid at d.yaml:10: want type string, got number 5`}},
		{name: "members for one direction, in the example of a schema", document: head + `
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
      responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
components: {schemas: {S: {type: object, example: {id: 1},
  properties: {id: {type: integer, readOnly: true}, p: {type: string, writeOnly: true}}}}}
`},
		{name: "the example of a form and of XML is a text", document: head + `
      responses: {'200': {description: A., content: {
        application/xml: {schema: {type: object}, example: <a/>},
        text/csv: {schema: {type: array, items: {}}, example: 'a,b'}}}}
`},
		{name: "an operation that cannot be judged, and a minor problem", document: head + `
      responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/None'}}}}}
  /a/: {get: {operationId: b, responses: {'200': {}}}}
`, want: []string{
			`response/description at d.yaml:9: want a valid document, got response: description is missing`,
			`reference/unresolved at d.yaml:8: want an operation that can be judged, got a: reference "#/components/schemas/None" leads nowhere`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := spec.Read("d.yaml", []byte(test.document), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, documentFindings(t, doc)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func documentFindings(t *testing.T, doc *spec.Document) []string {
	t.Helper()
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range judge.DocumentFindings() {
		list = append(list, f.ID+" at "+f.Place()+": want "+f.Want+", got "+f.Got)
	}
	return list
}

// TestDocumentsOfTheRepository checks that nothing is wrong with the two documents.
func TestDocumentsOfTheRepository(t *testing.T) {
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		if list := documentFindings(t, doc); len(list) > 0 {
			t.Errorf("%s: %q", name, list)
		}
	}
}
