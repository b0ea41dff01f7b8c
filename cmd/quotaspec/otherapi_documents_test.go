package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// operation returns a document with one operation.
func operation(path, method, rest string) string {
	return "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  " + path + ":\n    " + method + ":\n      operationId: op\n" + rest
}

const (
	responses = "      responses:\n        '200': {description: ok}\n        4XX: {description: no}\n"
	schemes   = "components:\n  securitySchemes:\n    Bearer: {type: http, scheme: bearer}\n    One: {type: apiKey, in: header, name: " +
		"Key-One}\n    Two: {type: apiKey, in: header, name: Key-Two}\n"
)

// right returns 400 to requests that are not ok.
func right(ok func(*http.Request) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !ok(r) {
			w.WriteHeader(http.StatusBadRequest)
		}
	}
}

// bodyIs returns 400 to a body that is none of these texts, or that is not sent as JSON.
func bodyIs(texts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		for _, text := range texts {
			if err == nil && string(body) == text && r.Header.Get("Content-Type") == "application/json" {
				return
			}
		}
		w.WriteHeader(http.StatusBadRequest)
	}
}

func jsonBody(schema string) string {
	return operation("/things", "post", "      requestBody:\n        required: true\n        content:\n          application/json:\n     "+
		"       schema: "+schema+"\n"+responses)
}

// TestUnusualDocuments judges providers that keep a document with an unusual part: there must be no finding.
func TestUnusualDocuments(t *testing.T) {
	t.Setenv("TOKEN", "token")
	t.Setenv("OLD", "token-of-last-year")
	for _, test := range []struct {
		name, document string
		provider       http.HandlerFunc
		judged         string // a check that must pass
		skipped        string // a check that must be skipped
	}{
		{name: "an existing id within its bounds", document: operation("/things/{id}", "get",
			"      parameters: [{name: id, in: path, required: true, example: 17, schema: {type: integer, minimum: 1, maximum: 1000}}]\n"+responses),
			provider: func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/things/17" {
					w.WriteHeader(http.StatusNotFound)
				}
			}, judged: "op/id-above-maximum"},
		{name: "an id without a value", document: operation("/things/{id}", "get",
			"      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]\n"+responses),
			provider: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, judged: "op/id-no-number",
			skipped: "op/plain"},
		{name: "an object with at least one member", document: jsonBody("{type: object, minProperties: 1, properties: {a: {type: string}}}"),
			provider: bodyIs(`{"a":"text"}`), judged: "op/body-no-member"},
		{name: "a readOnly member", document: jsonBody("{type: object, required: [id, a], properties: {id: {type: integer, readOnly: true}, " +
			"a: {type: string, nullable: true}}}"),
			provider: bodyIs(`{"a":"text"}`, `{"a":null}`), judged: "op/body-a-missing"},
		{name: "an example with a readOnly member", document: jsonBody("{type: object, required: [id, a], properties: {id: {type: integer, " +
			"readOnly: true}, a: {type: string}}, example: {id: 1, a: text}}"),
			provider: bodyIs(`{"a":"text"}`), judged: "op/body-a-other-type"},
		{name: "a response that is not JSON", document: operation("/things", "get",
			"      responses:\n        '200': {description: ok, content: {text/csv: {schema: {type: string}}}}\n        4XX: {description: no}\n"),
			provider: func(w http.ResponseWriter, r *http.Request) {
				if !strings.Contains(r.Header.Get("Accept"), "text/csv") && !strings.Contains(r.Header.Get("Accept"), "*/*") {
					w.WriteHeader(http.StatusNotAcceptable)
					return
				}
				w.Header().Set("Content-Type", "text/csv")
				_, _ = io.WriteString(w, "a,b\n")
			}, judged: "op/plain"},
		{name: "a documented redirect", document: operation("/things", "get",
			"      responses:\n        '302': {description: There.}\n        4XX: {description: no}\n"),
			provider: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/there")
				w.WriteHeader(http.StatusFound)
			}, judged: "op/plain"},
		{name: "two keys at once", document: operation("/things", "get", "      security: [{One: [], Two: []}]\n"+responses+schemes),
			provider: func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Key-One") != "one" || r.Header.Get("Key-Two") != "two" {
					w.WriteHeader(http.StatusUnauthorized)
				}
			}, judged: "op/unknown-credentials", skipped: "op/plain"},
		{name: "a header parameter that OpenAPI ignores", document: operation("/things", "get",
			"      security: [{Bearer: []}]\n      parameters: [{name: Authorization, in: header, required: true, schema: {type: "+
				"string}}]\n"+responses+schemes),
			provider: func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer token" {
					w.WriteHeader(http.StatusUnauthorized)
				}
			}, judged: "op/plain"},
		{name: "an object in the query", document: operation("/things", "get",
			"      parameters: [{name: size, in: query, required: true, style: deepObject, explode: true, schema: {type: object, required: "+
				"[w], properties: {w: {type: integer}}}}]\n"+responses),
			provider: right(func(r *http.Request) bool { return r.URL.Query().Get("size[w]") == "1" }), judged: "op/size-missing"},
		{name: "an object without a serialization", document: operation("/things", "get",
			"      parameters: [{name: size, in: query, style: deepObject, explode: true, schema: {type: object, required: [w], properties: "+
				"{w: {type: array, items: {type: integer}}}}}]\n"+responses),
			provider: right(func(r *http.Request) bool { return r.URL.RawQuery == "" }), judged: "op/plain"},
		{name: "a large number in the query", document: operation("/things", "get",
			"      parameters: [{name: n, in: query, required: true, example: 123456789, schema: {type: integer}}]\n"+responses),
			provider: right(func(r *http.Request) bool { return r.URL.Query().Get("n") == "123456789" }), judged: "op/n-no-integer"},
		{name: "the first of two values", document: operation("/things", "get",
			"      parameters: [{name: q, in: query, schema: {type: string, maxLength: 20}}]\n"+responses),
			provider: right(func(r *http.Request) bool { return len(r.URL.Query().Get("q")) <= 20 }), judged: "op/q-too-long"},
		{name: "a conflict", document: operation("/things", "post",
			"      responses:\n        '201': {description: made}\n        '409': {description: It is there already.}\n        4XX: "+
				"{description: no}\n"),
			provider: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) }, judged: "op/plain"},
		{name: "two parameters in one segment", document: operation("/things/{a}.{b}", "get",
			"      parameters:\n        - {name: a, in: path, required: true, example: x, schema: {type: string}}\n        - {name: b, in: "+
				"path, required: true, example: 2, schema: {type: integer}}\n"+responses),
			provider: func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/things/x.2" {
					w.WriteHeader(http.StatusNotFound)
				}
			}, judged: "op/b-no-number"},
		{name: "deleted resources", document: "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /things/17:\n    delete:\n      " +
			"operationId: drop\n" + responses + "    get:\n      operationId: show\n" + responses +
			"  /things/17/parts/1:\n    delete:\n      operationId: dropPart\n" + responses,
			provider: gone(), judged: "dropPart/plain"},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := startHandler(t, test.provider, behaviour{})
			document := writeFile(t, "op.yaml", test.document)
			config := writeFile(t, "quotaspec.yaml", "principals: {reader: {token_env: TOKEN}, expired: {token_env: OLD}}")
			code, out, errs := quotaspec(t, "verify", url, "--document", document, "--config", config, "--skip", "*/method-*",
				"--allow-changes", "-v", "--fail-on", "undocumented")
			if code != exitPassed || errs != "" || strings.Contains(out, "\nwarn ") {
				t.Errorf("exit %d, %s\n%s", code, errs, out)
			}
			passed := strings.Contains(out, "pass   "+test.judged+" (probes)")
			skipped := test.skipped == "" || strings.Contains(out, "skip   "+test.skipped+" (probes)")
			if !passed || !skipped {
				t.Errorf("%s did not pass, or %q was not skipped:\n%s", test.judged, test.skipped, out)
			}
		})
	}
}

