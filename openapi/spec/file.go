package spec

import (
	"bytes"
	"path"
)

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
		f.faults = append(f.faults, fault("document/key-twice", &Node{file: f, line: int32(m.Line), column: int32(m.Column)},
			"the key %q stands here twice", shortened(m.Name)))
	}
}

// parse reads the bytes of the file into nodes. A file that begins with a brace is JSON, or YAML that looks like it.
func (f *file) parse(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var syntax *Finding
	if begin := bytes.TrimLeft(data, " \t\r\n"); len(begin) > 0 && (begin[0] == '{' || begin[0] == '[') {
		if f.root, syntax = readJSON(f, data); syntax != nil && path.Ext(f.path) != ".json" {
			f.faults = nil
			var root *Node
			if root, _ = readYAML(f, data); root != nil {
				f.root, syntax = root, nil
			}
		}
	} else {
		f.root, syntax = readYAML(f, data)
	}
	if syntax != nil {
		f.faults = []*Finding{syntax}
	}
	if len(f.faults) > 0 {
		f.root = nil
	}
}
