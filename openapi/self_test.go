package openapi

import (
	"fmt"
	"strings"
	"testing"
)

// Schemas that lead back to themselves for the same value made kin-openapi overflow the stack.
func TestSelfSchemas(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    A:
      %s
    B: {type: object, properties: {next: {$ref: '#/components/schemas/B'}, not: {type: string}}}
`
	const want = "d.yaml:6: #/components/schemas/A is a part of itself: $ref, allOf, anyOf, oneOf or not lead back to it"
	for _, test := range []struct{ name, schema, want string }{
		{"allOf", "allOf: [{$ref: '#/components/schemas/A'}]", want},
		{"anyOf with a way out", "anyOf: [{type: string}, {$ref: '#/components/schemas/A'}]", want},
		{"oneOf, further down", "oneOf: [{allOf: [{not: {$ref: '#/components/schemas/A'}}]}]", want},
		{"a reference to itself", "$ref: '#/components/schemas/A'", want},
		{"a member", "properties: {a: {$ref: '#/components/schemas/A'}}", "<nil>"},
		{"elements", "type: array\n      items: {$ref: '#/components/schemas/A'}", "<nil>"},
		{"alternatives that end", "anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]", "<nil>"},
		{"an example", "example: {allOf: [{$ref: '#/components/schemas/A'}]}", "<nil>"},
	} {
		_, err := Load("d.yaml", []byte(fmt.Sprintf(document, test.schema)))
		if got := fmt.Sprint(err); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// Every pointer below a long key repeats it.
func TestLongKeys(t *testing.T) {
	text := "openapi: 3.0.3\ninfo: {title: t, version: '1'}\nx-z:\n  ? '" + strings.Repeat("k", 200_000) + "'\n  : [" + strings.Repeat("1,", 20_000) + "1]\npaths: {}\n"
	_, err := Load("d.yaml", []byte(text))
	if want := "d.yaml:5: the keys on the way to here are too long: each node below repeats them"; fmt.Sprint(err) != want {
		t.Errorf("got %.200v\nwant %s", err, want)
	}
}
