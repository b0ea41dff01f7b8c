package schema

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	v30 = "3.0.3"
	v31 = "3.1.0"
)

// TestKeywords checks a right and a wrong value of each keyword, and how the wrong one is reported: keyword,
// pointer into the value, keyword in the document, want and got.
func TestKeywords(t *testing.T) {
	for _, test := range []struct {
		name, version, schema string
		right, wrong          string // values; empty: none
		want                  string
	}{
		{name: "type", version: v31, schema: `{type: string}`, right: `""`, wrong: `1`, want: `type |  | /type | type string | number 1`},
		{
			name: "types", version: v31, schema: `{type: [string, "null"]}`, right: `null`, wrong: `true`,
			want: `type |  | /type | type string or null | boolean true`,
		},
		{name: "type null", version: v31, schema: `{type: "null"}`, right: `null`, wrong: `0`, want: `type |  | /type | type null | number 0`},
		{name: "null for a type", version: v31, schema: `{type: string}`, wrong: `null`, want: `type |  | /type | type string | null`},
		{
			name: "integer", version: v31, schema: `{type: integer}`, right: `1e2`, wrong: `1.5`,
			want: `type |  | /type | type integer | number 1.5`,
		},
		{
			name: "integer with a point", version: v30, schema: `{type: integer}`, right: `1.0`, wrong: `0.10`,
			want: `type |  | /type | type integer | number 0.10`,
		},
		{
			name: "huge integer", version: v30, schema: `{type: integer, maximum: 9007199254740992}`, right: `9007199254740992`,
			wrong: `9007199254740993`, want: `maximum |  | /maximum | at most 9007199254740992 | 9007199254740993`,
		},
		{
			name: "array for an object", version: v30, schema: `{type: object}`, right: `{}`, wrong: `[1]`,
			want: `type |  | /type | type object | array [1]`,
		},
		{name: "schema false", version: v31, schema: `false`, wrong: `1`, want: `boolean |  |  | no value | 1`},
		{name: "schema true", version: v31, schema: `true`, right: `null`},
		{name: "no keyword", version: v30, schema: `{}`, right: `null`},

		{
			name: "nullable", version: v30, schema: `{type: string, nullable: true}`, right: `null`, wrong: `1`,
			want: `type |  | /type | type string | number 1`,
		},
		{
			name: "not nullable", version: v30, schema: `{type: string, nullable: false}`, right: `""`, wrong: `null`,
			want: `nullable |  | /nullable | no null | null`,
		},
		{name: "nullable absent", version: v30, schema: `{type: string}`, right: `""`, wrong: `null`, want: `nullable |  |  | no null | null`},
		{
			name: "nullable and an enum without null", version: v30, schema: `{type: string, nullable: true, enum: [a]}`, right: `"a"`,
			wrong: `null`, want: `enum |  | /enum | one of a | null`,
		},
		{
			name: "nullable and an enum with null", version: v30, schema: `{type: string, nullable: true, enum: [a, null]}`, right: `null`,
			wrong: `"b"`, want: `enum |  | /enum | one of a, null | "b"`,
		},
		{
			name: "nullable beside allOf", version: v30, schema: `{nullable: true, allOf: [{type: string}]}`, right: `"a"`, wrong: `null`,
			want: `nullable |  | /allOf/0 | no null | null`,
		},
		{
			name: "nullable with a type beside allOf", version: v30, schema: `{type: object, nullable: true, allOf: [{required: [a]}]}`,
			right: `null`, wrong: `{}`, want: `required | /a | /allOf/0/required | the member | none`,
		},
		{
			name: "null without a type", version: v30, schema: `{properties: {a: {type: string}}}`, right: `null`, wrong: `{"a": null}`,
			want: `nullable | /a | /properties/a | no null | null`,
		},
		{
			name: "nullable in 3.1", version: v31, schema: `{type: string, nullable: true}`, right: `"a"`, wrong: `null`,
			want: `type |  | /type | type string | null`,
		},

		{
			name: "enum", version: v30, schema: `{enum: [1, two, true, {a: [1.0]}]}`, right: `{"a": [1]}`, wrong: `"1"`,
			want: `enum |  | /enum | one of 1, two, true, {"a":[1.0]} | "1"`,
		},
		{
			name: "enum of equal numbers", version: v30, schema: `{type: number, enum: [1e2]}`, right: `100.0`, wrong: `1`,
			want: `enum |  | /enum | one of 1e2 | 1`,
		},
		{
			name: "enum of a wrong type", version: v30, schema: `{type: string, enum: [a]}`, right: `"a"`, wrong: `1`,
			want: `enum |  | /enum | one of a | 1`,
		},
		{name: "empty enum", version: v30, schema: `{enum: []}`, wrong: `1`, want: `enum |  | /enum | one of  | 1`},
		{name: "const", version: v31, schema: `{const: 7}`, right: `7.0`, wrong: `8`, want: `const |  | /const | the value 7 | 8`},
		{
			name: "const null", version: v31, schema: `{const: null}`, right: `null`, wrong: `"null"`,
			want: `const |  | /const | the value null | "null"`,
		},

		{
			name: "minimum", version: v30, schema: `{minimum: 0.1}`, right: `0.1`, wrong: `0.09999999999999999999999`,
			want: `minimum |  | /minimum | at least 0.1 | 0.09999999999999999999999`,
		},
		{name: "maximum", version: v30, schema: `{maximum: 1}`, right: `1.000`, wrong: `1e1`, want: `maximum |  | /maximum | at most 1 | 1e1`},
		{
			name: "exclusive minimum of 3.0", version: v30, schema: `{minimum: 1, exclusiveMinimum: true}`, right: `1.1`, wrong: `1`,
			want: `exclusiveMinimum |  | /exclusiveMinimum | a value that satisfies exclusiveMinimum | 1`,
		},
		{
			name: "exclusive maximum of 3.1", version: v31, schema: `{exclusiveMaximum: 1}`, right: `0`, wrong: `1.0`,
			want: `exclusiveMaximum |  | /exclusiveMaximum | a value that satisfies exclusiveMaximum | 1.0`,
		},
		{
			name: "multipleOf", version: v30, schema: `{multipleOf: 0.01}`, right: `19.99`, wrong: `0.015`,
			want: `multipleOf |  | /multipleOf | a multiple of 0.01 | 0.015`,
		},
		{name: "multipleOf zero", version: v30, schema: `{multipleOf: 0}`, right: `7`},
		{
			name: "minLength", version: v30, schema: `{minLength: 2}`, right: `"äö"`, wrong: `"😀"`,
			want: `minLength |  | /minLength | at least 2 characters | "😀"`,
		},
		{
			name: "maxLength", version: v30, schema: `{maxLength: 1}`, right: `"😀"`, wrong: `"ab"`,
			want: `maxLength |  | /maxLength | at most 1 characters | "ab"`,
		},
		{
			name: "pattern", version: v30, schema: `{pattern: '^(?!a)'}`, right: `"b"`, wrong: `"a"`,
			want: `pattern |  | /pattern | a match of ^(?!a) | "a"`,
		},
		{
			name: "format", version: v30, schema: `{format: date}`, right: `"2024-02-29"`, wrong: `"2023-02-29"`,
			want: `format |  | /format | format date | "2023-02-29"`,
		},
		{name: "format of another kind", version: v30, schema: `{format: date}`, right: `7`},
		{name: "unknown format", version: v30, schema: `{format: own}`, right: `"x"`},
		{
			name: "int32", version: v30, schema: `{type: integer, format: int32}`, right: `2147483647`, wrong: `2147483648`,
			want: `format |  | /format | format int32 | 2147483648`,
		},
		{name: "several", version: v30, schema: `{minLength: 2, pattern: b}`, right: `"ab"`},

		{
			name: "minItems", version: v30, schema: `{type: array, items: {}, minItems: 1}`, right: `[1]`, wrong: `[]`,
			want: `minItems |  | /minItems | at least 1 elements | []`,
		},
		{
			name: "maxItems", version: v30, schema: `{type: array, items: {}, maxItems: 1}`, right: `[1]`, wrong: `[1, 2]`,
			want: `maxItems |  | /maxItems | at most 1 elements | [1,2]`,
		},
		{
			name: "uniqueItems", version: v30, schema: `{uniqueItems: true}`, right: `[1, "1"]`, wrong: `[1, 1.0]`,
			want: `uniqueItems |  | /uniqueItems | unique elements | [1,1.0]`,
		},
		{
			name: "items", version: v30, schema: `{items: {type: integer}}`, right: `[1]`, wrong: `[1, "a"]`,
			want: `type | /1 | /items/type | type integer | string "a"`,
		},
		{
			name: "prefixItems", version: v31, schema: `{prefixItems: [{type: string}], items: {type: integer}}`, right: `["a", 1]`,
			wrong: `["a", "b"]`, want: `type | /1 | /items/type | type integer | string "b"`,
		},
		{
			name: "contains", version: v31, schema: `{contains: {type: string}}`, right: `[1, "a"]`, wrong: `[1]`,
			want: `contains |  | /contains | an element that matches contains | [1]`,
		},
		{
			name: "minContains", version: v31, schema: `{contains: {type: string}, minContains: 2}`, right: `["a", "b"]`, wrong: `["a"]`,
			want: `minContains |  | /minContains | at least 2 elements that match contains | ["a"]`,
		},
		{
			name: "maxContains", version: v31, schema: `{contains: {type: string}, maxContains: 1}`, right: `["a", 1]`, wrong: `["a", "b"]`,
			want: `maxContains |  | /maxContains | at most 1 elements that match contains | ["a","b"]`,
		},
		{
			name: "unevaluatedItems", version: v31, schema: `{prefixItems: [true], unevaluatedItems: false}`, right: `[1]`, wrong: `[1, 2]`,
			want: `unevaluatedItems | /1 | /unevaluatedItems | no such element | 2`,
		},

		{
			name: "required", version: v30, schema: `{required: ["a/b"]}`, right: `{"a/b": null}`, wrong: `{}`,
			want: `required | /a~1b | /required | the member | none`,
		},
		{
			name: "properties", version: v30, schema: `{properties: {"a~b": {type: integer}}}`, right: `{"a~b": 1, "c": 2}`,
			wrong: `{"a~b": ""}`, want: `type | /a~0b | /properties/a~0b/type | type integer | string ""`,
		},
		{
			name: "no additional properties", version: v30, schema: `{properties: {a: {}}, additionalProperties: false}`, right: `{"a": 1}`,
			wrong: `{"b": 1}`, want: `additionalProperties | /b | /additionalProperties | no such member | 1`,
		},
		{
			name: "additional properties", version: v30, schema: `{properties: {a: {}}, additionalProperties: {type: string}}`,
			right: `{"a": 1, "b": ""}`, wrong: `{"b": 1}`, want: `type | /b | /additionalProperties/type | type string | number 1`,
		},
		{
			name: "patternProperties", version: v31, schema: `{patternProperties: {^x-: {type: string}}, additionalProperties: false}`,
			right: `{"x-a": ""}`, wrong: `{"a": 1}`, want: `additionalProperties | /a | /additionalProperties | no such member | 1`,
		},
		{
			name: "propertyNames", version: v31, schema: `{propertyNames: {maxLength: 1}}`, right: `{"a": 1}`, wrong: `{"ab": 1}`,
			want: `maxLength | /ab | /propertyNames/maxLength | at most 1 characters | "ab"`,
		},
		{
			name: "minProperties", version: v30, schema: `{minProperties: 1}`, right: `{"a": 1}`, wrong: `{}`,
			want: `minProperties |  | /minProperties | at least 1 members | {}`,
		},
		{
			name: "maxProperties", version: v30, schema: `{maxProperties: 0}`, right: `{}`, wrong: `{"a": 1}`,
			want: `maxProperties |  | /maxProperties | at most 0 members | {"a":1}`,
		},
		{
			name: "dependentRequired", version: v31, schema: `{dependentRequired: {a: [b]}}`, right: `{"b": 1}`, wrong: `{"a": 1}`,
			want: `dependentRequired | /b | /dependentRequired | the member | none`,
		},
		{
			name: "dependentSchemas", version: v31, schema: `{dependentSchemas: {a: {minProperties: 2}}}`, right: `{"b": 1}`,
			wrong: `{"a": 1}`, want: `minProperties |  | /dependentSchemas/a/minProperties | at least 2 members | {"a":1}`,
		},
		{
			name: "unevaluatedProperties", version: v31, schema: `{allOf: [{properties: {a: {}}}], unevaluatedProperties: false}`,
			right: `{"a": 1}`, wrong: `{"b": 1}`, want: `unevaluatedProperties | /b | /unevaluatedProperties | no such member | 1`,
		},
		{
			name: "unevaluatedProperties beside what is wrong", version: v31,
			schema: `{allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: false}`, wrong: `{"a": 1}`,
			want: `type | /a | /allOf/0/properties/a/type | type string | number 1`,
		},

		{
			name: "allOf", version: v30, schema: `{allOf: [{minimum: 1}, {maximum: 3}]}`, right: `2`, wrong: `4`,
			want: `maximum |  | /allOf/1/maximum | at most 3 | 4`,
		},
		{
			name: "anyOf", version: v30, schema: `{anyOf: [{type: integer}, {type: string}]}`, right: `""`, wrong: `true`,
			want: `anyOf |  | /anyOf | a match of at least one schema of anyOf | true`,
		},
		{
			name: "oneOf", version: v30, schema: `{oneOf: [{type: integer}, {type: number}]}`, right: `1.5`, wrong: `1`,
			want: `oneOf |  | /oneOf | a match of exactly one schema of oneOf | 1`,
		},
		{name: "not", version: v30, schema: `{not: {type: integer}}`, right: `1.5`, wrong: `1`,
			want: `not |  | /not | no match of the schema of not | 1`},
		{
			name: "if and then", version: v31, schema: `{if: {type: integer}, then: {minimum: 1}, else: {type: string}}`, right: `1`,
			wrong: `0`, want: `minimum |  | /then/minimum | at least 1 | 0`,
		},
		{
			name: "if and else", version: v31, schema: `{if: {type: integer}, then: {minimum: 1}, else: {type: string}}`, right: `""`,
			wrong: `true`, want: `type |  | /else/type | type string | boolean true`,
		},
		{
			name: "beside $ref in 3.0", version: v30, schema: `{$ref: Text, maxLength: 1}`, right: `"ab"`, wrong: `1`,
			want: `type |  | /components/schemas/Text/type | type string | number 1`,
		},
		{
			name: "beside $ref in 3.1", version: v31, schema: `{$ref: Text, maxLength: 1}`, right: `"a"`, wrong: `"ab"`,
			want: `maxLength |  | /maxLength | at most 1 characters | "ab"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, test.version, `Text: {type: string}, A: `+test.schema)
			c := New(doc).Checker(component(t, doc, "A"))
			o := Options{Direction: Response, AssertFormats: true}
			if test.right != "" {
				if got := check(t, c, value(t, test.right), o); len(got) > 0 {
					t.Errorf("%s: %q", test.right, got)
				}
			}
			if test.wrong == "" {
				return
			}
			got := withoutA(strings.Join(check(t, c, value(t, test.wrong), o), "\n"))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.wrong, diff)
			}
		})
	}
}
