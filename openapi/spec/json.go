package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON is read as JSON, not as the YAML that it nearly is: the two differ in escapes, in numbers and in what a name may be.
// The standard library says whether the bytes are JSON. The reader then goes through them once and keeps the line as it goes.

// jsonReader reads one JSON text into nodes. The text has no fault.
type jsonReader struct {
	file *file
	data []byte
	at   int
	line int // of at, from 1

	lineStart int // the first byte of that line
}

// readJSON reads a file of JSON. The fault is where it is no JSON.
func readJSON(f *file, data []byte) *Node {
	if at := notUTF8(data); at >= 0 {
		panic(f.syntax(lineAt(data, at), "bytes that are no UTF-8"))
	}
	var text json.RawMessage
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, &text)); ok {
		at := max(0, int(syntax.Offset)-1) // the offset is that after the byte
		line, column := lineAt(data, at), at-bytes.LastIndexByte(data[:at], '\n')
		switch why := syntax.Error(); {
		case strings.Contains(why, "unexpected end"):
			panic(f.syntax(line, "no JSON: the file ends too early"))
		case strings.Contains(why, "max depth"):
			panic(f.syntax(line, "nested deeper than %d levels", maxDepth))
		}
		panic(f.syntax(line, "no JSON: unexpected %s in column %d", quoted(data[at:]), column))
	}
	r := &jsonReader{file: f, data: data, line: 1}
	return r.value(nil, 0, 0)
}

// quoted shows the first character.
func quoted(data []byte) string {
	c, _ := utf8.DecodeRune(data)
	return strconv.QuoteRune(c)
}

// next passes over what stands between tokens, counts lines, and returns the first byte of the next token.
func (r *jsonReader) next() byte {
	for ; ; r.at++ {
		switch c := r.data[r.at]; c {
		case '\n':
			r.line, r.lineStart = r.line+1, r.at+1
		case ' ', '\t', '\r', ',', ':':
		default:
			return c
		}
	}
}

func (r *jsonReader) value(parent *Node, index, depth int) *Node {
	first := r.next()
	if depth > maxDepth {
		panic(r.file.syntax(r.line, "nested deeper than %d levels", maxDepth))
	}
	n := &Node{file: r.file, line: int32(r.line), column: int32(r.at - r.lineStart + 1), parent: parent, index: int32(index)}
	switch first {
	case '{':
		n.Kind, n.Members = Object, []Member{}
		for r.at++; r.next() != '}'; {
			m := Member{Line: r.line, Column: r.at - r.lineStart + 1}
			m.Name = r.text()
			m.Value = r.value(n, len(n.Members), depth+1)
			r.file.add(n, m)
		}
		r.at++
	case '[':
		n.Kind, n.Items = Array, []*Node{}
		for r.at++; r.next() != ']'; {
			n.Items = append(n.Items, r.value(n, len(n.Items), depth+1))
		}
		r.at++
	case '"':
		n.Kind, n.Text = String, r.text()
	case 'n':
		n.Kind = Null
		r.word()
	case 't', 'f':
		n.Kind, n.Text = Bool, r.word()
	default:
		n.Kind, n.Text = Number, r.word()
	}
	return n
}

// word reads null, true, false or the literal of a number.
func (r *jsonReader) word() string {
	start := r.at
	if length := bytes.IndexAny(r.data[start:], " \t\r\n,]}"); length >= 0 {
		r.at += length
	} else {
		r.at = len(r.data)
	}
	return string(r.data[start:r.at])
}

// text reads a string and undoes its escapes.
func (r *jsonReader) text() (text string) {
	start, escapes := r.at, false
	for r.at++; r.data[r.at] != '"'; r.at++ {
		if r.data[r.at] == '\\' {
			escapes = true
			r.at++
		}
	}
	r.at++
	if !escapes {
		return string(r.data[start+1 : r.at-1])
	}
	_ = json.Unmarshal(r.data[start:r.at], &text) // it is JSON
	return text
}
