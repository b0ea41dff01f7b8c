package contracttest_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

// TestNewRefuses checks that a file that cannot be read ends the test with one line.
func TestNewRefuses(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("openapi: 9.0.0\npaths: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"no such file": "testdata/none.yaml", "no document": broken} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			func() {
				defer func() {
					if got := recover(); got != r {
						t.Errorf("got %v", got)
					}
				}()
				contracttest.New(r, file)
			}()
			isOneLine := len(r.errors) == 1 && !strings.Contains(r.errors[0], "\n")
			if !isOneLine || !strings.Contains(r.errors[0], filepath.Base(file)) {
				t.Errorf("got %q, want one line with the file", r.errors)
			}
		})
	}
}

// TestDocuments checks that a handler of two APIs is judged by the document that has the path.
func TestDocuments(t *testing.T) {
	other := filepath.Join(t.TempDir(), "owners.yaml")
	const document = "openapi: 3.1.0\ninfo: {title: Owners, version: '1'}\npaths:\n  /owners:\n    get:\n      responses:\n" +
		"        '204': {description: None.}\n"
	if err := os.WriteFile(other, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	check, r := start(t, contracttest.Document(other))
	handler := check.Handler(reply(204, "", ""))
	for _, path := range []string{"/owners", "/owner", "/pets/1", "/nowhere"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	}
	r.wantErrors(t,
		"GET /owner: 204: path/near-miss at /request/path: want the path /owners, got /owner (documented, "+other+":4)",
		"GET /pets/1: 204: status/undocumented at /response/status: want one of 200, 404, got 204 (documented, testdata/pets.yaml:27)",
		"GET /nowhere: 204: the document has no such path, nor one like it (testdata/pets.yaml, "+other+")",
	)
}

// TestParallel checks that checks of parallel tests, and parallel exchanges of one check, do not mix.
func TestParallel(t *testing.T) {
	for _, name := range []string{"a", "b", "c"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := contracttest.New(t, pets)
			client := &http.Client{Transport: check.Transport(nil)}
			url := serve(t, check.Handler(reply(200, jsonType, `{"name":"Rex"}`)))
			for range 4 {
				t.Run("call", func(t *testing.T) {
					t.Parallel()
					call(t, client, "GET", url+"/pets/1", "")
				})
			}
		})
	}
}
