package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestOtherOperation tests that a probe shows nothing about its operation if its request is one of another operation, and that
// it does if the document percent-encodes the path.
func TestOtherOperation(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths:\n"
	const id = "parameters: [{name: id, in: path, required: true, schema: {type: string}, example: mine}], "
	const ok = "responses: {'200': {description: Pets., content: {application/json: {schema: {type: array}}}}, '404': {description: No.}}"
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/pets/mine" && r.URL.Path != "/@pets" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[1]"))
	}))
	t.Cleanup(provider.Close)
	for _, test := range []struct {
		name, paths, only string
		code              int
		shown             string
	}{
		{
			name:  "a value that is a path of its own",
			paths: "  /pets/mine: {get: {" + ok + "}}\n  /pets/{id}: {get: {" + id + ok + "}}\n",
			only:  "GET /pets/{id}/plain", code: exitNotJudged,
			shown: "this request is one of GET /pets/mine: give the parameters of the path other values",
		},
		{name: "another value", paths: "  /pets/{id}: {get: {" + id + ok + "}}\n", only: "GET /pets/{id}/plain", code: exitPassed},
		{
			name: "a path that is percent-encoded", paths: "  /%40pets: {get: {" + ok + "}}\n", only: "GET /%40pets/plain", code: exitPassed,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			document := writeFile(t, "pets.yaml", head+test.paths)
			code, out, errs := quotaspec(t, "verify", "--document", document, provider.URL, "--only", test.only, "-v")
			if code != test.code || !strings.Contains(out+errs, test.shown) {
				t.Errorf("got exit %d, want %d and %q\n%s%s", code, test.code, test.shown, out, errs)
			}
		})
	}
}
