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

// TestKeywords checks a right and a wrong value of each keyword, and how the wrong one is reported: keyword, pointer into the
// value, keyword in the document, want and got.
func TestKeywords(t *testing.T) {
	for _, test := range []struct {
		name, version, schema string
		right, wrong          string // values; empty: none
		want                  string
	}{
		{"type", v31, `{type: string}`, `""`, `1`, `type |  | /type | type string | number 1`},
		{"types", v31, `{type: [string, "null"]}`, `null`, `true`, `type |  | /type | type string or null | boolean true`},
		{"type null", v31, `{type: "null"}`, `null`, `0`, `type |  | /type | type null | number 0`},
		{"null for a type", v31, `{type: string}`, ``, `null`, `type |  | /type | type string | null`},
		{"integer", v31, `{type: integer}`, `1e2`, `1.5`, `type |  | /type | type integer | number 1.5`},
		{"integer with a point", v30, `{type: integer}`, `1.0`, `0.10`, `type |  | /type | type integer | number 0.10`},
		{"huge integer", v30, `{type: integer, maximum: 9007199254740992}`, `9007199254740992`, `9007199254740993`, `maximum |  | /maximum | at most 9007199254740992 | 9007199254740993`},
		{"array for an object", v30, `{type: object}`, `{}`, `[1]`, `type |  | /type | type object | array [1]`},
		{"schema false", v31, `false`, ``, `1`, `boolean |  |  | no value | 1`},
		{"schema true", v31, `true`, `null`, ``, ``},
		{"no keyword", v30, `{}`, `null`, ``, ``},

		{"nullable", v30, `{type: string, nullable: true}`, `null`, `1`, `type |  | /type | type string | number 1`},
		{"not nullable", v30, `{type: string, nullable: false}`, `""`, `null`, `nullable |  | /nullable | no null | null`},
		{"nullable absent", v30, `{type: string}`, `""`, `null`, `nullable |  |  | no null | null`},
		{"nullable and an enum without null", v30, `{type: string, nullable: true, enum: [a]}`, `"a"`, `null`, `enum |  | /enum | one of a | null`},
		{"nullable and an enum with null", v30, `{type: string, nullable: true, enum: [a, null]}`, `null`, `"b"`, `enum |  | /enum | one of a, null | "b"`},
		{"nullable beside allOf", v30, `{nullable: true, allOf: [{type: string}]}`, `"a"`, `null`, `nullable |  | /allOf/0 | no null | null`},
		{"nullable with a type beside allOf", v30, `{type: object, nullable: true, allOf: [{required: [a]}]}`, `null`, `{}`, `required | /a | /allOf/0/required | the member | none`},
		{"null without a type", v30, `{properties: {a: {type: string}}}`, `null`, `{"a": null}`, `nullable | /a | /properties/a | no null | null`},
		{"nullable in 3.1", v31, `{type: string, nullable: true}`, `"a"`, `null`, `type |  | /type | type string | null`},

		{"enum", v30, `{enum: [1, two, true, {a: [1.0]}]}`, `{"a": [1]}`, `"1"`, `enum |  | /enum | one of 1, two, true, {"a":[1.0]} | "1"`},
		{"enum of equal numbers", v30, `{type: number, enum: [1e2]}`, `100.0`, `1`, `enum |  | /enum | one of 1e2 | 1`},
		{"enum of a wrong type", v30, `{type: string, enum: [a]}`, `"a"`, `1`, `enum |  | /enum | one of a | 1`},
		{"empty enum", v30, `{enum: []}`, ``, `1`, `enum |  | /enum | one of  | 1`},
		{"const", v31, `{const: 7}`, `7.0`, `8`, `const |  | /const | the value 7 | 8`},
		{"const null", v31, `{const: null}`, `null`, `"null"`, `const |  | /const | the value null | "null"`},

		{"minimum", v30, `{minimum: 0.1}`, `0.1`, `0.09999999999999999999999`, `minimum |  | /minimum | at least 0.1 | 0.09999999999999999999999`},
		{"maximum", v30, `{maximum: 1}`, `1.000`, `1e1`, `maximum |  | /maximum | at most 1 | 1e1`},
		{"exclusive minimum of 3.0", v30, `{minimum: 1, exclusiveMinimum: true}`, `1.1`, `1`, `exclusiveMinimum |  | /exclusiveMinimum | what exclusiveMinimum says | 1`},
		{"exclusive maximum of 3.1", v31, `{exclusiveMaximum: 1}`, `0`, `1.0`, `exclusiveMaximum |  | /exclusiveMaximum | what exclusiveMaximum says | 1.0`},
		{"multipleOf", v30, `{multipleOf: 0.01}`, `19.99`, `0.015`, `multipleOf |  | /multipleOf | what multipleOf says | 0.015`},
		{"multipleOf zero", v30, `{multipleOf: 0}`, `7`, ``, ``},
		{"minLength", v30, `{minLength: 2}`, `"äö"`, `"😀"`, `minLength |  | /minLength | at least 2 characters | "😀"`},
		{"maxLength", v30, `{maxLength: 1}`, `"😀"`, `"ab"`, `maxLength |  | /maxLength | at most 1 characters | "ab"`},
		{"pattern", v30, `{pattern: '^(?!a)'}`, `"b"`, `"a"`, `pattern |  | /pattern | a match of ^(?!a) | "a"`},
		{"format", v30, `{format: date}`, `"2024-02-29"`, `"2023-02-29"`, `format |  | /format | format date | "2023-02-29"`},
		{"format of another kind", v30, `{format: date}`, `7`, ``, ``},
		{"unknown format", v30, `{format: own}`, `"x"`, ``, ``},
		{"int32", v30, `{type: integer, format: int32}`, `2147483647`, `2147483648`, `format |  | /format | format int32 | 2147483648`},
		{"several", v30, `{minLength: 2, pattern: b}`, `"ab"`, ``, ``},

		{"minItems", v30, `{type: array, items: {}, minItems: 1}`, `[1]`, `[]`, `minItems |  | /minItems | at least 1 elements | []`},
		{"maxItems", v30, `{type: array, items: {}, maxItems: 1}`, `[1]`, `[1, 2]`, `maxItems |  | /maxItems | at most 1 elements | [1,2]`},
		{"uniqueItems", v30, `{uniqueItems: true}`, `[1, "1"]`, `[1, 1.0]`, `uniqueItems |  | /uniqueItems | no element twice | [1,1.0]`},
		{"items", v30, `{items: {type: integer}}`, `[1]`, `[1, "a"]`, `type | /1 | /items/type | type integer | string "a"`},
		{"prefixItems", v31, `{prefixItems: [{type: string}], items: {type: integer}}`, `["a", 1]`, `["a", "b"]`, `type | /1 | /items/type | type integer | string "b"`},
		{"contains", v31, `{contains: {type: string}}`, `[1, "a"]`, `[1]`, `contains |  | /contains | what contains says | [1]`},
		{"minContains", v31, `{contains: {type: string}, minContains: 2}`, `["a", "b"]`, `["a"]`, `minContains |  | /minContains | what minContains says | ["a"]`},
		{"maxContains", v31, `{contains: {type: string}, maxContains: 1}`, `["a", 1]`, `["a", "b"]`, `maxContains |  | /maxContains | what maxContains says | ["a","b"]`},
		{"unevaluatedItems", v31, `{prefixItems: [true], unevaluatedItems: false}`, `[1]`, `[1, 2]`, `unevaluatedItems | /1 | /unevaluatedItems | no such element | 2`},

		{"required", v30, `{required: ["a/b"]}`, `{"a/b": null}`, `{}`, `required | /a~1b | /required | the member | none`},
		{"properties", v30, `{properties: {"a~b": {type: integer}}}`, `{"a~b": 1, "c": 2}`, `{"a~b": ""}`, `type | /a~0b | /properties/a~0b/type | type integer | string ""`},
		{"no additional properties", v30, `{properties: {a: {}}, additionalProperties: false}`, `{"a": 1}`, `{"b": 1}`, `additionalProperties | /b | /additionalProperties | no such member | 1`},
		{"additional properties", v30, `{properties: {a: {}}, additionalProperties: {type: string}}`, `{"a": 1, "b": ""}`, `{"b": 1}`, `type | /b | /additionalProperties/type | type string | number 1`},
		{"patternProperties", v31, `{patternProperties: {^x-: {type: string}}, additionalProperties: false}`, `{"x-a": ""}`, `{"a": 1}`, `additionalProperties | /a | /additionalProperties | no such member | 1`},
		{"propertyNames", v31, `{propertyNames: {maxLength: 1}}`, `{"a": 1}`, `{"ab": 1}`, `maxLength | /ab | /propertyNames/maxLength | at most 1 characters | "ab"`},
		{"minProperties", v30, `{minProperties: 1}`, `{"a": 1}`, `{}`, `minProperties |  | /minProperties | what minProperties says | {}`},
		{"maxProperties", v30, `{maxProperties: 0}`, `{}`, `{"a": 1}`, `maxProperties |  | /maxProperties | what maxProperties says | {"a":1}`},
		{"dependentRequired", v31, `{dependentRequired: {a: [b]}}`, `{"b": 1}`, `{"a": 1}`, `dependentRequired | /b | /dependentRequired | the member | none`},
		{"dependentSchemas", v31, `{dependentSchemas: {a: {minProperties: 2}}}`, `{"b": 1}`, `{"a": 1}`, `minProperties |  | /dependentSchemas/a/minProperties | what minProperties says | {"a":1}`},
		{"unevaluatedProperties", v31, `{allOf: [{properties: {a: {}}}], unevaluatedProperties: false}`, `{"a": 1}`, `{"b": 1}`, `unevaluatedProperties | /b | /unevaluatedProperties | no such member | 1`},
		{"unevaluatedProperties beside what is wrong", v31, `{allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: false}`, ``, `{"a": 1}`, `type | /a | /allOf/0/properties/a/type | type string | number 1`},

		{"allOf", v30, `{allOf: [{minimum: 1}, {maximum: 3}]}`, `2`, `4`, `maximum |  | /allOf/1/maximum | at most 3 | 4`},
		{"anyOf", v30, `{anyOf: [{type: integer}, {type: string}]}`, `""`, `true`, `anyOf |  | /anyOf | what anyOf says | true`},
		{"oneOf", v30, `{oneOf: [{type: integer}, {type: number}]}`, `1.5`, `1`, `oneOf |  | /oneOf | what oneOf says | 1`},
		{"not", v30, `{not: {type: integer}}`, `1.5`, `1`, `not |  | /not | what not says | 1`},
		{"if and then", v31, `{if: {type: integer}, then: {minimum: 1}, else: {type: string}}`, `1`, `0`, `minimum |  | /then/minimum | at least 1 | 0`},
		{"if and else", v31, `{if: {type: integer}, then: {minimum: 1}, else: {type: string}}`, `""`, `true`, `type |  | /else/type | type string | boolean true`},
		{"beside $ref in 3.0", v30, `{$ref: '#/components/schemas/Text', maxLength: 1}`, `"ab"`, `1`, `type |  | /components/schemas/Text/type | type string | number 1`},
		{"beside $ref in 3.1", v31, `{$ref: '#/components/schemas/Text', maxLength: 1}`, `"a"`, `"ab"`, `maxLength |  | /maxLength | at most 1 characters | "ab"`},
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
			got := shorter(strings.Join(check(t, c, value(t, test.wrong), o), "\n"))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.wrong, diff)
			}
		})
	}
}

