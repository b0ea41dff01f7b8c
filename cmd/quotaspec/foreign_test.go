package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestForeignProviders judges providers by documents such as other teams write: what OpenAPI allows is no finding, and one
// fault is one cause.
func TestForeignProviders(t *testing.T) {
	const noBody = "      responses:\n        '200': {description: ok}\n        4XX: {description: no}\n"
	respond := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/things" {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			if body != "" {
				w.Header().Set("Content-Type", "application/json")
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	deleted := false
	for _, test := range []struct {
		name, document string
		provider       http.HandlerFunc
		want           []string // lines of the report
	}{
		{
			name: "null where the schema has no type",
			document: operation("/things", "get", "      responses:\n        '200': {description: ok, content: {application/json: {schema: "+
				"{type: object, properties: {any: {description: Anything.}}}}}}\n"),
			provider: respond(http.StatusOK, `{"any":null}`),
		},
		{
			name:     "only 401 is documented",
			document: operation("/things", "post", "      responses:\n        '401': {description: Ask for a token.}\n"),
			provider: respond(http.StatusUnauthorized, ""),
		},
		{
			name: "the value of a parameter at another operation of the path",
			document: operation("/things/{id}", "get", "      parameters: [{name: id, in: path, required: true, example: x1, schema: {type: "+
				"string}}]\n"+noBody) + "    delete:\n      operationId: drop\n      parameters: [{name: id, in: path, required: true, schema: " +
				"{type: string}}]\n" + noBody,
			provider: func(w http.ResponseWriter, r *http.Request) {
				isIt := strings.TrimSuffix(r.URL.Path, "/") == "/things/x1" && !deleted // it takes a final slash
				switch {
				case isIt && r.Method == http.MethodDelete:
					deleted = true
				case !isIt || r.Method != http.MethodGet:
					w.WriteHeader(http.StatusNotFound)
				}
			},
			want: []string{"pass   drop/plain (probes)"},
		},
		{
			name: "an undocumented member in each refusal",
			document: operation("/things", "post", "      requestBody: {required: true, content: {application/json: {schema: {type: object, "+
				"required: [a, b], properties: {a: {type: integer, minimum: 1}, b: {type: string, minLength: 1}}}}}}\n      responses:\n"+
				"        '201': {description: made}\n        4XX: {description: no, content: {application/json: {schema: {type: object, "+
				"properties: {detail: {type: string}}}}}}\n"),
			provider: func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				isRight := string(body) == `{"a":1,"b":"text"}` && r.Header.Get("Content-Type") == "application/json"
				if r.URL.Path == "/things" && r.Method == http.MethodPost && isRight {
					w.WriteHeader(http.StatusCreated)
					return
				}
				respond(http.StatusUnprocessableEntity, `{"detail":"wrong","extra":1}`)(w, r)
			},
			want: []string{"warn   member/undocumented  op  extra  ", " 13 times\n"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := startHandler(t, test.provider, behaviour{})
			document := writeFile(t, "op.yaml", test.document)
			code, out, errs := quotaspec(t, "verify", url, "--document", document, "--allow-changes", "--skip", "*/method-*", "-v")
			if code != exitPassed || errs != "" || strings.Count(out, "\nwarn   member/undocumented ") > 1 {
				t.Errorf("exit %d, %s\n%s", code, errs, out)
			}
			for _, want := range test.want {
				if !strings.Contains(out, want) {
					t.Errorf("want %s in\n%s", want, out)
				}
			}
		})
	}
}
