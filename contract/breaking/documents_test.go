package breaking_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// public is a folder beside the repository with published OpenAPI documents. Tests do without it where it is absent.
const public = "../../../shared/documents/"

// read reads a document from bytes.
func read(t testing.TB, name string, data []byte) *spec.Document {
	t.Helper()
	doc, err := spec.Read(name, data, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return doc
}

// readFile reads a file; ok is false if it is one of the public documents and they are absent.
func readFile(t testing.TB, name string) (data []byte, ok bool) {
	t.Helper()
	data, err := os.ReadFile(name)
	if os.IsNotExist(err) && strings.HasPrefix(name, public) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	return data, true
}

// compare compares two documents.
func compare(t testing.TB, old, new *spec.Document) *breaking.Comparison {
	t.Helper()
	c, err := breaking.New(old, new)
	if err != nil {
		t.Fatal(err)
	}
	compared, err := c.Compare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return compared
}

// asJSON writes a tree as JSON.
func asJSON(t testing.TB, root *spec.Node) []byte {
	t.Helper()
	data, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// lines writes each finding as a line.
func lines(findings []breaking.Finding) []string {
	list := []string{}
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %s %s (%s, %s): %s; %s", f.Check, f.ID, f.Pointer, f.Level, f.Side, f.Says, f.Why))
	}
	return list
}
