package client_test

import (
	"os"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestDocumentationInWords compares numbers and meanings that the documentation of this package repeats with the documents: how
// long a token is valid, and what Min and Max bound.
func TestDocumentationInWords(t *testing.T) {
	for _, test := range []struct{ name, file, says, document string }{
		{name: "how long a token is valid", file: "client.go", says: "24 hours", document: "valid for 24 hours"},
		{
			name: "what Min and Max bound", file: "quota.go", says: "the bounds within which Quota may be set",
			document: "the bounds within which",
		},
	} {
		source, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(source), test.says) {
			t.Errorf("%s: %s does not say %q", test.name, test.file, test.says)
		}
		for _, name := range openapi.Names() {
			text, err := openapi.YAML(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), test.document) {
				t.Errorf("%s: %s.yaml does not say %q", test.name, name, test.document)
			}
		}
	}
}
