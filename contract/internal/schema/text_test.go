package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// TestTextOfURL checks strings of a URL. What they spell counts if the schema wants it, and separately in each
// alternative.
func TestTextOfURL(t *testing.T) {
	const (
		integer = `{type: integer}`
		number  = `{type: number}`
		boolean = `{type: boolean}`
	)
	for _, test := range []struct {
		schema, text string
		want         []string // keywords
	}{
		{schema: integer, text: `7`},
		{schema: integer, text: `-7`},
		{schema: integer, text: `1e2`},
		{schema: integer, text: `007`, want: []string{"type"}},
		{schema: integer, text: `+7`, want: []string{"type"}},
		{schema: integer, text: `7.5`, want: []string{"type"}},
		{schema: integer, text: ` 7`, want: []string{"type"}},
		{schema: integer, want: []string{"type"}},
		{schema: integer, text: `-`, want: []string{"type"}},
		{schema: number, text: `7.5`},
		{schema: number, text: `0x1p-2`, want: []string{"type"}},
		{schema: number, text: `NaN`, want: []string{"type"}},
		{schema: number, text: `1.`, want: []string{"type"}},
		{schema: number, text: `1e`, want: []string{"type"}},
		{schema: boolean, text: `true`},
		{schema: boolean, text: `True`, want: []string{"type"}},
		{schema: boolean, text: `T`, want: []string{"type"}},
		{schema: boolean, text: `1`, want: []string{"type"}},
		{schema: `{type: "null"}`, text: `null`},
		{schema: `{type: string}`, text: `7`},
		{schema: `{type: string}`, text: `null`},
		{schema: `{type: [integer, string]}`, text: `x`},
		{schema: `{type: object}`, text: `7`, want: []string{"type"}},

		{schema: `{type: integer, minimum: 5}`, text: `4`, want: []string{"minimum"}},
		{schema: `{type: integer, format: int32}`, text: `2147483648`, want: []string{"format"}},
		{schema: `{allOf: [{type: integer}, {minimum: 5}]}`, text: `4`, want: []string{"minimum"}},
		{schema: `{type: [integer, string], minimum: 5, minLength: 2}`, text: `4`, want: []string{"minimum"}},
		{schema: `{type: [integer, string], minimum: 5, minLength: 2}`, text: `-4`}, // as a string
		{schema: `{type: [integer, string], minimum: 5, minLength: 2}`, text: `6`},  // as a number

		{schema: `{type: integer, enum: [7]}`, text: `7.0`},
		{schema: `{type: string, enum: ["7"]}`, text: `7.0`, want: []string{"enum"}},
		{schema: `{type: string, enum: ["7"]}`, text: `7`},
		{schema: `{type: string, enum: [7]}`, text: `7`, want: []string{"enum"}},
		{schema: `{enum: [7, true, a]}`, text: `true`},
		{schema: `{enum: [7, true, a]}`, text: `a`},
		{schema: `{enum: [7, true, a]}`, text: `b`, want: []string{"enum"}},
		{schema: `{const: 7}`, text: `7`},

		{schema: `{oneOf: [{type: integer}, {type: boolean}]}`, text: `7`},
		{schema: `{oneOf: [{type: integer}, {type: boolean}]}`, text: `true`},
		{schema: `{oneOf: [{type: integer}, {type: boolean}]}`, text: `x`, want: []string{"oneOf"}},
		{schema: `{oneOf: [{type: integer}, {type: string}]}`, text: `x`},
		{schema: `{oneOf: [{type: integer}, {type: string}]}`, text: `7`}, // valid under either reading
		{schema: `{anyOf: [{type: integer, maximum: 3}, {type: string, maxLength: 1}]}`, text: `7`},
	} {
		doc := document(t, v31, `A: `+test.schema)
		c := New(doc).Checker(component(t, doc, "A"))
		at, o := strictjson.FromAny(test.text), Options{Text: true, AssertFormats: true}
		var got []string
		c.Check(at, o, func(e Error) bool { got = append(got, e.Keyword); return true })
		if diff := cmp.Diff(test.want, got); diff != "" || c.Valid(at, o) != (len(test.want) == 0) {
			t.Errorf("%s: %q (-want +got):\n%s", test.schema, test.text, diff)
		}
	}
}

// TestTextOfURLParts checks that scalars in lists and objects are strings of a URL too, even if the element of an
// enum is a whole list.
func TestTextOfURLParts(t *testing.T) {
	doc := document(t, v31, `List: {type: array, items: {type: integer}}, Listed: {enum: [[1, a], {b: true}]},
		Object: {properties: {a: {type: boolean}}}`)
	for _, test := range []struct {
		schema string
		value  any
		want   bool
	}{
		{schema: "List", value: []any{"1", "2"}, want: true},
		{schema: "List", value: []any{"1", "x"}},
		{schema: "Listed", value: []any{"1.0", "a"}, want: true},
		{schema: "Listed", value: []any{"1"}},
		{schema: "Listed", value: map[string]any{"b": "true"}, want: true},
		{schema: "Listed", value: map[string]any{"b": "false"}},
		{schema: "Object", value: map[string]any{"a": "false"}, want: true},
		{schema: "Object", value: map[string]any{"a": "0"}},
	} {
		c := New(doc).Checker(component(t, doc, test.schema))
		if got := c.Valid(strictjson.FromAny(test.value), Options{Text: true}); got != test.want {
			t.Errorf("%s: %v: got %t", test.schema, test.value, got)
		}
	}
}
