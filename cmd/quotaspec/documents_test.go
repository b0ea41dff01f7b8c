package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/internal/command"
)

// TestDocumentAtURL tests that a document at a URL is judged like a file, that its references to other files are not followed,
// and that an error is one line without the query.
func TestDocumentAtURL(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: Things, version: '1'}\npaths:\n  /things:\n    get:\n      operationId: listThings\n     " +
		" responses:\n        '200':\n"
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/things.yaml":
			if r.URL.Query().Get("token") == "hidden" {
				fmt.Fprint(w, head+"          {description: Things., content: {application/json: {schema: {type: integer}}}}\n")
			}
		case "/split.yaml":
			fmt.Fprint(w, head+"          $ref: part.yaml\n")
		case "/moved.yaml":
			http.Redirect(w, r, "/api/things.yaml?token=hidden", http.StatusFound)
		case "/large.yaml":
			for range command.MaxDocument>>20 + 1 {
				_, _ = w.Write([]byte(strings.Repeat("#", 1<<20)))
			}
		case "/part.yaml":
			t.Error("the file that a reference names was fetched")
		case "/cut.yaml":
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, head)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(at.Close)
	har := writeFile(t, "things.har", harOf(harEntry("GET", "https://api.example.com/things", 200, "[1]")))
	shown := at.URL + "/api/things.yaml"
	for _, test := range []struct {
		name, document string
		code           int
		out, errs      string
	}{
		{name: "a document", document: shown + "?token=hidden", code: exitFailed, out: "promise  " + shown + ":9, documented"},
		{name: "moved", document: at.URL + "/moved.yaml", code: exitFailed, out: "promise  " + at.URL + "/moved.yaml:9, documented"},
		{name: "in capitals", document: strings.Replace(shown, "http", "HTTP", 1) + "?token=hidden", code: exitFailed, out: shown},
		{
			name: "a reference to another file", document: at.URL + "/split.yaml", code: exitNotJudged,
			errs: "split.yaml:9: reference \"part.yaml\": other files are not read here",
		},
		{
			name: "none", document: at.URL + "/none.yaml?token=hidden", code: exitNotJudged,
			errs: "read the document: " + at.URL + "/none.yaml: the response has status 404",
		},
		{name: "too large", document: at.URL + "/large.yaml", code: exitNotJudged, errs: "large.yaml: the document is larger than 64 MB"},
		{name: "cut off", document: at.URL + "/cut.yaml", code: exitNotJudged, errs: "cut.yaml: unexpected EOF"},
		{
			name: "a closed port", document: "http://127.0.0.1:1/a.yaml?token=hidden", code: exitNotJudged,
			errs: "read the document: http://127.0.0.1:1/a.yaml: dial tcp 127.0.0.1:1: connect: connection refused",
		},
		{name: "a password", document: "https://me:hidden@127.0.0.1:1/a.yaml", code: exitNotJudged, errs: "want a URL without user and password"},
		{
			name: "no host", document: "https:///a.yaml", code: exitNotJudged,
			errs: `document "https:///a.yaml": want a file or a URL such as https://api.example.com/openapi.yaml`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--document", test.document, "--har", har)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(errs, test.errs) || strings.Count(errs, "\n") > 1 ||
				strings.Contains(out+errs, "hidden") {
				t.Errorf("got exit %d, want %d, %q and %q\n%s%s", code, test.code, test.out, test.errs, out, errs)
			}
		})
	}
	code, _, errs := quotaspec(t, "proxy", "--document", at.URL+"/none.yaml", "--upstream", at.URL)
	if want := "quotaspec: read the document: " + at.URL + "/none.yaml: the response has status 404\n"; code != exitNotJudged || errs != want {
		t.Errorf("proxy: got exit %d and %q, want %q", code, errs, want)
	}
}
