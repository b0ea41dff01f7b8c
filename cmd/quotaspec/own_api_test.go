package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bookDocument returns the document of docs/how-to/judge-my-api.md.
func bookDocument(t *testing.T) []byte {
	t.Helper()
	document := pageFiles(readPage(t, "../../docs/how-to/judge-my-api.md"))["openapi.yaml"]
	if document == "" {
		t.Fatal("the page has no openapi.yaml")
	}
	return []byte(document)
}

// TestOwnAPI judges a provider of the page's document: the one with the example passes, one without it fails.
func TestOwnAPI(t *testing.T) {
	t.Parallel()
	document := writeFile(t, "book.yaml", string(bookDocument(t)))
	for _, test := range []struct {
		name, book string
		code       int
	}{
		{name: "the book of the example", book: "/books/b7", code: exitPassed},
		{name: "another book", book: "/books/b8", code: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path != test.book:
					w.WriteHeader(http.StatusNotFound)
				case r.Method != http.MethodGet:
					w.Header().Set("Allow", http.MethodGet)
					w.WriteHeader(http.StatusMethodNotAllowed)
				default:
					w.Header().Set("Content-Type", "application/json")
					_, _ = w.Write([]byte(`{"title":"Dubliners"}`))
				}
			}))
			t.Cleanup(provider.Close)
			code, out, errs := quotaspec(t, "verify", provider.URL, "--document", document)
			if code != test.code {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.code, errs, out)
			}
		})
	}
}

func absolute(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReportOfManual compares the report in the manual with that of the how-to page's document and a provider whose title is a number.
func TestReportOfManual(t *testing.T) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/books/b7":
			w.WriteHeader(http.StatusNotFound)
		case r.Method != http.MethodGet:
			w.WriteHeader(http.StatusNotImplemented)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"title":7}`))
		}
	}))
	t.Cleanup(provider.Close)
	document, manual := bookDocument(t), absolute(t, "../../docs/verify.md")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("book.yaml", document, 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, _ := quotaspec(t, "verify", provider.URL, "--document", "book.yaml")
	out = strings.ReplaceAll(out, provider.URL, "http://127.0.0.1:9090")
	checkBlock(t, manual, "run: text report", "```\n$ quotaspec verify http://127.0.0.1:9090 --document book.yaml\n"+out+"```\n")
}
