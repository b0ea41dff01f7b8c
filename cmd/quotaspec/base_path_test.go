package main

import (
	"cmp"
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
		asked               bool   // whether the paths begin elsewhere
		only                string // "": all checks
	}{
		{name: "with the base path", document: based, url: right + "/api/v3", code: exitPassed},
		{name: "without it", document: based, url: right, code: exitNotJudged, meant: right + "/api/v3"},
		{name: "with a slash instead", document: based, url: right + "/", code: exitNotJudged, meant: right + "/api/v3"},
		{name: "with its beginning", document: based, url: right + "/api", code: exitNotJudged, meant: right + "/api/v3"},
		{
			name: "with a path that its beginning begins with", document: based, url: right + "/ap", code: exitNotJudged,
			meant: right + "/ap/api/v3",
		},
		{
			name: "with the base path below another, 404", document: based, url: right + "/proxy/api/v3", code: exitNotJudged,
			asked: true,
		},
		{name: "below another path", document: based, url: right + "/proxy", code: exitNotJudged, meant: right + "/proxy/api/v3"},
		{name: "a provider that has another base path", document: based, url: elsewhere, code: exitPassed},
		{name: "404 with the base path", document: based, url: elsewhere + "/api/v3", code: exitNotJudged, asked: true},
		{name: "404, and no base path is known", document: plain, url: right, code: exitNotJudged, asked: true},
		{name: "404 as it must be", document: plain, url: right, only: "*/path-*", code: exitPassed},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--document", test.document, test.url, "--only", cmp.Or(test.only, "*"))
			suggested := strings.Contains(errs, "every response was 404: did you mean "+test.meant+"?\n")
			if code != test.code || suggested != (test.meant != "") {
				t.Errorf("got exit %d, want %d and the suggestion %q\n%s%s", code, test.code, test.meant, out, errs)
			}
			if asked := strings.Contains(errs, "404: do the paths of the document begin at another URL?\n"); asked != test.asked {
				t.Errorf("asked for another URL: got %t, want %t\n%s", asked, test.asked, errs)
			}
			if code == exitNotJudged && out != "" {
				t.Errorf("got output of a run without judging:\n%s", out)
			}
		})
	}
}

// TestForgottenDocument tests that a provider of another API, judged by the quota documents for want of --document, ends the
// run, and that one that has a quota endpoint does not.
func TestForgottenDocument(t *testing.T) {
	provider := func(status func(r *http.Request) int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status(r)) }))
		t.Cleanup(server.Close)
		return server.URL
	}
	for _, test := range []struct {
		name    string
		status  func(r *http.Request) int
		code    int
		refused bool // the sample credentials
	}{
		{name: "another API", status: func(*http.Request) int { return http.StatusNotFound }, code: exitNotJudged},
		{
			name: "another API that looks at the method first", status: func(r *http.Request) int {
				if r.Method == http.MethodGet {
					return http.StatusNotFound
				}
				return http.StatusNotImplemented
			}, code: exitNotJudged,
		},
		{
			name: "another API that wants a token", status: func(*http.Request) int { return http.StatusUnauthorized },
			refused: true, code: exitNotJudged,
		},
		{
			name: "a quota endpoint that is broken", status: func(r *http.Request) int {
				if r.URL.Path == "/v1/cloudimages/quota" {
					return http.StatusForbidden
				}
				return http.StatusNotFound
			}, code: exitFailed,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := provider(test.status)
			want := "quotaspec: " + url + ": nothing was judged: no response was that of a quota endpoint; for another API, give " +
				"--document FILE\n"
			if test.refused {
				want = strings.TrimSpace(want) + "; for other credentials than the samples, --config FILE\n"
			}
			code, out, errs := quotaspec(t, "verify", url)
			if code != test.code || (errs == want) != (test.code == exitNotJudged) {
				t.Errorf("got exit %d, want %d\n%s%s", code, test.code, out, errs)
			}
		})
	}
}
