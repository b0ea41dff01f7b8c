package contract

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/kin"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// schema holds a body against its schema. No promise in it is surer than what holds it.
func (j *Judge) schema(b body, m message, out *findings) {
	if b.schema == nil {
		return
	}
	root := m.side + "/body"
	for _, v := range j.schemas.Violations(b.schema, b.value, m.as) {
		f := Finding{ID: "schema/" + v.Keyword, Evidence: m.held, Pointer: root + v.Pointer, Node: b.schema.Node, Want: kin.Want(v), Got: kin.Got(v)}
		if v.Schema != nil {
			f.Evidence, f.Node = j.evidenceIn(v.Schema, m.held), keywordNode(v.Schema, v.Keyword)
		}
		out.fail(f)
	}
	w := walk{judge: j, held: m.held, root: root, out: out}
	w.value(b.value, []*spec.Schema{b.schema})
}

// evidenceIn is the evidence of a schema within what holds it.
func (j *Judge) evidenceIn(s *spec.Schema, held spec.Evidence) spec.Evidence {
	return spec.Weaker(held, j.doc.Evidence(s.Node, held))
}

// keywordNode is where a schema has a keyword, or else the schema.
func keywordNode(s *spec.Schema, keyword string) *spec.Node {
	if n := s.Node.Member(keyword); n != nil {
		return n
	}
	return s.Node
}

// walk goes through a value beside its schemas and finds what kin-openapi passes over: how integers are written, and
// members that no schema knows.
type walk struct {
	judge *Judge
	held  spec.Evidence
	root  string
	path  []string // names and indices on the way to the value; a pointer is made of them only for a finding
	out   *findings
}

// maxSchemas bounds how many schemas may describe one value at once.
const maxSchemas = 64

func (w *walk) pointer() string {
	at := w.root
	for _, token := range w.path {
		at += "/" + pointer.Escape(token)
	}
	return at
}

// within walks through a value that has a name or an index.
func (w *walk) within(token string, v any, schemas []*spec.Schema) {
	w.path = append(w.path, token)
	w.value(v, schemas)
	w.path = w.path[:len(w.path)-1]
}

func (w *walk) value(v any, schemas []*spec.Schema) {
	schemas = parts(schemas)
	switch v := v.(type) {
	case string:
		for _, s := range schemas {
			seeEnum(s, v, w.out)
		}
	case json.Number:
		if slices.ContainsFunc(schemas, func(s *spec.Schema) bool { return slices.Contains(s.Types, "number") }) {
			return // an alternative takes any number
		}
		w.integer(v, schemas)
	case []any:
		var items []*spec.Schema
		for _, s := range schemas {
			if s.Items != nil {
				items = append(items, s.Items)
			}
		}
		if len(items) == 0 {
			return
		}
		for i, element := range v {
			w.within(strconv.Itoa(i), element, items)
		}
	case map[string]any:
		for _, name := range sortedKeys(v) {
			w.member(name, v[name], schemas)
		}
	}
}

func (w *walk) member(name string, v any, schemas []*spec.Schema) {
	known := make([]*spec.Schema, 0, 1)
	free := !slices.ContainsFunc(schemas, func(s *spec.Schema) bool { return len(s.Properties) > 0 }) // an object of anything
	for _, s := range schemas {
		switch property := propertyOf(s, name); {
		case property != nil:
			known = append(known, property)
		case len(s.PatternProperties) > 0, s.UnevaluatedProperties != nil:
			free = true // more than kin-openapi knows
		case s.AdditionalProperties == nil:
		case s.AdditionalProperties.Always, s.AdditionalProperties.Never:
			free = true // said in so many words: true takes it, at false kin-openapi refuses it
		default:
			known = append(known, s.AdditionalProperties)
		}
	}
	switch {
	case len(known) > 0:
		w.within(name, v, known)
	case !free:
		w.out.add(Finding{ID: "member/undocumented", Evidence: unknown, Pointer: w.pointer() + "/" + pointer.Escape(name), Node: schemas[0].Node, Want: "no such member", Got: compact(v)})
	}
}

// propertyOf is the schema of a property, or nil.
func propertyOf(s *spec.Schema, name string) *spec.Schema {
	for _, p := range s.Properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// isPlainInteger says whether a number of JSON has neither a point nor an exponent.
func isPlainInteger(n json.Number) bool { return !strings.ContainsAny(n.String(), ".eE") }

// integer judges how an integer is written and whether its format holds it. Of several schemas one that takes it is enough.
func (w *walk) integer(v json.Number, schemas []*spec.Schema) {
	var first *spec.Schema
	for _, s := range schemas {
		if !slices.Contains(s.Types, "integer") {
			continue
		}
		if isPlainInteger(v) && holds(s.Format, v) {
			return
		}
		if first == nil {
			first = s
		}
	}
	if first == nil {
		return
	}
	f := Finding{Evidence: w.judge.evidenceIn(first, w.held), Pointer: w.pointer(), Got: v.String()}
	if w.out.failedAt(f.Pointer) {
		return
	}
	if isPlainInteger(v) {
		f.ID, f.Node, f.Want = "schema/format", keywordNode(first, "format"), "format "+first.Format
	} else {
		f.ID, f.Node, f.Want = "schema/integer-literal", keywordNode(first, "type"), "an integer without point and exponent"
	}
	w.out.fail(f)
}

// holds says whether the bits of a format hold an integer.
func holds(format string, v json.Number) bool {
	var bits int
	switch format {
	case "int32":
		bits = 32
	case "int64":
		bits = 64
	default:
		return true
	}
	_, err := strconv.ParseInt(v.String(), 10, bits)
	return err == nil
}

// parts adds the schemas that a schema is made of: each may describe members.
func parts(schemas []*spec.Schema) []*spec.Schema {
	if len(schemas) == 1 && isPlain(schemas[0]) {
		return schemas
	}
	all := []*spec.Schema{}
	var add func(s *spec.Schema)
	add = func(s *spec.Schema) {
		if s == nil || len(all) == maxSchemas || slices.Contains(all, s) {
			return
		}
		all = append(all, s)
		add(s.Ref)
		add(s.DynamicRef)
		for _, list := range [][]*spec.Schema{s.AllOf, s.OneOf, s.AnyOf} {
			for _, part := range list {
				add(part)
			}
		}
	}
	for _, s := range schemas {
		add(s)
	}
	return all
}

// isPlain says whether a schema is made of no others.
func isPlain(s *spec.Schema) bool {
	return s.Ref == nil && s.DynamicRef == nil && len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0
}
