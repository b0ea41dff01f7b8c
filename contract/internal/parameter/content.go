package parameter

import (
	"net/url"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// IsText reports whether the strings of a value that was read are texts, of which a schema may make numbers. Those of JSON
// are not.
func IsText(content []*spec.MediaType) bool {
	return len(content) != 1 || media.KindOf(content[0].Name) != media.JSON
}

// readContent reads a text of a media type: JSON strictly, a form as an object, anything else as it is. There is no value if
// the schema wants more than a text. JSON with a fault may have a value.
func readContent(content []*spec.MediaType, text string) (v strictjson.Value, fault string) {
	if len(content) != 1 {
		return v, "" // OpenAPI allows one
	}
	m := content[0]
	switch kind := media.KindOf(m.Name); {
	case kind == media.JSON:
		v, faults, _ := strictjson.Parse([]byte(text))
		if len(faults) > 0 {
			fault = faults[0].Got
		}
		return v, fault
	case kind == media.Form:
		return ReadForm(m.Schema, ParseQuery(text).Pairs)
	case shapesOf(m.Schema)&plain != 0:
		return strictjson.FromText(text), ""
	}
	return v, ""
}

// ReadForm reads the pairs of a form as an object. It has at least one.
func ReadForm(s *spec.Schema, pairs []Pair) (v strictjson.Value, fault string) {
	form := input{schema: s, pairs: pairs, encoding: queryEncoded}
	return form.readMembers()
}

// readWhole reads a whole query (OpenAPI 3.2). That of a form keeps its escapes, which the form decodes.
func readWhole(p *spec.Parameter, q Query) (v strictjson.Value, fault string) {
	if q.Text == "" || len(p.Content) != 1 {
		return v, ""
	}
	text := q.Text
	if media.KindOf(p.Content[0].Name) != media.Form {
		var err error
		if text, err = url.PathUnescape(text); err != nil {
			return v, badEscape
		}
	}
	return readContent(p.Content, text)
}
