package contract

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/bodies"
	"github.com/quotaspec/quotaspec/contract/internal/coding"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A body is judged in five steps: Content-Encoding (bytesOf), Content-Type (mediaTypeOf), syntax (readBody), schema
// (judgeSchema) and, after both messages, the rules of its schemas (schema_rules.go). A step that cannot read the body ends
// the judging of it. A JSON body whose syntax is right takes the steps of syntax and schema in one pass (judgeJSON). The steps
// leave a body for the rules: the value, the parts that failed, and the parts with rules. A part is known by its index in
// document order and its size, so that "contains" compares
// numbers:
//
//	{"a":[1,2],"b":3}   a: Index 1, Size 3 (itself, 1, 2);   b: Index 4, Size 1

// maxBody is how many bytes of a body are judged, after decoding.
const maxBody = 16 << 20

// body is a parsed body with its schema. It has no value if it could not be parsed.
type body struct {
	value  strictjson.Value
	schema *spec.Schema
	ruled  []ruledPart // the parts that a schema with rules describes
	failed []int       // strictjson.Value.Index of the parts that break their schema or syntax, sorted
}

// hasFailed reports whether a part of the body or anything in it failed. Rules about such a part are not evaluated.
func (b *body) hasFailed(part strictjson.Value) bool {
	i, _ := slices.BinarySearch(b.failed, part.Index())
	return i < len(b.failed) && b.failed[i] < part.Index()+part.Size()
}

// ruledPart is a part of a body and a schema with rules that describes it.
type ruledPart struct {
	schema *spec.Schema
	value  strictjson.Value
}

// message is one side of an exchange with what the document says about its body.
type message struct {
	side              string // "/request" or "/response"
	at                string // the pointer of the body: /request/body or /response/body
	header            http.Header
	body              []byte
	content           []*spec.MediaType // the documented media types
	node              *spec.Node        // of the response, the request body or the operation
	parent            spec.Evidence
	direction         schema.Direction
	unrecordedHeaders Unrecorded         // the flag that says that its headers are not in the recording
	unread            []strictjson.Value // the parts of a form that have no reader: no finding is about them
}

// isUnread reports whether a part of the body has no reader, or is within such a part.
func (m *message) isUnread(part strictjson.Value) bool {
	return slices.ContainsFunc(m.unread, func(v strictjson.Value) bool {
		return v.Index() <= part.Index() && part.Index() < v.Index()+v.Size()
	})
}

// names returns the names of media types, sorted.
func names(content []*spec.MediaType) []string {
	list := []string{}
	for _, m := range content {
		list = append(list, m.Name)
	}
	slices.Sort(list)
	return list
}

// judgeBody judges a body from its bytes to its schema, and returns what rules need of it.
func (j *Judge) judgeBody(s *subject, m message, out *findings) body {
	data := bytesOf(s, m, out)
	if len(data) == 0 {
		return body{}
	}
	t, known := mediaTypeOf(s, m, out)
	if known == nil {
		return body{}
	}
	isPart := s.ex.Expected && m.direction == schema.Response
	options := schema.Options{Direction: m.direction, AssertFormats: true, Partial: isPart, Budget: out.budget}
	if t.Kind() == media.JSON && !isPart {
		if b, ok := j.judgeJSON(data, known, options, m, out); ok {
			return b
		}
	}
	read, syntaxErrors := j.readBody(t, data, known, options, m, out)
	if !read.Value.Exists() {
		return body{}
	}
	for _, name := range read.Unread {
		m.unread = append(m.unread, read.Value.Member(name))
	}
	j.judgePartHeaders(read.Parts, m, out)
	options.Text = read.Text
	whole, item := known.Schema, (*spec.Schema)(nil)
	if read.Items {
		whole, item = bodies.Schemas(t, known)
	}
	b := j.judgeSchema(read.Value, whole, options, m, m.at, out)
	j.judgeItems(&b, item, options, m, out)
	for _, f := range syntaxErrors {
		b.failed = append(b.failed, read.Value.At(f.Pointer).Index())
	}
	for _, part := range m.unread {
		b.failed = append(b.failed, part.Index())
	}
	slices.Sort(b.failed)
	return b
}

