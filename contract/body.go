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

// maxBody is how many bytes of a body are judged, decoded.
const maxBody = 16 << 20

// body is what a body says, no value where nothing could be read, and the schema that describes it.
type body struct {
	value  strictjson.Value
	schema *spec.Schema
	ruled  []ruledPart // its parts that schemas with rules describe
	failed []int       // the places of parts that are wrong by themselves (strictjson.Value.Index), sorted
}

// hasFailed says whether a part of the body, or a part of that, is wrong by itself: a rule about it says nothing more.
func (b *body) hasFailed(part strictjson.Value) bool {
	i, _ := slices.BinarySearch(b.failed, part.Index())
	return i < len(b.failed) && b.failed[i] < part.Index()+part.Size()
}

// ruledPart is a part of a body and a schema with rules that describes it.
type ruledPart struct {
	schema *spec.Schema
	value  strictjson.Value
}

// message is one side of an exchange, as far as its body is concerned.
type message struct {
	side              string // "/request" or "/response"
	header            http.Header
	body              []byte
	content           []*spec.MediaType // what the document says of it
	node              *spec.Node        // where it says so
	parent            spec.Evidence
	direction         schema.Direction
	unrecordedHeaders Unrecorded         // what says that its headers were not seen
	unread            []strictjson.Value // what its body has for parts that nothing reads: nothing is wrong there
}

// bodyPointer is the JSON pointer of the body: /request/body or /response/body.
func (m *message) bodyPointer() string { return m.side + "/body" }

