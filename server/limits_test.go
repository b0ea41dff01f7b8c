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
		{"all headers, as long as they may be", "/", full, false},
		{"a byte more", "/", over, true},
		{"the longest URI, of no connection", "/" + strings.Repeat("a", maxURI-1), nil, false},
		{"a byte more in the URI", "/" + strings.Repeat("a", maxURI), nil, true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RequestURI, r.URL, r.Header = "", &url.URL{Path: test.path}, test.header
		if err := checkSize(r); (err != nil) != test.fails {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}
