package probe

import (
	"bytes"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A value is invented if nobody said that it is right: it was made from the schema, and is no example, default, choice or bound
// of the document. A provider may refuse it for reasons that a schema cannot say:
//
//	{kind: cat}            cat is of an enum             not invented
//	{limit: 1}             1 is the minimum              not invented
//	{flow_id: "8c4a…"}     any UUID, which nothing has   invented
//	?page_token=text       a token of the provider's     invented

// isInvented reports whether a value, or a member of it, is invented. A value without a schema is. true, false and null are not:
// a schema that allows them names them.
func (d *deriver) isInvented(s *spec.Schema, value any) bool {
	if s == nil {
		return isFreeScalar(value)
	}
	if names(s, value) || names(sample.Resolve(s), value) {
		return false
	}
	s = sample.Resolve(s)
	for _, alternative := range slices.Concat(s.OneOf, s.AnyOf) {
		if d.takes(alternative, value) && !d.isInvented(alternative, value) {
			return false
		}
	}
	properties, _ := sample.Members(s)
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if d.isInvented(sample.Property(properties, name), member) {
				return true
			}
		}
		return false
	case []any:
		for i, one := range v {
			if d.isInvented(sample.Element(s, i), one) {
				return true
			}
		}
		return false
	}
	return isFreeScalar(value)
}

// isFreeScalar reports whether a value is a text or a number.
func isFreeScalar(value any) bool {
	switch v := value.(type) {
	case nil, bool:
		return false
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return true
}

// names reports whether a schema has a value as an example, default, choice or bound.
func names(s *spec.Schema, value any) bool {
	known := sample.Choices(s)
	for _, n := range slices.Concat([]*spec.Node{s.Example, s.Default, s.Minimum, s.Maximum}, s.Examples) {
		if sample.IsGiven(n) {
			known = append(known, withoutReadOnly(s, n.Value()))
		}
	}
	return slices.ContainsFunc(known, func(v any) bool { return sample.PlainText(v) == sample.PlainText(value) })
}

// inventsBody reports whether the body of a request is invented: it is no example of the document.
func (d *deriver) inventsBody(r contract.Request) bool {
	if r.Body == nil {
		return false
	}
	for _, content := range d.contents() {
		for _, example := range sample.Examples(content.Example, content.Examples) {
			body, _, ok := d.encodeBody(content, withoutReadOnly(content.Schema, example))
			if ok && bytes.Equal(body, r.Body) {
				return false
			}
		}
	}
	content := jsonOf(d.contents())
	isJSON := content != nil && media.KindOf(r.Header.Get("Content-Type")) == media.JSON
	return !isJSON || d.isInvented(content.Schema, decode(r.Body))
}
