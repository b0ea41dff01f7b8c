package kin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestConversion holds every schema of a document of OpenAPI 3.0 against many values, and wants the violations that
// kin-openapi finds by its own reading of the document.
func TestConversion(t *testing.T) {
	sources := map[string][]byte{"keywords": read(t, "testdata/keywords.yaml")}
	for _, name := range openapi.Names() {
		data, err := openapi.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = data
	}
	for name, data := range sources {
		t.Run(name, func(t *testing.T) {
			doc, err := spec.Read(name+".yaml", data, nil)
			if err != nil {
				t.Fatal(err)
			}
			theirs, ours := theirSchemas(t, doc, data)
			values, c, found := valuesOf(t, doc), New(doc), map[string]bool{}
			for s := range doc.Schemas() {
				k := theirs[s]
				if s.Never || s.Always {
					continue // of additionalProperties: no schema in OpenAPI 3.0
				}
				if k == nil {
					t.Fatalf("%s: kin-openapi does not have the schema", s.Node.Place())
				}
				for _, value := range values {
					for _, d := range []Direction{AsRequest, AsResponse} {
						want := []string{}
						for _, e := range schemaErrors(k.VisitJSON(value, fullOptions[d]...)) {
							want = append(want, line(e.keyword, e.pointer, ours[e.schema].Node.Place().String(), e.value))
						}
						got := []string{}
						for _, v := range c.Violations(s, value, d) {
							got = append(got, line(v.Keyword, v.Pointer, v.Schema.Node.Place().String(), v.Value))
							found[v.Keyword] = true
						}
						if !slices.Equal(want, got) || c.Valid(s, value, d) != (len(want) == 0) {
							t.Fatalf("%s: %s as %d (-want +got):\n%s", s.Node.Place(), compact(value), d, cmp.Diff(want, got))
						}
					}
				}
			}
			t.Logf("%d values: %s", len(values), strings.Join(slices.Sorted(maps.Keys(found)), ", "))
			for _, keyword := range everyKeyword {
				if name == "keywords" && !found[keyword] {
					t.Errorf("no value violates %s", keyword)
				}
			}
		})
	}
}

// everyKeyword are those that keywords.yaml has, except allOf: what it consists of is violated.
var everyKeyword = []string{
	"additionalProperties", "anyOf", "discriminator", "enum", "format", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
	"minProperties", "minimum", "multipleOf", "not", "nullable", "oneOf", "pattern", "readOnly", "required", "type", "uniqueItems", "writeOnly",
}

// theirSchemas are the schemas that kin-openapi reads, and where each stands in the document.
func theirSchemas(t *testing.T, doc *spec.Document, data []byte) (theirs map[*spec.Schema]*openapi3.Schema, ours map[*openapi3.Schema]*spec.Schema) {
	t.Helper()
	read, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours = map[*spec.Schema]*openapi3.Schema{}, map[*openapi3.Schema]*spec.Schema{}
	err = read.WalkSchemas(func(pointer string, ref *openapi3.SchemaRef) error {
		s := doc.Schema(follow(doc, pointer))
		theirs[s], ours[ref.Value] = ref.Value, s
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return theirs, ours
}

// follow follows a pointer on which there are references.
func follow(doc *spec.Document, pointer string) *spec.Node {
	n := doc.Root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if n = n.At("/" + token); n == nil {
			return nil
		}
		for ref := n.Member("$ref"); ref != nil; ref = n.Member("$ref") {
			n = doc.Root.At(strings.TrimPrefix(ref.Text, "#"))
		}
	}
	return n
}

func line(keyword, pointer, place string, value any) string {
	return strings.Join([]string{keyword, pointer, place, compact(value)}, " ")
}

// valuesOf are values of every kind, those of the document's examples, and such with one member wrong, absent or too many.
func valuesOf(t *testing.T, doc *spec.Document) []any {
	t.Helper()
	texts := map[string]bool{}
	for _, text := range []string{
		`null`, `true`, `""`, `"a"`, `"ab"`, `"abcde"`, `"one"`, `"two"`, `"no"`, `"2024-02-29"`, `"2023-02-29"`, `"2024-02-29T23:59:60z"`,
		`"123e4567-e89b-12d3-a456-426614174000"`, `0`, `1`, `2`, `3`, `4`, `-1`, `0.5`, `1.5`, `2147483648`, `1e30`, `[]`, `["ab"]`,
		`["ab", "ab"]`, `["ab", "a", 1]`, `{}`, `{"a": 1}`, `{"a": "x", "b": 1, "c": {}}`, `{"in": "a"}`, `{"out": "a"}`,
		`{"kind": "cat", "lives": 9}`, `{"kind": "dog", "tail": 1}`, `{"kind": "cow"}`, `{"kind": 1}`, `{"name": "a", "children": [{"children": [{"name": 1}]}]}`,
		`{"date": "2023-02-29", "time": "x", "id": "x", "own": "x", "small": 2147483648}`,
	} {
		texts[compact(decode(t, text))] = true
	}
	for s := range doc.Schemas() {
		addValues(texts, s.Example.Value())
	}
	for _, op := range doc.Operations {
		for _, r := range op.Responses {
			for _, m := range r.Content {
				addValues(texts, m.Example.Value())
				for _, example := range m.Examples {
					addValues(texts, example.Value.Value())
				}
			}
		}
	}
	values := []any{}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		values = append(values, decode(t, text))
	}
	return values
}

func addValues(texts map[string]bool, value any) {
	texts[compact(value)] = true
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			addValues(texts, element)
		}
	case map[string]any:
		for name, member := range value {
			addValues(texts, member)
			other := maps.Clone(value)
			delete(other, name)
			texts[compact(other)] = true
			for _, wrong := range []any{nil, "", -1, 1.5, true, []any{nil}, map[string]any{"no": 1}} {
				other[name] = wrong
				texts[compact(other)] = true
			}
		}
	}
}

func decode(t *testing.T, text string) (value any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
