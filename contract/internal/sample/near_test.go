package sample_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// schemas reads schemas from a document, with a judge of them.
func schemas(t *testing.T, texts ...string) ([]*spec.Schema, *contract.Judge) {
	t.Helper()
	document := "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n" +
		"    Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}\n" +
		"    Name: {type: string, maxLength: 3}\n" +
		"    Node: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Node'}}}\n"
	for i, text := range texts {
		document += fmt.Sprintf("    S%d: {%s}\n", i, text)
	}
	doc, err := spec.Read("things.yaml", []byte(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	list := []*spec.Schema{}
	for i := range texts {
		list = append(list, doc.Schema(doc.Root.At(fmt.Sprintf("/components/schemas/S%d", i))))
	}
	return list, judge
}

// TestNearShowsDifferences holds that one of the values near two schemas is taken by the first and refused by the second. This
// is what Near is for: each row is a change of a document that somebody could make.
func TestNearShowsDifferences(t *testing.T) {
	for _, test := range []struct{ name, takes, refuses string }{
		{name: "a value of an enum", takes: "enum: [cat, dog]", refuses: "enum: [cat]"},
		{name: "the last of many values", takes: "enum: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]", refuses: "type: integer, maximum: 15"},
		{name: "an enum", takes: "type: string", refuses: "type: string, enum: [cat]"},
		{name: "the case of an enum", takes: "type: string, pattern: '(?:C|c)at'", refuses: "enum: [cat]"},
		{name: "a constant", takes: "type: boolean", refuses: "const: true"},
		{name: "a minimum", takes: "type: integer, minimum: 0", refuses: "type: integer, minimum: 1"},
		{name: "a maximum", takes: "type: integer, maximum: 101", refuses: "type: integer, maximum: 100"},
		{name: "a maximum far away", takes: "type: integer, maximum: 1000", refuses: "type: integer, maximum: 10"},
		{name: "an inclusive bound", takes: "type: number, minimum: 3", refuses: "type: number, exclusiveMinimum: 3"},
		{name: "a bound beyond float64", takes: "maximum: 9007199254740993", refuses: "maximum: 9007199254740992"},
		{name: "no bound", takes: "type: number", refuses: "type: number, maximum: 1e9"},
		{name: "a step", takes: "type: integer", refuses: "type: integer, multipleOf: 5"},
		{name: "a finer step", takes: "type: number, multipleOf: 0.25", refuses: "type: number, multipleOf: 0.5"},
		{name: "a bound between steps", takes: "maximum: 100, multipleOf: 30", refuses: "maximum: 85, multipleOf: 30"},
		{name: "a bound below 0", takes: "minimum: -100, multipleOf: 30", refuses: "minimum: -85, multipleOf: 30"},
		{name: "a number", takes: "type: number", refuses: "type: integer"},
		{name: "null", takes: "type: [string, 'null']", refuses: "type: string"},
		{name: "a further type", takes: "type: [string, integer]", refuses: "type: string"},
		{name: "another type", takes: "type: array", refuses: "type: object"},
		{name: "int32", takes: "type: integer, format: int64", refuses: "type: integer, format: int32"},
		{name: "int64", takes: "type: integer", refuses: "type: integer, format: int64"},
		{name: "a shorter text", takes: "type: string, minLength: 3", refuses: "type: string, minLength: 4"},
		{name: "a longer text", takes: "type: string, maxLength: 64", refuses: "type: string, maxLength: 63"},
		{name: "an empty text", takes: "type: string", refuses: "type: string, minLength: 1"},
		{name: "a format", takes: "type: string", refuses: "type: string, format: date"},
		{name: "another format", takes: "type: string, format: date", refuses: "type: string, format: date-time"},
		{name: "yet another format", takes: "type: string, format: uuid", refuses: "type: string, format: uri"},
		{name: "an address", takes: "type: string, format: ipv4", refuses: "type: string, format: email"},
		{name: "a pattern", takes: "type: string", refuses: "type: string, pattern: '^[a-z]*$'"},
		{name: "another pattern", takes: "type: string, pattern: '^[A-Z]{4}$'", refuses: "type: string, pattern: '^[a-z]{4}$'"},
		{name: "an anchor", takes: "type: string, pattern: '[0-9]{2}'", refuses: "type: string, pattern: '^[0-9]{2}$'"},
		{name: "an anchor at the end", takes: "type: string, pattern: '^a+'", refuses: "type: string, pattern: '^a+$'"},
		{name: "a character of formats", takes: "type: string", refuses: "type: string, pattern: '^[^@]*$'"},
		{name: "what is no format", takes: "type: string", refuses: "type: string, not: {format: ipv6}"},
		{name: "repetitions", takes: "type: string, pattern: '^a{2,}$'", refuses: "type: string, pattern: '^a{2}$'"},
		{name: "a pattern and a length", takes: "pattern: '^[0-9]+$', maxLength: 9", refuses: "pattern: '^[0-9]+$', maxLength: 8"},
		{name: "fewer elements", takes: "type: array, minItems: 1", refuses: "type: array, minItems: 2"},
		{name: "more elements", takes: "type: array, maxItems: 5", refuses: "type: array, maxItems: 4"},
		{name: "equal elements", takes: "type: array", refuses: "type: array, uniqueItems: true"},
		{
			name:    "more elements, all different",
			takes:   "type: array, items: {type: integer}, uniqueItems: true",
			refuses: "type: array, items: {type: integer}, uniqueItems: true, maxItems: 3",
		},
		{name: "elements", takes: "type: array", refuses: "type: array, items: {type: integer}"},
		{name: "what is contained", takes: "type: array", refuses: "type: array, contains: {const: cat}"},
		{name: "how often", takes: "contains: {const: cat}, maxContains: 2", refuses: "contains: {const: cat}, maxContains: 1"},
		{name: "a fixed element", takes: "type: array", refuses: "type: array, prefixItems: [{const: cat}]"},
		{name: "no more elements", takes: "prefixItems: [{const: cat}]", refuses: "prefixItems: [{const: cat}], items: false"},
		{
			name:    "no more than two elements",
			takes:   "type: array, prefixItems: [{const: 1}, {const: 2}]",
			refuses: "type: array, prefixItems: [{const: 1}, {const: 2}], items: false",
		},
		{
			name:    "a required member",
			takes:   "type: object, properties: {a: {type: string}, b: {type: integer}}, required: [b]",
			refuses: "type: object, properties: {a: {type: string}, b: {type: integer}}, required: [a, b]",
		},
		{name: "a required member without a schema", takes: "type: object", refuses: "type: object, required: [a]"},
		{
			name:    "a further member",
			takes:   "type: object, properties: {a: {type: string}}",
			refuses: "type: object, properties: {a: {type: string}}, additionalProperties: false",
		},
		{
			name:    "a member that is gone",
			takes:   "type: object, properties: {a: {type: string}, b: {type: string}}, additionalProperties: false",
			refuses: "type: object, properties: {a: {type: string}}, additionalProperties: false",
		},
		{name: "values of further members", takes: "type: object", refuses: "type: object, additionalProperties: {type: integer}"},
		{
			name:    "other values of further members",
			takes:   "type: object, additionalProperties: {type: integer}",
			refuses: "type: object, additionalProperties: {type: string}",
		},
		{
			name:    "values that no part evaluates",
			takes:   "type: object, unevaluatedProperties: {type: integer}",
			refuses: "type: object, unevaluatedProperties: {type: string}",
		},
		{
			name:    "a dependent schema",
			takes:   "type: object, properties: {a: {const: 1}}, required: [a]",
			refuses: "type: object, properties: {a: {const: 1}}, required: [a], dependentSchemas: {a: {required: [b]}}",
		},
		{name: "fewer members", takes: "type: object, minProperties: 1", refuses: "type: object, minProperties: 2"},
		{name: "more members", takes: "type: object, maxProperties: 4", refuses: "type: object, maxProperties: 3"},
		{name: "names", takes: "type: object", refuses: "type: object, propertyNames: {pattern: '^[A-Za-z]+$'}"},
		{
			name:    "other names",
			takes:   "type: object, propertyNames: {pattern: '^[0-9]+$'}",
			refuses: "type: object, propertyNames: {pattern: '^[a-z]+$'}",
		},
		{name: "members by pattern", takes: "type: object", refuses: "type: object, patternProperties: {'^x-': {type: integer}}"},
		{
			name:    "a dependency",
			takes:   "type: object, properties: {a: {type: string}, b: {type: string}}",
			refuses: "type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}",
		},
		{
			name:  "a dependency beside a condition of the same member",
			takes: "type: object, properties: {a: {}, b: {}, c: {}}, if: {required: [a]}, then: {required: [c]}",
			refuses: "type: object, properties: {a: {}, b: {}, c: {}}, if: {required: [a]}, then: {required: [c]}, " +
				"dependentRequired: {a: [b]}",
		},
		{name: "longer names", takes: "type: object, propertyNames: {maxLength: 6}", refuses: "type: object, propertyNames: {maxLength: 5}"},
		{name: "larger numbers", takes: "type: number, format: double", refuses: "type: number, format: float"},
		{
			name:    "a part",
			takes:   "allOf: [{$ref: '#/components/schemas/Cat'}]",
			refuses: "allOf: [{$ref: '#/components/schemas/Cat'}, {required: [lives]}]",
		},
		{
			name:    "a bound in a part",
			takes:   "allOf: [{type: integer}, {maximum: 9}]",
			refuses: "allOf: [{type: integer}, {maximum: 8}]",
		},
		{name: "a reference", takes: "$ref: '#/components/schemas/Name', minLength: 1", refuses: "type: string, maxLength: 2"},
		{
			name:    "an alternative",
			takes:   "oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Name'}]",
			refuses: "oneOf: [{$ref: '#/components/schemas/Cat'}]",
		},
		{
			name:    "an alternative of the same members",
			takes:   "properties: {a: {const: 1}}, required: [a], anyOf: [{required: [b]}, {required: [c]}]",
			refuses: "properties: {a: {const: 1}}, required: [a], anyOf: [{required: [b]}]",
		},
		{name: "what is not allowed", takes: "type: string", refuses: "type: string, not: {minLength: 9}"},
		{name: "a condition", takes: "type: string", refuses: "type: string, if: {minLength: 3}, then: {pattern: '^q'}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			both, judge := schemas(t, test.takes, test.refuses)
			m := sample.Maker{Takes: judge.Accepts}
			values := append(m.Near(both[0]), m.Near(both[1])...)
			if !slices.ContainsFunc(values, func(v any) bool { return judge.Accepts(both[0], v) && !judge.Accepts(both[1], v) }) {
				t.Errorf("no value shows the difference: %s", asJSON(t, values))
			}
			for i, s := range both {
				checkNear(t, m, s, []string{test.takes, test.refuses}[i])
			}
		})
	}
}

// checkNear holds what is so for each schema: a value that is valid, one that is not, and the same few values each time.
func checkNear(t *testing.T, m sample.Maker, s *spec.Schema, text string) {
	t.Helper()
	values := m.Near(s)
	takes := func(value any) bool { return m.Takes(s, value) }
	if !slices.ContainsFunc(values, takes) {
		t.Errorf("%s: no value is valid: %s", text, asJSON(t, values))
	}
	if !slices.ContainsFunc(values, func(v any) bool { return !takes(v) }) {
		t.Errorf("%s: each value is valid: %s", text, asJSON(t, values))
	}
	if len(values) > 60 {
		t.Errorf("%s: got %d values", text, len(values))
	}
	if diff := cmp.Diff(asJSON(t, values), asJSON(t, m.Near(s))); diff != "" {
		t.Errorf("%s: other values the second time:\n%s", text, diff)
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestNear holds the first values of some schemas.
func TestNear(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{name: "an integer", schema: "type: integer, minimum: 10, maximum: 20", want: `[10,null,20,"text",9,7,19,true,11,[]`},
		{name: "a choice", schema: "enum: [cat, dog]", want: `["cat",null,"cats","text","dog",7,"CAT",true,[],{}`},
		{
			name:   "an object",
			schema: "type: object, required: [a], properties: {a: {const: 1}, b: {const: 2}}",
			want:   `[{"a":1},{},{"a":1,"b":2},null,"text",7,{"a":1,"quotaspecProbe":true},true`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, judge := schemas(t, test.schema)
			got := asJSON(t, sample.Maker{Takes: judge.Accepts}.Near(list[0]))
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s…", got, test.want)
			}
		})
	}
}

