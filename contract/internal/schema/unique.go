package schema

import (
	"hash/maphash"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// isUnique reports whether no two elements are equal. They are compared only if their hashes are equal.
func isUnique(array strictjson.Value) bool {
	byHash := make(map[uint64][]strictjson.Value, array.Len())
	for _, element := range array.Elements() {
		h := hashOf(element)
		for _, other := range byHash[h] {
			if strictjson.Equal(element, other) {
				return false
			}
		}
		byHash[h] = append(byHash[h], element)
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
