package breaking

import (
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// parameters compares the parameters of two operations. Those of the path have their order, since their names are free.
func (l *list) parameters(p part) {
	p.kind = ofParameter
	names := pathNames(p.old.op.Path, p.new.op.Path)
	partner := func(list []*spec.Parameter, in, name string) *spec.Parameter {
		for _, other := range list {
			isSame := other.Name == name || in == "header" && strings.EqualFold(other.Name, name)
			if other.In == in && isSame {
				return other
			}
		}
		return nil
	}
	back := map[string]string{}
	for was, is := range names {
		back[is] = was
	}
	nameIn := func(m map[string]string, q *spec.Parameter) string {
		if other, ok := m[q.Name]; ok && q.In == "path" {
			return other
		}
		return q.Name
	}
	for _, is := range p.new.op.Parameters {
		p.name, p.new.parameter = is.Name, is
		p.old.parameter = partner(p.old.op.Parameters, is.In, nameIn(back, is))
		if p.old.parameter == nil {
			says := fmt.Sprintf("%s parameter %s is new", is.In, quoted(is.Name))
			if is.Required {
				says += ", and required"
			}
			l.addAt(p, difference{id: "parameter/added", says: says, new: is.Node}, p.old.op.Node)
			continue
		}
		l.parameter(p, "parameter")
	}
	p.new.parameter = nil
	for _, was := range p.old.op.Parameters {
		if partner(p.new.op.Parameters, was.In, nameIn(names, was)) == nil {
			p.name, p.old.parameter = was.Name, was
			says := fmt.Sprintf("%s parameter %s is gone", was.In, quoted(was.Name))
			l.addAt(p, difference{id: "parameter/removed", says: says, old: was.Node}, p.new.op.Node)
		}
	}
}

// pathNames maps the names of the parameters in the old path to those in the new one.
func pathNames(old, new string) map[string]string {
	names := map[string]string{}
	for {
		_, oldRest, okOld := strings.Cut(old, "{")
		_, newRest, okNew := strings.Cut(new, "{")
		if !okOld || !okNew {
			return names
		}
		var was, is string
		was, old, _ = strings.Cut(oldRest, "}")
		is, new, _ = strings.Cut(newRest, "}")
		names[was] = is
	}
}

// parameter compares two parameters, or two headers. kind begins the ids.
func (l *list) parameter(p part, kind string) {
	old, new := p.old.parameter, p.new.parameter
	switch {
	case old.Required && !new.Required:
		l.add(p, difference{id: kind + "/optional", says: quoted(new.Name) + " is no longer required", old: old.Node, new: new.Node})
	case !old.Required && new.Required:
		l.add(p, difference{id: kind + "/required", says: quoted(new.Name) + " is required now", old: old.Node, new: new.Node})
	}
	l.encoding(p)
	l.prose(p, old.Node, new.Node)
	l.grade(p, old.Node, new.Node)
	l.value(p, schemaOf(old), schemaOf(new))
}

// encoding compares how two parameters or headers are written. explode matters only to a value that may have several parts.
func (l *list) encoding(p part) {
	old, new := p.old.parameter, p.new.parameter
	oldTypes, newTypes := l.graph.old.of(schemaOf(old)).typeSet(), l.graph.new.of(schemaOf(new)).typeSet()
	explodes := func(q *spec.Parameter) bool {
		isObject := oldTypes.any(objects...) || newTypes.any(objects...)
		isList := oldTypes.any(lists...) || newTypes.any(lists...)
		return q.Explode && (isObject || isList && q.Style != "simple") // which writes lists in one way only
	}
	form := func(q *spec.Parameter) string {
		if len(q.Content) > 0 {
			return q.Content[0].Name
		}
		return q.Style
	}
	says := []string{}
	for _, one := range []struct {
		keyword string
		was, is any
	}{
		{"style", form(old), form(new)}, {"explode", explodes(old), explodes(new)},
		{"allowReserved", old.AllowReserved, new.AllowReserved}, {"allowEmptyValue", old.AllowEmptyValue, new.AllowEmptyValue},
	} {
		if one.was != one.is {
			says = append(says, fmt.Sprintf("%s: %v → %v", one.keyword, one.was, one.is))
		}
	}
	if len(says) > 0 {
		l.add(p, difference{id: "parameter/encoding", says: strings.Join(says, ", "), old: old.Node, new: new.Node})
	}
}

// schemaOf is the schema of a parameter, its own or that of its media type.
func schemaOf(p *spec.Parameter) *spec.Schema {
	if p.Schema == nil && len(p.Content) > 0 {
		return p.Content[0].Schema
	}
	return p.Schema
}
