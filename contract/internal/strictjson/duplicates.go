package strictjson

// maxUnindexed is how many names of an object are compared one by one. Names after them are in a map.
const maxUnindexed = 32

// previousSameName returns the last earlier name of an open object that equals its newest name, or noNode.
//
// Most objects are small, and comparing a few names costs less than a map. So the first 32 names are compared one by one.
// Only the names after them go into a map, made when the first of them comes. A search covers both, since an earlier node
// may be in either. The time is linear in the number of members. A caller may leave out names that it knows to be different.
func (r *reader) previousSameName(object uint32) uint32 {
	newest := uint32(len(r.nodes)) - 1
	text := r.textOf(&r.nodes[newest])
	before, searched := noNode, 0
	for name := object + 1; name < newest && searched < maxUnindexed; name = r.nodes[name+1].end {
		if n := &r.nodes[name]; int(n.size) == len(text) && r.textOf(n) == text {
			before = name
		}
		searched++
	}
	if searched < maxUnindexed {
		return before
	}
	if r.large == nil {
		r.large = map[uint32]map[string]uint32{}
	}
	names := r.large[object]
	if names == nil {
		names = map[string]uint32{}
		r.large[object] = names
	}
	if last, ok := names[text]; ok {
		before = last
	}
	names[text] = newest
	return before
}
