package contract

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// schema holds a value against a schema. root is the value's pointer in the message, held the evidence of what holds the
// schema: no promise in it is surer than that.
func (c *hearing) schema(value any, ref *openapi3.SchemaRef, root string, held openapi.Evidence, as direction) {
	if ref == nil || ref.Value == nil {
		return
	}
	// Most values are right: only what is wrong is visited again, for all that is wrong with it.
	if ref.Value.VisitJSON(value, quickOptions[as]...) != nil {
		for _, v := range violations(ref.Value.VisitJSON(value, fullOptions[as]...)) {
			node := c.doc.SchemaPointer(v.schema)
			c.fail("schema/"+v.keyword, c.evidenceIn(node, held), root+v.pointer, node+"/"+v.keyword, wantOf(v), gotOf(v))
		}
	}
	w := walk{c: c, held: held, root: root}
	w.value(value, []*openapi3.Schema{ref.Value})
}

// evidenceIn is the evidence of a node in a schema.
func (c *hearing) evidenceIn(node string, held openapi.Evidence) openapi.Evidence {
	return openapi.Weaker(held, c.doc.Evidence(node, held))
}

// walk goes through a value beside its schemas and finds what kin-openapi passes over: how integers are written, and
// members that no schema knows.
type walk struct {
	c    *hearing
	held openapi.Evidence
	root string
	path []string // names and indices on the way to the value; a pointer is made of them only for a finding
}

// maxSchemas bounds how many schemas may describe one value at once.
const maxSchemas = 64

func (w *walk) pointer() string {
	pointer := w.root
	for _, token := range w.path {
		pointer += "/" + escapePointer(token)
	}
	return pointer
}

// within walks through a value that has a name or an index.
func (w *walk) within(token string, v any, schemas []*openapi3.Schema) {
	w.path = append(w.path, token)
	w.value(v, schemas)
	w.path = w.path[:len(w.path)-1]
}

func (w *walk) value(v any, schemas []*openapi3.Schema) {
	schemas = parts(schemas)
	switch v := v.(type) {
	case string:
		for _, s := range schemas {
			w.c.seeEnum(s, v)
		}
	case json.Number:
		if slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return s.Type.Is(openapi3.TypeNumber) }) {
			return // an alternative takes any number
		}
		w.integer(v, schemas)
	case []any:
		var items []*openapi3.Schema
		for _, s := range schemas {
			if s.Items != nil && s.Items.Value != nil {
				items = append(items, s.Items.Value)
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

func (w *walk) member(name string, v any, schemas []*openapi3.Schema) {
	known := make([]*openapi3.Schema, 0, 1)
	free := !slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return len(s.Properties) > 0 }) // an object of anything
	for _, s := range schemas {
		switch property := s.Properties[name]; {
		case property != nil && property.Value != nil:
			known = append(known, property.Value)
		case s.AdditionalProperties.Schema != nil && s.AdditionalProperties.Schema.Value != nil:
			known = append(known, s.AdditionalProperties.Schema.Value)
		case s.AdditionalProperties.Has != nil: // said in so many words: true takes it, at false kin-openapi refuses it
			free = true
		}
	}
	switch {
	case len(known) > 0:
		w.within(name, v, known)
	case !free:
		node := w.c.doc.SchemaPointer(schemas[0])
		w.c.deviate("member/undocumented", unknown, w.pointer()+"/"+escapePointer(name), node, "no such member", compact(v))
	}
}

// isPlainInteger says whether a number of JSON has neither a point nor an exponent.
func isPlainInteger(n json.Number) bool { return !strings.ContainsAny(n.String(), ".eE") }

// integer judges how an integer is written and whether its format holds it. Of several schemas one that takes it is enough.
func (w *walk) integer(v json.Number, schemas []*openapi3.Schema) {
	var first *openapi3.Schema
	for _, s := range schemas {
		if !s.Type.Is(openapi3.TypeInteger) {
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
	pointer := w.pointer()
	if w.c.failedAt(pointer) {
		return
	}
	node := w.c.doc.SchemaPointer(first)
	evidence := w.c.evidenceIn(node, w.held)
	if !isPlainInteger(v) {
		w.c.fail("schema/integer-literal", evidence, pointer, node+"/type", "an integer without point and exponent", v.String())
		return
	}
	w.c.fail("schema/format", evidence, pointer, node+"/format", "format "+first.Format, v.String())
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
func parts(schemas []*openapi3.Schema) []*openapi3.Schema {
	if len(schemas) == 1 && len(schemas[0].AllOf)+len(schemas[0].OneOf)+len(schemas[0].AnyOf) == 0 {
		return schemas
	}
	all := []*openapi3.Schema{}
	var add func(s *openapi3.Schema)
	add = func(s *openapi3.Schema) {
		if len(all) == maxSchemas {
			return
		}
		for _, known := range all {
			if known == s {
				return
			}
		}
		all = append(all, s)
		for _, refs := range []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf} {
			for _, ref := range refs {
				if ref.Value != nil {
					add(ref.Value)
				}
			}
		}
	}
	for _, s := range schemas {
		add(s)
	}
	return all
}
