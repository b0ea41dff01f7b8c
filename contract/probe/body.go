package probe

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// jsonBody is the JSON that the operation takes, nil if it takes none.
func (d *deriver) jsonBody() *spec.MediaType {
	if d.op.Body == nil {
		return nil
	}
	return jsonOf(d.op.Body.Content)
}

// jsonOf is the JSON among several media types, nil if there is none.
func jsonOf(known []*spec.MediaType) *spec.MediaType {
	for _, content := range known {
		if base := strings.ToLower(baseType(content)); (media.Type{Name: base}).Kind() == media.JSON {
			return content
		}
	}
	return nil
}

// setBody gives a request a JSON body.
func setBody(r *contract.Request, mediaType string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	r.Body = text
	r.Header.Set("Content-Type", mediaType)
}

// sampleBody makes a body that the operation takes: an example, else one of the schema.
func (d *deriver) sampleBody(content *spec.MediaType, all bool) (any, bool) {
	for _, v := range examples(content.Example, content.Examples) {
		if v = writable(content.Schema, v); content.Schema == nil || d.takes(content.Schema, v) {
			return v, true
		}
	}
	return d.sampleOfBody(content.Schema, all)
}

// sampleOfBody makes a body from the schema alone, if that takes it.
func (d *deriver) sampleOfBody(s *spec.Schema, all bool) (any, bool) {
	v, ok := d.sample(s, all)
	if !ok {
		return nil, false
	}
	v = writable(s, v)
	return v, d.takes(s, v)
}

// writable leaves out the members that only responses have.
func writable(s *spec.Schema, value any) any {
	if s == nil {
		return value
	}
	s = target(s)
	switch v := value.(type) {
	case map[string]any:
		properties, _ := members(s)
		kept := map[string]any{}
		for name, member := range v {
			if p := property(properties, name); p == nil || !isReadOnly(p) {
				kept[name] = writable(p, member)
			}
		}
		return kept
	case []any:
		kept := []any{}
		for i, member := range v {
			kept = append(kept, writable(element(s, i), member))
		}
		return kept
	}
	return value
}

// validBodies sends each named example, what is required alone, and everything.
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
		value := writable(content.Schema, example.Value.Value())
		made := send("body-example="+example.Name, value)
		if content.Schema != nil && !d.takes(content.Schema, value) {
			made.Skip = "the document's own schema does not take its example"
		}
	}
	if v, ok := d.sampleOfBody(content.Schema, false); ok {
		send("body-required-only", v)
	}
	if v, ok := d.sampleOfBody(content.Schema, true); ok {
		send("body-complete", v)
	}
}

// invalidBodies breaks what the document says of the body once each: its media type, that it is JSON, its members and
// their values.
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
	for _, b := range d.breakingIn(content.Schema, whole, 0) {
		if !d.takes(content.Schema, b.value) {
			d.invalid("body-"+b.name, func(r *contract.Request) { setBody(r, content.Name, b.value) })
		}
	}
}

// otherMediaType is one that a document does not have; "" where it has any.
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