// gone returns 410 for a thing that was deleted, and for its parts.
func gone() http.HandlerFunc {
	var thing, part atomic.Bool
	return func(w http.ResponseWriter, r *http.Request) {
		isThing, isPart := r.URL.Path == "/things/17", r.URL.Path == "/things/17/parts/1"
		partIsGone := isPart && part.Load()
		exists := (isThing || isPart) && !thing.Load() && !partIsGone
		if !exists {
			w.WriteHeader(http.StatusGone)
			return
		}
		if r.Method == http.MethodDelete {
			thing.Store(isThing)
			part.Store(isPart)
		}
	}
}

// TestChanges tests that nothing is changed at the provider of another API unless that is allowed, also on loopback. Methods
// that the document does not have count as changes.
func TestChanges(t *testing.T) {
	document := writeFile(t, "op.yaml", operation("/things/17", "get", responses)+"    delete:\n      operationId: drop\n"+responses)
	for _, test := range []struct {
		name, config string
		args         []string
		changes      string // the methods that came, each once
	}{
		{name: "not allowed"},
		{name: "selected, not allowed", args: []string{"--only", "drop/*", "--only", "op/plain"}},
		{name: "allowed", args: []string{"--allow-changes"}, changes: "DELETE PATCH POST PUT"},
		{name: "allowed and selected", args: []string{"--allow-changes", "--only", "drop/plain"}, changes: "DELETE"},
		{name: "allowed by a config", config: "allow_changes: true", args: []string{"--only", "drop/plain"}, changes: "DELETE"},
		{name: "not allowed by a config", config: "allow_changes: false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var came sync.Map
			url := startHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions {
					came.Store(r.Method, true)
				}
				if r.URL.Path != "/things/17" {
					w.WriteHeader(http.StatusNotFound)
				}
			}), behaviour{})
			args := append([]string{"verify", url, "--document", document, "-v"}, test.args...)
			if test.config != "" {
				args = append(args, "--config", writeFile(t, "quotaspec.yaml", test.config))
			}
			code, out, errs := quotaspec(t, args...)
			methods := []string{}
			came.Range(func(method, _ any) bool {
				methods = append(methods, method.(string))
				return true
			})
			if got := strings.Join(slices.Sorted(slices.Values(methods)), " "); code != exitPassed || got != test.changes {
				t.Errorf("exit %d, %s came, want %q: %s\n%s", code, got, test.changes, errs, out)
			}
			const reason = "\n       may change data: sent only with --allow-changes\n"
			skipped := strings.Contains(out, "skip   drop/plain (probes)\n")
			if wantSkipped := test.changes == ""; skipped != wantSkipped || strings.Count(out, reason) > 1 ||
				strings.Contains(out, reason) != wantSkipped {
				t.Errorf("want the skipped checks and one reason, or neither:\n%s", out)
			}
		})
	}
}