// TestNearOfOddSchemas holds that Near ends with few values for schemas that have no value, contain themselves or are large.
func TestNearOfOddSchemas(t *testing.T) {
	members := []string{}
	for i := range 500 {
		members = append(members, fmt.Sprintf("m%d: {type: string}", i))
	}
	for _, schema := range []string{
		"not: {}",
		"$ref: '#/components/schemas/Node'",
		"type: object, properties: {" + strings.Join(members, ", ") + "}, minProperties: 400",
		"type: array, minItems: 1000000000, items: {$ref: '#/components/schemas/Node'}",
		"type: string, minLength: 1000000000, pattern: '^(a|b)*$'",
		"type: number, minimum: 1e308, maximum: 1e400, multipleOf: 1e-320",
		"type: number, minimum: 1e999999999, multipleOf: 1e-999999999",
		"type: number, minimum: 1e300, multipleOf: 1e-299",
		"anyOf: [{$ref: '#/components/schemas/S0'}, {type: object}]",
		"type: array, prefixItems: [true, false], items: false, contains: false, uniqueItems: true, minItems: 4",
		"type: object, required: [a, b], properties: {a: false}, additionalProperties: false",
	} {
		t.Run(fmt.Sprintf("%.60s", schema), func(t *testing.T) {
			list, judge := schemas(t, schema)
			got := sample.Maker{Takes: judge.Accepts}.Near(list[0])
			if text := asJSON(t, got); len(got) == 0 || len(got) > 60 || len(text) > 1_000_000 {
				t.Errorf("got %d values of %d bytes", len(got), len(text))
			}
		})
	}
	if got := (sample.Maker{}).Near(nil); len(got) < 7 {
		t.Errorf("got %v, want a value of each type", got)
	}
}

