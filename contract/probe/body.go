package probe

import (
	"encoding/json"
	"maps"
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
	known := d.op.Spec.RequestBody.Value.Content
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if name == "application/json" || strings.HasSuffix(name, "+json") {
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

// sampleBody makes a body that the operation takes.
func sampleBody(content *openapi3.MediaType, all bool) (any, bool) {
	if content.Example != nil {
		return content.Example, true
	}
	for _, name := range slices.Sorted(maps.Keys(content.Examples)) {
		if example := content.Examples[name].Value; example != nil && example.Value != nil {
			return example.Value, true
		}
	}
	return sample(content.Schema, all, 0)
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
	for _, name := range slices.Sorted(maps.Keys(content.Examples)) {
		if example := content.Examples[name].Value; example != nil && example.Value != nil {
			send("body-example="+name, example.Value)
		}
	}
	if v, ok := sample(content.Schema, false, 0); ok {
		send("body-required-only", v)
	}
	if v, ok := sample(content.Schema, true, 0); ok {
		send("body-complete", v)
	}
}

// invalidBodies breaks what the schema says of the body once each: its members, their values, and that it is JSON.
func (d *deriver) invalidBodies() {
	mediaType, content := d.jsonBody()
	if content == nil {
		return
	}
	raw := func(name, contentType, text string) {
		d.invalid("body-"+name, func(r *contract.Request) {
			r.Body = []byte(text)
			r.Header.Set("Content-Type", contentType)
		})
	}
	raw("not-json", mediaType, `{"`)
	if d.op.Spec.RequestBody.Value.Required {
		d.invalid("body-missing", func(r *contract.Request) { r.Body = nil; r.Header.Del("Content-Type") })
	}
	whole, ok := sampleBody(content, true)
	object, isObject := whole.(map[string]any)
	if !ok || !isObject || content.Schema == nil || content.Schema.Value == nil {
		return
	}
	s := content.Schema.Value
	send := func(name string, change func(map[string]any)) {
		changed := maps.Clone(object)
		change(changed)
		if s.VisitJSON(changed, openapi3.EnableFormatValidation()) != nil {
			d.invalid("body-"+name, func(r *contract.Request) { setBody(r, mediaType, changed) })
		}
	}
	for _, name := range s.Required {
		send(name+"-missing", func(o map[string]any) { delete(o, name) })
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name].Value
		if property == nil || property.ReadOnly {
			continue
		}
		for _, b := range breaking(property) {
			send(name+"-"+b.name, func(o map[string]any) { o[name] = b.value })
		}
		send(name+"-other-type", func(o map[string]any) { o[name] = otherType(property) })
		send(name+"-null", func(o map[string]any) { o[name] = nil })
	}
	send("further-member", func(o map[string]any) { o["quotaspecProbe"] = true })
}

// otherType is a value of a type that the schema does not have.
func otherType(s *openapi3.Schema) any {
	if s.Type.Is(openapi3.TypeString) {
		return 7
	}
	return "text"
}
