package bodies

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// readForm reads a form as an object. A form is written like a query: each property with an encoding is read as a parameter
// of a query would be, by its style or its content type, and the others as they stand, a list where a name comes again.
func readForm(
	text string, m *spec.MediaType, valid func(*spec.Schema, strictjson.Value) bool,
) (b Body, faults []SyntaxError) {
	if f, bad := badPair(text); bad {
		return b, []SyntaxError{f}
	}
	query, members, kinds := parameter.ParseQuery(text), map[string]any{}, map[string]media.Kind{}
	note := func(name, why string) {
		faults = append(faults, SyntaxError{ID: "body/form-value", Pointer: "/" + pointer.Escape(name), Want: "a value as its encoding writes it", Got: why, RFC: "OpenAPI"})
	}
	for _, e := range m.Encoding {
		if kind := media.KindOf(e.ContentType); e.Style == "form" && e.Explode && kind != media.JSON {
			if e.ContentType != "" {
				kinds[e.Property] = kind
			}
			continue // as it stands
		}
		p := asParameter(e, m.Schema.Property(e.Property))
		isValid := func(v strictjson.Value) bool { return valid(p.Schema, v) }
		v, sent, fault := parameter.Read(p, parameter.Raw{Query: query}, isValid)
		query.Pairs = slices.DeleteFunc(query.Pairs, func(pair parameter.Pair) bool { return parameter.Owns(p, pair.Name) })
		switch {
		case fault == parameter.Empty:
			members[e.Property] = ""
		case fault != "":
			note(e.Property, fault)
		case v.Exists():
			members[e.Property] = v.Any()
		case sent > 0 && p.Schema != nil: // nothing reads its style
			members[e.Property], b.Unread = "", append(b.Unread, e.Property)
		}
	}
	if len(query.Pairs) > 0 {
		object, fault := parameter.ReadForm(m.Schema, query.Pairs)
		if fault != "" {
			note("", fault)
		}
		for name, v := range object.Members() {
			property := m.Schema.Property(name)
			members[name] = withJSON(property, v)
			if kind, named := kinds[name]; named && hasText(members[name]) && isUnread(kind, ofPart(property)) {
				b.Unread = append(b.Unread, name)
			}
		}
	}
	b.Value = strictjson.FromAny(members)
	return b, faults
}

// hasText reports whether a value is a text, or a list with one.
func hasText(v any) bool {
	list, _ := v.([]any)
	_, isText := v.(string)
	return isText || slices.ContainsFunc(list, hasText)
}

// badPair finds the first pair that is not percent-encoded as it must be.
func badPair(text string) (SyntaxError, bool) {
	n := 0
	for pair := range strings.SplitSeq(text, "&") {
		n++
		if _, err := url.QueryUnescape(pair); err != nil {
			return SyntaxError{ID: "body/form-syntax", Want: "pairs that are percent-encoded", Got: fmt.Sprintf("a wrong escape in pair %d", n), RFC: "RFC 3986"}, true
		}
	}
	return SyntaxError{}, false
}

// asParameter makes a parameter of a query that is written as a property is.
func asParameter(e spec.Encoding, s *spec.Schema) *spec.Parameter {
	p := &spec.Parameter{Name: e.Property, In: "query", Style: e.Style, Explode: e.Explode, AllowReserved: e.AllowReserved, Schema: s}
	if e.Style == "form" && media.KindOf(e.ContentType) == media.JSON {
		p.Content = []*spec.MediaType{{Name: e.ContentType, Schema: s}}
	}
	return p
}

// withJSON gives a text, or the value that it is as JSON if the schema takes no text: without an encoding, objects are
// written as JSON, also those of a list (OpenAPI, Encoding Object).
func withJSON(s *spec.Schema, v strictjson.Value) any {
	if v.Kind() == strictjson.Array {
		list := []any{}
		for _, element := range v.Elements() {
			list = append(list, withJSON(ofPart(s), element))
		}
		return list
	}
	if v.Kind() == strictjson.String && !takesText(s) {
		if parsed, faults, ok := strictjson.Parse([]byte(v.Text())); ok && len(faults) == 0 {
			return parsed.Any()
		}
	}
	return v.Any()
}
