package breaking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestForms compares the forms in which our documents are published. OpenAPI 3.0 and 3.1 differ in prose at most. Without
// extensions the rules are gone, the error codes, and the headers of the signature, and nothing else.
func TestForms(t *testing.T) {
	if testing.Short() {
		t.Skip("compares twelve pairs of documents")
	}
	file, plain := forms.Form{OpenAPI: "3.0"}, forms.Form{OpenAPI: "3.0", Plain: true}
	file31, plain31 := forms.Form{OpenAPI: "3.1"}, forms.Form{OpenAPI: "3.1", Plain: true}
	for _, test := range []struct {
		old, new forms.Form
		allowed  []string // ids of findings above prose, of which each must occur
	}{
		{old: file, new: file31},
		{old: file31, new: file},
		{old: plain, new: plain31},
		{old: plain31, new: plain},
		{old: file, new: plain, allowed: []string{"rule/removed", "rule/grade", "error-codes/removed", "security/changed"}},
		{old: plain31, new: file, allowed: []string{"rule/added", "rule/grade", "error-codes/added", "security/changed"}},
	} {
		above := []string{}
		for _, name := range openapi.Names() {
			documents := inForms(t, name, test.old, test.new)
			for _, f := range compare(t, documents[0], documents[1]).Findings {
				if f.Level > breaking.Editorial || strings.HasPrefix(f.ID, "rule/") {
					above = append(above, f.ID)
				}
			}
		}
		slices.Sort(above)
		slices.Sort(test.allowed)
		if above = slices.Compact(above); !slices.Equal(above, test.allowed) {
			t.Errorf("from %v to %v: got %s, want %s", test.old, test.new, above, test.allowed)
		}
	}
}

// inForms reads a document of ours in forms.
func inForms(t *testing.T, name string, list ...forms.Form) (documents []*spec.Document) {
	t.Helper()
	for _, form := range list {
		doc, err := forms.Document(name, form)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, doc)
	}
	return documents
}
