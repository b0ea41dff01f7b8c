package probe

import (
	"encoding/json"
	"maps"
	"mime"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
)

// jsonBody is the JSON that an operation takes, nil if it takes none.
func (d *deriver) jsonBody() (mediaType string, content *openapi3.MediaType) {
	if d.op.Spec.RequestBody == nil || d.op.Spec.RequestBody.Value == nil {
		return "", nil
	}
	return jsonOf(d.op.Spec.RequestBody.Value.Content)
}

// jsonOf is what a document says of the JSON among several media types, nil if there is none.
func jsonOf(known openapi3.Content) (mediaType string, content *openapi3.MediaType) {
	for _, name := range slices.Sorted(maps.Keys(known)) {
		base, _, err := mime.ParseMediaType(name)
		if err == nil && (base == "application/json" || strings.HasSuffix(base, "+json")) {
			return name, known[name]
		}
	}
	return "", nil
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

// bodyExamples are the examples of a body by their names, without what only answers have.
func bodyExamples(content *openapi3.MediaType) map[string]any {
	examples := map[string]any{}
	for name, ref := range content.Examples {
		if ref.Value != nil && ref.Value.Value != nil {
			examples[name] = writable(content.Schema, ref.Value.Value, 0)
		}
	}
	return examples
}

// sampleBody makes a body that the operation takes: an example, else one of the schema.
func sampleBody(content *openapi3.MediaType, all bool) (any, bool) {
	candidates := []any{}
	if content.Example != nil {
		candidates = append(candidates, writable(content.Schema, content.Example, 0))
	}
	examples := bodyExamples(content)
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		candidates = append(candidates, examples[name])
	}
	if v, ok := sampleOfBody(content.Schema, all); ok {
		candidates = append(candidates, v)
	}
	for _, v := range candidates {
		if content.Schema == nil || content.Schema.Value == nil || takes(content.Schema.Value, v) {
			return v, true
		}
	}
	return nil, false
}

// sampleOfBody makes a body from the schema alone, if that takes it.
func sampleOfBody(schema *openapi3.SchemaRef, all bool) (any, bool) {
	v, ok := sample(schema, all, 0)
	if !ok {
		return nil, false
	}
	v = writable(schema, v, 0)
	return v, takes(schema.Value, v)
}

// writable leaves out the members that only answers have.
func writable(schema *openapi3.SchemaRef, value any, depth int) any {
	if schema == nil || schema.Value == nil || depth > maxDepth {
		return value
	}
	s := schema.Value
	switch v := value.(type) {
	case map[string]any:
		properties, _ := members(s, 0)
		kept := map[string]any{}
		for name, member := range v {
			property := properties[name]
			if property == nil || property.Value == nil || !property.Value.ReadOnly {
				kept[name] = writable(property, member, depth+1)
			}
		}
		return kept
	case []any:
		kept := []any{}
		for _, element := range v {
			kept = append(kept, writable(s.Items, element, depth+1))
		}
		return kept
	}
	return value
}

// validBodies sends each named example, what is required alone, and everything.
func (d *deriver) validBodies() {
	mediaType, content := d.jsonBody()
	if content == nil {
		return
	}
	send := func(name string, value any) {
		d.add(name, contract.ValidRequest, Reader, func(r *contract.Request) { setBody(r, mediaType, value) })
	}
	examples := bodyExamples(content)
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		send("body-example="+name, examples[name])
		if content.Schema != nil && content.Schema.Value != nil && !takes(content.Schema.Value, examples[name]) {
			d.probes[len(d.probes)-1].Skip = "the document's own schema does not take its example"
		}
	}
	if v, ok := sampleOfBody(content.Schema, false); ok {
		send("body-required-only", v)
	}
	if v, ok := sampleOfBody(content.Schema, true); ok {
		send("body-complete", v)
	}
}

// invalidBodies breaks what the document says of the body once each: its media type, that it is JSON, its members and
// their values.
func (d *deriver) invalidBodies() {
	mediaType, content := d.jsonBody()
	if content == nil {
		return
	}
	d.invalid("body-not-json", func(r *contract.Request) {
		r.Body = []byte(`{"`)
		r.Header.Set("Content-Type", mediaType)
	})
	if d.op.Spec.RequestBody.Value.Required {
		d.invalid("body-missing", func(r *contract.Request) { r.Body = nil; r.Header.Del("Content-Type") })
	}
	whole, ok := sampleBody(content, true)
	if !ok {
		return
	}
	if other := otherMediaType(d.op.Spec.RequestBody.Value.Content); other != "" {
		d.invalid("body-other-media-type", func(r *contract.Request) { setBody(r, other, whole) })
	}
	if content.Schema == nil || content.Schema.Value == nil {
		return
	}
	for _, b := range breakingIn(content.Schema.Value, whole, 0) {
		if !takes(content.Schema.Value, b.value) {
			d.invalid("body-"+b.name, func(r *contract.Request) { setBody(r, mediaType, b.value) })
		}
	}
}

// otherMediaType is one that a document does not have; "" where it has any.
func otherMediaType(content openapi3.Content) string {
	for _, other := range []string{"text/plain", "image/png"} {
		kind, _, _ := strings.Cut(other, "/")
		if !slices.ContainsFunc(slices.Collect(maps.Keys(content)), func(known string) bool {
			base, _, _ := strings.Cut(known, ";")
			return base == other || base == kind+"/*" || base == "*/*"
		}) {
			return other
		}
	}
	return ""
}
