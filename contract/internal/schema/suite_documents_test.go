package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Schemas of the suite refer to their own root by "#", and to other schemas by address. So a schema of draft 2020-12
// gets an $id if it has none, and is bundled with the schemas that it refers to in one document (2020-12 Core,
// section 9.3). A schema of draft 4 becomes a file of its own, because OpenAPI 3.0 has no $id. The metaschema in
// testdata is published by json-schema.org under the BSD License.

const suiteRemotes = "http://localhost:1234/draft2020-12/"

// suiteBundle returns the schemas that the suite refers to, by name: its remotes and the metaschema.
func suiteBundle(t *testing.T) map[string]json.RawMessage {
	bundled := map[string]json.RawMessage{}
	data, err := os.ReadFile("testdata/metaschema-2020-12.json")
	if err != nil {
		t.Fatal(err)
	}
	var metaschema []json.RawMessage
	if err := json.Unmarshal(data, &metaschema); err != nil {
		t.Fatal(err)
	}
	for i, schema := range metaschema {
		bundled[fmt.Sprintf("Metaschema%d", i)] = schema
	}
	folder := os.DirFS(filepath.Join(suiteFolder, "remotes", "draft2020-12"))
	_ = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // runSuite skips the test if the folder is missing
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		bundled[fmt.Sprintf("Remote%d", len(bundled))] = withAddress(t, data, suiteRemotes+name)
		return nil
	})
	return bundled
}

// withAddress gives a schema the $id by which others refer to it. It wraps a schema that has another $id.
func withAddress(t *testing.T, schema json.RawMessage, address string) json.RawMessage {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(schema, &members); err != nil {
		return schema // true or false
	}
	var id string
	if own := members["$id"]; own != nil {
		if err := json.Unmarshal(own, &id); err != nil {
			t.Fatal(err)
		}
	}
	switch id {
	case address:
		return schema
	case "":
		text, rest := fmt.Appendf(nil, `{"$id":%q`, address), bytes.TrimSpace(schema)[1:]
		if len(members) > 0 {
			text = append(text, ',')
		}
		return append(text, rest...)
	}
	return fmt.Appendf(nil, `{"$id":%q,"$ref":%q,"$defs":{"own":%s}}`, address, id, schema)
}

// suiteSchema31 reads a schema as a component of an OpenAPI 3.1 document.
func suiteSchema31(t *testing.T, schema json.RawMessage, bundled map[string]json.RawMessage) (*spec.Document, *spec.Schema) {
	t.Helper()
	var members struct {
		ID string `json:"$id"`
	}
	if json.Unmarshal(schema, &members) == nil && members.ID == "" {
		schema = withAddress(t, schema, "https://suite.example/schema.json")
	}
	schemas := map[string]json.RawMessage{"T": schema}
	if bytes.Contains(schema, []byte("json-schema.org")) || bytes.Contains(schema, []byte("localhost:1234")) {
		for name, remote := range bundled {
			schemas[name] = remote
		}
	}
	components, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	return readSuiteDocument(t, "3.1.0", components, nil)
}

// suiteSchema30 reads a schema as a file that an OpenAPI 3.0 document refers to.
func suiteSchema30(t *testing.T, schema json.RawMessage) (*spec.Document, *spec.Schema) {
	t.Helper()
	return readSuiteDocument(t, "3.0.3", []byte(`{"T":{"$ref":"schema.json"}}`), func(name string) ([]byte, error) {
		if name == "schema.json" {
			return schema, nil
		}
		return nil, fs.ErrNotExist
	})
}

func readSuiteDocument(t *testing.T, version string, schemas []byte, open func(string) ([]byte, error)) (*spec.Document, *spec.Schema) {
	t.Helper()
	text := fmt.Appendf(nil, `{"openapi":%q,"info":{"title":"t","version":"1"},"paths":{"/":{"get":{"responses":{"200":{"description":"",
"content":{"application/json":{"schema":{"$ref":"#/components/schemas/T"}}}}}}}},"components":{"schemas":%s}}`, version, schemas)
	doc, err := spec.Read("suite.json", text, open)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc, doc.Schema(doc.Root.At("/components/schemas/T"))
}

// beyond30 returns a keyword of draft 4 that OpenAPI 3.0 lacks, or "". In both, definitions only holds the targets
// of references.
func beyond30(schema json.RawMessage) string {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(schema, &members); err != nil {
		return "a boolean schema"
	}
	if ref := string(members["$ref"]); strings.HasPrefix(ref, `"http`) {
		return "$ref by network"
	} else if strings.HasPrefix(ref, `"`) {
		members = map[string]json.RawMessage{"definitions": members["definitions"]} // $ref replaces its siblings in both
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if found := keywordBeyond30(name, bytes.TrimSpace(members[name])); found != "" {
			return found
		}
	}
	return ""
}

func keywordBeyond30(name string, value json.RawMessage) string {
	switch name {
	case "$comment", "title", "description", "default", "enum", "format", "pattern", "required", "multipleOf", "maximum", "minimum",
		"exclusiveMaximum", "exclusiveMinimum", "maxLength", "minLength", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties":
		return ""
	case "type":
		if value[0] == '[' || string(value) == `"null"` {
			return "type as a list or null"
		}
		return ""
	case "additionalProperties", "not":
		if string(value) == "true" || string(value) == "false" {
			return ""
		}
		return beyond30(value)
	case "items":
		if value[0] == '[' {
			return "items as a list"
		}
		return beyond30(value)
	case "allOf", "anyOf", "oneOf":
		var list []json.RawMessage
		_ = json.Unmarshal(value, &list)
		return firstBeyond30(list)
	case "properties", "definitions":
		var named map[string]json.RawMessage
		_ = json.Unmarshal(value, &named)
		list := []json.RawMessage{}
		for _, name := range slices.Sorted(maps.Keys(named)) {
			list = append(list, named[name])
		}
		return firstBeyond30(list)
	}
	return name
}

func firstBeyond30(schemas []json.RawMessage) string {
	for _, schema := range schemas {
		if found := beyond30(schema); found != "" {
			return found
		}
	}
	return ""
}
