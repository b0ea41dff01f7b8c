package openapi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The tests of package openapi_test read the documents as plain YAML, without package spec, so that an error of that reader
// cannot hide here.

// plain reads a document.
func plain(t *testing.T, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// at returns the value at the keys, following references. It is nil if there is none.
func at(doc map[string]any, keys ...string) any {
	var value any = doc
	for _, key := range append(keys, "") {
		object, _ := value.(map[string]any)
		if ref, ok := object["$ref"].(string); ok {
			value = at(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			object, _ = value.(map[string]any)
		}
		if key != "" {
			value = object[key]
		}
	}
	return value
}

func textAt(doc map[string]any, keys ...string) string {
	text, _ := at(doc, keys...).(string)
	return text
}

func objectAt(doc map[string]any, keys ...string) map[string]any {
	object, _ := at(doc, keys...).(map[string]any)
	return object
}

// listAt returns the objects of a list, following references.
func listAt(doc map[string]any, keys ...string) []map[string]any {
	list, _ := at(doc, keys...).([]any)
	objects := []map[string]any{}
	for _, item := range list {
		object, _ := item.(map[string]any)
		if ref, ok := object["$ref"].(string); ok {
			object = objectAt(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		}
		objects = append(objects, object)
	}
	return objects
}

// named returns the object of a list whose key has the value, or nil if there is none.
func named(list []map[string]any, key, value string) map[string]any {
	for _, object := range list {
		if object[key] == value {
			return object
		}
	}
	return nil
}

func textsOf(value any) []string {
	list, _ := value.([]any)
	texts := []string{}
	for _, item := range list {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// operation returns the keys that lead to the only operation of a document.
func operation(t *testing.T, doc map[string]any) []string {
	t.Helper()
	for path, item := range objectAt(doc, "paths") {
		for method := range item.(map[string]any) {
			op := []string{"paths", path, method}
			if id := textAt(doc, append(op, "operationId")...); id == "showDomainQuota" || id == "showImageQuota" {
				return op
			}
		}
	}
	t.Fatal("neither showDomainQuota nor showImageQuota")
	return nil
}

// shared reads the one file in a folder beside the repository that matches the pattern: the vendor's pages and collected facts.
// These are not part of the project, so the test is skipped where they are missing.
func shared(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "shared", pattern))
	if err != nil || len(files) != 1 {
		t.Skipf("no shared/%s beside the repository", pattern)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
