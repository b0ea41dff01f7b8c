package strictjson

import "sync"

// maxPooled is the capacity, in nodes, up to which a list is pooled: 1 MiB.
const maxPooled = 1 << 16

// listPool has the empty lists that Free returned. Allocating the nodes is most of the cost of reading a short text.
var listPool = sync.Pool{New: func() any { return &nodeList{} }}

// newNodeList returns an empty list with capacity for about as many nodes as the text needs.
func newNodeList(text string) *nodeList {
	l := listPool.Get().(*nodeList)
	l.text = text
	if likely := likelyNodes(text); cap(l.nodes) < likely {
		l.nodes = make([]node, 0, likely)
	}
	return l
}

// recycle empties a list and puts it into the pool.
func (l *nodeList) recycle() {
	if cap(l.nodes) <= maxPooled {
		*l = nodeList{nodes: l.nodes[:0]}
		listPool.Put(l)
	}
}

// Free makes the memory of the whole value available to the next Parse. Afterwards the value, its parts and its copies must
// not be used; strings that Text returned stay valid. Free is optional: without it the garbage collector does the work.
func (v Value) Free() {
	if v.Exists() {
		v.list.recycle()
	}
}
