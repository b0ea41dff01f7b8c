package rule

import (
	"hash/maphash"
	"math"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
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

// of returns the key of an element; the zero operand if it has none.
func (k listKey) of(element strictjson.Value) operand {
	if !k.isMember {
		return fromJSON(element)
	}
	if m := element.Member(k.member); m.Exists() {
		return fromJSON(m)
	}
	return operand{}
}

// index is the index of one list.
type index struct {
	list    strictjson.Value
	by      listKey
	state   indexState
	entries []entry
	heads   []int32 // of the chains of entries, by hash; the length is a power of two; 0 for no entry, else the entry plus 1
}

// entry is an element of the list.
type entry struct {
	element strictjson.Value
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
		if !old.list.Exists() {
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
func (v *Variables) indexOf(list strictjson.Value, by listKey) *index {
	if v.indexes == nil {
		v.indexes = &indexes{}
	}
	for i := range v.indexes.all {
		x := &v.indexes.all[i]
		if x.list == list && x.by == by {
			if x.state == searchedOnce {
				x.build(v)
			}
			if x.state == complete {
				return x
			}
			return nil
		}
	}
	if list.Len() >= minIndexed {
		x := &v.indexes.all[v.indexes.next]
		x.forget()
		x.list, x.by = list, by
		v.indexes.next = (v.indexes.next + 1) % len(v.indexes.all)
	}
	return nil
}

// build makes the index.
func (x *index) build(v *Variables) {
	x.state, x.entries = impossible, x.entries[:0]
	for _, element := range x.list.Elements() {
		v.steps -= 4
		if x.by.isMember {
			v.steps -= element.Len()
		}
		key := x.by.of(element)
		if key.kind == none || v.steps < 0 {
			return
		}
		x.entries = append(x.entries, entry{element: element, key: key})
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
		head := &x.heads[hashOf(&e.key)&uint64(size-1)]
		e.next, *head = *head, int32(i)+1
	}
	x.state = complete
}

// first returns the first entry whose key equals an operand, and nil if there is none. next returns the one after an entry. If a
// comparison is left to cel-go, ok is false.
func (x *index) first(v *Variables, key *operand) (e *entry, ok bool) {
	return x.search(v, x.heads[hashOf(key)&uint64(len(x.heads)-1)], key)
}

func (x *index) next(v *Variables, e *entry, key *operand) (*entry, bool) {
	return x.search(v, e.next, key)
}

func (x *index) search(v *Variables, at int32, key *operand) (*entry, bool) {
	for ; at != 0; at = x.entries[at-1].next {
		e := &x.entries[at-1]
		v.steps--
		if e.key.kind == text && key.kind == text && len(e.key.text) != len(key.text) {
			continue
		}
		switch equal(v, e.key, *key) {
		case yes:
			return e, true
		case unknown:
			return nil, false
		}
		if v.steps < 0 {
			return nil, false
		}
	}
	return nil, true
}

var seed = maphash.MakeSeed()

// hashOf returns the same number for operands that are equal in CEL.
func hashOf(o *operand) uint64 {
	switch o.kind {
	case text:
		return maphash.String(seed, o.text)
	case integer, double:
		bits := math.Float64bits(o.double() + 0) // -0 becomes 0
		return bits * 0x9e3779b97f4a7c15 >> 20
	}
	return uint64(o.kind.typeOf())<<1 | uint64(o.number&1)
}
