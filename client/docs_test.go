package client_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestReadmeProgram runs the program of docs/how-to/go-client.md. importlaw_test.go counts its dependencies.
func TestReadmeProgram(t *testing.T) {
	out, err := runProgram(t, "../docs/how-to/go-client.md", strings.NewReplacer())
	if err == nil || !strings.Contains(out, "showDomainQuota: no credentials: ") {
		t.Errorf("without credentials: got %v\n%s", err, out)
	}
}

// TestUseFromGoProgram runs the program of docs/use-from/go.md against a provider that returns a type that is not in the
// document.
func TestUseFromGoProgram(t *testing.T) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Auth-Token") != "reader-token" || r.URL.Path != "/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"quotas":{"resources":[{"max":1000,"min":50,"quota":50,"type":"user","used":10},{"max":9,"min":1,` +
			`"quota":5,"type":"trust_agency","used":2}]}}`))
	}))
	defer provider.Close()
	out, err := runProgram(t, "../docs/use-from/go.md", strings.NewReplacer("http://127.0.0.1:8080", provider.URL))
	if want := "user 50\ntrust_agency 5\n"; err != nil || out != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, out, want)
	}
}

// runProgram builds the first Go program of a Markdown page in a folder of this module, so that it downloads nothing, and runs
// it with an empty environment. It returns what the program wrote to stdout and stderr.
func runProgram(t *testing.T, page string, edit *strings.Replacer) (string, error) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	program := regexp.MustCompile("(?s)```go\n(package main\n.*?)```").FindSubmatch(text)
	if program == nil {
		t.Fatalf("%s has no program", page)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	source, overlay, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "overlay.json"), filepath.Join(folder, "program")
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(here, "program", "main.go"): source}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{source: []byte(edit.Replace(string(program[1]))), overlay: replaced} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay, "-buildvcs=false", "-o", binary, "./program")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.CommandContext(t.Context(), binary)
	run.Env = []string{}
	out, err := run.CombinedOutput()
	return string(out), err
}

// TestDocComments compares facts that doc comments of this package repeat with the documents.
func TestDocComments(t *testing.T) {
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
