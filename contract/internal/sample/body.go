package sample

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A body is one value, which each media type writes in its own way. Members of forms follow their encoding in the document;
// without one, lists repeat their name and objects are JSON (OpenAPI, Encoding Object). The value
// {"name": "x", "tags": ["a", "b"], "photo": "text"} is:
//
//	urlencoded    name=x&photo=text&tags=a&tags=b
//	multipart     parts name, photo, tags and tags; photo is a file if its schema or encoding says that it has bytes
//
// A form has no null, and no value but an object.

// Octets is the media type of bytes without a meaning.
const Octets = "application/octet-stream"

// ContentType is the media type with which a body is sent. Of a range it is one that the range contains.
func ContentType(content *spec.MediaType) string {
	base := strings.ToLower(BaseType(content))
	if one := ranges[base]; one != "" {
		return one
	}
	return cmp.Or(content.Name, base)
}

// KindOf is the way to write a body.
func KindOf(content *spec.MediaType) media.Kind {
	base, _, _ := strings.Cut(ContentType(content), ";")
	return media.Type{Name: strings.ToLower(strings.TrimSpace(base))}.Kind()
}

// BaseType is the name of a media type without its parameters.
func BaseType(content *spec.MediaType) string {
	base, _, _ := strings.Cut(content.Name, ";")
	return strings.TrimSpace(base)
}

// ranges has a media type of each range that is written.
var ranges = map[string]string{
	"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain", "image/*": "image/png",
}

// Body writes a value in a media type. ok is false if that cannot express the value. The encoding of a part of a multipart body
// may require headers: headers find their values, and without such a function the part has none.
func Body(
	content *spec.MediaType, value any, headers ...func(h *spec.Parameter) (value any, ok bool),
) (body []byte, contentType string, ok bool) {
	contentType = ContentType(content)
	object, isObject := value.(map[string]any)
	switch kind := KindOf(content); {
	case kind == media.JSON:
		body, err := json.Marshal(value) // values of a document are JSON
		return body, contentType, err == nil
	case kind == media.Form && isObject:
		body, ok := encodeForm(content, object)
		return body, contentType, ok
	case kind == media.FormData && isObject:
		return encodeMultipart(content, object, headers)
	case kind == media.Form, kind == media.FormData:
		return nil, contentType, false
	}
	text := PlainText(value)
	return []byte(text), contentType, text != ""
}

// encodingOf returns the encoding of a property, or its default.
func encodingOf(content *spec.MediaType, name string) spec.Encoding {
	for _, e := range content.Encoding {
		if e.Property == name {
			return e
		}
	}
	return spec.Encoding{Property: name, Style: "form", Explode: true}
}

// encodeForm writes a URL-encoded form, its members sorted by name. A member with a style is written as a parameter with it.
func encodeForm(content *spec.MediaType, object map[string]any) ([]byte, bool) {
	pairs := []string{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		e, value := encodingOf(content, name), object[name]
		isJSON, isPlain := media.KindOf(e.ContentType) == media.JSON, e.Style == "form" && e.Explode
		if !isJSON && !isPlain {
			p := &spec.Parameter{Name: name, In: "query", Style: e.Style, Explode: e.Explode, Schema: content.Schema}
			text, ok := Parameter(p, value)
			_, isObject := value.(map[string]any)
			if needsObject := e.Style == "deepObject"; !ok || value == nil || needsObject && !isObject {
				return nil, false
			}
			pairs = append(pairs, text)
			continue
		}
		for _, part := range partsOf(value, isJSON) {
			text, ok := partText(part, isJSON)
			if !ok {
				return nil, false
			}
			pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(text))
		}
	}
	return []byte(strings.Join(pairs, "&")), true
}

// partsOf are the values that a form has for a member: each element of a list, unless the list is JSON as a whole.
func partsOf(value any, isJSON bool) []any {
	if list, isList := value.([]any); isList && !isJSON {
		return list
	}
	return []any{value}
}

// partText writes one value of a form. Objects and lists within lists are JSON.
func partText(value any, isJSON bool) (text string, ok bool) {
	switch value.(type) {
	case nil:
		return "", false
	case []any, map[string]any:
		isJSON = true
	}
	if !isJSON {
		return PlainText(value), true
	}
	data, err := json.Marshal(value)
	return string(data), err == nil
}

