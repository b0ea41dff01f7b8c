package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestBasePathMissing tests that a run suggests the URL with the base path of the document if every request gets 404, and
// judges all other responses.
func TestBasePathMissing(t *testing.T) {
	const paths = `
info: {title: Orders, version: '1'}
paths:
  /orders:
    get:
      operationId: listOrders
      responses: {'200': {description: Orders., content: {application/json: {schema: {type: array, items: {type: integer}}}}}}
`
	based := writeFile(t, "based.yaml", "openapi: 3.0.3\nservers: [{url: 'https://api.example.com/{v}', variables: {v: {default: "+
		"api/v3}}}]"+paths)
	plain := writeFile(t, "plain.yaml", "openapi: 3.0.3"+paths)
	at := func(base string) string {
		provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != base+"/orders" || r.Method != http.MethodGet {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("[1]"))
		}))
		t.Cleanup(provider.Close)
		return provider.URL
	}
	right, elsewhere := at("/api/v3"), at("")
	for _, test := range []struct {
		name, document, url string
		code                int
		meant               string
	}{
		{name: "with the base path", document: based, url: right + "/api/v3", code: exitPassed},
		{name: "without it", document: based, url: right, code: exitNotJudged, meant: right + "/api/v3"},
		{name: "with a slash instead", document: based, url: right + "/", code: exitNotJudged, meant: right + "/api/v3"},
		{name: "with its beginning", document: based, url: right + "/api", code: exitNotJudged, meant: right + "/api/v3"},
		{
			name: "with a path that its beginning begins with", document: based, url: right + "/ap", code: exitNotJudged,
			meant: right + "/ap/api/v3",
		},
		{name: "with the base path below another, 404", document: based, url: right + "/proxy/api/v3", code: exitFailed},
		{name: "below another path", document: based, url: right + "/proxy", code: exitNotJudged, meant: right + "/proxy/api/v3"},
		{name: "a provider that has another base path", document: based, url: elsewhere, code: exitPassed},
		{name: "404 with the base path", document: based, url: elsewhere + "/api/v3", code: exitFailed},
		{name: "404, and no base path is known", document: plain, url: right, code: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--document", test.document, test.url)
			suggested := strings.Contains(errs, "every response was 404: did you mean "+test.meant+"?\n")
			if code != test.code || suggested != (test.meant != "") {
				t.Errorf("got exit %d, want %d and the suggestion %q\n%s%s", code, test.code, test.meant, out, errs)
			}
			if test.meant != "" && out != "" {
				t.Errorf("got output of a run without judging:\n%s", out)
			}
		})
	}
}
