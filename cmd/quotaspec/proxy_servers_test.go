package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProxyServers tests that the proxy forwards a target as it is, and judges it with or without the base path of the
// document's server.
func TestProxyServers(t *testing.T) {
	document := writeFile(t, "orders.yaml", `openapi: 3.0.3
info: {title: Orders, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /orders:
    get:
      operationId: listOrders
      responses: {'200': {description: Orders., content: {application/json: {schema: {type: array, items: {type: integer}}}}}}
`)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Target", r.RequestURI)
		_, _ = io.WriteString(w, "[1]")
	}))
	defer upstream.Close()
	const other = "there were GET " // in the error of a run that judged nothing
	for _, test := range []struct {
		name, target string
		code         int
		want         string // in the output
	}{
		{name: "with the base path", target: "/v1/orders", code: exitPassed, want: "traffic     1 passed\n"},
		{name: "without it", target: "/orders", code: exitPassed, want: "traffic     1 passed\n"},
		{name: "an unknown path", target: "/v1/customers", code: exitNotJudged},
		{name: "a near miss", target: "/v2/orders", code: exitNotJudged},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := filepath.Join(t.TempDir(), "report.json")
			url, stop := startProxy(t, "--document", document, "--upstream", upstream.URL, "--report", "json="+report)
			response, err := http.Get(url + test.target)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Get("X-Target"); got != test.target {
				t.Errorf("the upstream got %s, want %s", got, test.target)
			}
			code, out := stop()
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("got exit %d, want %d and %q\n%s", code, test.code, test.want, out)
			}
			text, err := os.ReadFile(report)
			named := strings.Contains(string(text), other+upstream.URL+test.target+" (1); ")
			if err != nil || named != (test.code == exitNotJudged) {
				t.Errorf("the report names the path: %t, %v\n%s", named, err, text)
			}
		})
	}
}
