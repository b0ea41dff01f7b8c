package kin

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// lines shows violations as a reader of a report sees them.
func lines(list []Violation) []string {
	lines := []string{}
	for _, v := range list {
		lines = append(lines, strings.Join([]string{v.Keyword, v.Pointer, Want(v), Got(v)}, " | "))
	}
	return lines
}

// TestLaterVersions holds that a schema of OpenAPI 3.1 gives no false alarm, and says what the rules of 3.0 can say of it.
func TestLaterVersions(t *testing.T) {
	doc, err := spec.Load("testdata/keywords31.yaml")
	if err != nil || len(doc.Findings) > 0 {
		t.Fatal(err, doc.Findings)
	}
	c := New(doc)
	for _, test := range []struct {
		schema, value string
		direction     Direction
		want          []string // keyword, pointer, want and got
	}{
		{schema: "Nothing", value: `null`},
		{schema: "Always", value: `null`},
		{schema: "Never", value: `1`, want: []string{"boolean |  | no value | 1"}},
		{schema: "TextOrNull", value: `null`},
		{schema: "TextOrNull", value: `"a"`, want: []string{`minLength |  | at least 2 characters | "a"`}},
		{schema: "TextOrNull", value: `true`, want: []string{"type |  | type string or null | boolean true"}},
		{schema: "EnumOrNull", value: `null`, want: []string{"enum |  | one of one, two | null"}},
		{schema: "Null", value: `null`},
		{schema: "Null", value: `0`, want: []string{"type |  | type null | number 0"}},
		{schema: "Const", value: `7.0`},
		{schema: "Const", value: `8`, want: []string{"const |  | the value 7 | 8"}},
		{schema: "ConstNull", value: `null`},
		{schema: "ConstNull", value: `"null"`, want: []string{`const |  | the value null | "null"`}},
		{schema: "Between", value: `0.1`},
		{schema: "Between", value: `0`, want: []string{"exclusiveMinimum |  | what exclusiveMinimum says | 0"}},
		{schema: "Between", value: `10`, want: []string{"exclusiveMaximum |  | what exclusiveMaximum says | 10"}},
		{schema: "NoMultiple", value: `7`},
		{schema: "Optional", value: `null`},
		{schema: "Optional", value: `"a"`, want: []string{`anyOf |  | what anyOf says | "a"`}},
		{schema: "NotOptional", value: `null`, want: []string{"anyOf |  | what anyOf says | null"}},
		{schema: "Beside", value: `null`},
		{schema: "Beside", value: `"abcd"`, want: []string{`maxLength |  | at most 3 characters | "abcd"`}},
		{schema: "Alias", value: `"a"`, want: []string{`minLength |  | at least 2 characters | "a"`}},
		{schema: "Tuple", value: `["a", 1]`},
		{schema: "Tuple", value: `["a", "b"]`, want: []string{`type | /1 | type integer | string "b"`}},
		{schema: "Patterns", value: `{"x-a": 1}`},
		{schema: "Lookahead", value: `"a"`},
		{schema: "Record", value: `{}`, direction: AsRequest},
		{schema: "Record", value: `{}`, direction: AsResponse, want: []string{"required | /id | the member | none"}},
		{schema: "Record", value: `{"id": "a"}`, direction: AsRequest, want: []string{`readOnly | /id | what readOnly says | "a"`}},
		{schema: "Node", value: `{"next": {"next": {"name": 1}}}`, want: []string{"type | /next/next/name | type string | number 1"}},
		{schema: "Kinds", value: `{"a": 1}`},
		{schema: "Holder", value: `[1]`},
		{schema: "If", value: `1`},
		{schema: "Huge", value: `"a"`},
	} {
		t.Run(test.schema+" "+test.value, func(t *testing.T) {
			s := doc.Schema(doc.Root.At("/components/schemas/" + test.schema))
			if s == nil || s.Refused != nil {
				t.Fatal("no such schema")
			}
			value := decode(t, test.value)
			got := c.Violations(s, value, test.direction)
			if diff := cmp.Diff(append([]string{}, test.want...), lines(got)); diff != "" || c.Valid(s, value, test.direction) != (len(got) == 0) {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
			for _, v := range got {
				if v.Schema == nil {
					t.Errorf("%s has no schema", v.Keyword)
				}
			}
		})
	}
}

// TestRefused holds that a schema by which nothing can be judged takes any value.
func TestRefused(t *testing.T) {
	doc, err := spec.Read("endless.yaml", []byte(`{openapi: 3.0.3, info: {title: a, version: b}, paths: {}, components: {schemas: {A: {type: object, allOf: [{$ref: '#/components/schemas/A'}]}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := doc.Schema(doc.Root.At("/components/schemas/A"))
	if c := New(doc); s.Refused == nil || !c.Valid(s, 1, AsRequest) || c.Violations(s, 1, AsRequest) != nil || !c.Valid(nil, nil, AsRequest) {
		t.Error("a refused schema judges")
	}
}

// TestContainsItself holds that a schema may consist of nothing but itself: kin-openapi's own look for empty schemas would not end.
func TestContainsItself(t *testing.T) {
	doc, err := spec.Read("tree.yaml", []byte(`{openapi: 3.0.3, info: {title: a, version: b}, paths: {}, components: {schemas: {A: {properties: {a: {$ref: '#/components/schemas/A'}}}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := doc.Schema(doc.Root.At("/components/schemas/A"))
	want := []string{"nullable | /a/a | no null | null"}
	if diff := cmp.Diff(want, lines(New(doc).Violations(s, decode(t, `{"a": {"a": null}}`), AsRequest))); s.Refused != nil || diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

// TestPublicDocuments holds that every schema of real documents can be converted and judged by, by several goroutines at once.
func TestPublicDocuments(t *testing.T) {
	const folder = "../../../../shared/documents/"
	files, _ := filepath.Glob(folder + "*.*")
	if len(files) == 0 {
		t.Skip("no documents beside the repository")
	}
	for _, file := range append(files, folder+"redocly-starter/openapi/openapi.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc, err := spec.Load(file)
			if err != nil {
				t.Skip(err) // not of OpenAPI 3
			}
			c := New(doc)
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					for s := range doc.Schemas() {
						for _, value := range []any{nil, 1.5, []any{"a"}, map[string]any{"a": "b"}} {
							for _, v := range c.Violations(s, value, AsResponse) {
								if v.Schema == nil || Want(v) == "" {
									t.Errorf("%s: %s has no schema", s.Node.Place(), v.Keyword)
								}
							}
						}
					}
				})
			}
			all.Wait()
		})
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
