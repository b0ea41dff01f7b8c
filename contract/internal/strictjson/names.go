package strictjson

// few is up to how many members an object is searched name by name; a larger one gets an index.
const few = 32

// largeObject finds the names of an object that has many.
type largeObject struct {
	index uint32            // of the object
	names map[string]uint32 // of the last node of each name
}

// nameText gives the text of a node while the text is still being read.
func (r *reader) nameText(n *node) string {
	if at := int(n.at) - len(r.text); at >= 0 {
		return r.unescaped.String()[at : at+int(n.size)]
	}
	return r.text[n.at : n.at+n.size]
}

// sameName gives the last node before the newest one that is the same name in the same object; none if there is none.
func (r *reader) sameName() uint32 {
	newest := uint32(len(r.nodes)) - 1
	text := r.nameText(&r.nodes[newest])
	if last := len(r.large) - 1; last >= 0 && r.large[last].index == r.open {
		names := r.large[last].names
		before, ok := names[text]
		if names[text] = newest; ok {
			return before
		}
		return none
	}
	before, searched := none, 0
	for name := r.open + 1; name < newest; name = r.nodes[name+1].end {
		if r.nameText(&r.nodes[name]) == text {
			before = name
		}
		searched++
	}
	if searched == few {
		r.indexNames()
	}
	return before
}

// indexNames makes the innermost object a large one.
func (r *reader) indexNames() {
	names := make(map[string]uint32, 2*few)
	newest := uint32(len(r.nodes)) - 1
	for name := r.open + 1; name < newest; name = r.nodes[name+1].end {
		names[r.nameText(&r.nodes[name])] = name
	}
	names[r.nameText(&r.nodes[newest])] = newest
	r.large = append(r.large, largeObject{r.open, names})
}
