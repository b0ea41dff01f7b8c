package contract

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestSingularHeaders checks each header that must not come twice.
func TestSingularHeaders(t *testing.T) {
	doc, err := openapi.Embedded(openapi.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	judge, err := New(doc)
	if err != nil {
		t.Fatal(err)
	}
	path := doc.Operations[0].Path
	for name, want := range map[string]bool{
		"Age": true, "Authorization": true, "Content-Location": true, "Content-Range": true, "Date": true, "Etag": true,
		"Expires": true, "From": true, "Host": true,
		"If-Modified-Since": true, "If-Range": true, "If-Unmodified-Since": true, "Last-Modified": true, "Location": true,
		"Max-Forwards":        true,
		"Proxy-Authorization": true, "Referer": true, "Retry-After": true, "Server": true, "User-Agent": true,
		"Link": false, "Set-Cookie": false, "Via": false, "Cache-Control": false,
	} {
		v := judge.Check(Exchange{
			Request:  Request{Method: http.MethodGet, Target: path},
			Response: Response{Status: 404, Header: http.Header{name: {"a", "b"}}},
		})
		got := slices.ContainsFunc(v.Findings, func(d Finding) bool {
			return d.ID == "header/doubled" && d.Pointer == "/response/headers/"+strings.ToLower(name)
		})
		if got != want {
			t.Errorf("%s twice: got %t, want %t", name, got, want)
		}
	}
}
