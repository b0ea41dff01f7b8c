package schema

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// hashed is an element of an array with its hash.
type hashed struct {
	hash    uint64
	element strictjson.Value
}

// hashedSize is how many bytes each element takes while an array is checked.
const hashedSize = 24

// isUnique reports whether no two elements of the value at hand are equal. They are sorted by their hashes, so that equal ones
// come together, and compared only if their hashes are equal.
func (v *visitor) isUnique(c *Checker, array strictjson.Value) bool {
	size := hashedSize * array.Len()
	defer v.Budget.Release(size)
	if !v.Budget.Hold(size, c.schema.Node) {
		v.end()
		return false
	}
	list := make([]hashed, 0, array.Len())
	for _, element := range array.Elements() {
		list = append(list, hashed{hashOf(element), element})
	}
	slices.SortFunc(list, func(a, b hashed) int { return cmp.Compare(a.hash, b.hash) })
	for i, one := range list {
		for _, other := range list[i+1:] {
			if one.hash != other.hash {
				break
			}
			if strictjson.Equal(one.element, other.element) {
				return false
			}
		}
	}
	return true
}

var seed = maphash.MakeSeed()

// hashOf returns a number that equal values share. Members count in any order, so their hashes are added up.
func hashOf(at strictjson.Value) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteByte(byte(at.Kind()))
	switch at.Kind() {
	case strictjson.Number:
		h.WriteString(decimal.Key(at.Text()))
	case strictjson.Array:
		for _, element := range at.Elements() {
			maphash.WriteComparable(&h, hashOf(element))
		}
	case strictjson.Object:
		var sum uint64
		for name, member := range at.Members() {
			sum += maphash.Comparable(seed, [2]uint64{maphash.String(seed, name), hashOf(member)})
		}
		maphash.WriteComparable(&h, sum)
	default:
		h.WriteString(at.Text())
	}
	return h.Sum64()
}
