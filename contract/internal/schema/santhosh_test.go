package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// These tests compare results with santhosh-tekuri/jsonschema, for random values and random schemas of JSON Schema 2020-12. The
// official test suite tries most keywords alone. Here they are combined and nested.

const secondJudgeAddress = "https://suite.example/schema.json"

func TestSecondJudge(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many schemas")
	}
	for seed := range uint64(500) {
		tryBothJudges(t, seed)
	}
}

func FuzzSecondJudge(f *testing.F) {
	f.Add(uint64(1 << 40))
	f.Fuzz(func(t *testing.T, seed uint64) { tryBothJudges(t, seed) })
}

// tryBothJudges generates a schema and values from a seed, and compares the results.
func tryBothJudges(t *testing.T, seed uint64) {
	t.Helper()
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	text, err := json.Marshal(g.root())
	if err != nil {
		t.Fatal(err)
	}
	second := compileSecond(t, text)
	doc, s := suiteSchema31(t, text, nil)
	if s.Refused != nil {
		return // a cycle, which the second judge detects only in a check
	}
	checker := New(doc).Checker(s)
	for range 20 {
		value, err := json.Marshal(g.value(3))
		if err != nil {
			t.Fatal(err)
		}
		v, _, ok := strictjson.Parse(value)
		if !ok {
			t.Fatalf("%s cannot be read", value)
		}
		decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
		if err != nil {
			t.Fatal(err)
		}
		want, got := second.Validate(decoded), checker.Valid(v, Options{})
		if got != (want == nil) {
			t.Errorf("seed %d: schema %s\nvalue %s: got %t, the second judge gives %v", seed, text, value, got, want)
			return
		}
		if validMemoized(checker, v) != got {
			t.Errorf("seed %d: schema %s\nvalue %s: valid is %t, but not with remembered results", seed, text, value, got)
			return
		}
		if found := errorsOf(checker, v, Options{}); got != (len(found) == 0) {
			t.Errorf("seed %d: schema %s\nvalue %s: valid is %t, but the errors are %q", seed, text, value, got, found)
			return
		}
	}
}

// validMemoized is Valid that remembers results from the first visit on.
func validMemoized(c *Checker, at strictjson.Value) bool {
	v := newVisitor(c.set, at, Options{})
	defer v.free()
	v.untilMemo = 0
	return v.visit(c, at, nil)
}

func compileSecond(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(secondJudgeAddress, decoded); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	compiled, err := compiler.Compile(secondJudgeAddress)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return compiled
}

// generator generates schemas and values. It uses few names, numbers and texts, so that values often match.
type generator struct{ *rand.Rand }

type object = map[string]any

// root generates a schema with the definitions A to D. C and D are resources of their own, so that $dynamicRef may
// have several targets.
func (g generator) root() object {
	root := g.object(3)
	root["$id"] = secondJudgeAddress
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	definitions := object{}
	for _, name := range []string{"A", "B", "C", "D"} {
		definition := g.object(2)
		if name == "C" || name == "D" {
			definition["$id"] = "https://suite.example/" + name
			definition["$defs"] = object{"node": g.anchored()}
		}
		definitions[name] = definition
	}
	if g.IntN(2) == 0 {
		definitions["node"] = g.anchored()
	}
	root["$defs"] = definitions
	return root
}

// anchored generates a schema with the dynamic anchor. It refers to other schemas only for members: a $dynamicRef
// to itself for the same value would have no meaning.
func (g generator) anchored() object {
	s := object{"$dynamicAnchor": "node", "properties": object{g.name(): g.reference(), g.name(): g.reference()}}
	g.scalarKeyword(s)
	return s
}

// reference generates a reference to a definition. Such references may form a cycle, for which spec refuses the
// schema.
func (g generator) reference() object {
	switch g.IntN(6) {
	case 0:
		return object{"$ref": "https://suite.example/C"}
	case 1:
		return object{"$ref": "https://suite.example/D"}
	case 2:
		return object{"$dynamicRef": []string{"https://suite.example/C#node", "https://suite.example/D#node"}[g.IntN(2)]}
	case 3:
		return object{"$ref": secondJudgeAddress}
	}
	return object{"$ref": secondJudgeAddress + "#/$defs/" + []string{"A", "B"}[g.IntN(2)]}
}

