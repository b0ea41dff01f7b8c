package probe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A valid body is an example of the document, or is made from the schema. An invalid one is a copy of a valid one with one thing
// wrong, so that a refusal has one cause. For the body {"name": "x", "size": 1}:
//
//	body-name-missing       {"size": 1}
//	body-size-other-type    {"name": "x", "size": "text"}
//	body-further-member     {"name": "x", "size": 1, "quotaspecProbe": true}
//
// The values are the same for JSON and for forms. An operation that takes several media types has
// such probes for the first of each kind, with names such as form-size-other-type for all but the first.
//
// The judge has the last word: a copy that the document allows all the same is left out, such as a number in a form where a text
// is wanted, which looks like one.

// prefixes begin the names of probes with a body, by its kind, unless it is the first of its operation.
var prefixes = map[media.Kind]string{media.JSON: "json-", media.Form: "form-", media.FormData: "multipart-"}

// contents are the media types of the operation's body that are written, at most one of each kind: JSON and forms. Only if there
// are none, it is a plain text or bytes.
func (d *deriver) contents() []*spec.MediaType {
	if d.op.Body == nil {
		return nil
	}
	list := []*spec.MediaType{}
	for _, kind := range []media.Kind{media.JSON, media.Form, media.FormData} {
		if content := firstOf(d.op.Body.Content, kind); content != nil {
			list = append(list, content)
		}
	}
	for _, content := range d.op.Body.Content {
		kind := sample.KindOf(content)
		isRaw := kind == media.Text || sample.ContentType(content) == sample.Octets
		if len(list) == 0 && isRaw {
			list = append(list, content)
		}
	}
	return list
}

// firstOf is the first media type of a kind, or nil.
func firstOf(known []*spec.MediaType, kind media.Kind) *spec.MediaType {
	i := slices.IndexFunc(known, func(content *spec.MediaType) bool { return sample.KindOf(content) == kind })
	if i < 0 {
		return nil
	}
	return known[i]
}

// jsonOf is the first JSON media type, or nil.
func jsonOf(known []*spec.MediaType) *spec.MediaType { return firstOf(known, media.JSON) }

// addBody adds the first body that has a valid value. why is the reason why a required body has none.
func (d *deriver) addBody(r *contract.Request) (why string) {
	if d.op.Body == nil {
		return ""
	}
	contents := d.contents()
	for _, content := range contents {
		if value, ok := d.sampleBody(content, false); ok && d.setBody(r, content, value) {
			return ""
		}
	}
	switch {
	case !d.op.Body.Required:
		return ""
	case len(contents) == 0:
		names := []string{}
		for _, content := range d.op.Body.Content {
			names = append(names, sample.BaseType(content))
		}
		return "no value for the request body: probes cannot write " + cmp.Or(strings.Join(names, ", "), "a body without content")
	}
	return "no value for the request body"
}

// setBody sets a body and its Content-Type. ok is false if the media type cannot express the value; the request is then unchanged.
func (d *deriver) setBody(r *contract.Request, content *spec.MediaType, value any) (ok bool) {
	body, contentType, ok := d.encodeBody(content, value)
	if ok {
		r.Body = body
		r.Header.Set("Content-Type", contentType)
	}
	return ok
}

// encodeBody writes a value in a media type. The headers that parts require get values as those of a request do.
func (d *deriver) encodeBody(content *spec.MediaType, value any) (body []byte, contentType string, ok bool) {
	return sample.Body(content, value, func(h *spec.Parameter) (any, bool) {
		value, _, ok := d.valueOf(h, nil)
		return value, ok
	})
}

// sampleBody makes a valid body: the first valid example, else one from the schema. all includes optional members.
func (d *deriver) sampleBody(content *spec.MediaType, all bool) (any, bool) {
	for _, v := range sample.Examples(content.Example, content.Examples) {
		if v = withoutReadOnly(content.Schema, v); d.isValid(content, v) {
			return v, true
		}
	}
	return d.sampleOfBody(content, all)
}

// sampleOfBody makes a valid body from the schema alone. Bytes of any kind are a short text.
func (d *deriver) sampleOfBody(content *spec.MediaType, all bool) (any, bool) {
	isRaw := prefixes[sample.KindOf(content)] == ""
	if content.Schema == nil && isRaw {
		return "text", true
	}
	v, ok := d.sample(content.Schema, all)
	if !ok {
		return nil, false
	}
	v = withoutReadOnly(content.Schema, v)
	return v, d.isValid(content, v)
}

// isValid reports whether a value is a valid body. JSON is judged as a value. Of any other media type the judge reads the bytes,
// in which a number and a text may look alike.
func (d *deriver) isValid(content *spec.MediaType, value any) bool {
	if sample.KindOf(content) == media.JSON {
		return content.Schema == nil || d.takes(content.Schema, value)
	}
	r := contract.Request{Method: d.op.Method, Target: escapeTarget(pathOf(d.op)), Header: map[string][]string{}}
	if !d.setBody(&r, content, value) {
		return false
	}
	ex := contract.Exchange{Probe: spec.ValidRequest, Request: r, Unrecorded: contract.UnrecordedResponse}
	return !slices.ContainsFunc(d.check(ex).Findings, func(f contract.Finding) bool {
		return strings.HasPrefix(f.Pointer, "/request/body") && f.Evidence.Grade < spec.Undocumented
	})
}

