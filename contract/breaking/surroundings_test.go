package breaking

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stage is a document with a place for one part of an exchange each.
const stage = `openapi: 3.1.0
info: {title: stage, version: 1.0.0}
paths:
  /a/{id}:
    post:
      operationId: send
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}, %s]
      requestBody: {content: {%s}}
      responses:
        '200': {description: ok, headers: {%s}, content: {application/json: {schema: %s}}}
components:
  schemas:
    P: {type: object, properties: {k: {type: string}}}
    R: {type: object, required: [n], properties: {n: {type: integer}, next: {$ref: '#/components/schemas/R'}}}
    %s
`

// staged is the stage with one part.
func staged(part, text string) string {
	parts := map[string]string{
		"parameter": "{name: q, in: query, schema: {type: string}}", "bodies": "application/json: {}", "header": "X-L: {}",
		"response": "{}", "component": "X: {}",
	}
	if part == "component" {
		parts["bodies"] = "application/json: {schema: {$ref: '#/components/schemas/X'}}"
		parts["response"] = "{$ref: '#/components/schemas/X'}"
		text = "X: " + text
	}
	switch part {
	case "request":
		part, text = "bodies", "application/json: {schema: "+text+"}"
	case "header":
		text = "X-L: " + text
	case "headers":
		part = "header"
	}
	parts[part] = text
	return fmt.Sprintf(stage, parts["parameter"], parts["bodies"], parts["header"], parts["response"], parts["component"])
}

