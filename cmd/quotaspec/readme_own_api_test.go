package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"
)

// TestReadmeOwnAPI judges a provider of the README's document: the one with the example passes, one without it fails.
func TestReadmeOwnAPI(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)`book.yaml`\n\n```yaml\n(.*?)```\n").FindSubmatch(readme)
	if block == nil {
		t.Fatal("the README has no book.yaml")
	}
	document := writeFile(t, "book.yaml", string(block[1]))
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
