package twojudges

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes random schemas and values. They have few names, numbers and texts, so that values are often close to the
// limits of a schema.
type generator struct {
	*rand.Rand
	is30 bool // keywords of OpenAPI 3.0; else of JSON Schema 2020-12
}

type object = map[string]any

// definitions makes the schemas A and B, to which generated schemas may refer. Each may contain either of them as a member.
func (g generator) definitions() object {
	both := object{}
	for _, name := range []string{"A", "B"} {
		s := object{"type": "object", "properties": object{g.name(): g.reference(), g.name(): g.schema(0)}}
		if g.IntN(2) == 0 {
			s["required"] = []any{g.name()}
		}
		both[name] = s
	}
	return both
}

func (g generator) reference() object {
	return object{"$ref": "#/components/schemas/" + pick(g, "A", "B")}
}

func (g generator) schema(depth int) any {
	switch n := g.IntN(14); {
	case n == 0 && depth > 0:
		return g.reference()
	case n == 1 && !g.is30:
		return g.IntN(2) == 0
	}
	s := object{}
	kind := pick(g, "object", "array", "string", "integer", "number", "boolean", "any")
	if kind != "any" {
		s["type"] = kind
		if g.IntN(6) == 0 {
			g.allowNull(s, kind)
		}
	}
	for range 1 + g.IntN(3) {
		if depth > 0 && g.IntN(5) == 0 {
			g.combine(s, depth-1)
			continue
		}
		if kind == "any" {
			g.keyword(s, pick(g, "object", "array", "string", "number"), depth-1)
		} else {
			g.keyword(s, kind, depth-1)
		}
	}
	if _, ok := s["items"]; s["type"] == "array" && !ok && g.is30 {
		s["items"] = g.schema(max(0, depth-1)) // OpenAPI 3.0 requires it
	}
	return s
}

func (g generator) allowNull(s object, kind string) {
	if g.is30 {
		s["nullable"] = true
	} else {
		s["type"] = []any{kind, "null"}
	}
}

// combine adds a keyword with schemas for the same value.
func (g generator) combine(s object, depth int) {
	switch keyword := pick(g, "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas"); {
	case strings.HasSuffix(keyword, "Of"):
		s[keyword] = g.schemas(depth)
	case keyword == "not" || g.is30:
		s["not"] = g.schema(depth)
	case keyword == "if":
		s["if"], s[pick(g, "then", "else")] = g.schema(depth), g.schema(depth)
	default:
		s[keyword] = object{g.name(): g.schema(depth)}
	}
}

func (g generator) schemas(depth int) []any {
	list := []any{}
	for range 1 + g.IntN(3) {
		list = append(list, g.schema(depth))
	}
	return list
}

// keyword adds a keyword for a type of values. At depth -1 it adds none that contains schemas.
func (g generator) keyword(s object, kind string, depth int) {
	if g.IntN(8) == 0 {
		g.valueKeyword(s, kind)
		return
	}
	switch kind {
	case "object":
		g.objectKeyword(s, depth)
	case "array":
		g.arrayKeyword(s, depth)
	case "string":
		switch g.IntN(4) {
		case 0:
			s[pick(g, "minLength", "maxLength")] = g.IntN(4)
		case 1:
			s["pattern"] = pick(g, "^a", "b$", "é", `^\d+$`, `^\S*$`)
		case 2:
			s["format"] = pick(g, "date", "date-time", "uuid", "ipv4", "ipv6", "email", "uri")
		}
	case "integer", "number":
		switch g.IntN(3) {
		case 0:
			s[pick(g, "minimum", "maximum")] = g.number()
		case 1:
			s["multipleOf"] = pick[json.Number](g, "1", "2", "0.1", "1.5", "0.01", "1e1")
		case 2:
			g.exclusive(s)
		}
	}
}

func (g generator) exclusive(s object) {
	which := pick(g, "inimum", "aximum")
	if g.is30 {
		s["m"+which], s["exclusiveM"+which] = g.number(), true
	} else {
		s["exclusiveM"+which] = g.number()
	}
}

// valueKeyword adds an enum or a const with values of a type.
func (g generator) valueKeyword(s object, kind string) {
	one := func() any { return g.sample(object{"type": kind}, nil, 1) }
	if !g.is30 && g.IntN(2) == 0 {
		s["const"] = one()
		return
	}
	s["enum"] = []any{one()}
	if another := one(); text(another) != text(s["enum"].([]any)[0]) {
		s["enum"] = append(s["enum"].([]any), another)
	}
}

func (g generator) objectKeyword(s object, depth int) {
	keywords := []string{"required", "minProperties", "maxProperties"}
	if depth >= 0 {
		keywords = append(keywords, "properties", "properties", "properties", "additionalProperties")
	}
	if !g.is30 {
		keywords = append(keywords, "dependentRequired", "unevaluatedProperties")
		if depth >= 0 {
			keywords = append(keywords, "patternProperties", "propertyNames", "unevaluatedProperties")
		}
	}
	switch keyword := pick(g, keywords...); keyword {
	case "required":
		s[keyword] = []any{g.name()}
	case "minProperties", "maxProperties":
		s[keyword] = g.IntN(3)
	case "properties":
		s[keyword] = object{g.name(): g.schema(depth), g.name(): g.schema(depth)}
	case "dependentRequired":
		s[keyword] = object{g.name(): []any{g.name()}}
	case "patternProperties":
		s[keyword] = object{pick(g, "^a", "b$", "."): g.schema(depth)}
	case "propertyNames":
		s[keyword] = object{"maxLength": 1}
	default:
		s[keyword] = g.orFalse(depth)
	}
}

