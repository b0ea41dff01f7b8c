package parameter

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// ReadHeader reads a header of a response from its lines, as [Read] reads one of a request. Lines are joined with commas (RFC
// 9110, 5.3), except those of Set-Cookie: each is a value, so they are the elements of a list, or else the first is given
// that the schema does not take.
func ReadHeader(
	h *spec.Header, lines []string, valid func(strictjson.Value) bool,
) (v strictjson.Value, count int, fault string) {
	s := input{name: h.Name, style: "simple", explode: h.Explode, schema: h.Schema, shapes: shapesOf(h.Schema)}
	return s.readHeader(h.Content, lines, valid)
}

// readHeader reads the lines of a readHeader, of a request or a response.
func (s *input) readHeader(
	content []*spec.MediaType, lines []string, valid func(strictjson.Value) bool,
) (v strictjson.Value, count int, fault string) {
	s.text = strings.Join(lines, ", ")
	switch {
	case len(lines) == 0:
	case len(content) > 0:
		v, fault = readContent(content, s.text)
	case s.schema == nil, !slices.Contains(styles["header"], s.style):
	case isSetCookie(s.name):
		v = readLines(lines, s.shapes, valid)
	case isDate(s.name) && s.shapes&array != 0:
		v = strictjson.FromAny([]any{s.text})
	default:
		v, fault = s.read(valid)
	}
	if s.shapes&(array|object) != 0 {
		return v, min(1, len(lines)), fault
	}
	return v, CountLines(s.name, lines), fault
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

// CountLines says how often a header was sent that is neither a list nor an object by its schema. What may come in several
// lines counts once: Set-Cookie, and a date that was split at its comma, as some browsers do when they save a HAR.
func CountLines(name string, lines []string) int {
	if len(lines) > 1 && isDate(name) {
		if _, err := http.ParseTime(strings.Join(lines, ", ")); err == nil {
			return 1
		}
	}
	if isSetCookie(name) {
		return min(1, len(lines))
	}
	return len(lines)
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
