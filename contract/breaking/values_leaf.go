package breaking

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxLeaves limits the values that are tried at the place of one change, in one frame.
const maxLeaves = 130

// leaves makes the values that may show a change. For a change that names its values there are no others: with the witness of a
// neighbour, the finding would say the wrong thing.
//
//	enum/added bird        "bird"
//	null/allowed           null
//	required/added name    objects with the member and without it
//	any other              values at and beside each limit of both schemas
func (m maker) leaves(ch *change) []any {
	p := schemas{ch.oldSchema, ch.newSchema}
	list := []any{}
	if v, ok := m.value(p, 1); ok && m.takes(p, v) {
		list = append(list, v) // what is wrong with it too is not due to the change
	}
	switch kind, _, _ := strings.Cut(ch.id, "/"); {
	case kind == "enum" && len(ch.names) > 0:
		for _, name := range ch.names {
			if v, ok := parsed(name); ok {
				list = append(list, v)
			}
		}
	case kind == "null":
		list = append(list, nil)
	case kind == "required":
		list = append(list, m.withAndWithout(p, ch.names)...)
	default:
		if last := len(ch.path) - 1; last >= 0 && (ch.path[last].kind == toMember || ch.path[last].kind == toAdditional) {
			list = append(list, absent{})
		}
		list = append(list, m.near(p)...)
	}
	return list[:min(len(list), maxLeaves)]
}

// parsed reads a value that a change names, which is JSON.
func parsed(text string) (value any, ok bool) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	err := d.Decode(&value)
	return value, err == nil
}

// withAndWithout makes objects that lack one of the members, and one that has all of them.
func (m maker) withAndWithout(p schemas, names []string) []any {
	members := membersOf(p)
	list := []any{}
	for _, base := range m.objects(p) {
		whole := maps.Clone(base)
		for _, name := range names {
			if _, has := whole[name]; !has {
				if v, ok := m.member(members.schemas(name), 1); ok {
					whole[name] = v
				}
			}
		}
		for _, name := range names {
			lacking := maps.Clone(whole)
			delete(lacking, name)
			list = append(list, lacking)
		}
		list = append(list, whole)
	}
	return list
}

// objects makes objects of the schemas: the smallest that both require, and samples of each.
func (m maker) objects(p schemas) []map[string]any {
	list := []map[string]any{m.object(p, 0)}
	for _, one := range []struct {
		s  *spec.Schema
		by sample.Maker
	}{{p.new, m.new}, {p.old, m.old}} {
		if one.s == nil {
			continue
		}
		for _, one.by.All = range []bool{false, true} {
			if v, ok := one.by.Value(one.s); ok {
				if object, is := one.by.Sent(one.s, v).(map[string]any); is {
					list = append(list, object)
				}
			}
		}
	}
	return list
}

// near makes values at and beside the limits of both schemas, the valid ones first.
func (m maker) near(p schemas) []any {
	list := []any{}
	for _, one := range []struct {
		s  *spec.Schema
		by sample.Maker
	}{{p.new, m.new}, {p.old, m.old}} {
		if one.s == nil {
			continue
		}
		if v, ok := one.by.Value(one.s); ok {
			list = append(list, one.by.Sent(one.s, v))
		}
		list = append(list, one.by.Near(one.s)...)
	}
	return distinct(list)
}

// maxSize is the most bytes of a value that is tried, unless it is the first: schemas that lead to others describe values of
// any size, which show nothing that a smaller one does not show.
const maxSize = 4000

// distinct leaves out values that are the same JSON, and large ones.
func distinct(values []any) []any {
	seen, list := map[string]bool{}, []any{}
	for i, v := range values {
		data, err := json.Marshal(v)
		isUsable := err == nil && (i == 0 || len(data) <= maxSize)
		if key := string(data); isUsable && !seen[key] {
			seen[key] = true
			list = append(list, v)
		}
	}
	return list
}

// matchesPattern reports whether the name of a member belongs to the schema of the step. Patterns that Go cannot read match
// none.
func matchesPattern(p schemas, s step, name string) bool {
	for _, container := range []*spec.Schema{p.old, p.new} {
		if container == nil {
			continue
		}
		for part := range container.Parts {
			for _, pattern := range part.PatternProperties {
				re, err := regexp.Compile(pattern.Name)
				isMatch := err == nil && re.MatchString(name)
				isMeant := slices.Contains([]*spec.Schema{s.old, s.new}, pattern.Schema)
				if isMatch != isMeant {
					return false
				}
			}
		}
	}
	return true
}
