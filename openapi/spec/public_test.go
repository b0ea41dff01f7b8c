package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shared is a folder beside the repository with public documents, which are not part of it.
const shared = "../../../shared/"

// loadShared loads a document from that folder. It skips the test if the document is missing.
func loadShared(t *testing.T, file string) (*Document, error) {
	t.Helper()
	if _, err := os.Stat(shared + file); err != nil {
		t.Skipf("no %s beside the repository", file)
	}
	return Load(shared + file)
}

// TestPublicDocuments checks that public documents load with all their operations, and that none is refused.
func TestPublicDocuments(t *testing.T) {
	operations := map[string]int{
		"adyen-checkout-v71.json": 28, "box.json": 296, "directus.json": 136, "hydra.json": 47, "museum.yaml": 8, "nova.yaml": 205,
		"oai-callback-example.yaml": 1, "oai-link-example.yaml": 6, "oai-uspto.yaml": 3, "oai31-tictactoe.yaml": 3,
		"oai31-webhook-example.yaml": 0, "oai32-tags.yaml": 4, "openai.yaml": 288, "plaid.yml": 329, "prefect31.json": 188,
		"qdrant.json": 69, "readme30-parameters-style.json": 25, "readme31-schema-types.json": 23, "realworld.yml": 19,
		"stripe.json": 594, "swagger-petstore3.yaml": 19, "train-travel.yaml": 7, "redocly-starter/openapi/openapi.yaml": 12,
	}
	for file, want := range operations {
		t.Run(file, func(t *testing.T) {
			d, err := loadShared(t, "documents/"+file)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Operations) != want {
				t.Errorf("got %d operations, want %d", len(d.Operations), want)
			}
			if text := refused(d); text != "" {
				t.Errorf("refused:\n%s", text)
			}
			for s := range d.Schemas() {
				if d.Schema(s.Node) != s || s.Refused != nil {
					t.Fatalf("%s: the schema has two views, or is refused: %v", s.Node.Place(), s.Refused)
				}
			}
		})
	}
	t.Run("all are in the table", func(t *testing.T) {
		files, _ := filepath.Glob(shared + "documents/*.*")
		if len(files) == 0 {
			t.Skip("no documents beside the repository")
		}
		for _, file := range files {
			name := filepath.Base(file)
			if _, known := operations[name]; !known && name != "INDEX.md" && name != "swagger2-uber.yaml" {
				t.Errorf("%s is not in the table", name)
			}
		}
	})
}

func TestSwagger2IsRefused(t *testing.T) {
	for file, line := range map[string]int{"documents/swagger2-uber.yaml": 3, "cases/documents/swagger2.yaml": 1} {
		_, err := loadShared(t, file)
		want := fmt.Sprintf("%s:%d: want an OpenAPI document of version 3.0, 3.1 or 3.2, got Swagger 2.0: convert it first, for "+
			"example with swagger2openapi", shared+file, line)
		if got := fmt.Sprint(err); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

// TestCasesOfDocuments loads small documents that reproduce oddities of public ones. At most they have a finding.
func TestCasesOfDocuments(t *testing.T) {
	for file, want := range map[string][]string{
		"own-format.yaml":                {},
		"wrong-example.yaml":             {},
		"example-without-value.yaml":     {"example/no-value"},
		"reference-below-extension.yaml": {},
		"empty-version.yaml":             {},
		"split/root.yaml":                {},
		"openapi31.yaml":                 {},
		"same-shape-other-method.yaml":   {"path/same-shape"},
		"null-untyped.yaml":              {},
		"value-in-sibling.yaml":          {},
		"base-path.yaml":                 {},
	} {
		t.Run(file, func(t *testing.T) {
			d, err := loadShared(t, "cases/documents/"+file)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, f := range d.Findings {
				got = append(got, f.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" || len(d.Operations) == 0 || refused(d) != "" {
				t.Errorf("%d operations, refused %q, findings (-want +got):\n%s", len(d.Operations), refused(d), diff)
			}
		})
	}
}

// FuzzRead checks that the reader never panics, and that each error is one line with a place.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		wholeDocument, withResources, splitRoot,
		documentOf("3.0.3", "{$ref: '#/components/schemas/A'}", "    A: {allOf: [{$ref: '#/components/schemas/A'}]}"),
		`{"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": {"$ref": "a.json"}}}}}}`,
		"openapi: 3.1.0\nx-rules: [{id: a}]\nx-sources: {a: {}}\nx-evidence: {grade: inferred, source: a}\n",
		"openapi: 3.0.3\na: &a {<<: *a}\n", "openapi: 3.0.3\npaths: {<<: [{/a: {get: }}]}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read("d.yaml", data, func(string) ([]byte, error) { return data, nil })
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, "d.yaml:") {
					t.Errorf("an error without a place: %q", line)
				}
			}
			return
		}
		for s := range d.Schemas() {
			if s.Node.Pointer() != "" && s.Node.file == d.Root.file && d.Root.At(s.Node.Pointer()) == nil {
				t.Errorf("the pointer %q leads nowhere", s.Node.Pointer())
			}
		}
		for _, found := range d.Findings {
			if text := found.String(); strings.ContainsAny(text, "\n\r") || found.Place().Line < 1 {
				t.Errorf("not one line with a place: %q", text)
			}
		}
	})
}

// BenchmarkRead reads about 8 MB of JSON with 600 operations and 45,000 schemas:
//
//	go test ./openapi/spec -run '^$' -bench Read -benchmem
func BenchmarkRead(b *testing.B) {
	text := strings.Builder{}
	text.WriteString(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {`)
	for i := range 600 {
		fmt.Fprintf(&text, "\"/a%d\": {\"get\": {\"responses\": {\"200\": {\"description\": \"ok\", \"content\": "+
			"{\"application/json\": {\"schema\": {\"$ref\": \"#/components/schemas/A%d\"}}}}}}},\n", i, i)
	}
	text.WriteString("\"/b\": {}}, \"components\": {\"schemas\": {\n")
	for i := range 600 {
		fmt.Fprintf(&text, "\"A%d\": {\"type\": \"object\", \"properties\": {\n", i)
		for j := range 75 {
			fmt.Fprintf(&text, "  \"p%d\": {\n    \"type\": \"string\",\n    \"nullable\": true,\n    \"maxLength\": 5000,\n    "+
				"\"description\": \"The property of this number, in words that take about a hundred bytes of the file.\"\n  },\n", j)
		}
		fmt.Fprintf(&text, "  \"next\": {\"$ref\": \"#/components/schemas/A%d\"}}},\n", (i+1)%600)
	}
	text.WriteString(`"B": {}}}}`)
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := Read("d.json", []byte(text.String()), nil); err != nil {
			b.Fatal(err)
		}
	}
}
