package strictjson

// few is how many members of an object are searched name by name; those behind them have an index.
const few = 32

// sameName gives the last node before the newest one that is the same name in the same object; none if there is none.
func (r *reader) sameName() uint32 {
	newest := uint32(len(r.nodes)) - 1
	text := r.textOf(&r.nodes[newest])
	before, searched := none, 0
	for name := r.open + 1; name < newest && searched < few; name = r.nodes[name+1].end {
		if n := &r.nodes[name]; int(n.size) == len(text) && r.textOf(n) == text {
			before = name
		}
		searched++
	}
	if searched < few {
		return before
	}
	if r.large == nil {
		r.large = map[uint32]map[string]uint32{}
	}
	names := r.large[r.open]
	if names == nil {
		names = map[string]uint32{}
		r.large[r.open] = names
	}
	if last, ok := names[text]; ok {
		before = last
	}
	names[text] = newest
	return before
}
