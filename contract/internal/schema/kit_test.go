package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// document makes a document of components, in YAML's flow style.
func document(t testing.TB, version, components string) *spec.Document {
	t.Helper()
	doc, err := spec.Read("api.yaml", []byte(fmt.Sprintf("{openapi: %s, info: {title: a, version: b}, paths: {}, components: {schemas: {\n%s\n}}}", version, components)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// component returns a schema of a document.
func component(t testing.TB, doc *spec.Document, name string) *spec.Schema {
	t.Helper()
	s := doc.Schema(doc.Root.At("/components/schemas/" + name))
	if s == nil {
		t.Fatalf("no schema %s", name)
	}
	return s
}

func value(t testing.TB, text string) strictjson.Value {
	t.Helper()
	v, faults, ok := strictjson.Parse([]byte(text))
	if !ok || len(faults) > 0 {
		t.Fatalf("%s: %v", text, faults)
	}
	return v
}

// check returns the violations as a reader of a report sees them, and compares Check with Valid and with ValidAndObserve.
func check(t testing.TB, c *Checker, at strictjson.Value, o Options) []string {
	t.Helper()
	lines := []string{}
	c.Check(at, o, func(v Error) bool {
		lines = append(lines, strings.Join([]string{v.Keyword, v.Pointer(), v.Node().Pointer(), v.Want(), v.Got()}, " | "))
		return true
	})
	if valid := c.Valid(at, o); valid != (len(lines) == 0) {
		t.Errorf("Valid gives %t, Check reports %q", valid, lines)
	}
	observe(t, c, at, o)
	return lines
}

// shorter leaves out where the schema A stands.
func shorter(line string) string { return shorterBy(line, "/components/schemas/A") }

// shorterBy leaves out where a schema stands.
func shorterBy(line, pointer string) string { return strings.ReplaceAll(line, pointer, "") }
