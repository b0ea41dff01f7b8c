package strictjson

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

const (
	maxDepth  = 512      // how deep a text may nest
	maxErrors = 100      // how many errors of a readable text are reported
	maxText   = 64 << 20 // how many bytes a text may have; indices and offsets have 32 bits
)

// SyntaxError is one way in which a text is not strict JSON.
type SyntaxError struct {
	ID      string // the id of the finding, such as body/duplicate-member
	Pointer string // the JSON pointer to the value; "" where reading stopped
	Got     string // what the text has there, in words
}

// Parse reads exactly one value. Numbers stay as written, since 7, 7.0 and 7e0 are not the same to every reader.
//
// A readable text can have errors too: a duplicate member, invalid UTF-8, half of a surrogate pair, bytes after the value.
// If ok is false there is no value, and the last error gives the reason: the text is empty, is not JSON, ends too early,
// nests deeper than 512 levels or is larger than 64 MiB.
//
// The value holds a copy of the text and no reference to data.
func Parse(data []byte) (v Value, errs []SyntaxError, ok bool) {
	if len(data) > maxText {
		return Value{}, []SyntaxError{{ID: "body/too-large", Got: "more than 64 MiB"}}, false
	}
	r := reader{nodeList: newNodeList(string(data)), open: noNode}
	r.skipSpace()
	if r.pos == len(data) {
		return Value{}, []SyntaxError{{ID: "body/empty", Got: "no JSON value"}}, false
	}
	r.readValue()
	if r.failure.ID != "" {
		return Value{}, append(r.errors, r.failure), false
	}
	r.skipSpace()
	if rest := len(data) - r.pos; rest > 0 {
		r.errors = append(r.errors, SyntaxError{ID: "body/trailing-bytes", Got: fmt.Sprintf("%d more bytes after the value", rest)})
	}
	return Value{list: r.nodeList, generation: r.generation}, r.errors, true
}

// likelyNodes estimates how many nodes a text needs: one for each character that a value follows. Strings may contain such
// characters too, so the length of the text limits the estimate. Of a large text it only counts the first part.
func likelyNodes(text string) int {
	const part = 1 << 16
	counted := text[:min(len(text), part)]
	count := 1 + strings.Count(counted, ",") + strings.Count(counted, ":") + strings.Count(counted, "[") + strings.Count(counted, "{")
	if len(text) > part {
		count = int(float64(count) * 1.05 * float64(len(text)) / part)
	}
	return min(count, mostNodes(text))
}

// mostNodes is more nodes than most texts need.
func mostNodes(text string) int { return 8 + len(text)/4 }

// noNode is an index that no node has.
const noNode uint32 = math.MaxUint32

// reader goes through a text once and appends its nodes. It does not recurse. Instead, the node of an open container has the
// index of its parent in start, so the open containers form a linked list from the innermost to the outermost. After
// [{"a": the list of nodes is
//
//	0 array   parent noNode
//	1 object  parent 0        open: the innermost container
//	2 string  "a"             the name whose value comes next
//
// Methods that return a bool return false when reading ends, by an error unless the comment says otherwise.
type reader struct {
	*nodeList
	pos       int
	open      uint32 // the innermost open container
	depth     int    // how many containers are open
	inName    bool   // a member name is being read
	unescaped strings.Builder
	large     map[uint32]map[string]uint32 // the index of names of each large open object; see previousSameName
	errors    []SyntaxError
	failure   SyntaxError // what stopped the reader; its ID is "" until then
}

// fail stops reading, because the text is not JSON or ends too early.
func (r *reader) fail(problem string) bool {
	id := "body/not-json"
	if r.pos >= len(r.text) {
		id = "body/truncated"
	}
	return r.failWith(id, problem)
}

func (r *reader) failWith(id, problem string) bool {
	r.failure = SyntaxError{ID: id, Got: fmt.Sprintf("%s at byte %d", problem, r.pos)}
	return false
}