// bytesOf returns the decoded bytes of a body. There are none after a finding, and none if the message has and needs no body.
func bytesOf(s *subject, m message, out *findings) []byte {
	if len(m.content) == 0 {
		if len(m.body) > 0 {
			out.add(Finding{
				ID: "body/undocumented", Evidence: undocumented, Pointer: m.at, Node: m.node,
				Want: "no body", Got: text.Count(len(m.body), "byte", "bytes"),
			})
		}
		return nil
	}
	data, ok := decode(s, m, out)
	if ok && len(data) == 0 {
		out.fail(Finding{ID: "body/empty", Evidence: m.parent, Pointer: m.at, Node: m.node, Want: "a body", Got: "none"})
	}
	return data
}

// readBody reads bytes of type t into a value. It reports where they break the syntax of t, and which parts were not read.
func (j *Judge) readBody(
	t media.Type, data []byte, known *spec.MediaType, options schema.Options, m message, out *findings,
) (bodies.Body, []bodies.SyntaxError) {
	if !out.budget.Hold(bodies.EstimateMemory(t, data), known.Node) {
		out.cover(known.Node)
		return bodies.Body{}, nil
	}
	read, syntaxErrors := bodies.Read(t, data, known, j.textAcceptor(t, options))
	out.budget.Hold(nodeSize*read.Value.Size(), known.Node)
	for _, f := range syntaxErrors {
		out.fail(Finding{ID: f.ID, Evidence: standard(f.RFC), Pointer: m.at + f.Pointer, Node: m.node, Want: f.Want, Got: f.Got})
	}
	m.reportUnread(read, len(syntaxErrors) == 0, known, out)
	return read, syntaxErrors
}

// reportUnread lists as not checked what has no reader: the whole body, or parts of a form. A body that was read in full, or
// whose syntax is wrong, covers its media type.
func (m *message) reportUnread(read bodies.Body, isWellFormed bool, known *spec.MediaType, out *findings) {
	hasUnread := len(read.Unread) > 0
	if hasUnread || !read.Value.Exists() {
		out.markFailed(m.at) // a rule may be about a part that was not read
	}
	hasSchema := known.Schema != nil || known.ItemSchema != nil
	hasNoReader := !read.Value.Exists() && (isWellFormed || hasUnread)
	switch {
	case hasSchema && hasNoReader:
		out.addNotChecked(m.side[1:]+" body in "+known.Name, known.Node)
	case hasUnread:
		for _, name := range read.Unread {
			out.addNotChecked(m.side[1:]+" part "+name, known.Node)
		}
	default:
		out.cover(known.Node)
	}
}

// judgeItems judges each item of a body that is a sequence, such as JSON lines, and adds what it finds to the body. It does
// nothing if items have no schema of their own.
func (j *Judge) judgeItems(b *body, item *spec.Schema, options schema.Options, m message, out *findings) {
	if item == nil {
		return
	}
	isKnown := map[ruledPart]bool{} // the schema of the whole body may describe items too
	for _, part := range b.ruled {
		isKnown[part] = true
	}
	for i, v := range b.value.Elements() {
		if !out.budget.InTime(item.Node) {
			return
		}
		result := j.judgeSchema(v, item, options, m, m.at+"/"+strconv.Itoa(i), out)
		b.ruled = append(b.ruled, slices.DeleteFunc(result.ruled, func(part ruledPart) bool { return isKnown[part] })...)
		b.failed = append(b.failed, result.failed...)
	}
}

