package probe_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// discoverable writes a document with these operations: "GET /pets/{id}" with a schema for each parameter, or further members.
func discoverable(operations ...string) string {
	paths, order := map[string]string{}, []string{}
	for _, operation := range operations {
		head, members, _ := strings.Cut(operation, ": ")
		method, path, _ := strings.Cut(head, " ")
		if paths[path] == "" {
			order = append(order, path)
		}
		if !strings.Contains(members, "responses") {
			members = strings.TrimPrefix(members+", responses: {'200': {description: Yes.}, '404': {description: No.}}", ", ")
		}
		paths[path] += fmt.Sprintf("    %s: {%s}\n", strings.ToLower(method), members)
	}
	text := "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths:\n"
	for _, path := range order {
		text += "  " + path + ":\n" + paths[path]
	}
	return text
}

// parameters writes the parameters of an operation, which all have one schema.
func parameters(schema string, names ...string) string {
	list := []string{}
	for _, name := range names {
		list = append(list, fmt.Sprintf("{name: %s, in: path, required: true, schema: {%s}}", name, schema))
	}
	return "parameters: [" + strings.Join(list, ", ") + "]"
}

// discover searches the values that the probes of a document lack, on a provider with these responses by request; others
// are 404. Only the operation of that ID lacks them, or each if it is "". It returns the requests that were sent, and what was found.
func discover(
	t *testing.T, document string, only string, known probe.Known, responses map[string]string,
) (sent []string, found probe.Found) {
	t.Helper()
	var mutex sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		request := r.Method + " " + r.URL.RequestURI()
		sent = append(sent, request)
		body, ok := responses[request]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		w.Header().Set("Location", "9")
		_, _ = w.Write([]byte(body))
	}))
	defer server.Close()
	at, _ := url.Parse(server.URL)
	target := probe.Target{URL: at, Timeout: 5 * time.Second}
	judge := judge(t, "pets.yaml", document)
	search := probe.Discovery{
		Judge: judge, Known: known, Searches: true,
		Send: func(ctx context.Context, p probe.Probe) (contract.Exchange, error) { return target.Run(ctx, p, nil) },
	}
	lacking := slices.DeleteFunc(probe.DeriveWith(judge, nil, known), func(p probe.Probe) bool {
		return only != "" && p.Operation.ID != only
	})
	found = search.Find(t.Context(), lacking)
	for _, p := range probe.DeriveWith(judge, nil, probe.Known{Values: known.Values, Found: found}) {
		if uses := strings.Contains(p.Request.Target, "f0und"); uses && p.Changes() {
			t.Errorf("%s changes what was found: %s %s", p.ID, p.Request.Method, p.Request.Target)
		}
	}
	return sent, found
}

