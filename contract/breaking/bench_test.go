package breaking_test

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkCompare compares two documents of 500 operations, with 20 changes and with changes of every operation. The documents are
// read before.
//
//	go test ./contract/breaking -run '^$' -bench Compare -benchtime 3x
func BenchmarkCompare(b *testing.B) {
	old := largeDocument(500)
	few, many := old, old
	for i := range 20 {
		change := largeChanges[i%len(largeChanges)]
		few = strings.Replace(few, change[0], change[1], 1)
	}
	for _, change := range largeChanges {
		many = strings.ReplaceAll(many, change[0], change[1])
	}
	for _, test := range []struct{ name, to string }{{name: "20 changes", to: few}, {name: "every operation", to: many}} {
		b.Run(test.name, func(b *testing.B) {
			before, after := read(b, "old.yaml", []byte(old)), read(b, "new.yaml", []byte(test.to))
			findings := 0
			b.ReportAllocs()
			for b.Loop() {
				findings = len(compare(b, before, after).Findings)
			}
			b.ReportMetric(float64(findings), "findings")
		})
	}
}

// largeChanges are pairs of texts of a document of largeDocument. Each pair changes another operation each time.
var largeChanges = [][2]string{
	{"enum: [new, active, closed]", "enum: [new, active, closed, archived]"},
	{"required: [id, name, state]", "required: [id, name]"},
	{"maximum: 100}", "maximum: 50}"},
	{"'404': {description: There is none.}", "'410': {description: There is none any more.}"},
	{"size: {type: integer, minimum: 1}", "size: {type: integer, minimum: 0}"},
	{"tags: {type: array, items: {type: string}, maxItems: 20}", "labels: {type: array, items: {type: string}}"},
}

// largeDocument writes a document of so many operations, two of each path, with schemas as services have them.
func largeDocument(operations int) string {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: Things, version: 1.0.0}\nsecurity: [{token: []}]\npaths:\n")
	for i := range operations / 2 {
		fmt.Fprintf(&b, largePath, i)
	}
	b.WriteString("components:\n  securitySchemes: {token: {type: http, scheme: bearer}}\n  schemas:\n")
	for i := range operations / 2 {
		fmt.Fprintf(&b, largeSchemas, i)
	}
	return b.String()
}

const largePath = `  /things%[1]d:
    get:
      operationId: listThings%[1]d
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: state, in: query, schema: {type: string, enum: [new, active, closed]}}
      responses:
        '200':
          description: The things.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing%[1]d'}}}}
        '404': {description: There is none.}
    post:
      operationId: createThing%[1]d
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewThing%[1]d'}}}}
      responses:
        '201':
          description: It was created.
          headers: {Location: {required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing%[1]d'}}}
        '422': {description: It is wrong.}
`

const largeSchemas = `    NewThing%[1]d:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1, maxLength: 80}
        size: {type: integer, minimum: 1}
        tags: {type: array, items: {type: string}, maxItems: 20}
        owner: {type: object, required: [email], properties: {email: {type: string, format: email}, phone: {type: string}}}
    Thing%[1]d:
      type: object
      required: [id, name, state]
      properties:
        id: {type: string, format: uuid}
        name: {type: string}
        state: {type: string, enum: [new, active, closed]}
        size: {type: integer, minimum: 1}
        created_at: {type: string, format: date-time}
        parts: {type: array, items: {type: object, required: [number], properties: {number: {type: string}, price: {type: number}}}}
        labels: {type: object, additionalProperties: {type: string}}
`