// textAcceptor returns a func that reports whether a schema accepts a member of a form; nil if the body is no form.
func (j *Judge) textAcceptor(t media.Type, options schema.Options) func(*spec.Schema, strictjson.Value) bool {
	if t.Kind() != media.Form {
		return nil
	}
	options.Text = true
	return func(s *spec.Schema, v strictjson.Value) bool { return j.schemas.Checker(s).Valid(v, options) }
}

// mediaTypeOf judges the Content-Type. It returns the media type and its documentation, which is nil if no schema can be
// used. If the headers are not in the recording, the body is taken for the documented JSON.
func mediaTypeOf(s *subject, m message, out *findings) (media.Type, *spec.MediaType) {
	values := m.header["Content-Type"]
	isPart := s.ex.Expected && m.direction == schema.Response
	if len(values) == 0 && (isPart || s.ex.Unrecorded&m.unrecordedHeaders != 0) {
		values = slices.DeleteFunc(names(m.content), func(name string) bool { return media.KindOf(name) != media.JSON })
		if len(values) == 0 {
			out.addNotChecked(m.side[1:]+" body of unknown media type", nil)
			out.markFailed(m.at)
			return media.Type{}, nil
		}
		values = values[:1]
	}
	text := strings.Join(values, " and ")
	t, err := media.Parse(text)
	known := media.Best(m.content, t)
	charset, hasCharset := t.Param("charset")
	needsUTF8 := hasCharset && t.Kind() == media.JSON
	isRightCharset := !needsUTF8 || media.IsUTF8(charset)
	if len(values) == 1 && err == nil && isRightCharset && known != nil {
		return t, known
	}
	f := Finding{Evidence: rfc9110, Pointer: m.side + "/headers/content-type", Node: m.node.Member("content")}
	switch {
	case len(values) == 0:
		f.ID, f.Want, f.Got = "media-type/missing", "a Content-Type", "none"
	case len(values) > 1:
		f.ID, f.Want, f.Got = "media-type/doubled", "one Content-Type", text
	case err != nil:
		f.ID, f.Want, f.Got = "media-type/malformed", "a media type", text
	case !isRightCharset:
		f.ID, f.Evidence, f.Want, f.Got = "media-type/charset", standard("RFC 8259"), "charset utf-8", charset
	default:
		f.ID, f.Evidence, f.Want, f.Got = "media-type/undocumented", m.parent, strings.Join(names(m.content), ", "), t.Name
	}
	out.fail(f)
	return t, nil
}

// decode undoes the Content-Encoding. It returns false after a finding.
func decode(s *subject, m message, out *findings) ([]byte, bool) {
	if s.ex.Unrecorded&UnrecordedFraming != 0 {
		return m.body, true // the recorder decoded it
	}
	codings := m.header["Content-Encoding"]
	data, err := coding.Decode(codings, m.body, maxBody)
	if err == nil {
		return data, true
	}
	names := strings.Join(codings, ", ")
	f := Finding{Evidence: rfc9110, Pointer: m.side + "/headers/content-encoding", Node: m.node, Got: names}
	switch {
	case errors.Is(err, coding.ErrUnknown):
		f.ID, f.Want = "content-encoding/unknown", "gzip, deflate, br, zstd or none"
	case errors.Is(err, coding.ErrTooLarge):
		f.ID, f.Pointer, f.Want, f.Got = "body/too-large", m.at, "a body of at most 16 MiB", "more"
	default:
		f.ID, f.Want, f.Got = "content-encoding/corrupt", "a body in "+names, "a body that cannot be decoded"
	}
	out.fail(f)
	return nil, false
}

// looseJSON parses the body of an undocumented message, so that rules can use it. It returns no value if it is no JSON.
func looseJSON(header http.Header, data []byte) (v strictjson.Value, errs []bodies.SyntaxError) {
	if media.KindOf(header.Get("Content-Type")) != media.JSON || len(data) == 0 {
		return v, nil
	}
	if decoded, err := coding.Decode(header.Values("Content-Encoding"), data, maxBody); err == nil {
		data = decoded
	}
	return bodies.JSON("", data)
}
