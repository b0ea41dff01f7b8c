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

// readForm reads a URL-encoded form as an object. Its syntax is that of a query. So a property with an encoding of its
// own is read like a query parameter, by its style or content type. The remaining pairs are members as they are, and a
// repeated name is a list. With {encoding: {at: {style: deepObject}}}:
//
//	at[x]=1&name=a&tag=b&tag=c    {"at": {"x": "1"}, "name": "a", "tag": ["b", "c"]}
func readForm(
	text string, m *spec.MediaType, valid func(*spec.Schema, strictjson.Value) bool,
) (b Body, errs []SyntaxError) {
	if e, found := checkEscapes(text); found {
		return b, []SyntaxError{e}
	}
	query, members, kinds := parameter.ParseQuery(text), map[string]any{}, map[string]media.Kind{}
	report := func(name, problem string) {
		at, want := "/"+pointer.Escape(name), "a value in the syntax of its encoding"
		errs = append(errs, SyntaxError{"body/form-value", at, want, problem, "OpenAPI"})
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
		v, sent, problem := parameter.Read(p, parameter.Raw{Query: query}, isValid)
		query.Pairs = slices.DeleteFunc(query.Pairs, func(pair parameter.Pair) bool { return parameter.Owns(p, pair.Name) })
		switch {
		case problem == parameter.Empty:
			members[e.Property] = ""
		case problem != "":
			report(e.Property, problem)
		case v.Exists():
			members[e.Property] = v.Any()
		case sent > 0 && p.Schema != nil: // its style is unknown
			members[e.Property], b.Unread = "", append(b.Unread, e.Property)
		}
	}
	if len(query.Pairs) > 0 {
		object, problem := parameter.ReadForm(m.Schema, query.Pairs)
		if problem != "" {
			report("", problem)
		}
		for name, v := range object.Members() {
			property := m.Schema.Property(name)
			members[name] = textOrJSON(property, v)
			if kind, named := kinds[name]; named && hasText(members[name]) && isUnreadable(kind, partSchema(property)) {
				b.Unread = append(b.Unread, name)
			}
		}
	}
	b.Value = strictjson.FromAny(members)
	return b, errs
}

// hasText reports whether a value is a text or a list that contains one.
func hasText(v any) bool {
	list, _ := v.([]any)
	_, isText := v.(string)
	return isText || slices.ContainsFunc(list, hasText)
}

// checkEscapes returns an error for the first pair that is not correctly percent-encoded. If there is one, found is true.
func checkEscapes(text string) (e SyntaxError, found bool) {
	n := 0
	for pair := range strings.SplitSeq(text, "&") {
		n++
		if _, err := url.QueryUnescape(pair); err != nil {
			got := fmt.Sprintf("an invalid escape in pair %d", n)
			return SyntaxError{ID: "body/form-syntax", Want: "percent-encoded pairs", Got: got, RFC: "RFC 3986"}, true
		}
	}
	return SyntaxError{}, false
}

// asParameter returns the query parameter that is written like the property.
func asParameter(e spec.Encoding, s *spec.Schema) *spec.Parameter {
	p := &spec.Parameter{Name: e.Property, In: "query", Style: e.Style, Explode: e.Explode, Schema: s}
	p.AllowReserved = e.AllowReserved
	if e.Style == "form" && media.KindOf(e.ContentType) == media.JSON {
		p.Content = []*spec.MediaType{{Name: e.ContentType, Schema: s}}
	}
	return p
}

// textOrJSON parses a text as JSON if the schema does not allow a text. Otherwise it returns the text. By default a form has
// objects, also those in a list, as JSON (OpenAPI, Encoding Object).
func textOrJSON(s *spec.Schema, v strictjson.Value) any {
	if v.Kind() == strictjson.Array {
		list := []any{}
		for _, element := range v.Elements() {
			list = append(list, textOrJSON(partSchema(s), element))
		}
		return list
	}
	if v.Kind() == strictjson.String && !allowsText(s) {
		if parsed, errs, ok := strictjson.Parse([]byte(v.Text())); ok && len(errs) == 0 {
			return parsed.Any()
		}
	}
	return v.Any()
}
