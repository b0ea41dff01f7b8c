package media

import "strings"

// Kind is how the bytes of a media type are read.
type Kind uint8

// The kinds.
const (
	Other    Kind = iota // nothing here reads it
	JSON                 // application/json, and types that end in +json
	Text                 // text/plain, and other texts that have no form of their own
	Form                 // application/x-www-form-urlencoded
	FormData             // multipart/form-data
	Lines                // JSON texts, one a line: application/jsonl, application/x-ndjson
	Records              // JSON texts between record separators: application/json-seq (RFC 7464), and types that end in +json-seq
	Events               // text/event-stream
)

var kinds = map[string]Kind{
	"application/json": JSON, "application/x-www-form-urlencoded": Form, "multipart/form-data": FormData,
	"application/jsonl": Lines, "application/x-jsonl": Lines, "application/ndjson": Lines, "application/x-ndjson": Lines,
	"application/json-seq": Records, "text/event-stream": Events,
	"text/csv": Other, "text/tab-separated-values": Other, "text/xml": Other,
}

// KindOf gives the kind of a media type that is still to be read; Other if it cannot be.
func KindOf(text string) Kind {
	t, _ := Parse(text)
	return t.Kind()
}

// Kind gives the kind of the type.
func (t Type) Kind() Kind {
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
