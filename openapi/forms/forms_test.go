package forms

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestForms compares the content of each form with the content of the file, edited as a tree instead of by lines.
func TestForms(t *testing.T) {
	for _, name := range openapi.Names() {
		source, err := openapi.YAML(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range All() {
			t.Run(name+form.String(), func(t *testing.T) {
				text, err := YAML(name, form)
				if err != nil {
					t.Fatal(err)
				}
				want, got := decoded(t, source), decoded(t, text)
				edit(want, form)
				info := want["info"].(map[string]any)
				if form.OpenAPI == "3.1" {
					want["openapi"] = "3.1.0"
					info["license"] = map[string]any{"name": "Apache 2.0", "identifier": "Apache-2.0"}
				}
				if form.Plain {
					prose, _, _ := strings.Cut(info["description"].(string), "\n## Sources\n")
					info["description"] = prose
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				if (form == Form{OpenAPI: "3.0"}) != bytes.Equal(source, text) {
					t.Error("only the first form is the file byte for byte")
				}
				encoded, err := JSON(name, form)
				if err != nil || !json.Valid(encoded) {
					t.Fatal(err)
				}
				if diff := cmp.Diff(got, decoded(t, encoded)); diff != "" {
					t.Errorf("YAML and JSON differ (-YAML +JSON):\n%s", diff)
				}
			})
		}
	}
}

// TestProse tests that the text of a form speaks of nothing that the form does not have, and is laid out like the file.
func TestProse(t *testing.T) {
	for _, name := range openapi.Names() {
		for _, form := range All() {
			text, err := YAML(name, form)
			if err != nil {
				t.Fatal(err)
			}
			gone := []string{"\n\n\n", " \n", "\n\n  contact:"}
			if form.Plain {
				gone = append(gone, "`x-", " x-rules", " x-evidence", "Keys that begin", "## Sources", "how certain", "The pages behind",
					"grade:")
			}
			if form.OpenAPI == "3.1" {
				gone = append(gone, "nullable")
			}
			for _, words := range gone {
				if bytes.Contains(text, []byte(words)) {
					t.Errorf("%s%s has %q", name, form, words)
				}
			}
			for _, words := range []string{"# How to read this file", "\n# Either scheme is enough.\nsecurity:\n  - Token", "\n\npaths:\n"} {
				if !bytes.Contains(text, []byte(words)) {
					t.Errorf("%s%s has no %q", name, form, words)
				}
			}
		}
	}
}

// edit edits a decoded document as the form wants, without what stands in one place.
func edit(value any, form Form) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			edit(item, form)
		}
	case map[string]any:
		if value["nullable"] == true && form.OpenAPI == "3.1" {
			value["type"] = []any{value["type"], "null"}
			delete(value, "nullable")
		}
		for key, member := range value {
			if form.Plain && strings.HasPrefix(key, "x-") {
				delete(value, key)
			} else {
				edit(member, form)
			}
		}
	}
}

func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var document map[string]any
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return document
}
