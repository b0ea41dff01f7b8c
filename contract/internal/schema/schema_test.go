package schema

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// document returns a document with components in the flow style of YAML, where {$ref: A} refers to the component A.
func document(t testing.TB, version, components string) *spec.Document {
	t.Helper()
	components = componentRef.ReplaceAllString(components, `$$ref: '#/components/schemas/$1'`)
	text := fmt.Sprintf("{openapi: %s, info: {title: a, version: b}, paths: {}, components: {schemas: {\n%s\n}}}", version, components)
	doc, err := spec.Read("api.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var componentRef = regexp.MustCompile(`\$ref: (\w+)`)

// component returns a component of a document.
func component(t testing.TB, doc *spec.Document, name string) *spec.Schema {
	t.Helper()
	s := doc.Schema(doc.Root.At("/components/schemas/" + name))
	if s == nil {
		t.Fatalf("no schema %s", name)
	}
	return s
}

// value parses JSON.
func value(t testing.TB, text string) strictjson.Value {
	t.Helper()
	v, errs, ok := strictjson.Parse([]byte(text))
	if !ok || len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	return v
}

// check returns the errors of a value as reports show them, and compares Check with Valid and with ValidAndObserve.
func check(t testing.TB, c *Checker, at strictjson.Value, o Options) []string {
	t.Helper()
	lines := []string{}
	c.Check(at, o, func(e Error) bool {
		lines = append(lines, strings.Join([]string{e.Keyword, e.Pointer(), e.Node().Pointer(), e.Want(), e.Got()}, " | "))
		return true
	})
	if valid := c.Valid(at, o); valid != (len(lines) == 0) {
		t.Errorf("Valid gives %t, Check reports %q", valid, lines)
	}
	observe(t, c, at, o)
	return lines
}

// withoutA removes the pointer to the component A.
func withoutA(line string) string { return withoutPrefix(line, "/components/schemas/A") }

// withoutPrefix removes a pointer.
func withoutPrefix(line, pointer string) string { return strings.ReplaceAll(line, pointer, "") }

// TestDeepValue checks the deepest value that strictjson reads, against a schema that contains itself in several
// ways.
func TestDeepValue(t *testing.T) {
	doc := document(t, v31, `A: {type: [object, array], items: {$ref: A},
		properties: {a: {allOf: [{$ref: A}], unevaluatedProperties: false}}}`)
	c := New(doc).Checker(component(t, doc, "A"))
	for _, levels := range []string{`[`, `{"a":`} {
		end := map[string]string{`[`: `]`, `{"a":`: `}`}[levels]
		text := strings.Repeat(levels, 511) + `1` + strings.Repeat(end, 511)
		pointers := []string{}
		c.Check(value(t, text), Options{}, func(e Error) bool { pointers = append(pointers, e.Pointer()); return true })
		if len(pointers) != 1 || strings.Count(pointers[0], "/") != 511 {
			t.Errorf("%s: errors at %q", levels, pointers)
		}
	}
}

// TestConcurrent compiles and checks in several goroutines at once.
func TestConcurrent(t *testing.T) {
	doc := document(t, v31, animals)
	set, v := New(doc), value(t, `{"kind": "tom", "type": "Owl", "n": 1}`)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for s := range doc.Schemas() {
				c := set.Checker(s)
				found := false
				c.Check(v, Options{}, func(Error) bool { found = true; return true })
				if c.Valid(v, Options{}) == found {
					t.Errorf("%s: Valid and Check differ", s.Node.Pointer())
				}
				c.Observe(v, Options{}, Observer{Undocumented: func(func() string, *spec.Schema, strictjson.Value) {}})
			}
		})
	}
	all.Wait()
}

// TestNoChecker checks that a missing schema and a refused schema accept every value.
func TestNoChecker(t *testing.T) {
	doc := document(t, v30, `A: {type: object, allOf: [{$ref: A}]}`)
	set := New(doc)
	if set.Checker(nil) != nil {
		t.Error("a checker without a schema")
	}
	for _, c := range []*Checker{nil, set.Checker(component(t, doc, "A"))} {
		if got := check(t, c, value(t, `1`), Options{}); len(got) > 0 {
			t.Error(got)
		}
		c.Observe(value(t, `1`), Options{}, Observer{})
	}
}

// TestDirection checks that a member for one direction is forbidden, and not required, in the other.
func TestDirection(t *testing.T) {
	doc := document(t, v31, `
Shown: {type: string, readOnly: true},
A: {type: object, required: [id, key], properties: {id: {$ref: Shown}, key: {type: string, writeOnly: true}}},
Apart: {allOf: [{properties: {id: {readOnly: true}}}, {required: [id]}]}`)
	set := New(doc)
	for _, test := range []struct {
		schema, value string
		direction     Direction
		want          []string
	}{
		{schema: "A", value: `{"key": "k"}`, direction: Request, want: []string{}},
		{schema: "A", value: `{"id": "i"}`, direction: Response, want: []string{}},
		{
			schema: "A", value: `{"id": "i", "key": "k"}`, direction: Request,
			want: []string{`readOnly | /id | /components/schemas/A/properties/id | no such member in a request | "i"`},
		},
		{
			schema: "A", value: `{"id": "i", "key": "k"}`, direction: Response,
			want: []string{`writeOnly | /key | /components/schemas/A/properties/key/writeOnly | no such member in a response | "k"`},
		},
		{schema: "A", value: `{}`, direction: Request, want: []string{`required | /key | /components/schemas/A/required | the member | none`}},
		{schema: "A", value: `{}`, direction: Response, want: []string{`required | /id | /components/schemas/A/required | the member | none`}},
		{schema: "Apart", value: `{}`, direction: Request, want: []string{}},
		{
			schema: "Apart", value: `{}`, direction: Response,
			want: []string{`required | /id | /components/schemas/Apart/allOf/1/required | the member | none`},
		},
	} {
		got := check(t, set.Checker(component(t, doc, test.schema)), value(t, test.value), Options{Direction: test.direction})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s as %d (-want +got):\n%s", test.value, test.direction, diff)
		}
	}
}

// TestCheckReportsAll checks that Check reports every error, in the order of the value, until report returns false.
func TestCheckReportsAll(t *testing.T) {
	doc := document(t, v31, `A: {type: object, required: [c, d], 
		properties: {a: {type: integer, minimum: 1, multipleOf: 2}, b: {items: {type: string}}}, additionalProperties: false}`)
	c := New(doc).Checker(component(t, doc, "A"))
	v := value(t, `{"b": [1, "x", null], "e": 1, "a": -1}`)
	keywords := func(limit int) (got []string) {
		c.Check(v, Options{}, func(e Error) bool {
			got = append(got, e.Keyword+" "+e.Pointer())
			return len(got) < limit
		})
		return got
	}
	want := []string{"type /b/0", "type /b/2", "additionalProperties /e", "minimum /a", "multipleOf /a", "required /c", "required /d"}
	if diff := cmp.Diff(want, keywords(100)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for limit := 1; limit <= len(want); limit++ {
		if diff := cmp.Diff(want[:limit], keywords(limit)); diff != "" {
			t.Errorf("at most %d (-want +got):\n%s", limit, diff)
		}
	}
}