// TestSurroundings tests one change of a part in many surroundings, and which level and witness it has.
func TestSurroundings(t *testing.T) {
	for _, test := range surroundings {
		t.Run(test.name, func(t *testing.T) {
			got := []string{}
			for _, f := range compared(t, staged(test.part, test.old), staged(test.part, test.new)) {
				if f.Level != Editorial {
					got = append(got, line(f))
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

var surroundings = []struct {
	name, part, old, new string
	want                 []string
}{
	{
		name: "deep in a list of maps", part: "response",
		old: "{type: array, items: {additionalProperties: {type: object, required: [a], properties: {a: {maximum: 3}}}}}",
		new: "{type: array, items: {additionalProperties: {type: object, required: [a], properties: {a: {maximum: 4}}}}}",
		want: []string{
			`breaking bound/raised: POST /a/1  → 200 [{"x":{"a":4}}] | old: schema/maximum at /response/body/0/x/a`,
		},
	},
	{
		name: "in a list in an alternative", part: "response",
		old: "{oneOf: [{$ref: '#/components/schemas/P'}, {type: array, items: {enum: [a]}}]}",
		new: "{oneOf: [{$ref: '#/components/schemas/P'}, {type: array, items: {enum: [a, b]}}]}",
		want: []string{
			`breaking enum/added: POST /a/1  → 200 ["b"] | old: schema/oneOf at /response/body`,
		},
	},
	{
		name: "in allOf", part: "response",
		old: "{allOf: [{$ref: '#/components/schemas/R'}, {required: [z], properties: {z: {type: string}}}]}",
		new: "{allOf: [{$ref: '#/components/schemas/R'}, {properties: {z: {type: string}}}]}",
		want: []string{
			`breaking required/removed: POST /a/1  → 200 {"n":1} | old: schema/required at /response/body/z`,
		},
	},
	{
		name: "in a schema that contains itself", part: "response",
		old: "{$ref: '#/components/schemas/R'}",
		new: "{type: object, required: [n], properties: {n: {type: integer}, " +
			"next: {type: object, required: [n], properties: {n: {type: string}, next: {$ref: '#/components/schemas/R'}}}}}",
		want: []string{
			`breaking type/changed: POST /a/1  → 200 {"n":1,"next":{"n":"text"}} | old: schema/type at /response/body/next/n`,
		},
	},
	{
		name: "one required member for another", part: "request",
		old: "{type: object, required: [a, b], properties: {a: {}, b: {}, c: {}}}",
		new: "{type: object, required: [a, c], properties: {a: {}, b: {}, c: {}}}",
		want: []string{
			`breaking required/added: POST /a/1 {"a":"text","b":"text"} | new: schema/required at /request/body/c`,
			`compatible required/removed: POST /a/1 {"a":"text","c":"text"} | old: schema/required at /request/body/b`,
		},
	},
	{
		name: "a member that only responses have", part: "component",
		old: "{type: object, properties: {a: {type: string, readOnly: true, maxLength: 3}}}",
		new: "{type: object, properties: {a: {type: string, readOnly: true, maxLength: 4}}}",
		want: []string{
			`breaking bound/raised: POST /a/1  → 200 {"a":"text"} | old: schema/maxLength at /response/body/a`,
			"compatible bound/raised (no exchange" +
				" shows it: only messages of the other direction have the member (readOnly, writeOnly))",
		},
	},
	{
		name: "a required member that only requests have", part: "component",
		old: "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
		new: "{type: object, properties: {a: {type: string, writeOnly: true}}}",
		want: []string{
			"compatible required/removed (no exchange" +
				" shows it: only messages of the other direction have the member (readOnly, writeOnly))",
			"compatible required/removed: POST /a/1 {} | old: schema/required at /request/body/a",
		},
	},
	{
		name: "a member becomes readOnly", part: "component",
		old: "{type: object, properties: {a: {type: string}}}",
		new: "{type: object, properties: {a: {type: string, readOnly: true}}}",
		want: []string{
			`breaking read-only/changed: POST /a/1 {"a":"text"} | new: schema/readOnly at /request/body/a`,
			"compatible read-only/changed (no exchange" +
				" shows it: readOnly says nothing about responses, and writeOnly nothing about requests)",
		},
	},
	{
		name: "a member becomes writeOnly", part: "component",
		old: "{type: object, properties: {a: {type: string}}}",
		new: "{type: object, properties: {a: {type: string, writeOnly: true}}}",
		want: []string{
			"compatible write-only/changed (no exchange" +
				" shows it: readOnly says nothing about responses, and writeOnly nothing about requests)",
			`possibly breaking write-only/changed: POST /a/1  → 200 {"a":"text"} | ` +
				`new: schema/writeOnly at /response/body/a (` + whyGone + ")",
		},
	},
	{
		name: "another member must be there with one", part: "request",
		old: "{type: object, properties: {a: {}, b: {}, c: {}}, dependentRequired: {a: [b]}}",
		new: "{type: object, properties: {a: {}, b: {}, c: {}}, dependentRequired: {a: [b, c]}}",
		want: []string{
			`breaking condition/changed: POST /a/1 {"a":"text","b":"text"} | new: schema/dependentRequired at /request/body/c`,
		},
	},
	{
		name: "two conditions of the same member, of which one is gone", part: "request",
		old: "{type: object, properties: {a: {}, b: {}, c: {}}, dependentRequired: {a: [b]}, if: {required: [a]}, then: {required: [c]}}",
		new: "{type: object, properties: {a: {}, b: {}, c: {}}, if: {required: [a]}, then: {required: [c]}}",
		want: []string{
			`compatible condition/changed: POST /a/1 {"a":"text","c":"text"} | ` +
				`old: schema/dependentRequired at /request/body/b`,
		},
	},
	{
		name: "what is not allowed", part: "request",
		old: "{type: object, properties: {a: {}, b: {}}, not: {required: [a]}}",
		new: "{type: object, properties: {a: {}, b: {}}, not: {required: [b]}}",
		want: []string{
			`breaking condition/changed: POST /a/1 {"b":"text"} | new: schema/not at /request/body`,
		},
	},
	{
		name: "else", part: "request",
		old: "{type: object, properties: {a: {}, b: {type: string}}, if: {required: [a]}, else: {properties: {b: {maxLength: 3}}}}",
		new: "{type: object, properties: {a: {}, b: {type: string}}, if: {required: [a]}, else: {properties: {b: {maxLength: 4}}}}",
		want: []string{
			`compatible condition/changed: POST /a/1 {"b":"text"} | old: schema/maxLength at /request/body/b`,
		},
	},
	{
		name: "lengths of names", part: "response",
		old: "{type: object, propertyNames: {maxLength: 5}}",
		new: "{type: object, propertyNames: {maxLength: 6}}",
		want: []string{
			`breaking condition/changed: POST /a/1  → 200 {"xxxxxx":"text"} | old: schema/maxLength at /response/body/xxxxxx`,
		},
	},
	{
		name: "names in a map", part: "request",
		old: "{type: object, additionalProperties: {type: integer}, propertyNames: {enum: [a, b, c]}}",
		new: "{type: object, additionalProperties: {type: integer}, propertyNames: {enum: [a, b]}}",
		want: []string{
			`breaking condition/changed: POST /a/1 {"c":1} | new: schema/enum at /request/body/c`,
		},
	},
	{
		name: "what a list contains", part: "response",
		old: "{type: array, contains: {const: 5}}",
		new: "{type: array, contains: {const: 6}}",
		want: []string{
			"breaking condition/changed: POST /a/1  → 200 [6] | old: schema/contains at /response/body",
		},
	},
	{
		name: "patterns of names", part: "response",
		old: "{type: object, patternProperties: {'^x-': {type: integer}}}",
		new: "{type: object, patternProperties: {'^y-': {type: integer}}}",
		want: []string{
			`breaking additional/changed: POST /a/1  → 200 {"x-":"text"} | old: schema/type at /response/body/x-`,
		},
	},
	{
		name: "patterns of the only names", part: "response",
		old: "{type: object, patternProperties: {'^x-': {}}, additionalProperties: false}",
		new: "{type: object, patternProperties: {'^y-': {}}, additionalProperties: false}",
		want: []string{
			`breaking additional/changed: POST /a/1  → 200 {"y-":"text"} | ` +
				`old: schema/additionalProperties at /response/body/y-`,
		},
	},
	{
		name: "a constant is dropped", part: "response",
		old: "{type: object, properties: {a: {const: cat}}}",
		new: "{type: object, properties: {a: {}}}",
		want: []string{
			`breaking enum/changed: POST /a/1  → 200 {"a":"text"} | old: schema/const at /response/body/a`,
		},
	},
	{
		name: "a member of a closed response is gone", part: "response",
		old: "{type: object, additionalProperties: false, properties: {a: {}, b: {}}}",
		new: "{type: object, additionalProperties: false, properties: {a: {}}}",
		want: []string{
			`possibly breaking property/removed: POST /a/1  → 200 {"b":"text"} | ` +
				`new: schema/additionalProperties at /response/body/b (` + whyGone + ")",
		},
	},
	{
		name: "a member is gone and still required", part: "request",
		old: "{type: object, required: [a], properties: {a: {type: string}}}",
		new: "{type: object, required: [a], properties: {}}",
		want: []string{
			`compatible property/removed: POST /a/1 {"a":null} | old: schema/type at /request/body/a`,
		},
	},
	{
		name: "a format with more numbers", part: "request",
		old: "{type: number, format: double}",
		new: "{type: number, format: float}",
		want: []string{
			"breaking format/changed: POST /a/1 1e39 | new: schema/format at /request/body",
		},
	},
	{
		name: "a format of fractions says nothing about integers", part: "request",
		old: "{type: number, format: float}",
		new: "{type: integer}",
		want: []string{
			"breaking type/removed: POST /a/1 1.5 | new: schema/type at /request/body",
		},
	},
	{
		name: "a list in one text", part: "parameter",
		old: "{name: q, in: query, schema: {type: array, items: {type: integer}}}",
		new: "{name: q, in: query, explode: false, schema: {type: array, items: {type: integer}}}",
		want: []string{
			"breaking parameter/encoding: POST /a/1?q=1&q=2  | new: parameter/doubled at /request/query/q",
		},
	},
	{
		name: "a list in several texts", part: "parameter",
		old: "{name: q, in: query, explode: false, schema: {type: array, items: {type: integer}}}",
		new: "{name: q, in: query, schema: {type: array, items: {type: integer}}}",
		want: []string{
			"breaking parameter/encoding: POST /a/1?q=1,2  | new: parameter/type at /request/query/q/0",
		},
	},
	{
		name: "a list between bars", part: "parameter",
		old: "{name: q, in: query, explode: false, schema: {type: array, items: {type: string}}}",
		new: "{name: q, in: query, explode: false, style: pipeDelimited, schema: {type: array, items: {type: string}}}",
		want: []string{
			"possibly breaking parameter/encoding (no exchange shows it: " + whyRead + ")",
		},
	},
	{
		name: "one text is exploded", part: "parameter",
		old:  "{name: q, in: query, schema: {type: string}}",
		new:  "{name: q, in: query, explode: false, schema: {type: string}}",
		want: []string{},
	},
	{
		name: "a list in a header is exploded", part: "header",
		old:  "{schema: {type: array, items: {type: integer}}}",
		new:  "{explode: true, schema: {type: array, items: {type: integer}}}",
		want: []string{},
	},
	{
		name: "a member of deepObject", part: "parameter",
		old: "{name: q, in: query, style: deepObject, schema: {type: object, properties: {a: {type: integer, maximum: 5}}}}",
		new: "{name: q, in: query, style: deepObject, schema: {type: object, properties: {a: {type: integer, maximum: 4}}}}",
		want: []string{
			"breaking bound/lowered: POST /a/1?q[a]=5  | new: parameter/maximum at /request/query/q/a",
		},
	},
	{
		name: "a cookie", part: "parameter",
		old: "{name: q, in: cookie, schema: {enum: [a, b]}}",
		new: "{name: q, in: cookie, schema: {enum: [a]}}",
		want: []string{
			"breaking enum/removed: POST /a/1  | new: parameter/enum at /request/headers/cookie",
		},
	},
	{
		name: "values as alternatives", part: "response",
		old:  "{enum: [a, b]}",
		new:  "{oneOf: [{const: a, title: A}, {const: b}]}",
		want: []string{},
	},
	{
		name: "types as alternatives", part: "response",
		old:  "{type: [string, integer]}",
		new:  "{anyOf: [{type: string}, {type: integer}]}",
		want: []string{},
	},
	{
		name: "alternatives that exclude each other", part: "response",
		old:  "{oneOf: [{type: string}, {type: integer}]}",
		new:  "{anyOf: [{type: string}, {type: integer}]}",
		want: []string{},
	},
	{
		name: "a value among alternatives", part: "response",
		old: "{oneOf: [{const: a}, {const: b}]}",
		new: "{oneOf: [{const: a}, {const: b}, {const: c}]}",
		want: []string{
			`breaking enum/added: POST /a/1  → 200 "c" | old: schema/oneOf at /response/body`,
		},
	},
	{
		name: "alternatives with the same values", part: "response",
		old: "{anyOf: [{const: a}, {const: a}]}",
		new: "{oneOf: [{const: a}, {const: a}]}",
		want: []string{
			`compatible alternatives/changed: POST /a/1  → 200 "a" | new: schema/oneOf at /response/body`,
		},
	},
	{
		name: "a type among alternatives", part: "response",
		old: "{anyOf: [{type: string}, {type: integer}]}",
		new: "{anyOf: [{type: string}, {type: integer}, {type: boolean}]}",
		want: []string{
			`breaking type/added: POST /a/1  → 200 true | old: schema/anyOf at /response/body`,
		},
	},
	{
		name: "a schema for alternatives", part: "response",
		old: "{type: object, required: [a], properties: {a: {type: string}}}",
		new: "{oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: array}]}",
		want: []string{
			`breaking alternatives/changed: POST /a/1  → 200 [] | old: schema/type at /response/body`,
		},
	},
	{
		name: "another media type of requests", part: "bodies",
		old: "application/json: {schema: {type: object}}",
		new: "application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {}}}}",
		want: []string{
			`breaking media-type/removed: POST /a/1 {} | new: media-type/undocumented at /request/headers/content-type`,
			`compatible media-type/added: POST /a/1 a=text | old: media-type/undocumented at /request/headers/content-type`,
		},
	},
	{
		name: "another cookie", part: "parameter",
		old: "{name: q, in: cookie, schema: {type: integer}}",
		new: "{name: r, in: cookie, schema: {type: integer}}",
		want: []string{
			"compatible parameter/added: POST /a/1  | new: parameter/type at /request/headers/cookie (" + whyUnsent + ")",
			"possibly breaking parameter/removed: POST /a/1  | old: parameter/type at /request/headers/cookie (" + whyIgnored + ")",
		},
	},
	{
		name: "names that differ in case only", part: "parameter",
		old: "{name: q, in: query, schema: {}}",
		new: "{name: Q, in: query, required: true, schema: {}}",
		want: []string{
			"breaking parameter/added: POST /a/1  | new: parameter/required at /request/query/Q",
			"breaking parameter/removed: POST /a/1?q=text  | " +
				"new: parameter/undocumented at /request/query/q | new: parameter/required at /request/query/Q",
		},
	},
	{
		name: "an optional header is gone", part: "headers",
		old: "X-M: {schema: {type: string, minLength: 1}}",
		new: "X-N: {schema: {type: string}}",
		want: []string{
			"compatible header/added (no exchange shows it: a document need not describe every header)",
			`possibly breaking header/removed: POST /a/1  → 200 "text" | ` +
				`old: header/minLength at /response/headers/x-m (` + whyHeader + ")",
		},
	},
	{
		name: "null", part: "response",
		old: "{anyOf: [{$ref: '#/components/schemas/P'}, {type: 'null'}]}",
		new: "{$ref: '#/components/schemas/P'}",
		want: []string{
			"compatible null/forbidden: POST /a/1  → 200 null | new: schema/type at /response/body",
		},
	},
}
