package breaking

import "slices"

// A keyword says something about values of some types only: minimum about numbers, required about objects.
var (
	numbers   = []string{"number", "integer"}
	texts     = []string{"string"}
	lists     = []string{"array"}
	objects   = []string{"object"}
	formatted = []string{"string", "number", "integer"}
	anyType   = []string{"string", "number", "integer", "boolean", "array", "object"}
)

// typeSet is a set of types, without null.
type typeSet []string

// any reports whether the set has one of some types.
func (t typeSet) any(types ...string) bool {
	return slices.ContainsFunc(types, func(name string) bool { return slices.Contains(t, name) })
}

// sharedTypes are the types that both values may have.
func sharedTypes(before, after *value) typeSet {
	was, is := before.typeSet(), after.typeSet()
	return slices.DeleteFunc(was, func(name string) bool { return !slices.Contains(is, name) })
}

// typeSet returns the types that the value may have: all that are possible if it does not say.
func (v *value) typeSet() typeSet {
	types, limited := v.types()
	switch {
	case !limited:
		return slices.Clone(anyType)
	case slices.Contains(types, "number"):
		return append(types, "integer")
	}
	return types
}
