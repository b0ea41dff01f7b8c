package schema

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Error is one keyword of a schema that a value does not satisfy. A value may violate keywords millions of times, so what
// it is in words is made only on request, and can be had until report returns.
type Error struct {
	Keyword string           // such as minimum; boolean for the schema false; nullable for a null in OpenAPI 3.0
	Schema  *spec.Schema     // whose keyword it is
	Part    strictjson.Value // the part of the whole value that is wrong; of a member that is missing, the object
	value   strictjson.Value // none if it is missing
	visitor *visitor
}

// Pointer leads from the whole value to what is wrong or missing (RFC 6901).
func (v Error) Pointer() string { return v.visitor.pointer() }

// Node is the keyword in the document, or else its schema.
func (v Error) Node() *spec.Node {
	if n := v.Schema.Node.Member(v.Keyword); n != nil {
		return n
	}
	return v.Schema.Node
}

// Want says what the keyword asks for.
func (v Error) Want() string { return want(v.Schema, v.Keyword) }

// Got shows what is there instead, of a large value the beginning.
func (v Error) Got() string {
	switch {
	case !v.value.Exists():
		return "none"
	case v.Keyword == "type" && v.value.Kind() != strictjson.Null:
		return v.value.Kind().String() + " " + v.value.Compact()
	}
	return v.value.Compact()
}

// wants are the words for what keywords ask for; %s is the value of the keyword as the document has it.
var wants = map[string]string{
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
	"minLength":             "at least %s characters",
	"maxLength":             "at most %s characters",
	"minItems":              "at least %s elements",
	"maxItems":              "at most %s elements",
	"uniqueItems":           "no element twice",
}

// want says what a keyword asks for.
func want(s *spec.Schema, keyword string) string {
	switch keyword {
	case "type":
		return "type " + strings.Join(s.Types, " or ")
	case "enum":
		words := []string{}
		for _, n := range s.Enum {
			words = append(words, word(n))
		}
		return "one of " + strings.Join(words, ", ")
	case "const":
		return "the value " + word(s.Const)
	}
	words, ok := wants[keyword]
	if !ok {
		return "what " + keyword + " says"
	}
	if value := s.Node.Member(keyword); value != nil {
		return strings.ReplaceAll(words, "%s", value.Text)
	}
	return words
}

// word is a value of an enum: a text without quotes, anything else as JSON.
func word(n *spec.Node) string {
	if n.Kind == spec.String {
		return n.Text
	}
	text, _ := n.MarshalJSON() // it always can
	return string(text)
}
