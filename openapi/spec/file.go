package spec

import (
	"bytes"
	"crypto/sha256"
	"path"
	"unicode/utf8"
)

// maxDepth limits the nesting of a document.
const maxDepth = 500

// file is one file of a document.
type file struct {
	name     string // the path as places show it
	path     string // below the document's folder, with slashes
	root     *Node  // nil: the file has syntax errors or does not exist
	findings []*Finding
	missing  string // why the file cannot be opened; empty: it was opened
	sum      [sha256.Size]byte
}

// add adds a member to an object. A duplicate key is a finding.
func (f *file) add(object *Node, m Member) {
	if !object.add(m) {
		f.findings = append(f.findings, newFinding("document/key-twice", f.at(m.Line), "duplicate key %q", shortened(m.Name)))
	}
}

// parse reads the bytes of the file into nodes. A file that begins with a brace or a bracket is read as JSON, and if that fails
// as YAML, since {a: b} is YAML. If both fail, the errors are those of JSON.
func (f *file) parse(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	begin := bytes.TrimLeft(data, " \t\r\n")
	if !bytes.HasPrefix(begin, []byte("{")) && !bytes.HasPrefix(begin, []byte("[")) {
		f.read(readYAML, data)
	} else if f.read(readJSON, data); f.root == nil && path.Ext(f.path) != ".json" {
		asJSON := f.findings
		if f.read(readYAML, data); f.root == nil {
			f.findings = asJSON
		}
	}
	if len(f.findings) > 0 {
		f.root = nil
	}
}

// read calls a reader. A reader panics with a *Finding at the first syntax error, so that the recursive readers need not return
// errors.
func (f *file) read(reader func(f *file, data []byte) *Node, data []byte) {
	f.root, f.findings = nil, nil
	defer func() {
		switch value := recover().(type) {
		case nil:
		case *Finding:
			f.findings = []*Finding{value}
		default:
			panic(value)
		}
	}()
	f.root = reader(f, data)
}

// at returns a node that has only a place.
func (f *file) at(line int) *Node { return &Node{file: f, line: int32(max(1, line))} }

// syntax makes the finding of a syntax error.
func (f *file) syntax(line int, format string, args ...any) *Finding {
	return newFinding("document/syntax", f.at(line), format, args...)
}

// lineAt returns the line of the byte at an offset.
func lineAt(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

// notUTF8 returns the offset of the first byte that is not valid UTF-8, or -1.
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
