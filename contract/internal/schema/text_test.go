package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// TestText checks texts of a URL: what they spell counts where a schema wants it, and by itself in each alternative.
func TestText(t *testing.T) {
	const (
		integer = `{type: integer}`
		number  = `{type: number}`
		boolean = `{type: boolean}`
	)
	for _, test := range []struct {
		schema, text string
		want         []string // keywords
	}{
		{integer, `7`, nil},
		{integer, `-7`, nil},
		{integer, `1e2`, nil},
		{integer, `007`, []string{"type"}},
		{integer, `+7`, []string{"type"}},
		{integer, `7.5`, []string{"type"}},
		{integer, ` 7`, []string{"type"}},
		{integer, ``, []string{"type"}},
		{integer, `-`, []string{"type"}},
		{number, `7.5`, nil},
		{number, `0x1p-2`, []string{"type"}},
		{number, `NaN`, []string{"type"}},
		{number, `1.`, []string{"type"}},
		{number, `1e`, []string{"type"}},
		{boolean, `true`, nil},
		{boolean, `True`, []string{"type"}},
		{boolean, `T`, []string{"type"}},
		{boolean, `1`, []string{"type"}},
		{`{type: "null"}`, `null`, nil},
		{`{type: string}`, `7`, nil},
		{`{type: string}`, `null`, nil},
		{`{type: [integer, string]}`, `x`, nil},
		{`{type: object}`, `7`, []string{"type"}},

		{`{type: integer, minimum: 5}`, `4`, []string{"minimum"}},
		{`{type: integer, format: int32}`, `2147483648`, []string{"format"}},
		{`{allOf: [{type: integer}, {minimum: 5}]}`, `4`, []string{"minimum"}},
		{`{type: [integer, string], minimum: 5, minLength: 2}`, `4`, []string{"minimum"}},
		{`{type: [integer, string], minimum: 5, minLength: 2}`, `-4`, nil}, // as a string
		{`{type: [integer, string], minimum: 5, minLength: 2}`, `6`, nil},  // as a number

		{`{type: integer, enum: [7]}`, `7.0`, nil},
		{`{type: string, enum: ["7"]}`, `7.0`, []string{"enum"}},
		{`{type: string, enum: ["7"]}`, `7`, nil},
		{`{type: string, enum: [7]}`, `7`, []string{"enum"}},
		{`{enum: [7, true, a]}`, `true`, nil},
		{`{enum: [7, true, a]}`, `a`, nil},
		{`{enum: [7, true, a]}`, `b`, []string{"enum"}},
		{`{const: 7}`, `7`, nil},

		{`{oneOf: [{type: integer}, {type: boolean}]}`, `7`, nil},
		{`{oneOf: [{type: integer}, {type: boolean}]}`, `true`, nil},
		{`{oneOf: [{type: integer}, {type: boolean}]}`, `x`, []string{"oneOf"}},
		{`{oneOf: [{type: integer}, {type: string}]}`, `x`, nil},
		{`{oneOf: [{type: integer}, {type: string}]}`, `7`, nil}, // right as either
		{`{anyOf: [{type: integer, maximum: 3}, {type: string, maxLength: 1}]}`, `7`, nil},
	} {
		doc := document(t, v31, `A: `+test.schema)
		c := New(doc).Checker(component(t, doc, "A"))
		at, o := strictjson.FromAny(test.text), Options{Text: true, AssertFormats: true}
		var got []string
		c.Check(at, o, func(v Error) bool { got = append(got, v.Keyword); return true })
		if diff := cmp.Diff(test.want, got); diff != "" || c.Valid(at, o) != (len(test.want) == 0) {
			t.Errorf("%s: %q (-want +got):\n%s", test.schema, test.text, diff)
		}
	}
}

// TestTextParts checks that the parts of lists and objects are texts too, also where an enum has a whole list.
func TestTextParts(t *testing.T) {
	doc := document(t, v31, `List: {type: array, items: {type: integer}}, Listed: {enum: [[1, a], {b: true}]}, Object: {properties: {a: {type: boolean}}}`)
	for _, test := range []struct {
		schema string
		value  any
		want   bool
	}{
		{"List", []any{"1", "2"}, true},
		{"List", []any{"1", "x"}, false},
		{"Listed", []any{"1.0", "a"}, true},
		{"Listed", []any{"1"}, false},
		{"Listed", map[string]any{"b": "true"}, true},
		{"Listed", map[string]any{"b": "false"}, false},
		{"Object", map[string]any{"a": "false"}, true},
		{"Object", map[string]any{"a": "0"}, false},
	} {
		c := New(doc).Checker(component(t, doc, test.schema))
		if got := c.Valid(strictjson.FromAny(test.value), Options{Text: true}); got != test.want {
			t.Errorf("%s: %v: got %t", test.schema, test.value, got)
		}
	}
}
