package strictjson

// Text is the memory of one JSON string, for many strings one after the other, each of which FromText would allocate.
type Text struct {
	list nodeList
	only [1]node
}

// Set makes a string of the text. It ends the use of the value that Set returned before, and of its copies.
func (t *Text) Set(text string) Value {
	t.only[0] = node{size: uint32(len(text)), end: 1, nodeTraits: nodeTraits{kind: String}}
	t.list = nodeList{text: text, nodes: t.only[:]}
	return Value{list: &t.list, generation: 1} // not that of the list: Free does nothing
}