// isUnread says whether a part of the body is one that nothing reads, or in one.
func (m *message) isUnread(part strictjson.Value) bool {
	return slices.ContainsFunc(m.unread, func(v strictjson.Value) bool {
		return v.Index() <= part.Index() && part.Index() < v.Index()+v.Size()
	})
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

// judgeBody judges a judgeBody from its bytes to its schema.
func (j *Judge) judgeBody(s *subject, m message, out *findings) body {
	at := m.bodyPointer()
	if len(m.content) == 0 {
		if len(m.body) > 0 {
			out.add(Finding{ID: "body/undocumented", Evidence: undocumented, Pointer: at, Node: m.node, Want: "no body", Got: text.Count(len(m.body), "byte", "bytes")})
		}
		return body{}
	}
	data, ok := decode(s, m, out)
	if !ok {
		return body{}
	}
	if len(data) == 0 {
		out.fail(Finding{ID: "body/empty", Evidence: m.parent, Pointer: at, Node: m.node, Want: "a body", Got: "none"})
		return body{}
	}
	t, known := mediaTypeOf(s, m, out)
	if known == nil {
		return body{}
	}
	if !out.budget.Hold(bodies.Weight(t, data), known.Node) {
		out.cover(known.Node)
		return body{}
	}
	options := schema.Options{Direction: m.direction, AssertFormats: true, Budget: out.budget}
	read, faults := bodies.Read(t, data, known, j.textAcceptor(t, options))
	out.budget.Hold(nodeSize*read.Value.Size(), known.Node)
	for _, f := range faults {
		out.fail(Finding{ID: f.ID, Evidence: standard(f.RFC), Pointer: at + f.Pointer, Node: m.node, Want: f.Want, Got: f.Got})
	}
	hasUnread := len(read.Unread) > 0
	if hasUnread || !read.Value.Exists() {
		out.markFailed(at) // a rule may speak of what was not read
	}
	if !read.Value.Exists() && (len(faults) == 0 || hasUnread) && (known.Schema != nil || known.ItemSchema != nil) {
		out.addNotChecked(m.side[1:]+" body in "+known.Name, known.Node)
		return body{}
	}
	for _, name := range read.Unread {
		out.addNotChecked(m.side[1:]+" part "+name, known.Node)
		m.unread = append(m.unread, read.Value.Member(name))
	}
	if !hasUnread {
		out.cover(known.Node)
	}
	if !read.Value.Exists() {
		return body{}
	}
	j.judgePartHeaders(read.Parts, m, out)
	options.Text = read.Text
	whole, item := known.Schema, (*spec.Schema)(nil)
	if read.Items {
		whole, item = bodies.Schemas(t, known)
	}
	b := j.judgeSchema(read.Value, whole, options, m, at, out)
	if item != nil {
		known := map[ruledPart]bool{} // the schema of the whole may describe elements too
		for _, part := range b.ruled {
			known[part] = true
		}
		for i, v := range read.Value.Elements() {
			if !out.budget.InTime(item.Node) {
				break
			}
			of := j.judgeSchema(v, item, options, m, at+"/"+strconv.Itoa(i), out)
			b.ruled = append(b.ruled, slices.DeleteFunc(of.ruled, func(part ruledPart) bool { return known[part] })...)
			b.failed = append(b.failed, of.failed...)
		}
	}
	for _, f := range faults {
		b.failed = append(b.failed, read.Value.At(f.Pointer).Index())
	}
	for _, part := range m.unread {
		b.failed = append(b.failed, part.Index())
	}
	slices.Sort(b.failed)
	return b
}

// textAcceptor gives a func that says whether a schema takes a member of a form; nil: the body is none.
func (j *Judge) textAcceptor(t media.Type, options schema.Options) func(*spec.Schema, strictjson.Value) bool {
	if t.Kind() != media.Form {
		return nil
	}
	options.Text = true
	return func(s *spec.Schema, v strictjson.Value) bool { return j.schemas.Checker(s).Valid(v, options) }
}

// mediaTypeOf judges the Content-Type, and returns it and what the document says of it; nil: nothing. Where nobody saw it, it
// is the JSON that the document knows.
func mediaTypeOf(s *subject, m message, out *findings) (media.Type, *spec.MediaType) {
	values := m.header["Content-Type"]
	if len(values) == 0 && s.ex.Unrecorded&m.unrecordedHeaders != 0 {
		values = slices.DeleteFunc(names(m.content), func(name string) bool { return media.KindOf(name) != media.JSON })
		if len(values) == 0 {
			out.addNotChecked(m.side[1:]+" body of unknown media type", nil)
			out.markFailed(m.bodyPointer())
			return media.Type{}, nil
		}
		values = values[:1]
	}
	text := strings.Join(values, " and ")
	t, err := media.Parse(text)
	known := media.Best(m.content, t)
	charset, hasCharset := t.Param("charset")
	isRightCharset := !hasCharset || t.Kind() != media.JSON || media.IsUTF8(charset)
	if len(values) == 1 && err == nil && isRightCharset && known != nil {
		return t, known
	}
	f := Finding{Evidence: standard("RFC 9110"), Pointer: m.side + "/headers/content-type", Node: m.node.Member("content")}
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

// decode undoes the Content-Encoding.
func decode(s *subject, m message, out *findings) ([]byte, bool) {
	if s.ex.Unrecorded&UnrecordedFraming != 0 {
		return m.body, true // it was decoded by the source
	}
	codings := m.header["Content-Encoding"]
	data, err := coding.Undo(codings, m.body, maxBody)
	if err == nil {
		return data, true
	}
	names := strings.Join(codings, ", ")
	f := Finding{Evidence: standard("RFC 9110"), Pointer: m.side + "/headers/content-encoding", Node: m.node, Got: names}
	switch {
	case errors.Is(err, coding.ErrUnknown):
		f.ID, f.Want = "content-encoding/unknown", "gzip, deflate, br, zstd or none"
	case errors.Is(err, coding.ErrTooLarge):
		f.ID, f.Pointer, f.Want, f.Got = "body/too-large", m.bodyPointer(), "a body of at most 16 MiB", "more"
	default:
		f.ID, f.Want, f.Got = "content-encoding/corrupt", "a body in "+names, "one that is not"
	}
	out.fail(f)
	return nil, false
}

// looseJSON reads a body that the document says nothing of, for the rules.
func looseJSON(header http.Header, data []byte) (v strictjson.Value, faults []bodies.SyntaxError) {
	if media.KindOf(header.Get("Content-Type")) != media.JSON || len(data) == 0 {
		return v, nil
	}
	if decoded, err := coding.Undo(header.Values("Content-Encoding"), data, maxBody); err == nil {
		data = decoded
	}
	return bodies.JSON("", data)
}
