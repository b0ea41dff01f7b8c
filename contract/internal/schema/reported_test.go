package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReportedOnce checks that two ways to the same schema at the same place lead to one violation, and that what is wrong
// for another reason is reported too.
func TestReportedOnce(t *testing.T) {
	for _, test := range []struct {
		name, version, schema, value string
		want                         []string // keyword and pointer
	}{
		{"two ways", v31, `A: {allOf: [{properties: {x: {$ref: '#/components/schemas/B'}}}, {properties: {x: {$ref: '#/components/schemas/B'}}}]}, B: {type: string}`, `{"x": 1}`, []string{"type /x"}},
		{"two schemas", v31, `A: {allOf: [{properties: {x: {type: string}}}, {properties: {x: {type: string}}}]}`, `{"x": 1}`, []string{"type /x", "type /x"}},
		{"two places", v31, `A: {items: {$ref: '#/components/schemas/B'}}, B: {type: string}`, `[1, 1, "", 1]`, []string{"type /0", "type /1", "type /3"}},
		{"two keywords", v31, `A: {minLength: 2, pattern: b}`, `"a"`, []string{"minLength ", "pattern "}},
		{"two members missing", v31, `A: {allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]}, B: {required: [x, y]}`, `{}`, []string{"required /x", "required /y"}},
		{"a name and its value", v31, `A: {propertyNames: {$ref: '#/components/schemas/B'}, additionalProperties: {$ref: '#/components/schemas/B'}}, B: {minLength: 2}`, `{"a": "b"}`, []string{"minLength /a", "minLength /a"}},
		{"a discriminator at two places", v30, `A: {items: {$ref: '#/components/schemas/B'}}, B: {oneOf: [{$ref: '#/components/schemas/C'}], discriminator: {propertyName: kind}}, C: {type: object}`, `[{}, {}]`, []string{"discriminator /0/kind", "discriminator /1/kind"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, got := document(t, test.version, test.schema), []string{}
			New(doc).Checker(component(t, doc, "A")).Check(value(t, test.value), Options{}, func(v Error) bool {
				got = append(got, v.Keyword+" "+v.Pointer())
				return true
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