func (g generator) arrayKeyword(s object, depth int) {
	keywords := []string{"minItems", "maxItems", "uniqueItems"}
	if depth >= 0 {
		keywords = append(keywords, "items", "items")
	}
	if !g.is30 {
		keywords = append(keywords, "unevaluatedItems")
		if depth >= 0 {
			keywords = append(keywords, "prefixItems", "contains")
		}
	}
	switch keyword := pick(g, keywords...); keyword {
	case "minItems", "maxItems":
		s[keyword] = g.IntN(3)
	case "uniqueItems":
		s[keyword] = true
	case "items":
		s[keyword] = g.schema(depth)
	case "prefixItems":
		s[keyword] = g.schemas(depth)
	case "contains":
		s[keyword] = g.schema(depth)
		if g.IntN(2) == 0 {
			s[pick(g, "minContains", "maxContains")] = g.IntN(3)
		}
	default:
		s[keyword] = g.orFalse(depth)
	}
}

// orFalse makes a schema, or false.
func (g generator) orFalse(depth int) any {
	if depth < 0 || g.IntN(2) == 0 {
		return false
	}
	return g.schema(depth)
}

func (g generator) name() string { return pick(g, "a", "b", "ab", "é") }

func (g generator) number() json.Number {
	return pick[json.Number](g, "0", "1", "1.0", "2", "1.5", "-1", "10", "1e1", "0.3", "9007199254740993")
}

func (g generator) text() string {
	return pick(g, "", "a", "ab", "b", "é", "😀b", "12", "2024-02-29", "2023-02-29", "2024-02-29T12:00:00Z", "192.0.2.1", "2001:db8::1",
		"8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112", "a@example.com", "https://example.com/")
}

// anything makes a value of any type.
func (g generator) anything(depth int) any {
	return g.sample(object{"type": pick(g, "object", "array", "string", "integer", "number", "boolean", "null")}, nil, depth)
}

// sample makes a value that mostly fits a schema. It looks only at the keywords that help to make a value.
func (g generator) sample(schema any, definitions object, depth int) any {
	if depth < 0 {
		return nil
	}
	s, _ := schema.(object)
	if reference, ok := s["$ref"].(string); ok {
		s, _ = definitions[reference[len(reference)-1:]].(object)
	}
	if constant, ok := s["const"]; ok {
		return constant
	}
	if values, ok := s["enum"].([]any); ok {
		return values[g.IntN(len(values))]
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		list, ok := s[keyword].([]any)
		if !ok {
			continue
		}
		if s["type"] == nil || g.IntN(2) == 0 {
			return g.sample(list[g.IntN(len(list))], definitions, depth)
		}
	}
	switch g.kind(s) {
	case "object":
		return g.sampleObject(s, definitions, depth)
	case "array":
		list := []any{}
		for i := range g.IntN(4) {
			element := s["items"]
			if before, ok := s["prefixItems"].([]any); ok && i < len(before) {
				element = before[i]
			}
			if depth > 0 {
				list = append(list, g.sample(element, definitions, depth-1))
			}
		}
		return list
	case "string":
		return g.text()
	case "boolean":
		return g.IntN(2) == 0
	case "integer":
		return pick[json.Number](g, "0", "1", "2", "-1", "10", "1.0", "1e1", "9007199254740993")
	case "number":
		return g.number()
	}
	return nil
}

// kind picks a type that a schema allows.
func (g generator) kind(s object) string {
	switch types := s["type"].(type) {
	case string:
		if s["nullable"] == true && g.IntN(4) == 0 {
			return "null"
		}
		return types
	case []any:
		return types[g.IntN(len(types))].(string)
	}
	return pick(g, "object", "array", "string", "integer", "number", "boolean", "null")
}

func (g generator) sampleObject(s, definitions object, depth int) object {
	made := object{}
	properties, _ := s["properties"].(object)
	required, _ := s["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if depth > 0 && g.IntN(3) > 0 {
			made[name] = g.sample(properties[name], definitions, depth-1)
		}
	}
	for _, name := range required {
		if _, ok := made[name.(string)]; !ok {
			made[name.(string)] = g.sample(properties[name.(string)], definitions, depth-1)
		}
	}
	if depth > 0 && g.IntN(3) == 0 {
		made[g.name()] = g.sample(s["additionalProperties"], definitions, depth-1)
	}
	return made
}

// mutate changes a value in one place: it replaces, removes or adds a part.
func (g generator) mutate(v any) any {
	switch v := v.(type) {
	case object:
		names, changed := slices.Sorted(maps.Keys(v)), maps.Clone(v)
		switch n := g.IntN(4); {
		case n == 0:
			changed[g.name()] = g.anything(1)
			return changed
		case n < 3 && len(names) > 0:
			name := names[g.IntN(len(names))]
			if n == 1 {
				delete(changed, name)
			} else {
				changed[name] = g.mutate(v[name])
			}
			return changed
		}
	case []any:
		if n := g.IntN(4); n == 0 {
			return append(slices.Clone(v), g.anything(1))
		} else if n < 3 && len(v) > 0 {
			i := g.IntN(len(v))
			if n == 1 {
				return slices.Delete(slices.Clone(v), i, i+1)
			}
			changed := slices.Clone(v)
			changed[i] = g.mutate(v[i])
			return changed
		}
	}
	return g.anything(1)
}

func pick[T any](g generator, list ...T) T { return list[g.IntN(len(list))] }
