package spec

import (
	"bytes"
	"path"
	"unicode/utf8"
)

// maxDepth is how deep a document may nest.
const maxDepth = 500

// file is one file of a document.
type file struct {
	name   string // as it is shown
	path   string // below the document's folder, with slashes
	root   *Node  // nil: it cannot be read
	faults []*Finding
}

// add gives an object a member, and finds a key that stands there twice.
func (f *file) add(object *Node, m Member) {
	if !object.add(m) {
		at := &Node{file: f, line: int32(m.Line), column: int32(m.Column)}
		f.faults = append(f.faults, fault("document/key-twice", at, "the key %q stands here twice", shortened(m.Name)))
	}
}

// parse reads the bytes of the file into nodes. A file that begins with a brace is JSON, or YAML that looks like it.
func (f *file) parse(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	begin := bytes.TrimLeft(data, " \t\r\n")
	if !bytes.HasPrefix(begin, []byte("{")) && !bytes.HasPrefix(begin, []byte("[")) {
		f.read(readYAML, data)
	} else if f.read(readJSON, data); f.root == nil && path.Ext(f.path) != ".json" {
		asJSON := f.faults
		if f.read(readYAML, data); f.root == nil {
			f.faults = asJSON
		}
	}
	if len(f.faults) > 0 {
		f.root = nil
	}
}

// read has a reader read the bytes. A reader ends with the first fault of syntax, which it throws.
func (f *file) read(reader func(f *file, data []byte) *Node, data []byte) {
	f.root, f.faults = nil, nil
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case *Finding:
			f.faults = []*Finding{thrown}
		default: // our own fault
			panic(thrown)
		}
	}()
	f.root = reader(f, data)
}

// nodeAt is a node that has only the place of a byte.
func (f *file) nodeAt(data []byte, at int) *Node {
	line, column := 1+bytes.Count(data[:at], []byte("\n")), at-bytes.LastIndexByte(data[:at], '\n')
	return &Node{file: f, line: int32(line), column: int32(column)}
}

// notUTF8 is the first byte that is no part of a character of UTF-8, or -1.
func notUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// tooDeep is the fault of a node below too many others.
func tooDeep(n *Node) *Finding {
	return fault("document/syntax", n, "nested deeper than %d levels", maxDepth)
}
