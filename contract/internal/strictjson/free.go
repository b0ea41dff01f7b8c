package strictjson

import "sync"

// maxKept is how many nodes a list has at most that is kept for another text: 1 MiB.
const maxKept = 1 << 16

// tapes are those that Free gave back, empty. Most of what it takes to read a short text is to make the list of its nodes.
var tapes = sync.Pool{New: func() any { return &tape{} }}

// newTape returns an empty tape with room for some nodes.
func newTape(text string) *tape {
	t := tapes.Get().(*tape)
	t.text = text
	if likely := likelyNodes(text); cap(t.nodes) < likely {
		t.nodes = make([]node, 0, likely)
	}
	return t
}

// free empties a tape and keeps it for another text.
func (t *tape) free() {
	if cap(t.nodes) <= maxKept {
		*t = tape{nodes: t.nodes[:0]}
		tapes.Put(t)
	}
}

// Free lets another text use the memory of the whole value. Nothing may use the value afterwards, nor a part of it or a copy;
// their texts stay good. Without Free, the value is garbage when nothing refers to it.
func (v Value) Free() {
	if v.Exists() {
		v.tape.free()
	}
}
