package server

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestCheckSize tries what net/http adds headers to, or never lets in.
func TestCheckSize(t *testing.T) {
	full := http.Header{}
	for _, name := range []string{"A", "B", "C", "D"} {
		full[name] = []string{strings.Repeat("x", maxHeader-len(name))}
	}
	over := full.Clone()
	over["E"] = []string{""}
	for _, test := range []struct {
		name   string
		path   string
		header http.Header
		fails  bool
	}{
		{name: "all headers, as long as they may be", path: "/", header: full},
		{name: "a byte more", path: "/", header: over, fails: true},
		{name: "the longest URI, of no connection", path: "/" + strings.Repeat("a", maxURI-1)},
		{name: "a byte more in the URI", path: "/" + strings.Repeat("a", maxURI), fails: true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RequestURI, r.URL, r.Header = "", &url.URL{Path: test.path}, test.header
		if err := checkSize(r); (err != nil) != test.fails {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}
