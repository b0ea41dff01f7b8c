package contract_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// as31 converts a document of OpenAPI 3.0 to 3.1: nullable becomes the type null.
func as31(t testing.TB, doc *spec.Document) *spec.Document {
	t.Helper()
	return edited(t, doc, func(object map[string]any) {
		if _, isRoot := object["openapi"]; isRoot {
			object["openapi"] = "3.1.0"
		}
		if object["nullable"] == true {
			delete(object, "nullable")
			object["type"] = []any{object["type"], "null"}
		}
	})
}

// withoutRules is a document without its x-rules.
func withoutRules(t testing.TB, doc *spec.Document) *spec.Document {
	t.Helper()
	return edited(t, doc, func(object map[string]any) { delete(object, "x-rules") })
}

// edited is a document with each object in it edited.
func edited(t testing.TB, doc *spec.Document, edit func(map[string]any)) *spec.Document {
	t.Helper()
	text, err := doc.Root.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		t.Fatal(err)
	}
	each(root, edit)
	if text, err = json.Marshal(root); err != nil {
		t.Fatal(err)
	}
	other, err := spec.Read(doc.File, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// each edits an object, and all those in it.
func each(v any, edit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			each(element, edit)
		}
	case map[string]any:
		edit(v)
		for _, member := range v {
			each(member, edit)
		}
	}
}

// TestOpenAPI31 checks that our documents mean the same in OpenAPI 3.1: each recording and each message of the corpus has
// the same findings, except for their places.
func TestOpenAPI31(t *testing.T) {
	exchanges := map[string]contract.Exchange{}
	for _, r := range recorded(t) {
		exchanges["recording "+r.Name()] = r.Exchange()
	}
	for _, c := range allCases(t) {
		exchanges["case "+c.Name] = c.Exchange
	}
	for _, name := range openapi.Names() {
		older := judgeOf(t, name)
		newer, err := contract.New(as31(t, older.Document()))
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for id, ex := range exchanges {
			want := findingsOf(older, ex)
			if diff := cmp.Diff(want, findingsOf(newer, ex)); diff != "" {
				t.Errorf("%s by %s (-3.0 +3.1):\n%s", id, name, diff)
			}
			count += len(want)
		}
		if count < 50 {
			t.Errorf("%s: %d findings are too few to compare", name, count)
		}
	}
}

// findingsOf lists the findings of an exchange, without places in the document.
func findingsOf(judge *contract.Judge, ex contract.Exchange) []string {
	result := judge.Check(ex)
	list := []string{}
	for _, f := range result.Findings {
		_, keyword, _ := strings.Cut(f.ID, "/")
		if isOfType := keyword == "nullable" || keyword == "type"; isOfType && f.Got == "null" {
			f.ID, f.Want = strings.Replace(f.ID, "nullable", "type", 1), "no null" // a keyword in 3.0, a type in 3.1
		}
		want := strings.TrimSuffix(f.Want, " or null")
		list = append(list, strings.Join([]string{f.ID, f.Evidence.Grade.String(), f.Pointer, want, f.Got}, " | "))
	}
	slices.Sort(list)
	return list
}
