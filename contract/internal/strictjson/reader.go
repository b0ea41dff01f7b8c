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
	maxFaults = 100      // how many faults of a text are reported that leave it readable
	maxText   = 64 << 20 // how many bytes a text may have; indices and offsets have 32 bits
)

// SyntaxError is why a text is not strict JSON.
type SyntaxError struct {
	ID      string // in words, such as body/duplicate-member
	Pointer string // the JSON pointer to the value concerned
	Got     string // what is there instead
}

// Parse reads exactly one value. Numbers stay as they are written, since 7, 7.0 and 7e0 are not the same to every
// reader. There may be faults although the value can be read: a member twice, text that is not UTF-8, half of a surrogate
// pair, bytes after the value. If ok is false there is no value, and the last fault says why: the text is empty, is not
// JSON, ends too early, nests deeper than 512 levels or has more than 64 MiB.
//
// The value keeps a copy of the text, and no reference to data.
func Parse(data []byte) (v Value, faults []SyntaxError, ok bool) {
	if len(data) > maxText {
		return Value{}, []SyntaxError{{ID: "body/too-large", Got: "more than 64 MiB"}}, false
	}
	r := reader{tape: newTape(string(data)), open: none}
	r.space()
	if r.at == len(data) {
		return Value{}, []SyntaxError{{ID: "body/empty", Got: "no JSON value"}}, false
	}
	r.read()
	if r.broken != "" {
		return Value{}, append(r.faults, SyntaxError{ID: r.brokenID, Got: fmt.Sprintf("%s at byte %d", r.broken, r.at)}), false
	}
	r.space()
	if rest := len(data) - r.at; rest > 0 {
		r.faults = append(r.faults, SyntaxError{ID: "body/trailing-bytes", Got: fmt.Sprintf("%d more bytes after the value", rest)})
	}
	return Value{tape: r.tape}, r.faults, true
}

// likelyNodes estimates how many nodes a text makes: one after each of the characters that a value or a name's value
// follows. Too many are counted where strings have such characters, so the length of the text is a limit.
func likelyNodes(text string) int {
	count := 1 + strings.Count(text, ",") + strings.Count(text, ":") + strings.Count(text, "[") + strings.Count(text, "{")
	return min(count, 8+len(text)/4)
}

// none is the index of no node.
const none uint32 = math.MaxUint32

// reader goes through a text once and writes its tape. It calls nothing recursively: while a container is open, its node
// holds in at the index of the container around it.
type reader struct {
	*tape
	at        int
	open      uint32 // the innermost container that is open
	depth     int    // how many containers are open
	inName    bool   // the string that is read is the name of a member
	unescaped strings.Builder
	large     map[uint32]map[string]uint32 // of open objects, by index: the last node of each name behind the first few
	faults    []SyntaxError
	broken    string // why reading stopped
	brokenID  string
}

// fail stops reading: the text is no JSON, or ends too early. It gives false.
func (r *reader) fail(why string) bool {
	r.broken, r.brokenID = why, "body/not-json"
	if r.at >= len(r.text) {
		r.brokenID = "body/truncated"
	}
	return false
}

// fault notes what leaves the value readable.
func (r *reader) fault(id, got string) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, SyntaxError{ID: id, Pointer: r.pointer(), Got: got})
	}
}

// pointer gives the pointer to the value that is read; while a name is read, to its object.
func (r *reader) pointer() string {
	var names []string // from the inside out
	child := uint32(len(r.nodes))
	for container := r.open; container != none; container = r.nodes[container].at {
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
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *reader) space() {
	text, at := r.text, r.at
	for at < len(text) && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t') {
		at++
	}
	r.at = at
}

// read reads a value to its end, or until something is broken.
func (r *reader) read() {
	for {
		if r.depth > maxDepth {
			r.broken, r.brokenID = fmt.Sprintf("nested deeper than %d levels", maxDepth), "body/too-deep"
			return
		}
		switch c := r.peek(); c {
		case '{':
			if r.begin(Object) {
				if !r.name() {
					return
				}
				continue
			}
		case '[':
			if r.begin(Array) {
				continue
			}
		default:
			if !r.scalar(c) {
				return
			}
		}
		if !r.next() {
			return
		}
	}
}

// closing is the character that ends a container.
func (n *node) closing() byte {
	if n.kind == Object {
		return '}'
	}
	return ']'
}

// begin opens a container. It gives false if the container is empty and has ended.
func (r *reader) begin(kind Kind) bool {
	r.at++
	r.nodes = append(r.nodes, node{at: r.open, kind: kind})
	r.open = uint32(len(r.nodes)) - 1
	r.depth++
	r.space()
	if r.peek() == r.nodes[r.open].closing() {
		r.end()
		return false
	}
	return true
}

// end closes the innermost container.
func (r *reader) end() {
	r.at++
	n := &r.nodes[r.open]
	delete(r.large, r.open)
	n.end = uint32(len(r.nodes))
	r.open, n.at = n.at, 0
	r.depth--
}

// next goes from the end of a value to the value after it, and closes the containers that end in between. It gives
// false if there is none.
func (r *reader) next() bool {
	for r.open != none {
		n := &r.nodes[r.open]
		n.size++
		r.space()
		switch c := r.peek(); {
		case c == ',':
			r.at++
			r.space()
			return n.kind == Array || r.name()
		case c == n.closing():
			r.end()
		case n.kind == Object:
			return r.fail("no comma between members")
		default:
			return r.fail("no comma between elements")
		}
	}
	return false
}

// name reads the name of a member up to its value.
func (r *reader) name() bool {
	if r.peek() != '"' {
		return r.fail("no member name")
	}
	r.inName = true
	if !r.string() {
		return false
	}
	r.inName = false
	r.space()
	if r.peek() != ':' {
		return r.fail("no colon after a member name")
	}
	r.at++
	r.space()
	if before := r.sameName(); before != none {
		r.fault("body/duplicate-member", "the member twice")
		r.nodes[before].shadowed = true
		r.nodes[r.open].size--
	}
	return true
}
