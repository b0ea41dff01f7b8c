package bodies

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxFormParts is how many parts a form may have.
const maxFormParts = 10_000

// formData is the state of reading one body of multipart/form-data (RFC 7578).
type formData struct {
	m      *spec.MediaType
	fields map[string][]any // the values of the parts of each name
	parts  []Part
	errors []SyntaxError
	unread []string // names with a part whose documented type this package cannot read
}

// readMultipart reads a form as an object. A part of JSON is its value, and any other part is a string. Several parts of
// one name are a list, and so is one part whose schema only allows a list. If the boundaries are broken there is no
// value. Two parts, without their boundaries:
//
//	Content-Disposition: form-data; name="meta"⏎Content-Type: application/json⏎⏎{"a": 1}
//	Content-Disposition: form-data; name="tag"⏎⏎x
//
// become {"meta": {"a": 1}, "tag": "x"}; if the schema of tag allows only a list, "tag": ["x"].
func readMultipart(t media.Type, data []byte, m *spec.MediaType) (b Body, errs []SyntaxError) {
	f := formData{m: m, fields: map[string][]any{}}
	if !f.read(t, data) {
		return Body{Unread: f.unread}, f.errors
	}
	members := map[string]any{}
	for name, list := range f.fields {
		members[name] = combine(list, m.Schema.Property(name))
	}
	return Body{Value: strictjson.FromAny(members), Parts: f.parts, Unread: f.unread}, f.errors
}

func (f *formData) report(id, at, want, got string) {
	if len(f.errors) < maxErrors {
		f.errors = append(f.errors, SyntaxError{id, at, want, got, "RFC 7578"})
	}
}

// read reads all parts, and reports whether it found their end.
func (f *formData) read(t media.Type, data []byte) bool {
	boundary, _ := t.Param("boundary")
	if boundary == "" {
		f.report("body/no-boundary", "", "a boundary parameter in the Content-Type", "none")
		return false
	}
	r := multipart.NewReader(bytes.NewReader(data), boundary)
	for count := 0; ; count++ {
		part, err := r.NextRawPart()
		isEnd := errors.Is(err, io.EOF) && bytes.Contains(data, []byte("--"+boundary+"--"))
		if isEnd {
			return true
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(part)
		}
		switch {
		case err != nil:
			f.report("body/not-multipart", "", "parts between boundaries and a final boundary", fmt.Sprintf("none after part %d", count))
			return false
		case count == maxFormParts:
			f.report("body/too-large", "", fmt.Sprintf("at most %d parts", maxFormParts), "more")
			return false
		}
		name, ok := fieldName(part)
		if !ok {
			f.report("body/part-name", "", "a Content-Disposition with a name", fmt.Sprintf("none in part %d", count+1))
			continue
		}
		contentType := part.Header.Get("Content-Type")
		f.checkType(name, contentType)
		for i, e := range f.m.Encoding {
			if e.Property == name && len(e.Headers) > 0 {
				f.parts = append(f.parts, Part{http.Header(part.Header), &f.m.Encoding[i]})
			}
		}
		f.fields[name] = append(f.fields[name], f.value(name, contentType, content))
	}
}

// fieldName returns the name of the form field that a part belongs to.
func fieldName(part *multipart.Part) (string, bool) {
	kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name, ok := params["name"]
	return name, ok && err == nil && kind == "form-data"
}

// checkType compares the type of a part with the types of its encoding, such as "image/png, image/*". A part without a
// type is text/plain (RFC 7578, 4.4).
func (f *formData) checkType(name, contentType string) {
	at, got := "/"+pointer.Escape(name), contentType
	if contentType == "" {
		contentType, got = "text/plain", "none, which means text/plain"
	}
	t, err := media.Parse(contentType)
	if err != nil {
		f.report("body/part-type", at, "a media type", got)
		return
	}
	for _, e := range f.m.Encoding {
		content := []*spec.MediaType{}
		for key := range strings.SplitSeq(e.ContentType, ",") {
			content = append(content, &spec.MediaType{Name: key})
		}
		switch {
		case e.Property != name || e.ContentType == "":
		case media.Best(content, t) == nil:
			f.report("body/part-type", at, e.ContentType, got)
		case isUnreadable(t.Kind(), partSchema(f.m.Schema.Property(name))) && !slices.Contains(f.unread, name):
			f.unread = append(f.unread, name)
		}
	}
}

// value reads one part. A part without a type is JSON if the schema does not allow a text and the part can be parsed.
func (f *formData) value(name, contentType string, content []byte) any {
	t, _ := media.Parse(contentType)
	isUntyped := contentType == "" && !allowsText(partSchema(f.m.Schema.Property(name)))
	if t.Kind() != media.JSON && !isUntyped {
		return string(content)
	}
	v, found := JSON("/"+pointer.Escape(name), content)
	if v.Exists() || !isUntyped {
		f.errors = append(f.errors, found...)
	}
	if !v.Exists() {
		return string(content)
	}
	return v.Any()
}

// combine returns the value of all parts of one name.
func combine(list []any, s *spec.Schema) any {
	_, isList := list[0].([]any)
	needsList := allowsOnly(s, "array") && !isList
	if len(list) > 1 || needsList {
		return list
	}
	return list[0]
}
