package media

import "strings"

// Kind is a way to read the bytes of a media type.
type Kind uint8

// The kinds.
const (
	Other    Kind = iota // not read
	JSON                 // application/json, and types that end in +json
	Text                 // text/plain, and other text types without a syntax that matters, such as text/html
	Form                 // application/x-www-form-urlencoded
	FormData             // multipart/form-data
	Lines                // JSON texts, one a line: application/jsonl, application/x-ndjson
	Records              // JSON texts between record separators: application/json-seq (RFC 7464), and types that end in +json-seq
	Events               // text/event-stream
)

var kinds = map[string]Kind{
	"application/x-www-form-urlencoded": Form, "multipart/form-data": FormData,
	"application/jsonl": Lines, "application/x-jsonl": Lines, "application/ndjson": Lines, "application/x-ndjson": Lines,
	"application/json-seq": Records, "text/event-stream": Events,
	"text/csv": Other, "text/tab-separated-values": Other, "text/xml": Other,
}

// KindOf returns the kind of an unparsed media type; Other if it is invalid.
func KindOf(text string) Kind {
	t, _ := Parse(text)
	return t.Kind()
}

// Kind returns how the bytes of the type are read.
func (t Type) Kind() Kind {
	if t.Name == jsonType {
		return JSON
	}
	kind, known := kinds[t.Name]
	switch {
	case known:
		return kind
	case strings.HasSuffix(t.Name, "+json"):
		return JSON
	case strings.HasSuffix(t.Name, "+json-seq"):
		return Records
	case strings.HasPrefix(t.Name, "text/") && !strings.HasSuffix(t.Name, "+xml"):
		return Text
	}
	return Other
}
