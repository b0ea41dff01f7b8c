package strictjson

import "unsafe"

// Reader reads a text token by token, for a caller that checks the values while they are read. It appends the nodes that [Parse]
// would append. But it has no words for what is wrong: where a text is not strict JSON, the caller gives up, and Parse explains.
//
// Its methods take the offset of a token in [Reader.Text] and return the offset after it, or -1 if the text is not strict JSON.
// Nothing checks that the tokens come in the right order, which is up to the caller. For [1,"a"] the calls are
//
//	array, at := r.Len(), r.Open(Array, 0)    // 1
//	at = r.Scalar(at)                         // 2, a comma
//	at = r.Scalar(at + 1)                     // 6
//	at = r.Close(array, 2, at)                // 7
//	at = r.End(at)                            // 7: the text ends
//	v := r.Value(array)
type Reader struct {
	// Text is the whole text, which shares its memory with the data.
	Text string
	reader
}

// NewReader returns a reader of a text. The values that it reads refer to the data, which must not change until the last use of
// a value or of a string that one returned.
func NewReader(data []byte) Reader {
	text := unsafe.String(unsafe.SliceData(data), len(data)) //nolint:gosec // the caller promises that the data stays as it is
	return Reader{Text: text, reader: reader{nodeList: newNodeList(text), open: noNode}}
}

// MaxText is how many bytes a text may have.
const MaxText = maxText

// MaxDepth is how many containers may be open where a value begins.
const MaxDepth = maxDepth

// Len returns the number of nodes so far, which is the index of the next one.
func (r *Reader) Len() int { return len(r.nodes) }

// Value returns the value with an index. All of it must have been read.
func (r *Reader) Value(index int) Value { return Value{r.nodeList, uint32(index), r.generation} }

// Mark marks a node. The mark means what the caller wants it to mean: see [Value.IsMarked].
func (r *Reader) Mark(index int) { r.nodes[index].marked = true }

// MarkFrom marks all nodes from an index on.
func (r *Reader) MarkFrom(index int) {
	for i := range r.nodes[index:] {
		r.nodes[index+i].marked = true
	}
}

// Byte returns the byte at an offset, or 0 at the end.
func (r *Reader) Byte(at int) byte {
	if at < len(r.Text) {
		return r.Text[at]
	}
	return 0
}

// Space returns the offset of the first byte from at on that is no white space.
func (r *Reader) Space(at int) int {
	if at < len(r.Text) && r.Text[at] > ' ' {
		return at
	}
	return spaceEnd(r.Text, at)
}

// Open begins a container.
func (r *Reader) Open(kind Kind, at int) int {
	r.nodes = append(r.nodes, node{nodeTraits: nodeTraits{kind: kind}})
	return at + 1
}

// Close ends the container with an index, which has a number of members or elements.
func (r *Reader) Close(index, size, at int) int {
	n := &r.nodes[index]
	n.size, n.end = uint32(size), uint32(len(r.nodes))
	if r.large != nil {
		delete(r.large, uint32(index))
	}
	return at + 1
}

// AddScalar appends a scalar or a name whose characters are those from start to end, as they stand in the text.
func (r *Reader) AddScalar(kind Kind, start, end int) { r.addScalar(kind, start, end-start) }

// String reads a string or a name, of which at is the first quote.
func (r *Reader) String(at int) int {
	if r.Byte(at) != '"' {
		return -1
	}
	if end := plainEnd(r.Text, at+1); r.Byte(end) == '"' {
		r.addScalar(String, at+1, end-at-1)
		return end + 1
	}
	return r.Scalar(at)
}

// LastText returns the characters of the newest scalar or name.
func (r *Reader) LastText() string { return r.textOf(&r.nodes[len(r.nodes)-1]) }

// RepeatsName reports whether an open object has a name like its newest one. Names that are no candidates need not be asked for.
func (r *Reader) RepeatsName(object int) bool { return r.previousSameName(uint32(object)) != noNode }

// Scalar reads any scalar.
func (r *Reader) Scalar(at int) int {
	r.pos = at
	if !r.readScalar(r.peek()) || len(r.errors) > 0 {
		return -1
	}
	return r.pos
}

// SmallInteger reads an integer of up to 18 digits with neither a fraction nor an exponent. It returns -1 for anything else, which may
// be a number all the same.
func (r *Reader) SmallInteger(at int) (n int64, next int) {
	const mostDigits = 18 // which always fit
	text, first := r.Text, at
	isNegative := at < len(text) && text[at] == '-'
	if isNegative {
		first++
	}
	next = first
	for next < len(text) && text[next]-'0' <= 9 {
		n = 10*n + int64(text[next]-'0')
		next++
	}
	digits := next - first
	isOther := next < len(text) && (text[next] == '.' || text[next]|0x20 == 'e')
	hasZero := digits > 0 && text[first] == '0' && (digits > 1 || isNegative)
	if digits == 0 || digits > mostDigits || isOther || hasZero {
		return 0, -1
	}
	r.addScalar(Number, at, next-at)
	if isNegative {
		n = -n
	}
	return n, next
}

// Any reads any value. depth is the number of containers that are open.
func (r *Reader) Any(at, depth int) int {
	r.pos, r.open, r.depth = at, noNode, depth
	r.readValue()
	if r.failure.ID != "" || len(r.errors) > 0 {
		return -1
	}
	return r.pos
}

// End reads the end of the text.
func (r *Reader) End(at int) int {
	if at = r.Space(at); at < len(r.Text) {
		return -1
	}
	return at
}

// Free makes the memory of a value that could not be read available to the next text.
func (r *Reader) Free() { r.recycle() }

// IsMarked reports whether a [Reader] has marked the value.
func (v Value) IsMarked() bool { return v.Exists() && v.node().marked }
