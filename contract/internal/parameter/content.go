package parameter

import (
	"net/url"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// IsText reports whether strings of the value may stand for numbers and booleans. In JSON they do not.
func IsText(content []*spec.MediaType) bool {
	return len(content) != 1 || media.KindOf(content[0].Name) != media.JSON
}

// readContent reads a text of a media type: JSON strictly, a form as an object, anything else as one string. There is no
// value if the schema does not allow a string. JSON may have both a value and a problem.
func readContent(content []*spec.MediaType, text string) (v strictjson.Value, problem string) {
	if len(content) != 1 {
		return v, "" // OpenAPI allows only one
	}
	m := content[0]
	switch kind := media.KindOf(m.Name); {
	case kind == media.JSON:
		v, errs, _ := strictjson.Parse([]byte(text))
		if len(errs) > 0 {
			problem = errs[0].Got
		}
		return v, problem
	case kind == media.Form:
		return ReadForm(m.Schema, ParseQuery(text).Pairs)
	case shapesOf(m.Schema)&plain != 0:
		return strictjson.FromText(text), ""
	}
	return v, ""
}

// ReadForm reads the pairs of a form as an object. There must be at least one.
func ReadForm(s *spec.Schema, pairs []Pair) (v strictjson.Value, problem string) {
	form := input{schema: s, pairs: pairs, encoding: queryEncoded}
	return form.readMembers()
}

// readWhole reads the whole query as one value (OpenAPI 3.2). A form decodes its pairs itself.
func readWhole(p *spec.Parameter, q Query) (v strictjson.Value, problem string) {
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
