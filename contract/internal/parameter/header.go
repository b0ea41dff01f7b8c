package parameter

import (
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// ReadHeader reads a header of a response from its lines, as [Read] reads a parameter. Lines are joined with commas (RFC
// 9110, 5.3), except those of Set-Cookie: each is a value, so they are the elements of a list, or else the first is given
// that the schema does not take.
func ReadHeader(h *spec.Header, lines []string, valid func(strictjson.Value) bool) (v strictjson.Value, present bool, fault string) {
	switch {
	case len(lines) == 0:
		return v, false, ""
	case len(h.Content) > 0:
		v, fault = readContent(h.Content, join(lines))
		return v, true, fault
	case h.Schema == nil:
		return v, true, ""
	}
	s := source{name: h.Name, style: "simple", explode: h.Explode, schema: h.Schema, shapes: shapesOf(h.Schema), text: join(lines)}
	switch {
	case isSetCookie(h.Name):
		v = readLines(lines, s.shapes, valid)
	case isDate(h.Name) && s.shapes&array != 0:
		v = strictjson.FromAny([]any{s.text})
	default:
		v, fault = s.read(valid)
	}
	return v, true, fault
}

func readLines(lines []string, allowed shapes, valid func(strictjson.Value) bool) strictjson.Value {
	if allowed&array != 0 {
		return strictjson.FromAny(listOf(lines))
	}
	for _, line := range lines {
		if v := strictjson.FromText(line); !valid(v) {
			return v
		}
	}
	return strictjson.FromText(lines[0])
}

// CountHeader says how often a header of a response was sent. What may come in several lines counts once: a list, an object,
// Set-Cookie. So does a date that was split at its comma, as some browsers do when they save a HAR.
func CountHeader(h *spec.Header, lines []string) int {
	return countLines(h.Name, shapesOf(h.Schema), lines)
}

func countLines(name string, allowed shapes, lines []string) int {
	if len(lines) < 2 {
		return len(lines)
	}
	isOne := allowed&(array|object) != 0 || isSetCookie(name)
	if !isOne && isDate(name) {
		_, err := http.ParseTime(join(lines))
		isOne = err == nil
	}
	if isOne {
		return 1
	}
	return len(lines)
}

func join(lines []string) string {
	if len(lines) == 1 {
		return lines[0]
	}
	return strings.Join(lines, ", ")
}

func isSetCookie(name string) bool { return strings.EqualFold(name, "Set-Cookie") }

// isDate reports whether the value of a header is a date, which has a comma (RFC 9110, 5.6.7).
func isDate(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Date", "Expires", "Last-Modified", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Retry-After", "Sunset":
		return true
	}
	return false
}
