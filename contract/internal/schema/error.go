package schema

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Error is one keyword of a schema that a value does not satisfy. A value may have millions of errors, of which
// callers show a few. So an Error only refers to the visitor that found it, and its methods make texts on request. It
// is valid until the function that received it returns.
type Error struct {
	Keyword string           // such as minimum; boolean for the schema false; nullable for a null in OpenAPI 3.0
	Schema  *spec.Schema     // the schema with the keyword
	Part    strictjson.Value // the part of the whole value that is wrong; for a missing member, its object
	value   strictjson.Value // the value that is wrong; for a missing member, no value
	visitor *visitor
}

// Pointer returns the JSON Pointer (RFC 6901) from the whole value to the part that is wrong or missing.
func (e Error) Pointer() string { return e.visitor.pointer() }

// Node returns the keyword in the document, or its schema if the keyword is not there, as with an implied nullable:
// false.
func (e Error) Node() *spec.Node {
	if n := e.Schema.Node.Member(e.Keyword); n != nil {
		return n
	}
	return e.Schema.Node
}

// Got returns the wrong value as JSON, shortened if it is large, or "none" if a member is missing.
func (e Error) Got() string {
	switch {
	case !e.value.Exists():
		return "none"
	case e.Keyword == "type" && e.value.Kind() != strictjson.Null:
		return e.value.Kind().String() + " " + e.value.Compact()
	}
	return e.value.Compact()
}

// wantTexts say what keywords require; %s is the value of the keyword in the document.
var wantTexts = map[string]string{
	"nullable":              "no null",
	"boolean":               "no value",
	"format":                "format %s",
	"pattern":               "a match of %s",
	"required":              "the member",
	"dependentRequired":     "the member",
	"additionalProperties":  "no such member",
	"unevaluatedProperties": "no such member",
	"unevaluatedItems":      "no such element",
	"minimum":               "at least %s",
	"maximum":               "at most %s",
	"multipleOf":            "a multiple of %s",
	"minLength":             "at least %s characters",
	"maxLength":             "at most %s characters",
	"minItems":              "at least %s elements",
	"maxItems":              "at most %s elements",
	"minProperties":         "at least %s members",
	"maxProperties":         "at most %s members",
	"uniqueItems":           "unique elements",
	"contains":              "an element that matches contains",
	"minContains":           "at least %s elements that match contains",
	"maxContains":           "at most %s elements that match contains",
	"readOnly":              "no such member in a request",
	"writeOnly":             "no such member in a response",
	"anyOf":                 "a match of at least one schema of anyOf",
	"oneOf":                 "a match of exactly one schema of oneOf",
	"not":                   "no match of the schema of not",
	"discriminator":         "a value that names a schema",
}

// Want returns what the keyword requires, such as "at least 1".
func (e Error) Want() string {
	switch e.Keyword {
	case "type":
		return "type " + strings.Join(e.Schema.Types, " or ")
	case "enum":
		words := []string{}
		for _, n := range e.Schema.Enum {
			words = append(words, word(n))
		}
		return "one of " + strings.Join(words, ", ")
	case "const":
		return "the value " + word(e.Schema.Const)
	}
	words, ok := wantTexts[e.Keyword]
	if !ok {
		return "a value that satisfies " + e.Keyword
	}
	return strings.ReplaceAll(words, "%s", e.Node().Text)
}

// word returns an element of an enum: a string without quotes, anything else as JSON.
func word(n *spec.Node) string {
	if n.Kind == spec.String {
		return n.Text
	}
	text, _ := n.MarshalJSON() // nodes of a document always have JSON
	return string(text)
}
