package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReportedOnce checks that two ways to the same schema and part report one error, and that different errors of
// one part are all reported.
func TestReportedOnce(t *testing.T) {
	for _, test := range []struct {
		name, version, schema, value string
		want                         []string // keyword and pointer
	}{
		{
			name: "two ways", version: v31,
			schema: `A: {allOf: [{properties: {x: {$ref: B}}}, {properties: {x: {$ref: B}}}]}, B: {type: string}`, value: `{"x": 1}`,
			want: []string{"type /x"},
		},
		{
			name: "two schemas", version: v31, schema: `A: {allOf: [{properties: {x: {type: string}}}, {properties: {x: {type: string}}}]}`,
			value: `{"x": 1}`, want: []string{"type /x", "type /x"},
		},
		{
			name: "two places", version: v31, schema: `A: {items: {$ref: B}}, B: {type: string}`, value: `[1, 1, "", 1]`,
			want: []string{"type /0", "type /1", "type /3"},
		},
		{name: "two keywords", version: v31, schema: `A: {minLength: 2, pattern: b}`, value: `"a"`, want: []string{"minLength ", "pattern "}},
		{
			name: "two members missing", version: v31, schema: `A: {allOf: [{$ref: B}, {$ref: B}]}, B: {required: [x, y]}`, value: `{}`,
			want: []string{"required /x", "required /y"},
		},
		{
			name: "a name and its value", version: v31,
			schema: `A: {propertyNames: {$ref: B}, additionalProperties: {$ref: B}}, B: {minLength: 2}`, value: `{"a": "b"}`,
			want: []string{"minLength /a", "minLength /a"},
		},
		{
			name: "a discriminator at two places", version: v30,
			schema: `A: {items: {$ref: B}}, B: {oneOf: [{$ref: C}], discriminator: {propertyName: kind}}, C: {type: object}`,
			value:  `[{}, {}]`, want: []string{"discriminator /0/kind", "discriminator /1/kind"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, got := document(t, test.version, test.schema), []string{}
			New(doc).Checker(component(t, doc, "A")).Check(value(t, test.value), Options{}, func(e Error) bool {
				got = append(got, e.Keyword+" "+e.Pointer())
				return true
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
