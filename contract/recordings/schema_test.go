package recordings

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const schemaFile = "../../docs/manifest.schema.json"

// asJSON converts a node as an editor with the schema sees it: a date is a string.
func asJSON(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return asJSON(n.Content[0])
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, asJSON(item))
		}
		return list
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = asJSON(n.Content[i+1])
		}
		return object
	}
	if number, err := strconv.Atoi(n.Value); err == nil && n.Tag == "!!int" {
		return number
	}
	return n.Value
}

// validate validates a manifest with the schema.
func validate(t *testing.T, manifest string) error {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(manifest), &doc); err != nil {
		t.Fatal(err)
	}
	return jsonschema.NewCompiler().MustCompile(schemaFile).Validate(asJSON(&doc))
}

// TestManifestSchema validates our manifest and a recorded row.
func TestManifestSchema(t *testing.T) {
	ours, err := os.ReadFile(Manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(t, string(ours)); err != nil {
		t.Error(err)
	}
	written, err := Recording{
		File: "a.json", Operation: "showThing", Kind: Captured, Source: "https://example.com", Date: "2026-02-27", Status: 200,
		Request:    Request{Method: "PUT", Path: "/", Query: "a=1", Headers: map[string][]string{"X-Id": {"1", "2"}}, ContentType: "a/b", File: "b"},
		Headers:    map[string][]string{"Date": {"today"}},
		Breaks:     []string{"a/b"},
		Filled:     map[string]string{"a": "b"},
		Redactions: []string{"ids"},
	}.row()
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(t, string(written)); err != nil {
		t.Error(err)
	}
}

// TestSchemaKeys checks that the schema has the keys that the reader knows.
func TestSchemaKeys(t *testing.T) {
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	keys := func(list []field) []string { return slices.Sorted(slices.Values(strings.Split(keysOf(list), ", "))) }
	all := fieldsOf(&Recording{})
	request := all[slices.IndexFunc(all, func(f field) bool { return f.key == "request" })].value.([]field)
	for name, known := range map[string][]field{"recording": all, "request": request} {
		if diff := cmp.Diff(keys(known), slices.Sorted(maps.Keys(schema.Defs[name].Properties))); diff != "" {
			t.Errorf("keys of %s (-reader +schema):\n%s", name, diff)
		}
	}
}

// TestSchemaAgrees checks that the schema and the reader refuse the same rows.
func TestSchemaAgrees(t *testing.T) {
	row := map[string]string{
		"file": "a.json", "operation": "showThing", "request": "{method: GET, path: /}", "status": "200", "content_type": "a/b",
		"kind": "captured", "source": "here", "date": "2026-02-27",
	}
	for _, test := range []struct{ name, key, value string }{
		{name: "right", key: "note", value: "It is."},
		{name: "no file", key: "file"},
		{name: "no operation", key: "operation"},
		{name: "no request", key: "request"},
		{name: "no method", key: "request", value: "{path: /}"},
		{name: "no path", key: "request", value: "{method: GET}"},
		{name: "an unknown key", key: "kinds", value: "captured"},
		{name: "an unknown key of the request", key: "request", value: "{method: GET, path: /, accept: all}"},
		{name: "no status", key: "status"},
		{name: "a small status", key: "status", value: "99"},
		{name: "no media type", key: "content_type"},
		{name: "no kind", key: "kind"},
		{name: "another kind", key: "kind", value: "published"},
		{name: "no source", key: "source"},
		{name: "no date", key: "date"},
		{name: "another date", key: "date", value: "27.02.2026"},
		{name: "headers as a text", key: "headers", value: "Accept"},
		{name: "a header as a mapping", key: "headers", value: "{a: {b: c}}"},
		{name: "a header twice", key: "headers", value: "{a: [b, c]}"},
		{name: "breaks as a text", key: "breaks", value: "parameter/enum"},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := maps.Clone(row)
			changed[test.key] = test.value
			text := "-"
			for _, key := range slices.Sorted(maps.Keys(changed)) {
				if changed[key] != "" {
					text += " " + key + ": " + changed[key] + "\n "
				}
			}
			nodes, err := rows([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			_, readErr := read(nodes[0])
			schemaErr := validate(t, text)
			if right := test.name == "right" || test.name == "a header twice"; (readErr == nil) != right || (schemaErr == nil) != right {
				t.Errorf("%s\nreader: %v\nschema: %v", text, readErr, schemaErr)
			}
		})
	}
	for _, bodiless := range []string{
		"status: 204, request: {method: DELETE, path: /}", "status: 200, request: {method: HEAD, path: /}",
		"status: 200, request: {method: GET, path: /}, headers: {Date: today}",
	} {
		text := "- {file: a.txt, operation: o, kind: captured, source: here, date: 2026-02-27, " + bodiless + "}"
		nodes, err := rows([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read(nodes[0]); err != nil || validate(t, text) != nil {
			t.Errorf("%s: got %v and %v", text, err, validate(t, text))
		}
	}
}