func (g generator) schema(depth int) any {
	switch n := g.IntN(12); {
	case n == 0:
		return true
	case n == 1:
		return false
	case n < 4:
		return g.reference()
	}
	return g.object(depth)
}

func (g generator) schemas(depth int) []any {
	list := []any{}
	for range 1 + g.IntN(3) {
		list = append(list, g.schema(depth))
	}
	return list
}

// object generates a schema of a few keywords.
func (g generator) object(depth int) object {
	s := object{}
	for range 1 + g.IntN(3) {
		if depth == 0 || g.IntN(3) == 0 {
			g.scalarKeyword(s)
		} else {
			g.partKeyword(s, depth-1)
		}
	}
	return s
}

func (g generator) scalarKeyword(s object) {
	switch g.IntN(13) {
	case 0, 1:
		s["type"] = []any{"object", "array", "integer", "number", "string", "null",
			[]string{"object", "integer"}, []string{"array", "boolean", "string"}}[g.IntN(8)]
	case 2:
		s["enum"] = []any{g.value(1), g.value(1), g.value(0)}
	case 3:
		s["const"] = g.value(1)
	case 4:
		s[[]string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}[g.IntN(4)]] = g.number()
	case 5:
		s["multipleOf"] = []json.Number{"1", "2", "0.1", "1.5", "1e1"}[g.IntN(5)]
	case 6:
		s[[]string{"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}[g.IntN(6)]] = g.IntN(3)
	case 7:
		s["pattern"] = []string{"^a", "b$", "é"}[g.IntN(3)]
	case 8:
		s["required"] = []string{g.name()}
	case 9:
		s["uniqueItems"] = true
	case 10:
		s["dependentRequired"] = object{g.name(): []string{g.name()}}
	case 11:
		s["unevaluatedProperties"] = false
	case 12:
		s["unevaluatedItems"] = false
	}
}

// partKeyword adds a keyword that contains schemas.
func (g generator) partKeyword(s object, depth int) {
	switch g.IntN(14) {
	case 0, 1:
		s["properties"] = object{g.name(): g.schema(depth), g.name(): g.schema(depth)}
	case 2:
		s[[]string{"allOf", "anyOf", "oneOf"}[g.IntN(3)]] = g.schemas(depth)
	case 3:
		s["not"] = g.schema(depth)
	case 4:
		s["if"], s["then"] = g.schema(depth), g.schema(depth)
	case 5:
		s["if"], s["else"] = g.schema(depth), g.schema(depth)
	case 6:
		s["items"] = g.schema(depth)
	case 7:
		s["prefixItems"] = g.schemas(depth)
	case 8:
		s["contains"] = g.schema(depth)
		if g.IntN(2) == 0 {
			s[[]string{"minContains", "maxContains"}[g.IntN(2)]] = g.IntN(3)
		}
	case 9:
		s[[]string{"additionalProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems"}[g.IntN(4)]] = g.schema(depth)
	case 10:
		s["patternProperties"] = object{[]string{"^a", "b$", "."}[g.IntN(3)]: g.schema(depth)}
	case 11:
		s["dependentSchemas"] = object{g.name(): g.schema(depth)}
	case 12:
		for keyword, value := range g.reference() {
			s[keyword] = value
		}
	case 13:
		s["allOf"] = g.schemas(depth)
	}
}

func (g generator) name() string { return []string{"a", "b", "ab", "é"}[g.IntN(4)] }

func (g generator) number() json.Number {
	return []json.Number{"0", "1", "1.0", "2", "1.5", "-1", "10", "1e1", "0.3", "9007199254740993"}[g.IntN(10)]
}

func (g generator) value(depth int) any {
	n := g.IntN(9)
	switch {
	case n < 3 && depth > 0:
		members := object{}
		for range g.IntN(4) {
			members[g.name()] = g.value(depth - 1)
		}
		return members
	case n < 6 && depth > 0:
		elements := []any{}
		for range g.IntN(4) {
			elements = append(elements, g.value(depth-1))
		}
		return elements
	case n == 6:
		return g.name()
	case n == 7:
		return []any{nil, true, false, fmt.Sprint(g.IntN(2))}[g.IntN(4)]
	}
	return g.number()
}
