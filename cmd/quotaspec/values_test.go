package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const shops = `openapi: 3.1.0
info: {title: Shops, version: '1'}
x-id: &id {in: path, required: true, schema: {type: string}}
x-no: &no {description: No.}
paths:
  /shops:
    get:
      operationId: listShops
      responses: {'200': {description: Shops., content: {application/json: {}}}, 4XX: *no}
  /shops/{shop}:
    parameters: [{<<: *id, name: shop}]
    get: {operationId: getShop, responses: {'200': {description: A shop., content: {application/json: {}}}, 4XX: *no}}
    delete: {operationId: dropShop, responses: {'204': {description: Gone.}, 4XX: *no}}
  /shops/{shop}/offers:
    parameters: [{<<: *id, name: shop}]
    get: {operationId: listOffers, responses: {'200': {description: Offers., content: {application/json: {}}}, 4XX: *no}}
  /shops/{shop}/offers/{offer}:
    parameters: [{<<: *id, name: shop}, {<<: *id, name: offer}]
    get: {operationId: getOffer, responses: {'200': {description: An offer., content: {application/json: {}}}, 4XX: *no}}
`

// startShops starts a provider of shops, and returns the requests that it got.
func startShops(t *testing.T, lists bool) (at string, sent func() string) {
	t.Helper()
	var mutex sync.Mutex
	requests := []string{}
	bodies := map[string]string{
		"/shops": `{"shops": []}`, "/shops/s1": `{}`, "/shops/s2": `{}`, "/shops/s1/offers": `[]`,
		"/shops/s1/offers/7": `{}`, "/shops/s2/offers/7": `{}`, "/shops/s2/offers": `[{"id": 7}]`,
	}
	if lists {
		bodies["/shops"], bodies["/shops/s1/offers"] = `{"shops": [{"id": "s1"}]}`, `[{"id": 7}]`
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		requests = append(requests, r.Method+" "+r.URL.Path)
		body, ok := bodies[r.URL.Path]
		w.Header().Set("Content-Type", "application/json")
		switch {
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodDelete && strings.Count(r.URL.Path, "/") == 2:
			delete(bodies, r.URL.Path)
			w.WriteHeader(http.StatusNoContent)
		case r.Method != http.MethodGet:
			w.Header().Set("Allow", "GET")
			w.WriteHeader(http.StatusMethodNotAllowed)
		default:
			_, _ = w.Write([]byte(body))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() string {
		mutex.Lock()
		defer mutex.Unlock()
		return strings.Join(requests, "\n")
	}
}

// TestVerifyFindsValues runs verify against a provider of shops and checks where the ids come from.
func TestVerifyFindsValues(t *testing.T) {
	t.Parallel()
	const lacking = "add values: {getShop.shop: …} to quotaspec.yaml: 3 probes of getShop were not sent"
	for _, test := range []struct {
		name, config   string
		lists          bool
		args           []string
		sent, never    []string
		prints, silent string
	}{
		{
			name: "found", lists: true, sent: []string{"GET /shops/s1/offers/7"}, silent: "add values",
		},
		{
			name: "found and not changed", lists: true, args: []string{"--allow-changes"}, sent: []string{"GET /shops/s1/offers/7"},
			never: []string{"DELETE /shops/s1", "PUT /shops/s1", "DELETE /shops/s1/offers/7"}, prints: "add values: {dropShop.shop: …}",
		},
		{
			name: "of the config", config: "values: {shop: s2}\n", args: []string{"--allow-changes"}, lists: true,
			sent: []string{"GET /shops/s2/offers/7", "DELETE /shops/s2"}, never: []string{"GET /shops/s1"}, silent: "add values",
		},
		{name: "nowhere", never: []string{"GET /shops/s1"}, prints: lacking},
		{name: "not needed", args: []string{"--only", "listShops/plain"}, lists: true, never: []string{"GET /shops/s1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at, sent := startShops(t, test.lists)
			folder := t.TempDir()
			document, config := filepath.Join(folder, "shops.yaml"), filepath.Join(folder, "quotaspec.yaml")
			for file, text := range map[string]string{document: shops, config: "targets: {shops: " + at + "}\n" + test.config} {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			args := append([]string{"verify", "--document", document, "--config", config}, test.args...)
			code, stdout, stderr := quotaspec(t, args...)
			output := fmt.Sprintf("exit %d\n%s%s", code, stdout, stderr)
			lines := "\n" + sent() + "\n"
			for _, want := range test.sent {
				if !strings.Contains(lines, "\n"+want+"\n") {
					t.Errorf("%s was not sent:\n%s", want, lines)
				}
			}
			for _, never := range test.never {
				if strings.Contains(lines, "\n"+never+"\n") {
					t.Errorf("%s was sent:\n%s", never, lines)
				}
			}
			if code != exitPassed || !strings.Contains(output, test.prints) || test.silent != "" && strings.Contains(output, test.silent) {
				t.Errorf("want %q in, and no %q in\n%s", test.prints, test.silent, output)
			}
		})
	}
}

// TestVerifyRefusesUnknownValues checks the message about a value whose parameter does not exist.
func TestVerifyRefusesUnknownValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, values, want string }{
		{name: "misspelt", values: "{shop: s1, ofer: 7}", want: `values: no operation has the parameter "ofer": did you mean "offer"?`},
		{name: "of no operation", values: "{getPet.shop: s1}", want: `values: no operation has the parameter "getPet.shop"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at, sent := startShops(t, true)
			folder := t.TempDir()
			document, config := filepath.Join(folder, "shops.yaml"), filepath.Join(folder, "quotaspec.yaml")
			text := "targets: {shops: " + at + "}\nvalues: " + test.values + "\n"
			err := cmp.Or(os.WriteFile(document, []byte(shops), 0o600), os.WriteFile(config, []byte(text), 0o600))
			if err != nil {
				t.Fatal(err)
			}
			code, _, stderr := quotaspec(t, "verify", "--document", document, "--config", config)
			if code != exitNotJudged || !strings.Contains(stderr, test.want) || sent() != "" {
				t.Errorf("exit %d, %q, sent %q", code, stderr, sent())
			}
		})
	}
}
