package schema

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestAgreement compares results with kin-openapi, for every schema of our documents and of a document with every
// keyword. Null is left out: OpenAPI 3.0.3 clarified nullable, but kin-openapi accepts null although the enum does
// not have it. Formats have tests of their own, so no number here exceeds 32 bits.
func TestAgreement(t *testing.T) {
	keywords, err := os.ReadFile("testdata/keywords30.yaml")
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string][]byte{"keywords30": keywords}
	for _, name := range openapi.Names() {
		if documents[name], err = openapi.YAML(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range documents {
		t.Run(name, func(t *testing.T) {
			doc, err := spec.Read(name+".yaml", data, nil)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := openapi3.NewLoader().LoadFromData(data)
			if err != nil {
				t.Fatal(err)
			}
			set, values, right, wrong := New(doc), valuesOf(t, doc), 0, 0
			err = theirs.WalkSchemas(func(pointer string, ref *openapi3.SchemaRef) error {
				s := doc.Schema(doc.Root.At(pointer))
				if s == nil {
					return nil // the target of a reference, which is visited in its own place
				}
				c := set.Checker(s)
				for _, text := range values {
					var theirValue any
					if err := json.Unmarshal([]byte(text), &theirValue); err != nil {
						t.Fatal(err)
					}
					v := value(t, text)
					for direction, way := range []openapi3.SchemaValidationOption{openapi3.VisitAsRequest(), openapi3.VisitAsResponse()} {
						want := ref.Value.VisitJSON(theirValue, way) == nil
						found := check(t, c, v, Options{Direction: Direction(direction)})
						if got := len(found) == 0; got != want {
							t.Errorf("%s: %s in direction %d: got %t, want %t: %q", pointer, text, direction, got, want, found)
						}
						if want {
							right++
						} else {
							wrong++
						}
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if right < 100 || wrong < 100 {
				t.Errorf("%d right and %d wrong values compare too little", right, wrong)
			}
		})
	}
}

// valuesOf returns values of every type, the examples of the document, and copies of these with one member wrong,
// missing or added.
func valuesOf(t *testing.T, doc *spec.Document) []string {
	t.Helper()
	texts := map[string]bool{}
	for _, text := range []string{
		`true`, `""`, `"a"`, `"ab"`, `"abcde"`, `"one"`, `"two"`, `"no"`, `0`, `1`, `2`, `3`, `4`, `-1`, `0.5`, `1.5`, `[]`, `["ab"]`,
		`["ab","ab"]`, `["ab","a",1]`, `{}`, `{"a":1}`, `{"a":"x","b":1,"c":{}}`, `{"in":"a"}`, `{"out":"a"}`,
		`{"kind":"cat","lives":9}`, `{"kind":"dog","tail":1}`, `{"kind":"cow"}`, `{"kind":1}`,
		`{"name":"a","children":[{"children":[{"name":1}]}]}`,
	} {
		texts[text] = true
	}
	for _, op := range doc.Operations {
		for _, r := range op.Responses {
			for _, m := range r.Content {
				for _, example := range m.Examples {
					addValues(texts, example.Value.Value())
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(texts)), func(text string) bool { return strings.Contains(text, "null") })
}

func addValues(texts map[string]bool, value any) {
	texts[strictjson.FromAny(value).Compact()] = true
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
			texts[strictjson.FromAny(other).Compact()] = true
			for _, wrong := range []any{"", -1, 1.5, true, []any{"a"}, map[string]any{"no": 1}} {
				other[name] = wrong
				texts[strictjson.FromAny(other).Compact()] = true
			}
		}
	}
}

// TestPublicDocuments checks that every schema of public documents compiles and gives consistent results.
func TestPublicDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	files, _ := filepath.Glob("../../../../shared/documents/*.*")
	if len(files) == 0 {
		t.Skip("no documents beside the repository")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc, err := spec.Load(file)
			if err != nil {
				t.Skip(err) // not of OpenAPI 3
			}
			set := New(doc)
			for s := range doc.Schemas() {
				for _, text := range []string{`null`, `1.5`, `["a"]`, `{"a": "b", "id": 1, "type": "x"}`} {
					checkConsistent(t, set.Checker(s), value(t, text), Options{AssertFormats: true})
				}
				if s.Example != nil {
					checkConsistent(t, set.Checker(s), strictjson.FromAny(s.Example.Value()), Options{Direction: Response, AssertFormats: true})
				}
			}
		})
	}
}