// boundary separates the parts of multipart bodies. It is always the same, so that a run can be repeated byte by byte.
const boundary = "quotaspec-probe-boundary"

// encodeMultipart writes a form of parts, sorted by name.
func encodeMultipart(
	content *spec.MediaType, object map[string]any, headers []func(*spec.Parameter) (any, bool),
) (body []byte, contentType string, ok bool) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		e := encodingOf(content, name)
		e.ContentType = partType(e, content.Schema.Property(name))
		isJSON := media.KindOf(e.ContentType) == media.JSON
		for _, part := range partsOf(object[name], isJSON) {
			text, ok := partText(part, isJSON)
			if !ok {
				return nil, "", false
			}
			to, err := w.CreatePart(partHeader(e, part, headers))
			if err != nil {
				return nil, "", false
			}
			_, _ = to.Write(fileContent(e.ContentType, text))
		}
	}
	_ = w.Close()
	name, _, _ := strings.Cut(ContentType(content), ";")
	return b.Bytes(), name + "; boundary=" + boundary, true
}

// partType is the media type of a part: the first of its encoding, or that of its bytes. It is "" for a plain text.
func partType(e spec.Encoding, s *spec.Schema) string {
	if first, _, _ := strings.Cut(e.ContentType, ","); first != "" {
		first = strings.TrimSpace(first)
		return cmp.Or(ranges[first], first)
	}
	for _, s := range bytesOf(s) {
		if s.ContentMediaType != "" && s.ContentEncoding == "" {
			return s.ContentMediaType
		}
		if s.Format == "binary" {
			return Octets
		}
	}
	return ""
}

// bytesOf lists the schemas that may say that a part, or each part of a list, has bytes.
func bytesOf(s *spec.Schema) []*spec.Schema {
	if s == nil {
		return nil
	}
	list := []*spec.Schema{s, Resolve(s)}
	if items := Element(Resolve(s), 0); items != nil {
		list = append(list, items, Resolve(items))
	}
	return list
}

// partHeader makes the header of a part. One that is neither text nor JSON is a file. The headers that its encoding requires
// get the first value that is found.
func partHeader(e spec.Encoding, value any, headers []func(*spec.Parameter) (any, bool)) textproto.MIMEHeader {
	header := textproto.MIMEHeader{}
	disposition := fmt.Sprintf(`form-data; name="%s"`, quoteName.Replace(e.Property))
	kind := media.KindOf(e.ContentType)
	if e.ContentType != "" && kind != media.Text && kind != media.JSON {
		_, subtype, _ := strings.Cut(e.ContentType, "/")
		disposition += `; filename="quotaspec.` + cmp.Or(endings[subtype], "bin") + `"`
	}
	header.Set("Content-Disposition", disposition)
	switch value.(type) {
	case map[string]any, []any:
		header.Set("Content-Type", cmp.Or(e.ContentType, "application/json"))
	default:
		if e.ContentType != "" {
			header.Set("Content-Type", e.ContentType)
		}
	}
	for _, h := range e.Headers {
		if !h.Required {
			continue
		}
		if text, ok := firstText(h, headers); ok {
			header.Set(h.Name, text)
		}
	}
	return header
}

// firstText is the first value of a header that is found and can be written.
func firstText(h *spec.Parameter, headers []func(*spec.Parameter) (any, bool)) (text string, ok bool) {
	for _, find := range headers {
		if value, found := find(h); found {
			if text, ok = Parameter(h, value); ok {
				return text, true
			}
		}
	}
	return "", false
}

// quoteName escapes a name as browsers do (WHATWG HTML, multipart/form-data encoding).
var quoteName = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// endings are those of the names of files, by the subtype of their media type.
var endings = map[string]string{"png": "png", "csv": "csv", "pdf": "pdf", "xml": "xml"}

// fileContent is the content of a part: its text, or a picture of one pixel where a picture is wanted.
func fileContent(contentType, text string) []byte {
	if contentType == "image/png" {
		return []byte(onePixel)
	}
	return []byte(text)
}

// onePixel is a PNG of one grey pixel.
const onePixel = "\x89PNG\r\n\x1a\n" +
	"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU" +
	"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q" +
	"\x00\x00\x00\x00IEND\xaeB`\x82"
