package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON has its own reader, since it is not quite a subset of YAML: the two differ in escapes, numbers and keys. encoding/json
// validates the bytes and reports the first error. The reader then scans the valid bytes once, counts lines, and skips commas
// and colons like white space.

// jsonReader reads one valid JSON text into nodes. It need not check for errors.
type jsonReader struct {
	file *file
	data []byte
	at   int
	line int // of at, from 1

	lineStart int // the first byte of that line
}

// readJSON reads a JSON file. It panics with the finding of the first syntax error.
func readJSON(f *file, data []byte) *Node {
	if at := notUTF8(data); at >= 0 {
		panic(f.syntax(lineAt(data, at), "invalid UTF-8"))
	}
	var text json.RawMessage
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, &text)); ok {
		at := max(0, int(syntax.Offset)-1) // Offset is that of the next byte
		line, column := lineAt(data, at), at-bytes.LastIndexByte(data[:at], '\n')
		switch text := syntax.Error(); {
		case strings.Contains(text, "unexpected end"):
			panic(f.syntax(line, "invalid JSON: unexpected end of file"))
		case strings.Contains(text, "max depth"):
			panic(f.syntax(line, "nested deeper than %d levels", maxDepth))
		}
		c, _ := utf8.DecodeRune(data[at:])
		panic(f.syntax(line, "invalid JSON: unexpected %s in column %d", strconv.QuoteRune(c), column))
	}
	r := &jsonReader{file: f, data: data, line: 1}
	return r.value(nil, 0, 0)
}

// next skips white space, commas and colons, counts lines, and returns the first byte of the next token.
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

// value reads the next value and all values in it.
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

// word reads null, true, false or a number.
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
	_ = json.Unmarshal(r.data[start:r.at], &text) // it is valid JSON
	return text
}
