package strictjson

import (
	"maps"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
)

// Equal reports whether two values are equal in the sense of JSON Schema. Numbers compare by their mathematical value,
// exactly at any size, so 1, 1.0 and 10e-1 are equal. Strings compare by their characters and objects without regard to
// order.
func Equal(a, b Value) bool {
	if !a.Exists() || !b.Exists() {
		return a.Exists() == b.Exists()
	}
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case Number:
		return decimal.Compare(a.Text(), b.Text()) == 0
	case Array:
		return equalArrays(a, b)
	case Object:
		return equalObjects(a, b)
	}
	return a.Text() == b.Text()
}

func equalArrays(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	other := b.index + 1
	for _, element := range a.Elements() {
		if !Equal(element, b.withIndex(other)) {
			return false
		}
		other = b.list.nodes[other].end
	}
	return true
}

func equalObjects(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	members := maps.Collect(b.Members())
	for name, value := range a.Members() {
		if !Equal(value, members[name]) {
			return false
		}
	}
	return true
}
