// Package bodies reads the bytes of a body into a value that a schema can judge: JSON, plain text, forms of both kinds, and
// sequences of items such as JSON lines and server-sent events.
//
// Every media type becomes one JSON value. A text is a string, a form is an object with a member for each name, and a
// sequence is an array of its items:
//
//	name=a&tag=x&tag=y    {"name":"a","tag":["x","y"]}
//	{"a":1}⏎{"a":2}⏎      [{"a":1},{"a":2}]
//
// In texts and forms there are no types: 7 is the string "7", and [Body].Text tells the schema that it may read a number
// there. The schema helps where a form is ambiguous, such as a name sent once that may be a list.
//
// The package knows the syntax of each media type and reports where the bytes break it. Whether a value is right, only the
// schema knows.
package bodies

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SyntaxError is one way in which the bytes break the syntax of their media type.
type SyntaxError struct {
	ID        string // such as body/duplicate-member
	Pointer   string // the JSON pointer to the value
	Want, Got string
	RFC       string // the standard that requires it, such as RFC 8259
}

// maxErrors is how many errors of a body are listed.
const maxErrors = 100

// Body is a body that was read.
type Body struct {
	// Value is the whole body as one value. It does not exist if the body could not be read.
	Value strictjson.Value
	// Text is true if strings of the value may stand for numbers and booleans, as in a form.
	Text bool
	// Items is true if the value is an array of items that were sent in sequence. [Schemas] returns their schemas.
	Items bool
	// Parts are the parts of a multipart form whose encoding describes headers.
	Parts []Part
	// Unread names the properties of a form that this package cannot read, because of a type such as XML or an unknown style.
	// The value has a placeholder for each, which only shows that it was sent.
	Unread []string
}

// Part is a part of a multipart form whose headers the document describes.
type Part struct {
	Header   http.Header
	Encoding *spec.Encoding // the encoding of its name
}

// Read reads a body of type t, which the document describes by m. If there is no value, the errors give the reason. If
// there is no error either, the body cannot be checked, for one of these reasons:
//
//   - This package does not read the type: XML, binary data, an unknown charset.
//   - The document has no schema that could judge a value of this type.
//   - A property of a form was not read, and what the schema requires of the others may depend on it.
//
// Read calls valid, which reports whether a schema accepts a value, only for properties of a form that may be written in
// several ways.
func Read(
	t media.Type, data []byte, m *spec.MediaType, valid func(*spec.Schema, strictjson.Value) bool,
) (b Body, errs []SyntaxError) {
	switch kind := t.Kind(); kind {
	case media.JSON:
		b.Value, errs = JSON("", data)
	case media.Text:
		b.Text = true
		b.Value, errs = readText(t, data, m.Schema)
	case media.Form:
		b, errs = readForm(string(data), m, valid)
		b.Text = true
	case media.FormData:
		b, errs = readMultipart(t, data, m)
		b.Text = true
	case media.Lines, media.Records, media.Events:
		b.Items = true
		if whole, item := Schemas(t, m); whole != nil || item != nil {
			b.Value, errs = readItems(kind, string(data))
		}
	}
	if len(b.Unread) > 0 && !isSeparable(m.Schema) {
		b.Value = strictjson.Value{}
	}
	return b, errs
}

// readText reads a text as one string, if the schema allows a value that a text can stand for.
func readText(t media.Type, data []byte, s *spec.Schema) (v strictjson.Value, errs []SyntaxError) {
	charset, named := t.Param("charset")
	text := string(data)
	switch {
	case !allowsText(s):
		return v, nil
	case named && strings.EqualFold(charset, "iso-8859-1"):
		text = fromLatin1(data)
	case named && !media.IsUTF8(charset) && !strings.EqualFold(charset, "us-ascii"):
		return v, nil
	case !utf8.ValidString(text) && named:
		return v, []SyntaxError{{ID: "body/invalid-utf8", Want: charset, Got: "bytes that are not", RFC: "RFC 9110"}}
	}
	return strictjson.FromText(strings.ToValidUTF8(text, "\ufffd")), nil
}

// fromLatin1 decodes ISO-8859-1, in which the value of each byte is its code point.
func fromLatin1(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.String()
}
