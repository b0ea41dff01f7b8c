package oasdiff

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A rewrite makes another document that means the same. It gets the document as maps and lists, and may write further files
// into the folder.
type rewrite struct {
	name  string
	apply func(t *testing.T, root map[string]any, folder string) map[string]any
}

var rewrites = []rewrite{
	{name: "as JSON, keys in order", apply: func(_ *testing.T, root map[string]any, _ string) map[string]any { return root }},
	{name: "components inlined", apply: func(t *testing.T, root map[string]any, _ string) map[string]any {
		return inlined(t, root, root).(map[string]any)
	}},
	{name: "without prose", apply: func(_ *testing.T, root map[string]any, _ string) map[string]any {
		return withoutProse(root).(map[string]any)
	}},
	{name: "as OpenAPI 3.1", apply: func(_ *testing.T, root map[string]any, _ string) map[string]any {
		return newer(root).(map[string]any)
	}},
	{name: "split into two files", apply: split},
}

// neutralPairs are documents and their rewrites.
func neutralPairs(t *testing.T, folder string) []pair {
	t.Helper()
	list := []pair{}
	for _, name := range append([]string{"pets"}, ourDocuments...) {
		text := textOf(t, "testdata/"+name+".yaml")
		old := write(t, folder, "neutral-"+name+".yaml", text)
		for _, r := range rewrites {
			var root map[string]any
			if err := yaml.Unmarshal([]byte(text), &root); err != nil {
				t.Fatal(err)
			}
			below := filepath.Join(folder, name+" "+r.name)
			if err := os.Mkdir(below, 0o750); err != nil {
				t.Fatal(err)
			}
			file := write(t, below, "openapi.json", textOfJSON(t, r.apply(t, root, below)))
			list = append(list, pair{group: "neutral", name: name + " " + r.name, old: old, new: file})
		}
	}
	return list
}

func textOfJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// each makes another value of each member and element.
func each(value any, do func(key string, value any) any) any {
	switch v := value.(type) {
	case map[string]any:
		other := map[string]any{}
		for key, member := range v {
			if made := do(key, member); made != nil {
				other[key] = made
			}
		}
		return other
	case []any:
		other := []any{}
		for _, element := range v {
			other = append(other, do("", element))
		}
		return other
	}
	return value
}

// inlined replaces references by what they name, unless that has rules: the id of a rule stands in a document once. The
// components stay. No component of these documents refers to itself.
func inlined(t *testing.T, root map[string]any, value any) any {
	t.Helper()
	if object, isObject := value.(map[string]any); isObject {
		if ref, ok := object["$ref"].(string); ok {
			found := inlined(t, root, at(root, ref))
			if strings.Contains(textOfJSON(t, found), `"x-rules"`) {
				return value
			}
			return found
		}
	}
	return each(value, func(_ string, value any) any { return inlined(t, root, value) })
}

func at(root map[string]any, ref string) any {
	var found any = root
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		found = found.(map[string]any)[name]
	}
	return found
}

// withoutProse takes away summaries, and words of descriptions but the first.
func withoutProse(value any) any {
	return each(value, func(key string, value any) any {
		text, isText := value.(string)
		switch {
		case key == "summary" && isText:
			return nil
		case key == "description" && isText:
			first, _, _ := strings.Cut(text, " ")
			return first
		}
		return withoutProse(value)
	})
}

// newer writes null as a type. These documents have no exclusive bounds and no examples of schemas.
func newer(value any) any {
	object, isObject := value.(map[string]any)
	if isObject && object["nullable"] == true {
		if name, ok := object["type"].(string); ok {
			object["type"] = []any{name, "null"}
		}
		delete(object, "nullable")
	}
	if isObject && object["openapi"] != nil {
		object["openapi"] = "3.1.1"
	}
	return each(value, func(_ string, value any) any { return newer(value) })
}

// split moves the schemas of the components into a file of their own.
func split(t *testing.T, root map[string]any, folder string) map[string]any {
	t.Helper()
	components := root["components"].(map[string]any)
	schemas := components["schemas"]
	delete(components, "schemas")
	const prefix = "#/components/schemas/"
	var moved func(value any, file string) any
	moved = func(value any, file string) any {
		return each(value, func(key string, value any) any {
			if ref, ok := value.(string); ok && key == "$ref" && strings.HasPrefix(ref, prefix) {
				return file + "#/" + strings.TrimPrefix(ref, prefix)
			}
			return moved(value, file)
		})
	}
	write(t, folder, "schemas.json", textOfJSON(t, moved(schemas, "")))
	return moved(root, "schemas.json").(map[string]any)
}
