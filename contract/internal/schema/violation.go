package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Violation is one keyword of a schema that a value does not satisfy. A value may violate keywords millions of times, so what
// it is in words is made only on request, and can be had until report returns.
type Violation struct {
	Keyword string           // such as minimum; boolean for the schema false; nullable for a null in OpenAPI 3.0
	Schema  *spec.Schema     // whose keyword it is
	Part    strictjson.Value // the part of the whole value that is wrong; of a member that is missing, the object
	value   strictjson.Value // none if it is missing
	visitor *visitor
}

// Pointer leads from the whole value to what is wrong or missing (RFC 6901).
func (v Violation) Pointer() string { return v.visitor.pointer() }

// Node is the keyword in the document, or else its schema.
func (v Violation) Node() *spec.Node {
	if n := v.Schema.Node.Member(v.Keyword); n != nil {
		return n
	}
	return v.Schema.Node
}

// Want says what the keyword asks for.
func (v Violation) Want() string { return want(v.Schema, v.Keyword) }

// Got shows what is there instead, of a large value the beginning.
func (v Violation) Got() string {
	switch {
	case !v.value.Exists():
		return "none"
	case v.Keyword == "type" && v.value.Kind() != strictjson.Null:
		return v.value.Kind().String() + " " + v.value.Compact()
	}
	return v.value.Compact()
}

// want says what a keyword asks for.
func want(s *spec.Schema, keyword string) string {
	switch keyword {
	case "type":
		return "type " + strings.Join(s.Types, " or ")
	case "nullable":
		return "no null"
	case "enum":
		words := []string{}
		for _, n := range s.Enum {
			words = append(words, word(n))
		}
		return "one of " + strings.Join(words, ", ")
	case "const":
		return "the value " + word(s.Const)
	case "boolean":
		return "no value"
	case "format":
		return "format " + s.Format
	case "pattern":
		return "a match of " + s.Pattern.Text
	case "required", "dependentRequired":
		return "the member"
	case "additionalProperties", "unevaluatedProperties":
		return "no such member"
	case "unevaluatedItems":
		return "no such element"
	case "minimum":
		return "at least " + s.Minimum.Text
	case "maximum":
		return "at most " + s.Maximum.Text
	case "minLength":
		return fmt.Sprintf("at least %d characters", *s.MinLength)
	case "maxLength":
		return fmt.Sprintf("at most %d characters", *s.MaxLength)
	case "minItems":
		return fmt.Sprintf("at least %d elements", *s.MinItems)
	case "maxItems":
		return fmt.Sprintf("at most %d elements", *s.MaxItems)
	case "uniqueItems":
		return "no element twice"
	}
	return "what " + keyword + " says"
}

// word is a value of an enum: a text without quotes, anything else as JSON.
func word(n *spec.Node) string {
	if n.Kind == spec.String {
		return n.Text
	}
	return compact(n)
}

// compact writes a value as JSON in one line.
func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "a value"
	}
	return strings.TrimSpace(b.String())
}
