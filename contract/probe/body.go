package probe

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Only JSON bodies are derived. A valid one is an example of the document, or is made from the schema. An invalid one is a copy
// of a valid one with one thing wrong, so that a refusal has one cause. For the body {"name": "x", "size": 1}:
//
//	body-name-missing       {"size": 1}
//	body-size-other-type    {"name": "x", "size": "text"}
//	body-further-member     {"name": "x", "size": 1, "quotaspecProbe": true}
//
// The judge has the last word: a copy that the schema takes all the same is left out.

// jsonBody is the operation's JSON request body, or nil.
func (d *deriver) jsonBody() *spec.MediaType {
	if d.op.Body == nil {
		return nil
	}
	return jsonOf(d.op.Body.Content)
}

// jsonOf is the first JSON media type, or nil.
func jsonOf(known []*spec.MediaType) *spec.MediaType {
	for _, content := range known {
		if base := strings.ToLower(baseType(content)); (media.Type{Name: base}).Kind() == media.JSON {
			return content
		}
	}
	return nil
}

// setBody sets a JSON body and its Content-Type.
func setBody(r *contract.Request, mediaType string, value any) {
	r.Body, _ = json.Marshal(value) // values of a document are JSON
	r.Header.Set("Content-Type", mediaType)
}

// sampleBody makes a valid body: the first valid example, else one from the schema. all includes optional members.
func (d *deriver) sampleBody(content *spec.MediaType, all bool) (any, bool) {
	for _, v := range examples(content.Example, content.Examples) {
		if v = withoutReadOnly(content.Schema, v); content.Schema == nil || d.takes(content.Schema, v) {
			return v, true
		}
	}
	return d.sampleOfBody(content.Schema, all)
}

// sampleOfBody makes a valid body from the schema alone.
func (d *deriver) sampleOfBody(s *spec.Schema, all bool) (any, bool) {
	v, ok := d.sample(s, all)
	if !ok {
		return nil, false
	}
	v = withoutReadOnly(s, v)
	return v, d.takes(s, v)
}

// withoutReadOnly copies a value without the members that only responses have.
func withoutReadOnly(s *spec.Schema, value any) any {
	if s == nil {
		return value
	}
	s = resolve(s)
	switch v := value.(type) {
	case map[string]any:
		properties, _ := members(s)
		object := map[string]any{}
		for name, member := range v {
			if p := property(properties, name); p == nil || !isReadOnly(p) {
				object[name] = withoutReadOnly(p, member)
			}
		}
		return object
	case []any:
		list := []any{}
		for i, member := range v {
			list = append(list, withoutReadOnly(element(s, i), member))
		}
		return list
	}
	return value
}

// validBodies adds requests with each named example, with the required members alone, and with all members.
func (d *deriver) validBodies() {
	content := d.jsonBody()
	if content == nil {
		return
	}
	send := func(name string, value any) *Probe {
		return d.add(name, spec.ValidRequest, Reader, func(r *contract.Request) { setBody(r, content.Name, value) })
	}
	for _, example := range content.Examples {
		if !isGiven(example.Value) {
			continue
		}
		value := withoutReadOnly(content.Schema, example.Value.Value())
		made := send("body-example="+example.Name, value)
		if content.Schema != nil && !d.takes(content.Schema, value) {
			made.Skip = "the example does not match its schema"
		}
	}
	if v, ok := d.sampleOfBody(content.Schema, false); ok {
		send("body-required-only", v)
	}
	if v, ok := d.sampleOfBody(content.Schema, true); ok {
		send("body-complete", v)
	}
}

// invalidBodies adds requests that each break one thing about the body: that it is JSON, that it is there, its media type, its
// members or their values.
func (d *deriver) invalidBodies() {
	content := d.jsonBody()
	if content == nil {
		return
	}
	d.invalid("body-not-json", func(r *contract.Request) {
		r.Body = []byte(`{"`)
		r.Header.Set("Content-Type", content.Name)
	})
	if d.op.Body.Required {
		d.invalid("body-missing", func(r *contract.Request) { r.Body = nil; r.Header.Del("Content-Type") })
	}
	whole, ok := d.sampleBody(content, true)
	if !ok {
		whole, ok = d.sampleBody(content, false)
	}
	if !ok {
		return
	}
	if other := otherMediaType(d.op.Body.Content); other != "" {
		d.invalid("body-other-media-type", func(r *contract.Request) { setBody(r, other, whole) })
	}
	for _, b := range d.invalidCopies(content.Schema, whole, 0) {
		if !d.takes(content.Schema, b.value) {
			d.invalid("body-"+b.name, func(r *contract.Request) { setBody(r, content.Name, b.value) })
		}
	}
}

// otherMediaType is a media type that is not among the known ones; "" if they allow any.
func otherMediaType(known []*spec.MediaType) string {
	for _, other := range []string{"text/plain", "image/png"} {
		kind, _, _ := strings.Cut(other, "/")
		if !slices.ContainsFunc(known, func(content *spec.MediaType) bool {
			base := baseType(content)
			return base == other || base == kind+"/*" || base == "*/*"
		}) {
			return other
		}
	}
	return ""
}
