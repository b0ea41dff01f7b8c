package parameter

import (
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxBrackets bounds how deep the names of a query may nest.
const maxBrackets = 32

// brackets gives the keys of a name such as a[b][c], which are b and c, if it begins with the name of the parameter and has
// at least one.
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

// tree is what pairs say about a value and its members.
type tree struct {
	texts    []string // sent for the value itself
	order    []string // the names of the members as they came
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

// readDeepObject reads a parameter of style deepObject. A text under the bare name is no object, which the schema says.
func (s *input) readDeepObject(want shapes) (v strictjson.Value, fault string) {
	root := &tree{}
	for _, p := range s.pairs {
		keys, ok := brackets(p.Name, s.name)
		if !ok && p.Name != s.name {
			continue
		}
		at := root
		for _, key := range keys {
			at = at.child(key)
		}
		at.texts = append(at.texts, s.decode(p.Value))
	}
	if want == array && root.children != nil && !root.isList() {
		return v, "no list in brackets"
	}
	return root.read(s.schema)
}

// readMembers reads an object whose readMembers are pairs of their own.
func (s *input) readMembers() (v strictjson.Value, fault string) {
	root := &tree{}
	for _, p := range s.pairs {
		isItself := s.parameter != nil && p.Name == s.name && s.shapes != object && s.schema.Property(p.Name) == nil
		if isItself || !s.owns(p.Name) {
			continue
		}
		c := root.child(p.Name)
		c.texts = append(c.texts, s.decode(p.Value))
	}
	if root.children == nil {
		return v, "no member of the object"
	}
	return root.read(s.schema)
}

// isList reports whether the members are elements of a list: a[]=x, or a[0]=x&a[1]=y.
func (t *tree) isList() bool {
	if len(t.order) == 1 && t.order[0] == "" {
		return true
	}
	for i := range t.order {
		if t.children[strconv.Itoa(i)] == nil {
			return false
		}
	}
	return len(t.order) > 0
}

func (t *tree) read(schema *spec.Schema) (v strictjson.Value, fault string) {
	value, fault := t.value(schema)
	if fault != "" {
		return v, fault
	}
	return strictjson.FromAny(value), ""
}

// value makes a value of a tree. The schema says whether one text, or members with numbers for names, are a list.
func (t *tree) value(schema *spec.Schema) (v any, fault string) {
	allowed := shapesOf(schema)
	switch {
	case len(t.texts) > 0 && len(t.children) > 0:
		return nil, "a value and members under one name"
	case len(t.texts) == 1 && allowed != array:
		return t.texts[0], ""
	case len(t.texts) > 0:
		return listOf(t.texts), ""
	case t.isList() && (allowed&array != 0 || t.order[0] == ""):
		return t.list(elementOf(schema))
	}
	m := map[string]any{}
	for _, name := range t.order {
		if m[name], fault = t.children[name].value(memberOf(schema, name)); fault != "" {
			return nil, fault
		}
	}
	return m, ""
}

func (t *tree) list(element *spec.Schema) (v any, fault string) {
	if t.order[0] == "" && t.children[""].children == nil {
		return listOf(t.children[""].texts), ""
	}
	list := make([]any, len(t.order))
	for i := range list {
		c := t.children[strconv.Itoa(i)]
		if c == nil {
			return nil, "members below empty brackets"
		}
		if list[i], fault = c.value(element); fault != "" {
			return nil, fault
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
