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

// hashedSize estimates the bytes of memory for each element while an array is checked.
const hashedSize = 24

// isUnique reports whether no two elements of the array are equal. It sorts the elements by hash, so that equal
// elements become neighbours, and compares only elements with equal hashes. So an array of n elements takes n log n
// steps.
func (v *visitor) isUnique(c *Checker, array strictjson.Value) bool {
	size := hashedSize * array.Len()
	defer v.Budget.Release(size)
	if !v.Budget.Hold(size, c.schema.Node) {
		v.abort()
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

// seed makes hashes differ between processes, so that no sender can prepare an array of equal hashes.
var seed = maphash.MakeSeed()

// hashOf returns a hash that equal values share. Equal numbers may be written differently, so it hashes their
// normal form. Members may come in any order, so it adds their hashes.
func hashOf(value strictjson.Value) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteByte(byte(value.Kind()))
	switch value.Kind() {
	case strictjson.Number:
		h.WriteString(decimal.Key(value.Text()))
	case strictjson.Array:
		for _, element := range value.Elements() {
			maphash.WriteComparable(&h, hashOf(element))
		}
	case strictjson.Object:
		var sum uint64
		for name, member := range value.Members() {
			sum += maphash.Comparable(seed, [2]uint64{maphash.String(seed, name), hashOf(member)})
		}
		maphash.WriteComparable(&h, sum)
	default:
		h.WriteString(value.Text())
	}
	return h.Sum64()
}
