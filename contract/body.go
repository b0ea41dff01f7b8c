package contract

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// maxBody is how many bytes of a body are judged, decoded.
const maxBody = 16 << 20

// message is one side of an exchange, as far as its body is concerned.
type message struct {
	side    string // "/request" or "/response"
	header  http.Header
	body    []byte
	content openapi3.Content // what the document says of it; nil: nothing
	node    string           // where it says so
	held    openapi.Evidence
	as      direction
	unseen  Unseen // what says that its headers were not seen
}

// usual is the media type that a message has where nobody saw it: JSON if the document knows it.
func (m message) usual() (string, bool) {
	for _, name := range sortedKeys(m.content) {
		base, _, _ := strings.Cut(name, ";")
		if isJSON(base) {
			return base, true
		}
	}
	return "", false
}

// body judges a body from its bytes to its schema, and returns what it says and its schema: nil where it is no JSON.
func (c *hearing) body(m message) (any, *openapi3.SchemaRef) {
	pointer := m.side + "/body"
	if len(m.content) == 0 {
		if len(m.body) > 0 {
			c.deviate("body/undocumented", unknown, pointer, m.node, "no body", fmt.Sprintf("%d bytes", len(m.body)))
		}
		return nil, nil
	}
	data, ok := c.decode(m)
	if !ok {
		return nil, nil
	}
	if len(data) == 0 {
		c.fail("body/empty", m.held, pointer, m.node, "a body", "none")
		return nil, nil
	}
	mediaType, name, known := c.mediaTypeOf(m)
	if known == nil {
		return nil, nil
	}
	c.see(m.node + "/content/" + escapePointer(name))
	if !isJSON(mediaType) {
		return nil, nil
	}
	value, faults, ok := readJSON(data)
	for _, f := range faults {
		c.fail(f.id, standard(rfcOf(f.id)), pointer+f.pointer, m.node, wantJSON(f.id), f.got)
	}
	if !ok {
		return nil, nil
	}
	c.schema(value, known.Schema, pointer, m.held, m.as)
	return value, known.Schema
}

// mediaTypeOf judges the media type, and returns it and what the document says of it, with the name there; nil: nothing.
func (c *hearing) mediaTypeOf(m message) (mediaType, name string, known *openapi3.MediaType) {
	mediaType, ok := c.mediaType(m)
	if !ok {
		return "", "", nil
	}
	if name, known = described(m.content, mediaType); known == nil {
		want := strings.Join(sortedKeys(m.content), ", ")
		c.fail("media-type/undocumented", m.held, m.side+"/headers/content-type", m.node+"/content", want, mediaType)
	}
	return mediaType, name, known
}

// decode undoes the Content-Encoding.
func (c *hearing) decode(m message) ([]byte, bool) {
	if c.ex.Unseen&UnseenFraming != 0 {
		return m.body, true // it was decoded by the source
	}
	pointer := m.side + "/headers/content-encoding"
	coding := strings.Join(m.header.Values("Content-Encoding"), ", ")
	switch data, err := unpack(coding, m.body); {
	case errors.Is(err, errCoding):
		c.fail("content-encoding/unknown", standard("RFC 9110"), pointer, m.node, "gzip, deflate or none", coding)
	case errors.Is(err, errTooLarge):
		c.fail("body/too-large", standard("RFC 9110"), m.side+"/body", m.node, "a body of at most 16 MiB", "more")
	case err != nil:
		c.fail("content-encoding/corrupt", standard("RFC 9110"), pointer, m.node, "a body in "+coding, "one that is not")
	default:
		return data, true
	}
	return nil, false
}

var (
	errCoding   = errors.New("unknown coding")
	errTooLarge = errors.New("too large")
)

// unpack undoes a coding.
func unpack(coding string, body []byte) ([]byte, error) {
	var r io.Reader
	var err error
	switch strings.ToLower(coding) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		if r, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return nil, errCoding
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err == nil && len(data) > maxBody {
		err = errTooLarge
	}
	return data, err
}

// mediaType reads the Content-Type and judges its syntax and its charset.
func (c *hearing) mediaType(m message) (string, bool) {
	pointer := m.side + "/headers/content-type"
	values := m.header.Values("Content-Type")
	switch len(values) {
	case 0:
		if c.ex.Unseen&m.unseen != 0 {
			return m.usual()
		}
		c.fail("media-type/missing", standard("RFC 9110"), pointer, m.node+"/content", "a Content-Type", "none")
		return "", false
	case 1:
	default:
		c.fail("media-type/doubled", standard("RFC 9110"), pointer, m.node+"/content", "one Content-Type", strings.Join(values, " and "))
		return "", false
	}
	mediaType, params, err := mime.ParseMediaType(values[0])
	if kind, subtype, ok := strings.Cut(mediaType, "/"); err != nil || !ok || !isToken(kind) || !isToken(subtype) {
		c.fail("media-type/malformed", standard("RFC 9110"), pointer, m.node+"/content", "a media type", values[0])
		return "", false
	}
	if charset, ok := params["charset"]; ok && isJSON(mediaType) && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		c.fail("media-type/charset", standard("RFC 8259"), pointer, m.node+"/content", "charset utf-8", charset)
		return "", false
	}
	return mediaType, true
}

// described finds what a document says of a media type: itself, else its kind, else any (OpenAPI, Media Type Object).
func described(content openapi3.Content, mediaType string) (string, *openapi3.MediaType) {
	kind, _, _ := strings.Cut(mediaType, "/")
	for _, want := range []string{mediaType, kind + "/*", "*/*"} {
		for _, name := range sortedKeys(content) {
			base, _, _ := strings.Cut(name, ";")
			if strings.EqualFold(strings.TrimSpace(base), want) {
				return name, content[name]
			}
		}
	}
	return "", nil
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// looseJSON reads a body that the document says nothing of, for the rules.
func looseJSON(header http.Header, body []byte) (any, []jsonFault) {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || !isJSON(mediaType) || len(body) == 0 {
		return nil, nil
	}
	if decoded, err := unpack(header.Get("Content-Encoding"), body); err == nil {
		body = decoded
	}
	value, faults, _ := readJSON(body)
	return value, faults
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