// TestDiscover tests the values that are found on live providers, and the requests that it takes.
func TestDiscover(t *testing.T) {
	const text, id = "type: string", "type: integer"
	for _, test := range []struct {
		name       string
		only       string
		operations []string
		values     probe.Values
		responses  map[string]string
		sent       []string
		found      probe.Found
	}{
		{
			name: "three levels",
			operations: []string{
				"GET /a/{a}/b/{b}/c/{c}: " + parameters(text, "a", "b", "c"), "GET /a/{a}/b/{b}/c: " + parameters(text, "a", "b"),
				"GET /a/{x}/b: " + parameters(text, "x"), "GET /a",
			},
			responses: map[string]string{
				"GET /a": `[{"id": "f0und1"}]`, "GET /a/f0und1/b": `{"items": [{"id": "f0und2"}]}`,
				"GET /a/f0und1/b/f0und2/c": `{"data": [{"id": "f0und3"}, {"id": "x"}]}`,
			},
			sent: []string{"GET /a", "GET /a/f0und1/b", "GET /a/f0und1/b/f0und2/c"},
			found: probe.Found{
				"path /a/ a": "f0und1", "path /a/ x": "f0und1", "path /a/{a}/b/ b": "f0und2", "path /a/{a}/b/{b}/c/ c": "f0und3",
			},
		},
		{
			name: "an id of a list that has another name", only: "GET /a/{a}/b/{b}",
			operations: []string{"GET /a/{a}/b/{b}: " + parameters(text, "a", "b"), "GET /a/{x}/b: " + parameters(text, "x"), "GET /a"},
			responses:  map[string]string{"GET /a": `[{"id": "f0und1"}]`, "GET /a/f0und1/b": `[{"id": "f0und2"}]`},
			sent:       []string{"GET /a", "GET /a/f0und1/b"},
			found:      probe.Found{"path /a/ a": "f0und1", "path /a/ x": "f0und1", "path /a/{a}/b/ b": "f0und2"},
		},
		{
			name:       "a wrong type",
			operations: []string{"GET /pets", "GET /pets/{petId}: " + parameters(id, "petId")},
			responses:  map[string]string{"GET /pets": `[{"id": "Rex"}]`}, sent: []string{"GET /pets"}, found: probe.Found{},
		},
		{
			name:       "an empty list",
			operations: []string{"GET /pets", "GET /pets/{petId}: " + parameters(id, "petId")},
			responses:  map[string]string{"GET /pets": `{"items": [], "id": 3}`}, sent: []string{"GET /pets"}, found: probe.Found{},
		},
		{
			name:       "a value of the config",
			operations: []string{"GET /pets", "GET /pets/{petId}: " + parameters(id, "petId")}, values: probe.Values{"petId": "7"},
			found: probe.Found{},
		},
		{
			name: "the value of a sibling",
			operations: []string{
				"GET /pets", "GET /pets/{petId}: " + parameters(id, "petId"),
				"DELETE /pets/{petId}/toys: " + parameters(id+", example: 3", "petId"),
			},
			found: probe.Found{},
		},
		{
			name: "a link",
			operations: []string{
				"GET /first: responses: {'200': {description: Yes., links: {a: {operationId: other}, " +
					"b: {operationId: show, parameters: {petId: '$response.body#/found/0'}}}}}",
				"GET /pets", "GET /pets/{petId}: operationId: show, " + parameters(id, "petId"),
			},
			responses: map[string]string{"GET /first": `{"found": [8]}`}, sent: []string{"GET /first"},
			found: probe.Found{"path /pets/ petId": 8},
		},
		{
			name: "a link of another status",
			operations: []string{
				"GET /first: responses: {'200': {description: Yes.}, '202': {description: Later., " +
					"links: {b: {operationId: show, parameters: {petId: '$response.body#/found/0'}}}}}",
				"GET /pets/{petId}: operationId: show, " + parameters(id, "petId"),
			},
			responses: map[string]string{"GET /first": `{"found": [8]}`}, sent: []string{"GET /first"}, found: probe.Found{},
		},
		{
			name: "a link with a header",
			operations: []string{
				"GET /first: responses: {'200': {description: Yes., " +
					"links: {b: {operationRef: '#/paths/~1pets~1{petId}/get', parameters: {path.petId: '$response.header.location'}}}}}",
				"GET /pets/{petId}: operationId: show, " + parameters(id, "petId"),
			},
			responses: map[string]string{"GET /first": `{}`}, sent: []string{"GET /first"}, found: probe.Found{"path /pets/ petId": 9},
		},
		{
			name:       "another list, confirmed",
			operations: []string{"GET /visits", "GET /pets/{petId}: " + parameters(id, "petId")},
			responses:  map[string]string{"GET /visits": `[{"id": 3, "pet_id": 7}]`, "GET /pets/7": `{}`},
			sent:       []string{"GET /visits", "GET /pets/7"}, found: probe.Found{"path /pets/ petId": 7},
		},
		{
			name:       "another list, not confirmed",
			operations: []string{"GET /visits", "GET /pets/{petId}: " + parameters(id, "petId")},
			responses:  map[string]string{"GET /visits": `[{"id": 3, "pet_id": 7}]`},
			sent:       []string{"GET /visits", "GET /pets/7"}, found: probe.Found{},
		},
		{
			name:       "a member of its own list that may be no id",
			operations: []string{"GET /pets", "GET /pets/{petId}: " + parameters(text, "petId")},
			responses:  map[string]string{"GET /pets": `[{"name": "Rex"}]`},
			sent:       []string{"GET /pets", "GET /pets/Rex"}, found: probe.Found{},
		},
		{
			name:       "a search by POST",
			operations: []string{"POST /pets/filter", "GET /pets/{petId}: " + parameters(text, "petId")},
			responses:  map[string]string{"POST /pets/filter": `[{"id": "f0und"}]`},
			sent:       []string{"POST /pets/filter"}, found: probe.Found{"path /pets/ petId": "f0und"},
		},
		{
			name: "what was found is not changed",
			operations: []string{
				"GET /pets", "GET /pets/{petId}: " + parameters(text, "petId"), "POST /pets/{petId}/feed: " + parameters(text, "petId"),
			},
			responses: map[string]string{"GET /pets": `[{"id": "f0und"}]`},
			sent:      []string{"GET /pets"}, found: probe.Found{"path /pets/ petId": "f0und"},
		},
		{
			name:       "a credential",
			operations: []string{"GET /tokens", "GET /tokens/{token}: " + parameters(text, "token")},
			responses:  map[string]string{"GET /tokens": `[{"token": "abc"}]`}, sent: []string{"GET /tokens"}, found: probe.Found{},
		},
		{
			name:       "no list",
			operations: []string{"GET /pets/{id}: " + parameters(text, "id"), "GET /health"}, found: probe.Found{},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent, found := discover(t, discoverable(test.operations...), test.only, probe.Known{Values: test.values}, test.responses)
			if diff := cmp.Diff(test.sent, sent); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if got, want := fmt.Sprint(found), fmt.Sprint(test.found); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestDiscoverGivesUp checks that a provider without responses gets few requests, and that the end of the context ends the search.
func TestDiscoverGivesUp(t *testing.T) {
	operations := []string{}
	for i := range 300 {
		operations = append(operations, fmt.Sprintf("GET /r%d", i), fmt.Sprintf("GET /r%d/{id}: ", i)+parameters("type: string", "id"))
	}
	judge := judge(t, "pets.yaml", discoverable(operations...))
	for _, test := range []struct {
		name   string
		status int
		ends   int // the request at which the context ends; 0: never
		want   int
	}{
		{name: "no response", want: 3},
		{name: "many lists", status: 404, want: 200},
		{name: "stopped", status: 404, ends: 5, want: 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			n := 0
			search := probe.Discovery{Judge: judge, Send: func(context.Context, probe.Probe) (contract.Exchange, error) {
				if n++; n == test.ends {
					stop()
				}
				return contract.Exchange{Response: contract.Response{Status: test.status}}, nil
			}}
			if search.Find(ctx, probe.Derive(judge, nil)); n != test.want {
				t.Errorf("sent %d requests, want %d", n, test.want)
			}
		})
	}
}

// TestSkippedOnce checks that all probes of an operation that lack values have one reason, which names them all.
func TestSkippedOnce(t *testing.T) {
	judge := judge(t, "pets.yaml", discoverable(
		"GET /pets/{petId}: operationId: get, "+parameters("type: string", "petId"),
		"DELETE /pets/{petId}: operationId: drop, "+parameters("type: string", "petId"),
		"GET /a/{a}/b/{b}: "+parameters("type: string", "a", "b"),
	))
	for _, test := range []struct{ name, operation, want string }{
		{
			name: "a value", operation: "get", want: "add values: {get.petId: …} to quotaspec.yaml: 3 probes of get were not sent, " +
				"since no value that exists on the provider is known for the path parameter petId",
		},
		{
			name: "only found", operation: "drop", want: "add values: {drop.petId: …} to quotaspec.yaml: 1 probe of drop was not sent, " +
				"since the resource was only found on the provider, and probes change no such resource",
		},
		{
			name: "two values", operation: "GET /a/{a}/b/{b}",
			want: "add values: {'GET /a/{a}/b/{b}.a': …, 'GET /a/{a}/b/{b}.b': …} to quotaspec.yaml: " +
				"3 probes of GET /a/{a}/b/{b} were not sent, " +
				"since no value that exists on the provider is known for the path parameter a and the path parameter b",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			known, reasons := probe.Known{}, []string{}
			if test.operation == "drop" {
				known.Found = probe.Found{"path /pets/ petId": "7"}
			}
			for _, p := range probe.DeriveWith(judge, nil, known) {
				if p.Operation.ID == test.operation && p.Skip != "" && !slices.Contains(reasons, p.Skip) {
					reasons = append(reasons, p.Skip)
				}
			}
			if diff := cmp.Diff([]string{test.want}, reasons); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrderOfValues checks which source of a value wins.
func TestOrderOfValues(t *testing.T) {
	for _, test := range []struct {
		name, schema    string
		reader          probe.Values
		known           probe.Known
		want, wantOther string // for GET and DELETE
	}{
		{
			name: "the principal's, of the operation", schema: "type: string, example: e", reader: probe.Values{"get.id": "1", "id": "2"},
			known: probe.Known{Values: probe.Values{"get.id": "3"}}, want: "1", wantOther: "2",
		},
		{
			name: "the config's", schema: "type: string, example: e", known: probe.Known{Values: probe.Values{"get.id": "3", "id": "4"}},
			want: "3", wantOther: "4",
		},
		{
			name: "the document's", schema: "type: string, example: e", known: probe.Known{Found: probe.Found{"path /pets/ id": "f"}},
			want: "e", wantOther: "e",
		},
		{
			name: "what was found", schema: "type: string", known: probe.Known{Found: probe.Found{"path /pets/ id": "f"}},
			want: "f", wantOther: "text",
		},
		{
			name: "what was found is not of the schema", schema: "type: integer", known: probe.Known{Found: probe.Found{"path /pets/ id": "f"}},
			want: "1", wantOther: "1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "pets.yaml", discoverable("GET /pets/{id}: operationId: get, "+parameters(test.schema, "id"),
				"DELETE /pets/{id}: operationId: drop, "+parameters(test.schema, "id")))
			got := map[string]string{}
			for _, p := range probe.DeriveWith(judge, probe.Principals{probe.Reader: {Values: test.reader}}, test.known) {
				got[p.ID] = strings.TrimPrefix(p.Request.Target, "/pets/")
			}
			if got["get/plain"] != test.want || got["drop/plain"] != test.wantOther {
				t.Errorf("got %s and %s, want %s and %s", got["get/plain"], got["drop/plain"], test.want, test.wantOther)
			}
		})
	}
}

// TestBelowFound checks the probes of a resource below one that was found: they keep the id of that one, also where it has
// examples, and the unknown id is not the found one. Probes name the parameter that they test.
func TestBelowFound(t *testing.T) {
	judge := judge(t, "pets.yaml", discoverable("GET /a/{a}/b/{b}: operationId: get, parameters: ["+
		"{name: a, in: path, required: true, examples: {x: {value: x}, y: {value: y}}, schema: {type: string}}, "+
		"{name: b, in: path, required: true, schema: {type: integer}}]"))
	targets := map[string]string{}
	for _, p := range probe.DeriveWith(judge, nil, probe.Known{Found: probe.Found{"path /a/{a}/b/ b": 2147483647}}) {
		targets[p.ID] = p.Request.Target
		tests := strings.HasPrefix(p.ID, "get/b-no-") || p.Kind == spec.UnknownResource
		if isNamed := p.About == p.Operation.Parameters[1].Node; tests != isNamed {
			t.Errorf("%s is about %v", p.ID, p.About)
		}
	}
	for id, want := range map[string]string{
		"get/plain": "/a/x/b/2147483647", "get/unknown-resource": "/a/x/b/2147483646", "get/b-no-number": "/a/x/b/many",
		"get/a=y": "",
	} {
		if targets[id] != want {
			t.Errorf("%s: got %q, want %q", id, targets[id], want)
		}
	}
}

// TestExpiredCredentials checks that an expired credential is a probe only if somebody has one, or if the document knows it.
func TestExpiredCredentials(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Pets, version: '1'}
security: [{Key: []}]
paths:
  /pets: {get: {operationId: list, responses: {'200': {description: Pets.}, '401': {description: No.}}}}
components: {securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}}
`
	for _, test := range []struct {
		name       string
		principals probe.Principals
		want       bool
	}{
		{name: "nobody", principals: probe.Principals{probe.Reader: {}}},
		{name: "a principal", principals: probe.Principals{probe.Reader: {}, probe.Expired: {}}, want: true},
	} {
		got := slices.ContainsFunc(probe.Derive(judge(t, "pets.yaml", document), test.principals), func(p probe.Probe) bool {
			return p.Kind == spec.ExpiredCredentials
		})
		if got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

// TestMissingPrincipal checks that all probes without their principal have one reason, with a count over several documents.
func TestMissingPrincipal(t *testing.T) {
	all := derive(t, probe.Principals{})
	limited := slices.DeleteFunc(all, func(p probe.Probe) bool { return p.Role != probe.Limited })
	probe.Explain(limited)
	want := fmt.Sprintf(`there is no principal "limited": add principals: {limited: {token_env: QS_LIMITED}} to quotaspec.yaml: `+
		"%d probes of %[1]d operations were not sent, which would show that a permission that must be granted is enforced", len(limited))
	for _, p := range limited {
		if p.Skip != want {
			t.Errorf("%s: got %q, want %q", p.ID, p.Skip, want)
		}
	}
	if len(limited) < 2 {
		t.Errorf("got %d probes", len(limited))
	}
}
