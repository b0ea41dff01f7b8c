package probe

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestIDIn tests where a value is found in a response about the resource itself.
func TestIDIn(t *testing.T) {
	const id, text = "{type: integer}", "{type: string}"
	for _, test := range []struct{ name, path, schema, response, want string }{
		{name: "the id", path: "/pets/{petId}", schema: id, response: `{"name": "Rex", "id": 7}`, want: "7"},
		{name: "the parameter's name first", path: "/pets/{petId}", schema: id, response: `{"id": 3, "pet_id": 7}`, want: "7"},
		{name: "an envelope", path: "/pets/{petId}", schema: id, response: `{"data": {"id": 7}}`, want: "7"},
		{name: "an envelope of its name", path: "/pets/{petId}", schema: id, response: `{"pet": {"id": 7}}`, want: "7"},
		{name: "a list", path: "/pets/{petId}", schema: id, response: `[{"id": 7}, {"id": 8}]`, want: "7"},
		{name: "an element without", path: "/pets/{petId}", schema: id, response: `[{"id": null}, {"id": 8}]`, want: "8"},
		{name: "a text of digits", path: "/pets/{petId}", schema: id, response: `{"id": "7"}`, want: "7"},
		{name: "a number for a text", path: "/pets/{petId}", schema: text, response: `{"id": 7}`, want: "7"},
		{name: "a text before a number", path: "/pets/{pet}", schema: text, response: `{"id": 7, "name": "Rex"}`, want: "Rex"},
		{name: "not of the schema", path: "/pets/{petId}", schema: id, response: `{"id": "Rex"}`},
		{name: "not of the format", path: "/pets/{id}", schema: "{type: string, format: uuid}", response: `{"id": "Rex"}`},
		{name: "the last word", path: "/pets/{pet_name}", schema: text, response: `{"id": "a", "name": "Rex"}`, want: "Rex"},
		{name: "the resource's id", path: "/pets/{which}", schema: id, response: `{"petId": 7}`, want: "7"},
		{name: "its part", path: "/visits/{petId}", schema: id, response: `{"pet": {"id": 7}}`, want: "7"},
		{name: "a credential", path: "/logins/{token}", schema: text, response: `{"token": "abc", "id": "x"}`},
		{name: "an id for a key", path: "/artifacts/{key}", schema: text, response: `{"id": "a1", "name": "x", "key": null}`},
		{name: "a key", path: "/artifacts/{key}", schema: text, response: `{"id": "a1", "key": "k"}`, want: "k"},
		{name: "a slash", path: "/files/{name}", schema: text, response: `{"name": "a/b"}`},
		{name: "empty", path: "/files/{name}", schema: text, response: `{"name": ""}`},
		{name: "no object", path: "/pets/{petId}", schema: id, response: `"7"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			op, judge := pathOperation(t, test.path, test.schema)
			got, ok := idIn(decode([]byte(test.response)), op.Path, op.Parameters[0], judge.Accepts)
			if ok != (test.want != "") || ok && sample.PlainText(got) != test.want {
				t.Errorf("got %v, %v, want %q", got, ok, test.want)
			}
			if ok && !judge.Accepts(op.Parameters[0].Schema, got) {
				t.Errorf("the schema refuses %v (%T)", got, got)
			}
		})
	}
}

// TestIDInList tests where a value is found in a response about many resources.
func TestIDInList(t *testing.T) {
	const id, text = "{type: integer}", "{type: string}"
	for _, test := range []struct {
		name, path, schema, response, want string
		sure                               bool
	}{
		{name: "a list", path: "/pets/{petId}", schema: id, response: `[{"id": 7}]`, want: "7", sure: true},
		{name: "an empty list", path: "/pets/{petId}", schema: id, response: `[]`},
		{name: "an envelope", path: "/pets/{petId}", schema: id, response: `{"id": 3, "items": [{"id": 7}]}`, want: "7", sure: true},
		{name: "an empty envelope", path: "/pets/{petId}", schema: id, response: `{"id": 3, "items": []}`},
		{name: "its collection", path: "/pets/{petId}", schema: id, response: `{"pets": [{"id": 7}], "x": [1]}`, want: "7", sure: true},
		{name: "the only list", path: "/pets/{petId}", schema: id, response: `{"total": 1, "found": [{"id": 7}]}`, want: "7", sure: true},
		{name: "two envelopes", path: "/pets/{petId}", schema: id, response: `{"data": {"items": [{"id": 7}]}}`, want: "7", sure: true},
		{name: "edges", path: "/pets/{petId}", schema: id, response: `{"edges": [{"node": {"id": 7}}]}`, want: "7", sure: true},
		{name: "a map", path: "/pets/{pet}", schema: text, response: `{"pets": {"b": {}, "a": {"age": 1}}}`, want: "a"},
		{name: "a map alone", path: "/pets/{petId}", schema: id, response: `{"7": {"name": "Rex"}}`, want: "7"},
		{name: "no map", path: "/pets/{pet}", schema: text, response: `{"a": {}, "count": 1}`},
		{name: "ids", path: "/pets/{petId}", schema: id, response: `[7, 8]`, want: "7"},
		{name: "names", path: "/pets/{petId}", schema: text, response: `[{"age": 3, "name": "Rex"}]`, want: "Rex"},
	} {
		t.Run(test.name, func(t *testing.T) {
			op, judge := pathOperation(t, test.path, test.schema)
			search := newIDSearch(op.Path, op.Parameters[0], judge.Accepts)
			search.lists = true
			got, ok := search.in(decode([]byte(test.response)))
			if ok != (test.want != "") || ok && sample.PlainText(got.value) != test.want || got.sure != test.sure {
				t.Errorf("got %v, %v, want %q, sure %v", got, ok, test.want, test.sure)
			}
		})
	}
}

// pathOperation makes a document with one operation, whose path has one parameter.
func pathOperation(t *testing.T, path, schema string) (*spec.Operation, *contract.Judge) {
	t.Helper()
	_, name, _ := strings.Cut(path, "{")
	name, _, _ = strings.Cut(name, "}")
	doc, err := spec.Read("pets.yaml", []byte(`openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  `+path+`:
    get:
      operationId: show
      parameters: [{name: `+name+`, in: path, required: true, schema: `+schema+`}]
      responses: {'200': {description: It.}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations[0], judge
}
