package sample_test

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
)

// TestValue holds the values of schemas that consist of several.
func TestValue(t *testing.T) {
	const cat, name = "{$ref: '#/components/schemas/Cat'}", "{$ref: '#/components/schemas/Name'}"
	for _, test := range []struct{ name, schema, want string }{
		{name: "a pattern", schema: "type: string, pattern: '^[A-Z]{3}$'", want: `"AAA"`},
		{name: "a pattern and a length", schema: "type: string, pattern: '^[A-Z]+$', minLength: 5", want: `"AAAAA"`},
		{name: "an example", schema: "type: integer, example: 3", want: `3`},
		{name: "an example that is wrong", schema: "type: integer, example: three", want: `1`},
		{name: "an example that is wrong, and nothing else", schema: "type: string, pattern: '^(a)\\1$', example: b", want: `"b"`},
		{name: "a part with a description", schema: "allOf: [" + cat + ", {description: A cat.}]", want: `{"kind":"cat"}`},
		{name: "a part that requires more", schema: "allOf: [" + cat + ", {required: [lives]}]", want: `{"kind":"cat","lives":1}`},
		{name: "a part that is no object", schema: "allOf: [" + name + ", {description: A name.}]", want: `"tex"`},
		{name: "parts that need each other", schema: "allOf: [{type: integer}, {enum: [7]}]", want: `7`},
		{name: "what a list contains", schema: "type: array, contains: {const: cat}, minContains: 2", want: `["cat","cat"]`},
		{name: "a member without a schema", schema: "type: object, required: [a]", want: `{"a":"text"}`},
		{
			name:   "the alternative that fits",
			schema: "oneOf: [{type: string}, {type: string, maxLength: 9}, {type: integer}]",
			want:   `1`,
		},
		{
			name:   "an alternative and what all share",
			schema: "type: object, properties: {a: {const: 1}}, required: [a], oneOf: [{required: [b]}, {required: [c]}]",
			want:   `{"a":1,"b":"text"}`,
		},
		{name: "no alternative that fits", schema: "oneOf: [{type: string}, {type: string}]", want: `"text"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, judge := schemas(t, test.schema)
			value, ok := sample.Maker{Takes: judge.Accepts}.Value(list[0])
			if got := asJSON(t, value); !ok || got != test.want {
				t.Errorf("got %s %v, want %s", got, ok, test.want)
			}
		})
	}
}