// public is a folder beside the repository with published OpenAPI documents. The test is skipped without it.
const public = "../../../../shared/documents/"

// TestNearOfPublicDocuments holds that 99 of 100 schemas of large documents have a valid value, each has an invalid one, and each
// pattern has a text.
func TestNearOfPublicDocuments(t *testing.T) {
	for _, name := range []string{"openai.yaml", "nova.yaml", "box.json"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(public + name)
			if err != nil {
				t.Skip("no documents beside the repository")
			}
			doc, err := spec.Read(name, text, nil)
			if err != nil {
				t.Fatal(err)
			}
			judge, err := contract.New(doc)
			if err != nil {
				t.Fatal(err)
			}
			m := sample.Maker{Takes: judge.Accepts}
			schemas, without := 0, []string{}
			for s := range doc.Schemas() {
				if s.Refused != nil || s.Never || s.Always {
					continue
				}
				schemas++
				values := m.Near(s)
				if !slices.ContainsFunc(values, func(v any) bool { return judge.Accepts(s, v) }) {
					without = append(without, s.Node.Place().String())
				}
				isLimited := len(s.Types) > 0
				if isLimited && !slices.ContainsFunc(values, func(v any) bool { return !judge.Accepts(s, v) }) {
					t.Errorf("%s: each value is valid", s.Node.Place())
				}
				if s.Pattern != nil && s.Pattern.Text != ".^" { // which nothing matches
					if _, ok := sample.Matching(s.Pattern.Text, 0); !ok {
						t.Errorf("no text matches %s", s.Pattern.Text)
					}
				}
			}
			if len(without)*100 > schemas || schemas < 1000 {
				t.Errorf("%d of %d schemas have no valid value: %.500s", len(without), schemas, without)
			}
		})
	}
}

// TestNearOfResponses holds that responses have readOnly members, and requests writeOnly ones, and that one value of each has a
// member too many.
func TestNearOfResponses(t *testing.T) {
	const schema = "type: object, required: [id, key], properties: {id: {const: 1, readOnly: true}, key: {const: 2, writeOnly: true}}"
	list, judge := schemas(t, schema, schema+", example: {id: 1, key: 2}")
	for _, test := range []struct {
		name     string
		response bool
		plain    string
	}{
		{name: "request", plain: `{"key":2}`},
		{name: "response", response: true, plain: `{"id":1}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := sample.Maker{Takes: judge.Accepts, Response: test.response}
			value, ok := m.Value(list[0])
			if got := asJSON(t, value); !ok || got != test.plain {
				t.Errorf("got the value %s %v, want %s", got, ok, test.plain)
			}
			for _, s := range list {
				got := asJSON(t, m.Near(s))
				if !strings.HasPrefix(got, "["+test.plain) || !strings.Contains(got, `{"id":1,"key":2}`) {
					t.Errorf("got %s, want %s first, and one value with both members", got, test.plain)
				}
			}
		})
	}
}
