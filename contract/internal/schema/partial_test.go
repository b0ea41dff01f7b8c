package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPartial checks that a part of a right value is valid if Options.Partial is set, and that what it has is still checked.
func TestPartial(t *testing.T) {
	for _, test := range []struct {
		name    string
		version string
		schema  string
		value   string
		partial []string // the keywords that are broken with Partial
		whole   []string // and without
	}{
		{name: "a member is missing", schema: `{required: [a, b]}`, value: `{"a":1}`, whole: []string{"required"}},
		{name: "few members", schema: `{minProperties: 2}`, value: `{"a":1}`, whole: []string{"minProperties"}},
		{name: "few elements", schema: `{minItems: 2}`, value: `[1]`, whole: []string{"minItems"}},
		{name: "a dependent member", schema: `{dependentRequired: {a: [b]}}`, value: `{"a":1}`, whole: []string{"dependentRequired"}},
		{name: "no such element", schema: `{contains: {const: 1}}`, value: `[2]`, whole: []string{"contains"}},
		{name: "few such elements", schema: `{contains: {const: 1}, minContains: 2}`, value: `[1]`, whole: []string{"minContains"}},
		{name: "not", schema: `{not: {required: [b]}}`, value: `{"a":1}`},
		{name: "not, with less", schema: `{not: {properties: {a: {const: 1}}}}`, value: `{}`, whole: []string{"not"}},
		{
			name: "two alternatives", schema: `{oneOf: [{required: [a]}, {required: [b]}]}`, value: `{}`,
			whole: []string{"oneOf"},
		},
		{
			name: "a discriminator", version: v30, value: `{"b":1}`, whole: []string{"discriminator"},
			schema: `{oneOf: [{$ref: B}], discriminator: {propertyName: kind}}`,
		},
		{
			name: "a condition", value: `{"b":1}`, whole: []string{"type"},
			schema: `{if: {properties: {a: {const: 1}}}, then: {properties: {b: {type: string}}}}`,
		},
		{
			name: "members of a condition", value: `{"b":1,"c":1}`,
			schema: `{if: {required: [a]}, then: {properties: {b: {}}}, else: {properties: {c: {}}}, unevaluatedProperties: false}`,
			whole:  []string{"unevaluatedProperties"},
		},
		{name: "a type", schema: `{properties: {a: {type: string}}}`, value: `{"a":1}`, partial: []string{"type"}, whole: []string{"type"}},
		{name: "an enum", schema: `{enum: [a]}`, value: `"b"`, partial: []string{"enum"}, whole: []string{"enum"}},
		{name: "a short text", schema: `{minLength: 2}`, value: `"b"`, partial: []string{"minLength"}, whole: []string{"minLength"}},
		{
			name: "many members", schema: `{maxProperties: 0}`, value: `{"a":1}`,
			partial: []string{"maxProperties"}, whole: []string{"maxProperties"},
		},
		{name: "many elements", schema: `{maxItems: 0}`, value: `[1]`, partial: []string{"maxItems"}, whole: []string{"maxItems"}},
		{
			name: "many such elements", schema: `{contains: {const: 1}, maxContains: 1}`, value: `[1,1]`,
			partial: []string{"maxContains"}, whole: []string{"maxContains"},
		},
		{
			name: "no alternative", schema: `{oneOf: [{properties: {a: {const: 2}}}, {type: string}]}`, value: `{"a":1}`,
			partial: []string{"oneOf"}, whole: []string{"oneOf"},
		},
		{
			name: "another member", schema: `{additionalProperties: false}`, value: `{"a":1}`,
			partial: []string{"additionalProperties"}, whole: []string{"additionalProperties"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.version == "" {
				test.version = v31
			}
			doc := document(t, test.version, `A: `+test.schema+`, B: {type: object, properties: {kind: {type: string}}}`)
			c := New(doc).Checker(component(t, doc, "A"))
			keywords := func(isPart bool) (list []string) {
				c.Check(value(t, test.value), Options{Partial: isPart}, func(e Error) bool {
					list = append(list, e.Keyword)
					return true
				})
				return list
			}
			if diff := cmp.Diff(test.partial, keywords(true)); diff != "" {
				t.Errorf("as a part (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.whole, keywords(false)); diff != "" {
				t.Errorf("as a whole (-want +got):\n%s", diff)
			}
		})
	}
}
