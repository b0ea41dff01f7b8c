// Package bodies reads the bytes of a body into a value that a schema can be held against: JSON, texts, forms of both kinds,
// and lists of items that are sent one after the other.
//
// It knows how each media type is written, and whether the bytes are written like that. It does not know what is right: that
// is what schemas say.
package bodies

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SyntaxError is why bytes are not what their media type says.
type SyntaxError struct {
	ID        string // such as body/duplicate-member
	Pointer   string // the JSON pointer to the value concerned
	Want, Got string
	RFC       string // the standard that says so, such as RFC 8259
}

// maxFaults is how many faults of a body are listed.
const maxFaults = 100

// Body is what a body says.
type Body struct {
	Value strictjson.Value
	// Text says that the strings of the value are texts, of which a schema may make numbers: those of a form are.
	Text bool
	// Items says that the value is a list of items that were sent one after the other. [Schemas] says what describes them.
	Items bool
	// Parts are the parts of a form whose encoding describes headers.
	Parts []Part
	// Unread names the properties of a form that nothing here reads, of a type such as XML or an unknown style. What the value
	// has for them says nothing but that they are there.
	Unread []string
}

// Part is a part of a form that has headers of its own.
type Part struct {
	Header   http.Header
	Encoding *spec.Encoding // of its name
}

// Read reads a body of a type that the document describes by m. If there is no value the faults say why. With no fault
// either, nothing here reads the type (XML, bytes, a charset of which nobody knows the characters), or the document says
// nothing that could be held against a value of it. Then the body is not checked. Nor is a form with a property that nothing
// reads if its schema may say of the others what depends on that.
//
// valid says whether a schema takes a value. It is called only where a property of a form may be written in several ways.
func Read(
	t media.Type, data []byte, m *spec.MediaType, valid func(*spec.Schema, strictjson.Value) bool,
) (b Body, faults []SyntaxError) {
	switch kind := t.Kind(); kind {
	case media.JSON:
		b.Value, faults = JSON("", data)
	case media.Text:
		b.Text = true
		b.Value, faults = readText(t, data, m.Schema)
	case media.Form:
		b, faults = readForm(string(data), m, valid)
		b.Text = true
	case media.FormData:
		b, faults = readMultipart(t, data, m)
		b.Text = true
	case media.Lines, media.Records, media.Events:
		b.Items = true
		if whole, item := Schemas(t, m); whole != nil || item != nil {
			b.Value, faults = readItems(kind, string(data))
		}
	}
	if len(b.Unread) > 0 && !isSeparable(m.Schema) {
		b.Value = strictjson.Value{}
	}
	return b, faults
}

// readText reads a text as one string, if the schema allows a value that a text can be.
func readText(t media.Type, data []byte, s *spec.Schema) (v strictjson.Value, faults []SyntaxError) {
	charset, named := t.Param("charset")
	text := string(data)
	switch {
	case !takesText(s):
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

// fromLatin1 decodes ISO-8859-1, in which each byte is the character of its number.
func fromLatin1(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.String()
}
