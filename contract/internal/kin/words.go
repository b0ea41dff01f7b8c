package kin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Want says what the keyword of a violation asks for.
func Want(v Violation) string {
	s := v.Schema
	switch {
	case s != nil:
	case v.Keyword == "required":
		return "the parameter"
	case v.Keyword == "empty":
		return "a value"
	default:
		return "a value of the schema"
	}
	switch v.Keyword {
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
	case "required":
		return "the member"
	case "additionalProperties":
		return "no such member"
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
	return "what " + v.Keyword + " says"
}

// Got shows the value of a violation in few words.
func Got(v Violation) string {
	switch v.Keyword {
	case "required":
		return "none"
	case "type", "nullable":
		return strings.TrimSpace(kindOf(v.Value) + " " + compact(v.Value))
	}
	return compact(v.Value)
}

// word is a value of an enum: a text without quotes, anything else as JSON.
func word(n *spec.Node) string {
	if n.Kind == spec.String {
		return n.Text
	}
	return compact(n.Value())
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

// kindOf names the JSON type of a value; that of null is plain.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return ""
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "number"
}
