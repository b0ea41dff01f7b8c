package mutate

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The operators on schemas. A bound is mutated in both directions, since a loosened bound is killed only by an exchange
// that must fail, and a tightened one only by an exchange that must pass. For "maximum: 100":
//
//	dropped    loosened to 101    tightened to 99    made exclusive

var (
	lowerBounds  = []string{"minimum", "minLength", "minItems", "minProperties"}
	upperBounds  = []string{"maximum", "maxLength", "maxItems", "maxProperties"}
	compositions = []string{"allOf", "oneOf", "anyOf"}
)

// schema calls the operators of each keyword. Those of properties, items and compositions follow when the walk reaches them.
func (m *documentMutator) schema(s site) {
	m.kindOfValue(s)
	for _, key := range lowerBounds {
		m.bound(s, key, -1)
	}
	for _, key := range upperBounds {
		m.bound(s, key, 1)
	}
	m.boundsAdded(s)
	m.pattern(s)
	m.enum(s)
	m.members(s)
	if s.has("items") {
		m.set("items loosened", s, "items", parsed(`{}`))
	}
	m.flip("null allowed or not", s, "nullable")
	m.drop("default dropped", s, "default")
	m.plainExample(s)
	for _, key := range hints(s) {
		m.drop("hint dropped", s, key)
	}
	m.drop("rules dropped", s, "x-rules")
	for _, key := range compositions {
		if parts, ok := s.at(key); ok {
			m.drop("composition dropped", s, key)
			dropEach("part of a composition dropped")(m, parts)
		}
	}
	known := []string{
		"type", "format", "pattern", "enum", "required", "properties", "additionalProperties", "items", "nullable", "default",
		"example", "x-rules", "x-evidence",
	}
	m.otherKeywords(s, slices.Concat(known, hints(s), lowerBounds, upperBounds, compositions)...)
}

// hints returns the extension keys whose value is a scalar.
func hints(s site) []string {
	return slices.DeleteFunc(s.keys(), func(key string) bool {
		return !strings.HasPrefix(key, "x-") || !isScalar(s.node.Member(key))
	})
}

// kindOfValue changes type and format.
func (m *documentMutator) kindOfValue(s site) {
	others := map[string][]string{
		"integer": {"number", "string"}, "number": {"integer", "string"}, "string": {"integer", "object"},
		"boolean": {"string"}, "array": {"object"}, "object": {"string"},
	}
	if name := s.text("type"); name != "" {
		m.drop("type dropped", s, "type")
		for _, other := range others[name] {
			m.set("type swapped", s, "type", scalar(other))
		}
	}
	swaps := map[string]string{
		"int32": "int64", "int64": "int32", "date": "date-time", "date-time": "date", "float": "double", "double": "float",
	}
	added := map[string]string{"string": "uuid", "integer": "int32"}[s.text("type")]
	if format := s.text("format"); format != "" {
		m.drop("format dropped", s, "format")
		m.set("format swapped", s, "format", scalar(cmp.Or(swaps[format], "date")))
	} else if added != "" {
		m.set("format added", s, "format", scalar(added))
	}
}

// bound drops, loosens and tightens a bound. looser is 1 if a higher bound allows more, else -1. A length cannot be loosened
// below 0.
func (m *documentMutator) bound(s site, key string, looser float64) {
	n, err := strconv.ParseFloat(s.text(key), 64)
	if err != nil {
		return
	}
	m.drop("bound dropped", s, key)
	if n+looser >= 0 || key == "minimum" || key == "maximum" {
		m.set("bound loosened", s, key, number(n+looser))
	}
	m.set("bound tightened", s, key, number(n-looser))
	exclusive := map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}[key]
	if exclusive != "" {
		m.flip("bound exclusive or not", s, exclusive)
	}
}

// boundsAdded adds the bounds that a schema does not have, each so tight that a usual value breaks it. An exchange that must
// pass kills such a mutant.
func (m *documentMutator) boundsAdded(s site) {
	if s.has("enum") {
		return
	}
	added := map[string][]struct {
		key   string
		value float64
	}{
		"integer": {{"minimum", 1}, {"maximum", 1000}},
		"number":  {{"minimum", 1}, {"maximum", 1000}},
		"string":  {{"minLength", 2}, {"maxLength", 4}},
		"array":   {{"minItems", 1}, {"maxItems", 2}},
	}
	for _, a := range added[s.text("type")] {
		if !s.has(a.key) {
			m.set("bound added", s, a.key, number(a.value))
		}
	}
}

// pattern loosens a pattern by its anchors and tightens it by a digit at its end. Without a pattern it adds one:
//
//	^[a-f]{4}$    [a-f]{4}$    ^[a-f]{4}    ^[a-f]{4}0$
func (m *documentMutator) pattern(s site) {
	text := s.text("pattern")
	if text == "" {
		if s.text("type") == "string" && !s.has("enum") {
			m.set("pattern added", s, "pattern", scalar("^[a-z]{1,3}$"))
		}
		return
	}
	m.drop("pattern dropped", s, "pattern")
	m.transform("pattern loosened", s, "pattern", func(p string) string { return strings.TrimPrefix(p, "^") })
	m.transform("pattern loosened", s, "pattern", func(p string) string { return strings.TrimSuffix(p, "$") })
	m.transform("pattern tightened", s, "pattern", func(p string) string { return strings.TrimSuffix(p, "$") + "0$" })
}

// enum drops, misspells and adds values. The mutants of a value survive if no exchange has it.
func (m *documentMutator) enum(s site) {
	enum, ok := s.at("enum")
	if !ok {
		return
	}
	m.drop("enum dropped", s, "enum")
	for _, e := range enum.entries() {
		m.drop("enum value dropped", enum, e.key)
		if e.node.Kind == spec.String {
			m.replace("enum value misspelt", e, misspelt(e.node.Text))
			m.replace("enum value in other case", e, otherCase(e.node.Text))
		}
	}
	m.add("enum value added", enum, scalar("added"))
}

// members changes properties, required and additionalProperties. A property is dropped, renamed and made required; one more
// property is described, and further ones are allowed or forbidden.
func (m *documentMutator) members(s site) {
	required := []*spec.Node{}
	if list, ok := s.at("required"); ok {
		required = list.node.Items
		m.drop("required dropped", s, "required")
		dropEach("required member dropped")(m, list)
	}
	properties, ok := s.at("properties")
	if !ok {
		return
	}
	for _, e := range properties.entries() {
		m.drop("member dropped", properties, e.key)
		m.rename("member renamed", properties, e.key, e.key+"s")
		if !slices.ContainsFunc(required, func(n *spec.Node) bool { return n.Text == e.key }) {
			m.change("required member added", s, s.pointer+"/required", e.key, func(n *spec.Node) {
				put(n, "required", &spec.Node{Kind: spec.Array, Items: slices.Concat(required, []*spec.Node{scalar(e.key)})})
			})
		}
	}
	m.change("member added", properties, properties.pointer, "further", func(n *spec.Node) {
		put(n, "further", parsed(`{"type": "string"}`))
	})
	if !s.has("additionalProperties") {
		m.set("further members allowed or not", s, "additionalProperties", boolean(false))
		m.set("further members allowed or not", s, "additionalProperties", boolean(true))
		return
	}
	m.drop("further members allowed or not", s, "additionalProperties")
}