// withoutReadOnly copies a value without the members that only responses have.
func withoutReadOnly(s *spec.Schema, value any) any { return sample.Maker{}.Sent(s, value) }

// validBodies adds requests with each named example, with the required members alone, and with all members.
func (d *deriver) validBodies() {
	for i, content := range d.contents() {
		prefix := "body-"
		if i > 0 {
			prefix = prefixes[sample.KindOf(content)]
		}
		send := func(name string, value any) *Probe {
			return d.add(prefix+name, spec.ValidRequest, Reader, func(r *contract.Request) { d.setBody(r, content, value) })
		}
		for _, example := range content.Examples {
			if !sample.IsGiven(example.Value) {
				continue
			}
			value := withoutReadOnly(content.Schema, example.Value.Value())
			if made := send("example="+example.Name, value); !d.isValid(content, value) {
				made.Skip = "the example does not match its schema"
			}
		}
		if v, ok := d.sampleOfBody(content, false); ok {
			send("required-only", v)
		}
		if v, ok := d.sampleOfBody(content, true); ok {
			send("complete", v)
		}
	}
}

// invalidBodies adds requests that each break one thing about the body: that it is there, its media type, its syntax, its members
// or their values.
func (d *deriver) invalidBodies() {
	for i, content := range d.contents() {
		prefix := "body-"
		if i > 0 {
			prefix = prefixes[sample.KindOf(content)]
		}
		d.invalidContent(content, prefix)
	}
}

// invalidContent adds requests that each break one thing about the body of one media type. An empty body is a URL-encoded form
// without members, so that its absence is that of its required members.
func (d *deriver) invalidContent(content *spec.MediaType, prefix string) {
	kind := sample.KindOf(content)
	if broken, contentType := brokenSyntax(kind, content); broken != "" {
		d.invalid(prefix+"not-"+strings.TrimSuffix(prefixes[kind], "-"), content.Node, func(r *contract.Request) {
			r.Body = []byte(broken)
			r.Header.Set("Content-Type", contentType)
		})
	}
	if d.op.Body.Required && prefix == "body-" && kind != media.Form {
		d.invalid("body-missing", d.op.Body.Node, func(r *contract.Request) { r.Body = nil; r.Header.Del("Content-Type") })
	}
	if prefix == "body-" {
		d.wrongMediaType(content)
	}
	if prefixes[kind] == "" {
		return
	}
	whole, ok := d.sampleBody(content, true)
	if !ok {
		whole, ok = d.sampleBody(content, false)
	}
	if !ok {
		return
	}
	for _, b := range d.maker(false).Invalid(content.Schema, whole) {
		_, _, isWritten := d.encodeBody(content, b.Value)
		if isWritten && !d.isValid(content, b.Value) {
			d.invalid(prefix+b.Name, cmp.Or(b.About, content.Node), func(r *contract.Request) { d.setBody(r, content, b.Value) })
		}
	}
}

// brokenSyntax is a body that is not of its media type, with its Content-Type; "" for a kind that takes any text.
func brokenSyntax(kind media.Kind, content *spec.MediaType) (body, contentType string) {
	switch kind {
	case media.JSON:
		return `{"`, sample.ContentType(content)
	case media.FormData:
		return "text", sample.ContentType(content) // without a boundary
	}
	return "", ""
}

// wrongMediaType adds a request with a valid body under the name of a media type that the operation does not take. A form that
// need not be sent is left out: many servers take any other body for no form.
func (d *deriver) wrongMediaType(content *spec.MediaType) {
	if kind := sample.KindOf(content); !d.op.Body.Required && kind != media.JSON {
		return
	}
	other := otherMediaType(d.op.Body.Content)
	whole, ok := d.sampleBody(content, true)
	if !ok {
		whole, ok = d.sampleBody(content, false)
	}
	if other != "" && ok {
		d.invalid("body-other-media-type", d.op.Body.Node, func(r *contract.Request) {
			d.setBody(r, content, whole)
			r.Header.Set("Content-Type", other)
		})
	}
}

// otherMediaType is a media type that is not among the known ones; "" if they allow any.
func otherMediaType(known []*spec.MediaType) string {
	for _, other := range []string{"text/plain", "image/png"} {
		kind, _, _ := strings.Cut(other, "/")
		if !slices.ContainsFunc(known, func(content *spec.MediaType) bool {
			base := sample.BaseType(content)
			return base == other || base == kind+"/*" || base == "*/*"
		}) {
			return other
		}
	}
	return ""
}
