package spec

// JSON is read as JSON, not as the YAML that it nearly is: the two differ in escapes, in numbers and in what a name may be.
// The reader goes through the bytes once and keeps the line as it goes.

// maxDepth is how deep a document may nest.
const maxDepth = 500

// jsonReader reads one JSON text into nodes.
type jsonReader struct {
	file      *file
	data      []byte
	at        int
	line      int // of at, from 1
	lineStart int // the first byte of that line
}

// readJSON reads a file of JSON. The fault is where it is no JSON.
func readJSON(f *file, data []byte) (root *Node, syntax *Finding) {
	r := &jsonReader{file: f, data: data, line: 1}
	defer func() {
		if e, ok := recover().(*Finding); ok { // whatever else was thrown is our own fault: it returns with the next line
			root, syntax = nil, e
		} else if e != nil {
			panic(e)
		}
	}()
	r.space()
	root = r.value(nil, 0, 0)
	if r.space(); r.at < len(r.data) {
		r.fail("more after the end of the document")
	}
	return root, nil
}

// fail ends the reading with a fault at the byte at hand.
func (r *jsonReader) fail(format string, args ...any) {
	panic(fault("document/syntax", r.node(nil, 0), format, args...))
}

// node makes a node of the place at hand.
func (r *jsonReader) node(parent *Node, index int) *Node {
	return &Node{file: r.file, line: int32(r.line), column: int32(r.at - r.lineStart + 1), parent: parent, index: int32(index)}
}

// space passes over blanks and counts lines.
func (r *jsonReader) space() {
	for ; r.at < len(r.data); r.at++ {
		switch r.data[r.at] {
		case '\n':
			r.line, r.lineStart = r.line+1, r.at+1
		case ' ', '\t', '\r':
		default:
			return
		}
	}
}

// next is the byte at hand, 0 at the end.
func (r *jsonReader) next() byte {
	if r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

func (r *jsonReader) value(parent *Node, index, depth int) *Node {
	if depth > maxDepth {
		r.fail("nested deeper than %d levels", maxDepth)
	}
	n := r.node(parent, index)
	switch c := r.next(); {
	case c == '{':
		r.object(n, depth)
	case c == '[':
		r.array(n, depth)
	case c == '"':
		n.Kind, n.Text = String, r.text()
	case c == '-' || '0' <= c && c <= '9':
		n.Kind, n.Text = Number, r.number()
	case c == 'n':
		n.Kind = Null
		r.word("null")
	case c == 't':
		n.Kind, n.Text = Bool, r.word("true")
	case c == 'f':
		n.Kind, n.Text = Bool, r.word("false")
	case r.at == len(r.data):
		r.fail("the file ends within the document")
	default:
		r.fail("want a value, got %q", r.rune())
	}
	return n
}

// word passes over null, true or false.
func (r *jsonReader) word(word string) string {
	if end := r.at + len(word); end > len(r.data) || string(r.data[r.at:end]) != word {
		r.fail("want a value, got %q", r.rune())
	}
	r.at += len(word)
	return word
}

func (r *jsonReader) object(n *Node, depth int) {
	n.Kind, n.Members = Object, []Member{}
	r.at++
	for r.space(); r.next() != '}'; r.space() {
		if len(n.Members) > 0 {
			r.separator('}')
		}
		if r.next() != '"' {
			r.fail("want the name of a member in quotes")
		}
		m := Member{Line: r.line, Column: r.at - r.lineStart + 1}
		m.Name = r.text()
		if r.space(); r.next() != ':' {
			r.fail("want a colon after the name %q", shortened(m.Name))
		}
		r.at++
		r.space()
		m.Value = r.value(n, len(n.Members), depth+1)
		r.file.add(n, m)
	}
	r.at++
}

func (r *jsonReader) array(n *Node, depth int) {
	n.Kind, n.Items = Array, []*Node{}
	r.at++
	for r.space(); r.next() != ']'; r.space() {
		if len(n.Items) > 0 {
			r.separator(']')
		}
		n.Items = append(n.Items, r.value(n, len(n.Items), depth+1))
	}
	r.at++
}

// separator passes over the comma before a further element.
func (r *jsonReader) separator(end byte) {
	switch {
	case r.next() == ',':
		r.at++
		r.space()
	case r.at == len(r.data):
		r.fail("the file ends within the document")
	default:
		r.fail("want a comma or %q", end)
	}
}