// report adds an error that leaves the value readable.
func (r *reader) report(id, got string) {
	if len(r.errors) < maxErrors {
		r.errors = append(r.errors, SyntaxError{ID: id, Pointer: r.pointer(), Got: got})
	}
}

// pointer returns the pointer to the value being read or, within a member name, to its object.
func (r *reader) pointer() string {
	var names []string // from the inside out
	child := uint32(len(r.nodes))
	for container := r.open; container != noNode; container = r.nodes[container].start {
		switch n := &r.nodes[container]; {
		case n.kind == Array:
			names = append(names, strconv.Itoa(int(n.size)))
		case container != r.open || !r.inName:
			names = append(names, r.textOf(&r.nodes[child-1]))
		}
		child = container
	}
	p := ""
	for i := len(names) - 1; i >= 0; i-- {
		p += "/" + pointer.Escape(names[i])
	}
	return p
}

func (r *reader) peek() byte {
	if r.pos < len(r.text) {
		return r.text[r.pos]
	}
	return 0
}

func (r *reader) skipSpace() {
	r.pos = spaceEnd(r.text, r.pos)
}

// spaceEnd returns the offset of the first byte from at on that is no white space.
func spaceEnd(text string, at int) int {
	for at < len(text) && isSpace(text[at]) {
		at++
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// readValue reads one value with all its parts, or sets failure.
func (r *reader) readValue() {
	for {
		if r.depth > maxDepth {
			r.failWith("body/too-deep", fmt.Sprintf("nested deeper than %d levels", maxDepth))
			return
		}
		switch c := r.peek(); c {
		case '{':
			if r.openContainer(Object) {
				if !r.readName() {
					return
				}
				continue
			}
		case '[':
			if r.openContainer(Array) {
				continue
			}
		default:
			if !r.readScalar(c) {
				return
			}
		}
		if !r.nextValue() {
			return
		}
	}
}

// closingByte returns the byte that ends the container.
func (n *node) closingByte() byte {
	if n.kind == Object {
		return '}'
	}
	return ']'
}

// openContainer begins a container. It returns false if the container is empty, which it then closes.
func (r *reader) openContainer(kind Kind) bool {
	r.pos++
	r.nodes = append(r.nodes, node{start: r.open, nodeTraits: nodeTraits{kind: kind}})
	r.open = uint32(len(r.nodes)) - 1
	r.depth++
	r.skipSpace()
	if r.peek() == r.nodes[r.open].closingByte() {
		r.closeContainer()
		return false
	}
	return true
}

// closeContainer ends the innermost container and restores its parent.
func (r *reader) closeContainer() {
	r.pos++
	n := &r.nodes[r.open]
	delete(r.large, r.open)
	n.end = uint32(len(r.nodes))
	r.open, n.start = n.start, 0
	r.depth--
}

// nextValue moves from the end of one value to the next, closing every container that ends in between. It also returns false
// at the end of the outermost value.
func (r *reader) nextValue() bool {
	for r.open != noNode {
		n := &r.nodes[r.open]
		n.size++
		r.skipSpace()
		switch c := r.peek(); {
		case c == ',':
			r.pos++
			r.skipSpace()
			return n.kind == Array || r.readName()
		case c == n.closingByte():
			r.closeContainer()
		case n.kind == Object:
			return r.fail("no comma between members")
		default:
			return r.fail("no comma between elements")
		}
	}
	return false
}

// readName reads a member name and its colon, and reports a duplicate.
func (r *reader) readName() bool {
	if r.peek() != '"' {
		return r.fail("no member name")
	}
	r.inName = true
	if !r.readString() {
		return false
	}
	r.inName = false
	r.skipSpace()
	if r.peek() != ':' {
		return r.fail("no colon after a member name")
	}
	r.pos++
	r.skipSpace()
	if before := r.previousSameName(r.open); before != noNode {
		r.report("body/duplicate-member", "the member appears twice")
		r.nodes[before].shadowed = true
		r.nodes[r.open].size--
	}
	return true
}
