package contract

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/coding"
	"github.com/quotaspec/quotaspec/contract/internal/kin"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/contract/internal/wire"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxBody is how many bytes of a body are judged, decoded.
const maxBody = 16 << 20

const (
	asRequest  = kin.AsRequest
	asResponse = kin.AsResponse
)

// body is what a body says: its JSON, nil where it is none, and the schema that describes it.
type body struct {
	value  any
	schema *spec.Schema
}

// message is one side of an exchange, as far as its body is concerned.
type message struct {
	side    string // "/request" or "/response"
	header  http.Header
	body    []byte
	content []*spec.MediaType // what the document says of it
	node    *spec.Node        // where it says so
	held    spec.Evidence
	as      kin.Direction
	unseen  Unseen // what says that its headers were not seen
}

// usual is the media type that a message has where nobody saw it: JSON if the document knows it.
func (m message) usual() (string, bool) {
	for _, name := range names(m.content) {
		base, _, _ := strings.Cut(name, ";")
		if isJSON(base) {
			return base, true
		}
	}
	return "", false
}

// names are the media types of a message, sorted.
func names(content []*spec.MediaType) []string {
	list := []string{}
	for _, m := range content {
		list = append(list, m.Name)
	}
	slices.Sort(list)
	return list
}

// body judges a body from its bytes to its schema.
func (j *Judge) body(s *subject, m message, out *findings) body {
	at := m.side + "/body"
	if len(m.content) == 0 {
		if len(m.body) > 0 {
			out.add(Finding{ID: "body/undocumented", Evidence: unknown, Pointer: at, Node: m.node, Want: "no body", Got: fmt.Sprintf("%d bytes", len(m.body))})
		}
		return body{}
	}
	data, ok := decode(s, m, out)
	if !ok {
		return body{}
	}
	if len(data) == 0 {
		out.fail(Finding{ID: "body/empty", Evidence: m.held, Pointer: at, Node: m.node, Want: "a body", Got: "none"})
		return body{}
	}
	mediaType, known := mediaTypeOf(s, m, out)
	if known == nil {
		return body{}
	}
	out.see(known.Node)
	if !isJSON(mediaType) {
		return body{}
	}
	value, faults, ok := strictjson.Parse(data)
	for _, f := range faults {
		out.fail(Finding{ID: f.ID, Evidence: standard(rfcOf(f.ID)), Pointer: at + f.Pointer, Node: m.node, Want: wantJSON(f.ID), Got: f.Got})
	}
	if !ok {
		return body{}
	}
	b := body{value.Any(), known.Schema}
	j.schema(b, m, out)
	return b
}

// mediaTypeOf judges the media type, and returns it and what the document says of it; nil: nothing.
func mediaTypeOf(s *subject, m message, out *findings) (string, *spec.MediaType) {
	mediaType, ok := mediaType(s, m, out)
	if !ok {
		return "", nil
	}
	known := described(m.content, mediaType)
	if known == nil {
		out.fail(Finding{
			ID: "media-type/undocumented", Evidence: m.held, Pointer: m.side + "/headers/content-type", Node: m.node.Member("content"),
			Want: strings.Join(names(m.content), ", "), Got: mediaType,
		})
	}
	return mediaType, known
}

// decode undoes the Content-Encoding.
func decode(s *subject, m message, out *findings) ([]byte, bool) {
	if s.ex.Unseen&UnseenFraming != 0 {
		return m.body, true // it was decoded by the source
	}
	names := strings.Join(m.header.Values("Content-Encoding"), ", ")
	f := Finding{Evidence: standard("RFC 9110"), Pointer: m.side + "/headers/content-encoding", Node: m.node, Got: names}
	switch data, err := coding.Undo(m.header.Values("Content-Encoding"), m.body, maxBody); {
	case errors.Is(err, coding.ErrUnknown):
		f.ID, f.Want = "content-encoding/unknown", "gzip, deflate or none"
	case errors.Is(err, coding.ErrTooLarge):
		f.ID, f.Pointer, f.Want, f.Got = "body/too-large", m.side+"/body", "a body of at most 16 MiB", "more"
	case err != nil:
		f.ID, f.Want, f.Got = "content-encoding/corrupt", "a body in "+names, "one that is not"
	default:
		return data, true
	}
	out.fail(f)
	return nil, false
}

// mediaType reads the Content-Type and judges its syntax and its charset.
func mediaType(s *subject, m message, out *findings) (string, bool) {
	f := Finding{Evidence: standard("RFC 9110"), Pointer: m.side + "/headers/content-type", Node: m.node.Member("content")}
	values := m.header.Values("Content-Type")
	if len(values) != 1 {
		switch {
		case len(values) > 1:
			f.ID, f.Want, f.Got = "media-type/doubled", "one Content-Type", strings.Join(values, " and ")
		case s.ex.Unseen&m.unseen != 0:
			return m.usual()
		default:
			f.ID, f.Want, f.Got = "media-type/missing", "a Content-Type", "none"
		}
		out.fail(f)
		return "", false
	}
	mediaType, params, err := mime.ParseMediaType(values[0])
	kind, subtype, ok := strings.Cut(mediaType, "/")
	charset, hasCharset := params["charset"]
	switch {
	case err != nil || !ok || !wire.IsToken(kind) || !wire.IsToken(subtype):
		f.ID, f.Want, f.Got = "media-type/malformed", "a media type", values[0]
	case hasCharset && isJSON(mediaType) && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8"):
		f.ID, f.Evidence, f.Want, f.Got = "media-type/charset", standard("RFC 8259"), "charset utf-8", charset
	default:
		return mediaType, true
	}
	out.fail(f)
	return "", false
}

// described finds what a document says of a media type: itself, else its kind, else any (OpenAPI, Media Type Object).
func described(content []*spec.MediaType, mediaType string) *spec.MediaType {
	kind, _, _ := strings.Cut(mediaType, "/")
	for _, want := range []string{mediaType, kind + "/*", "*/*"} {
		for _, name := range names(content) {
			base, _, _ := strings.Cut(name, ";")
			if strings.EqualFold(strings.TrimSpace(base), want) {
				return content[slices.IndexFunc(content, func(m *spec.MediaType) bool { return m.Name == name })]
			}
		}
	}
	return nil
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// looseJSON reads a body that the document says nothing of, for the rules.
func looseJSON(header http.Header, data []byte) (any, []strictjson.Fault) {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || !isJSON(mediaType) || len(data) == 0 {
		return nil, nil
	}
	if decoded, err := coding.Undo(header.Values("Content-Encoding"), data, maxBody); err == nil {
		data = decoded
	}
	value, faults, ok := strictjson.Parse(data)
	if !ok {
		return nil, faults
	}
	return value.Any(), faults
}

func rfcOf(id string) string {
	switch id {
	case "body/duplicate-member", "body/lone-surrogate", "body/too-deep":
		return "RFC 7493"
	}
	return "RFC 8259"
}

func wantJSON(id string) string {
	switch id {
	case "body/duplicate-member":
		return "each member once"
	case "body/lone-surrogate":
		return "surrogates in pairs"
	case "body/invalid-utf8":
		return "UTF-8"
	case "body/trailing-bytes":
		return "one JSON value and no more"
	}
	return "a JSON value"
}
