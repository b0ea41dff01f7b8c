package parameter

import (
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxBrackets is how deep the names of a query may nest.
const maxBrackets = 32

// brackets returns the keys of a name in brackets: b and c for a[b][c], where a is the name of the parameter. If the name has
// another form, ok is false.
func brackets(name, parameter string) (keys []string, ok bool) {
	rest, found := strings.CutPrefix(name, parameter)
	if !found || rest == "" {
		return nil, false
	}
	for rest != "" {
		key, after, closed := strings.Cut(rest, "]")
		if key == "" || key[0] != '[' || !closed || len(keys) == maxBrackets {
			return nil, false
		}
		keys, rest = append(keys, key[1:]), after
	}
	return keys, true
}

// tree collects the pairs of a value and of its members, before it is known which of them are lists:
//
//	color[R]=1&color[G][0]=2&color[G][1]=3
//	root ─ R: texts ["1"]
//	     └ G ─ 0: texts ["2"]
//	         └ 1: texts ["3"]       a list, if the schema allows one for G
type tree struct {
	texts    []string // sent under the name of the value itself
	order    []string // the names of the members as they were sent
	children map[string]*tree
}

func (t *tree) child(name string) *tree {
	if c := t.children[name]; c != nil {
		return c
	}
	if t.children == nil {
		t.children = map[string]*tree{}
	}
	c := &tree{}
	t.children[name] = c
	t.order = append(t.order, name)
	return c
}

// readDeepObject reads a parameter of style deepObject. A text under its bare name becomes a string, which the schema
// rejects.
func (in *input) readDeepObject(want shapes) (v strictjson.Value, problem string) {
	root := &tree{}
	for _, p := range in.pairs {
		keys, ok := brackets(p.Name, in.name)
		if !ok && p.Name != in.name {
			continue
		}
		at := root
		for _, key := range keys {
			at = at.child(key)
		}
		at.texts = append(at.texts, in.decode(p.Value))
	}
	if want == array && root.children != nil && !root.isList() {
		return v, "no list in brackets"
	}
	return root.read(in.schema)
}

// readMembers reads an object that has one pair for each member.
func (in *input) readMembers() (v strictjson.Value, problem string) {
	root := &tree{}
	for _, p := range in.pairs {
		isItself := in.parameter != nil && p.Name == in.name && in.shapes != object && in.schema.Property(p.Name) == nil
		if isItself || !in.owns(p.Name) {
			continue
		}
		c := root.child(p.Name)
		c.texts = append(c.texts, in.decode(p.Value))
	}
	if root.children == nil {
		return v, "no member of the object"
	}
	return root.read(in.schema)
}

// hasNoNames reports whether the members are elements of a list for certain: a[]=x&a[]=y.
func (t *tree) hasNoNames() bool { return len(t.order) == 1 && t.order[0] == "" }

func (t *tree) isList() bool { return t.hasNoNames() || t.hasIndices() }

// hasIndices reports whether the members can be elements of a list: a[0]=x&a[1]=y.
func (t *tree) hasIndices() bool {
	for i := range t.order {
		if t.children[strconv.Itoa(i)] == nil {
			return false
		}
	}
	return len(t.order) > 0
}

func (t *tree) read(schema *spec.Schema) (v strictjson.Value, problem string) {
	value, problem := t.value(schema)
	if problem != "" {
		return v, problem
	}
	return strictjson.FromAny(value), ""
}

// value converts the tree. The schema decides whether a single text, or members whose names are numbers, are a list.
func (t *tree) value(schema *spec.Schema) (v any, problem string) {
	allowed := shapesOf(schema)
	switch {
	case len(t.texts) > 0 && len(t.children) > 0:
		return nil, "a value and members under one name"
	case len(t.texts) == 1 && allowed != array:
		return t.texts[0], ""
	case len(t.texts) > 0:
		return listOf(t.texts), ""
	case t.hasNoNames(), t.hasIndices() && allowed&array != 0:
		return t.list(elementOf(schema))
	}
	m := map[string]any{}
	for _, name := range t.order {
		if m[name], problem = t.children[name].value(memberOf(schema, name)); problem != "" {
			return nil, problem
		}
	}
	return m, ""
}

// list converts members that are indices, or the texts below empty brackets: a[]=1&a[]=2.
func (t *tree) list(element *spec.Schema) (v any, problem string) {
	if t.order[0] == "" && t.children[""].children == nil {
		return listOf(t.children[""].texts), ""
	}
	list := make([]any, len(t.order))
	for i := range list {
		c := t.children[strconv.Itoa(i)]
		if c == nil {
			return nil, "members below empty brackets"
		}
		if list[i], problem = c.value(element); problem != "" {
			return nil, problem
		}
	}
	return list, ""
}

func listOf(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
