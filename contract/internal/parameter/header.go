package parameter

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// ReadHeader reads a header of a response from its lines, as [Read] does for a request. The lines are joined with commas
// (RFC 9110, 5.3). Only the lines of Set-Cookie are separate values: the elements of a list, or, if the schema allows no
// list, each a value for the schema. Of those, ReadHeader returns the first invalid one, or else the first.
func ReadHeader(
	h *spec.Header, lines []string, valid func(strictjson.Value) bool,
) (v strictjson.Value, count int, problem string) {
	in := input{name: h.Name, style: "simple", explode: h.Explode, schema: h.Schema, shapes: shapesOf(h.Schema)}
	return in.readHeader(h.Content, lines, valid)
}

// readHeader reads the lines of a header of a request or a response.
func (in *input) readHeader(
	content []*spec.MediaType, lines []string, valid func(strictjson.Value) bool,
) (v strictjson.Value, count int, problem string) {
	in.text = strings.Join(lines, ", ")
	switch {
	case len(lines) == 0:
	case len(content) > 0:
		v, problem = readContent(content, in.text)
	case in.schema == nil, !slices.Contains(styles["header"], in.style):
	case isSetCookie(in.name):
		v = readLines(lines, in.shapes, valid)
	case isDate(in.name) && in.shapes&array != 0:
		v = strictjson.FromAny([]any{in.text})
	default:
		v, problem = in.read(valid)
	}
	if in.shapes&(array|object) != 0 {
		return v, min(1, len(lines)), problem
	}
	return v, CountLines(in.name, lines), problem
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

// CountLines returns how often a header was sent whose schema is neither a list nor an object. Two headers count once
// although they have several lines: Set-Cookie, and a date that was split at its comma, as some browsers do when they
// save a HAR.
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

// isDate reports whether the value of a header is a date, which contains a comma (RFC 9110, 5.6.7).
func isDate(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Date", "Expires", "Last-Modified", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Retry-After", "Sunset":
		return true
	}
	return false
}
