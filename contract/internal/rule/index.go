package rule

import (
	"hash/maphash"
	"math"
)

// Rules often search a list for each element of another list, or of the same one. Comparing each with each takes quadratic time:
//
//	self.all(r, self.exists_one(o, o.type == r.type))
//
// So such a list gets an index, a hash table of its elements by the key that is compared, here type. It makes the rule above
// linear. As an index costs more than one search, the first search of a list still looks at each element, and the second one makes the
// index. All rules about an exchange share its indexes.
//
// The table only suggests elements: each is compared as CEL compares, with equal. What CEL calls equal has one hash, so 1 and 1.0 do.

// minIndexed is the length from which on a list gets an index.
const minIndexed = 4

// listKey is what an index finds the elements of a list by: the element itself, or one of its members.
type listKey struct {
	isMember bool
	member   string
}

// of sets the key of an element. It returns nothing if that has none.
func (k *listKey) of(v *Variables, element, to *operand) *operand {
	if !k.isMember {
		*to = *element
		return to
	}
	if element.kind == object {
		v.steps -= element.json.Len()
		if m := element.json.Member(k.member); m.Exists() {
			return to.setJSON(m)
		}
	}
	return nothing
}

// index is the index of one list.
type index struct {
	list    operand
	by      listKey
	state   indexState
	entries []entry
	heads   []int32 // of the chains of entries, by hash; the length is a power of two; 0 for no entry, else the entry plus 1
}

// entry is an element of the list.
type entry struct {
	element operand
	key     operand
	next    int32 // the next entry with the same hash, as in heads; entries of a chain are in the order of the list
}

type indexState uint8

const (
	searchedOnce indexState = iota
	complete
	impossible // some element has no key
)

// indexes are those of an exchange. If there are too many lists, the latest ones stay.
type indexes struct {
	all  [8]index
	next int // to be replaced
}

// maxKept is how many entries an index keeps for the next exchange.
const maxKept = 1 << 10

// reset forgets all lists.
func (x *indexes) reset() {
	if x == nil {
		return
	}
	for i := range x.all {
		old := &x.all[i]
		if old.list.kind == none {
			break // so are the others: they are used in turn
		}
		old.forget()
	}
	x.next = 0
}

// forget forgets the list.
func (x *index) forget() {
	if cap(x.entries) > maxKept {
		*x = index{}
		return
	}
	clear(x.entries)
	*x = index{entries: x.entries[:0], heads: x.heads}
}

// indexOf returns the index of a list by a key, or nil if there is none: yet, or since some element has no key.
func (v *Variables) indexOf(list *operand, by listKey) *index {
	if list.kind != array && list.kind != computed {
		return nil
	}
	if v.indexes == nil {
		v.indexes = &indexes{}
	}
	for i := range v.indexes.all {
		x := &v.indexes.all[i]
		if x.list.isSameList(list) && x.by == by {
			if x.state == searchedOnce {
				x.build(v)
			}
			if x.state == complete {
				return x
			}
			return nil
		}
	}
	if v.length(list) >= minIndexed {
		x := &v.indexes.all[v.indexes.next]
		x.forget()
		x.list, x.by = *list, by
		v.indexes.next = (v.indexes.next + 1) % len(v.indexes.all)
	}
	return nil
}

// build makes the index.
func (x *index) build(v *Variables) {
	x.state = impossible
	if n := v.length(&x.list); cap(x.entries) < n {
		x.entries = make([]entry, 0, n)
	}
	var element operand
	ok := v.each(&x.list, &element, func() bool {
		v.steps -= 4
		x.entries = append(x.entries, entry{element: element})
		e := &x.entries[len(x.entries)-1]
		return x.by.of(v, &element, &e.key).kind != none
	})
	if !ok || len(x.entries) < v.length(&x.list) || x.entries[len(x.entries)-1].key.kind == none {
		return
	}
	size := 8
	for size < 2*len(x.entries) {
		size *= 2
	}
	if size <= cap(x.heads) {
		x.heads = x.heads[:size]
		clear(x.heads)
	} else {
		x.heads = make([]int32, size)
	}
	for i := len(x.entries) - 1; i >= 0; i-- {
		e := &x.entries[i]
		head := &x.heads[x.hash(&e.key)]
		e.next, *head = *head, int32(i)+1
	}
	x.state = complete
}

// first returns the first entry whose key equals an operand, and nil if there is none. If a comparison is left to cel-go, or
// takes too many steps, ok is false.
func (x *index) first(v *Variables, key *operand) (e *entry, ok bool) {
	return x.search(v, x.heads[x.hash(key)], key)
}

// search returns the first such entry of the chain that begins at a place: that of the first one, or the next of an entry.
func (x *index) search(v *Variables, at int32, key *operand) (e *entry, ok bool) {
	for at != 0 {
		e := &x.entries[at-1]
		v.steps--
		switch equal(v, &e.key, key) {
		case yes:
			return e, true
		case unknown:
			return nil, false
		}
		if v.steps < 0 {
			return nil, false
		}
		at = e.next
	}
	return nil, true
}

var seed = maphash.MakeSeed()

// maxShort is the number of elements up to which texts have a hash that is quick to make and may be the same for many.
const maxShort = 32

// hash returns the place in heads of a key: the same one for operands that are equal in CEL.
func (x *index) hash(o *operand) uint64 {
	return hashOf(o, len(x.entries) <= maxShort) & uint64(len(x.heads)-1)
}

func hashOf(o *operand, isShort bool) uint64 {
	switch o.kind {
	case text:
		if n := len(o.text); isShort && n > 0 {
			return uint64(n) + 5*uint64(o.text[0]) + 7*uint64(o.text[n/2]) + 3*uint64(o.text[n-1])
		}
		return maphash.String(seed, o.text)
	case integer, double:
		bits := math.Float64bits(o.double() + 0) // -0 becomes 0
		return bits * 0x9e3779b97f4a7c15 >> 20
	case boolean:
		return uint64(o.number)
	}
	return uint64(o.kind.typeOf()) // of the other fields, some may be left from an operand before
}
