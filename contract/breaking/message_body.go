package breaking

import (
	"encoding/json"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// requestBody makes the body of a request.
func (s *search) requestBody(old, new *spec.Operation) (content, bool) {
	oldMedia, newMedia := mediaPair(element{op: old}.contents(false), element{op: new}.contents(false))
	return s.body(s.requestMaker(), oldMedia, newMedia)
}

// mediaPair chooses a media type, if possible one that both documents have.
func mediaPair(old, new []*spec.MediaType) (oldMedia, newMedia *spec.MediaType) {
	common := []*spec.MediaType{}
	for _, m := range new {
		if mediaType(old, m.Name) != nil {
			common = append(common, m)
		}
	}
	switch {
	case len(common) > 0:
		newMedia = mediaOf(common)
		return mediaType(old, newMedia.Name), newMedia
	case len(new) > 0:
		return nil, mediaOf(new)
	}
	return mediaOf(old), nil
}

// body makes a body that both media types take, if there is one. ok is false if none could be made.
func (s *search) body(m maker, old, new *spec.MediaType) (c content, ok bool) {
	of := either(new, old)
	if of == nil {
		return content{}, true
	}
	value, ok := s.bodyValue(m, old, new)
	if !ok {
		return content{mediaType: sample.ContentType(of)}, false
	}
	return write(of, value)
}

// write writes a value as a body. Bytes that no judge reads are a short text.
func write(of *spec.MediaType, value any) (c content, ok bool) {
	switch sample.KindOf(of) {
	case media.Lines:
		return writeItems(of, value, "")
	case media.Records:
		return writeItems(of, value, "\x1e")
	}
	if value == nil && sample.KindOf(of) != media.JSON {
		return content{}, false // only JSON has null
	}
	_, isText := value.(string)
	if sample.KindOf(of) == media.Other && !isText {
		value = "text"
	}
	data, mediaType, ok := sample.Body(of, value)
	return content{mediaType, data}, ok && len(data) > 0
}

// writeItems writes a list as JSON texts, one a line. Any other value is the only item.
func writeItems(of *spec.MediaType, value any, before string) (c content, ok bool) {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	c.mediaType = sample.ContentType(of)
	for _, item := range list {
		data, err := json.Marshal(item)
		if err != nil {
			return c, false
		}
		c.data = append(append(append(c.data, before...), data...), '\n')
	}
	return c, len(list) > 0
}

// rootOf is the schema of a body, or that of its items if there is no other; nil for a body that the document does not have.
func rootOf(m *spec.MediaType) *spec.Schema {
	if m == nil {
		return nil
	}
	return either(m.Schema, m.ItemSchema)
}

func (s *search) bodyValue(m maker, old, new *spec.MediaType) (any, bool) {
	both := schemas{rootOf(old), rootOf(new)}
	if both != (schemas{}) {
		if v, ok := m.value(both, 0); ok && m.takes(both, v) {
			return v, true
		}
	}
	var first any
	for _, of := range []*spec.MediaType{new, old} {
		if of == nil {
			continue
		}
		for _, v := range sample.Examples(of.Example, of.Examples) {
			if m.takes(both, v) {
				return v, true
			}
			if first == nil {
				first = v
			}
		}
	}
	switch {
	case first != nil:
		return first, true
	case both != (schemas{}):
		return m.value(both, 0)
	case sample.KindOf(either(new, old)) == media.JSON:
		return map[string]any{}, true
	}
	return "text", true
}

// useExample takes an example of the documents for the body, if more of them accept it than the one that was made: rules may
// say what no schema does.
func (s *search) useExample(b *base, p part, old, new *spec.MediaType) {
	accepting := func(b base) (n int) {
		for _, v := range []struct {
			*version
			op *spec.Operation
		}{{s.old, p.old.op}, {s.new, p.new.op}} {
			if v.op == nil {
				continue
			}
			if o, ok := v.opinion(b.exchange(), contract.Consumer); ok && o.accepts {
				n++
			}
		}
		return n
	}
	best := accepting(*b)
	if best == 2 || best == 1 && (p.old.op == nil || p.new.op == nil) {
		return
	}
	for _, of := range []*spec.MediaType{new, old} {
		if of == nil {
			continue
		}
		for _, value := range sample.Examples(of.Example, of.Examples) {
			with := *b
			with.isUnknown = false
			var ok bool
			if with.response, ok = write(of, value); !ok {
				continue
			}
			if n := accepting(with); n > best {
				*b, best = with, n
			}
		}
	}
}

// hasNoBody reports whether a response cannot have a body (RFC 9110, 6.4.1).
func hasNoBody(method string, status int) bool {
	return method == "HEAD" || status < 200 || status == 204 || status == 304
}