// TestAll checks that everything that is wrong is reported, in the order of the value, until nobody wants more.
func TestAll(t *testing.T) {
	doc := document(t, v31, `A: {type: object, required: [c, d], properties: {a: {type: integer, minimum: 1, multipleOf: 2}, b: {items: {type: string}}}, additionalProperties: false}`)
	c := New(doc).Checker(component(t, doc, "A"))
	v := value(t, `{"b": [1, "x", null], "e": 1, "a": -1}`)
	keywords := func(limit int) (got []string) {
		c.Check(v, Options{}, func(v Error) bool {
			got = append(got, v.Keyword+" "+v.Pointer())
			return len(got) < limit
		})
		return got
	}
	want := []string{"type /b/0", "type /b/2", "additionalProperties /e", "minimum /a", "multipleOf /a", "required /c", "required /d"}
	if diff := cmp.Diff(want, keywords(100)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for limit := 1; limit <= len(want); limit++ {
		if diff := cmp.Diff(want[:limit], keywords(limit)); diff != "" {
			t.Errorf("at most %d (-want +got):\n%s", limit, diff)
		}
	}
}

// TestDirection checks that members for one direction are neither taken nor wanted in the other.
func TestDirection(t *testing.T) {
	doc := document(t, v31, `
Shown: {type: string, readOnly: true},
A: {type: object, required: [id, key], properties: {id: {$ref: '#/components/schemas/Shown'}, key: {type: string, writeOnly: true}}},
Apart: {allOf: [{properties: {id: {readOnly: true}}}, {required: [id]}]}`)
	set := New(doc)
	for _, test := range []struct {
		schema, value string
		direction     Direction
		want          []string
	}{
		{"A", `{"key": "k"}`, Request, []string{}},
		{"A", `{"id": "i"}`, Response, []string{}},
		{"A", `{"id": "i", "key": "k"}`, Request, []string{`readOnly | /id | /components/schemas/A/properties/id | what readOnly says | "i"`}},
		{"A", `{"id": "i", "key": "k"}`, Response, []string{`writeOnly | /key | /components/schemas/A/properties/key/writeOnly | what writeOnly says | "k"`}},
		{"A", `{}`, Request, []string{`required | /key | /components/schemas/A/required | the member | none`}},
		{"A", `{}`, Response, []string{`required | /id | /components/schemas/A/required | the member | none`}},
		{"Apart", `{}`, Request, []string{}},
		{"Apart", `{}`, Response, []string{`required | /id | /components/schemas/Apart/allOf/1/required | the member | none`}},
	} {
		got := check(t, set.Checker(component(t, doc, test.schema)), value(t, test.value), Options{Direction: test.direction})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s as %d (-want +got):\n%s", test.value, test.direction, diff)
		}
	}
}

// TestNoChecker checks that no schema, and one by which nothing can be judged, takes every value.
func TestNoChecker(t *testing.T) {
	doc := document(t, v30, `A: {type: object, allOf: [{$ref: '#/components/schemas/A'}]}`)
	set := New(doc)
	if set.Checker(nil) != nil {
		t.Error("a checker without a schema")
	}
	for _, c := range []*Checker{nil, set.Checker(component(t, doc, "A"))} {
		if got := check(t, c, value(t, `1`), Options{}); len(got) > 0 {
			t.Error(got)
		}
		c.Observe(value(t, `1`), Options{}, Observer{})
	}
}
