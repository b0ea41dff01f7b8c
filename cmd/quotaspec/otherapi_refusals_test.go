package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// onlySuccess is a document without any response to a wrong request.
const onlySuccess = `openapi: 3.0.3
info: {title: No refusal, version: '1'}
paths:
  /items:
    get:
      operationId: listItems
      parameters: [{name: n, in: query, schema: {type: integer, minimum: 1, maximum: 9}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}}}}
  /items/{id}:
    get:
      operationId: showItem
      parameters: [{name: id, in: path, required: true, example: a, schema: {type: string}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}}}}
`

// TestNoRefusalListed judges providers by a document that lists no refusal. At every threshold, that is one warning for each
// operation. The provider may accept wrong requests or refuse them, but must not fail.
func TestNoRefusalListed(t *testing.T) {
	document := writeFile(t, "items.yaml", onlySuccess)
	wrong := func(r *http.Request) bool {
		isRight := slices.Contains([]string{"/items", "/items/a"}, r.URL.Path) &&
			slices.Contains([]string{"", "n=1", "n=9"}, r.URL.RawQuery)
		return !isRight
	}
	for _, test := range []struct {
		name string
		when int // the status for a wrong request
		exit int
	}{
		{name: "accepts wrong requests", when: http.StatusOK, exit: exitPassed},
		{name: "refuses wrong requests", when: http.StatusBadRequest, exit: exitPassed},
		{name: "refuses wrong requests with 418", when: http.StatusTeapot, exit: exitPassed},
		{name: "fails at wrong requests", when: http.StatusInternalServerError, exit: exitFailed},
		{name: "redirects wrong requests", when: http.StatusFound, exit: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := startHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if wrong(r) {
					answerJSON(w, test.when, "application/json", map[string]any{})
					return
				}
				answerJSON(w, http.StatusOK, "application/json", map[string]any{})
			}), behaviour{})
			code, out, errs := quotaspec(t, "verify", url, "--document", document, "--skip", "*/method-*", "--skip", "*/path-*", "--fail-on",
				"undocumented")
			if code != test.exit || errs != "" {
				t.Errorf("exit %d, want %d, %s\n%s", code, test.exit, errs, out)
			}
			if n := strings.Count(out, "warning: "); n != 2 || !strings.Contains(out,
				"warn   listItems/refusals (documents)\n       warning: document/no-refusal at /response/status\n") ||
				!strings.Contains(out, "warn   showItem/refusals") || !strings.Contains(out, "items.yaml:8, undocumented") {
				t.Errorf("got %d warnings, want one about each operation:\n%s", n, out)
			}
		})
	}
}
