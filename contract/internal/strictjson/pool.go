package strictjson

import "sync"

// maxPooled is the capacity, in nodes, up to which a list is pooled: 1 MiB.
const maxPooled = 1 << 16

// listPool has the empty lists that Free returned. Allocating the nodes is most of the cost of reading a short text.
//
// A list in the pool serves another text later. So each return begins a new generation of the list, and a value of an older one
// cannot return it again:
//
//	v, _, _ := Parse(text)    // v and the list have generation 3
//	v.Free()                  // the list has generation 4, in the pool or in the value of another text
//	v.Free()                  // 3 is not 4: nothing happens
var listPool = sync.Pool{New: func() any { return &nodeList{} }}

// newNodeList returns an empty list with capacity for about as many nodes as the text needs.
func newNodeList(text string) *nodeList {
	l := listPool.Get().(*nodeList)
	l.text = text
	if most := mostNodes(text); cap(l.nodes) < most { // otherwise there is nothing to estimate
		if most > maxPooled/4 {
			most = likelyNodes(text)
		}
		l.nodes = make([]node, 0, max(most, cap(l.nodes)))
	}
	return l
}

// recycle empties a list, begins its next generation, and puts it into the pool.
func (l *nodeList) recycle() {
	*l = nodeList{nodes: l.nodes[:0], generation: l.generation + 1}
	if cap(l.nodes) <= maxPooled {
		listPool.Put(l)
	}
}

// Free makes the memory of the whole value available to the next Parse. Afterwards the value, its parts and its copies must
// not be used; strings that Text returned stay valid. A second Free of any of them does nothing. Free is optional: without it
// the garbage collector does the work.
func (v Value) Free() {
	if v.Exists() && v.generation == v.list.generation {
		v.list.recycle()
	}
}
