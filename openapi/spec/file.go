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
	none   string // why there is no such file
}

// add gives an object a member, and finds a key that stands there twice.
func (f *file) add(object *Node, m Member) {
	if !object.add(m) {
		f.faults = append(f.faults, fault("document/key-twice", f.at(m.Line), "the key %q stands here twice", shortened(m.Name)))
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

// at is a node that has only a place.
func (f *file) at(line int) *Node { return &Node{file: f, line: int32(max(1, line))} }

// syntax makes a fault of syntax.
func (f *file) syntax(line int, format string, args ...any) *Finding {
	return fault("document/syntax", f.at(line), format, args...)
}

// lineAt is the line of a byte.
func lineAt(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

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
