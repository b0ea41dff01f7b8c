package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// servedBy judges by a document with /orders and /orders/{id}, whose servers are as given.
func servedBy(t *testing.T, servers string, more ...string) *contract.Judge {
	t.Helper()
	doc, err := spec.Read("orders.yaml", []byte(`openapi: 3.0.3
info: {title: Orders, version: '1'}
`+servers+`
paths:
  /orders:
    get: {operationId: listOrders, responses: {'200': {description: Orders.}}}
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: An order.}}
  /orders/all:
    servers: [{url: 'https://files.example.com'}]
    get: {operationId: getAll, responses: {'200': {description: All.}}}
  /files:
    servers: [{url: 'https://files.example.com'}]
    get: {operationId: listFiles, responses: {'200': {description: Files.}}}
    post:
      operationId: addFile
      servers: [{url: 'https://upload.example.com/in'}]
      responses: {'200': {description: Added.}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc, more...)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

// sentTo is an exchange with a URL, of which the first slash after the host begins the target.
func sentTo(method, url string) contract.Exchange {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return contract.Exchange{Request: contract.Request{Method: method, Target: url, Header: http.Header{}}, Response: contract.Response{Status: 200}}
	}
	host, target, _ := strings.Cut(rest, "/")
	return contract.Exchange{Origin: scheme + "://" + host, Request: contract.Request{Method: method, Target: "/" + target, Header: http.Header{}}, Response: contract.Response{Status: 200}}
}

// TestServers tests which operation a URL belongs to: "" means none, "-" that it was not sent to the API.
func TestServers(t *testing.T) {
	const (
		base     = "servers: [{url: 'https://api.example.com/v1'}]"
		variable = "servers: [{url: 'https://{region}.example.com:{port}/{base}', variables: {region: {default: eu}, port: {default: '8443'}, base: {default: a/b}}}]"
		whole    = "servers: [{url: '{root}/api/v3', variables: {root: {default: 'https://example.com'}}}]"
		host     = "servers: [{url: '{protocol}://{hostname}/api', variables: {protocol: {default: http}, hostname: {default: HOSTNAME}}}]"
		two      = "servers: [{url: 'https://api.example.com/v1/'}, {url: 'https://old.example.com'}]"
	)
	for _, test := range []struct {
		name, servers, more, method, url, want string
	}{
		{"the base path", base, "", "GET", "https://api.example.com/v1/orders?limit=1", "listOrders"},
		{"a parameter below it", base, "", "GET", "https://api.example.com/v1/orders/7", "getOrder"},
		{"the default port", base, "", "GET", "https://api.example.com:443/v1/orders", "listOrders"},
		{"a host in capitals", base, "", "GET", "https://API.example.com/v1/orders", "listOrders"},
		{"another port", base, "", "GET", "https://api.example.com:444/v1/orders", "-"},
		{"another scheme", base, "", "GET", "http://api.example.com/v1/orders", "-"},
		{"another host", base, "", "GET", "https://cdn.example.com/v1/orders", "-"},
		{"a host that ends alike", base, "", "GET", "https://api.example.com.evil.example/v1/orders", "-"},
		{"without the base path", base, "", "GET", "https://api.example.com/orders", "-"},
		{"half a segment of the base path", base, "", "GET", "https://api.example.com/v11/orders", "near"},
		{"another path", base, "", "GET", "https://api.example.com/v1/favicon.ico", ""},
		{"the base path alone", base, "", "GET", "https://api.example.com/v1", ""},
		{"loopback with the base path", base, "", "GET", "http://127.0.0.1:9000/v1/orders", "listOrders"},
		{"loopback without it", base, "", "GET", "http://localhost/orders", "listOrders"},
		{"loopback in IPv6", base, "", "GET", "http://[::1]:80/v1/orders", "listOrders"},
		{"no origin, with the base path", base, "", "GET", "/v1/orders", "listOrders"},
		{"no origin, without it", base, "", "GET", "/orders", "listOrders"},
		{"variables at any value", variable, "", "GET", "https://us-1.example.com:1/x/y/orders", "listOrders"},
		{"a variable with fewer segments", variable, "", "GET", "https://eu.example.com:1/x/orders", ""},
		{"a variable for scheme and host", whole, "", "GET", "https://other.example:99/api/v3/orders", "listOrders"},
		{"variables for scheme and host", host, "", "GET", "https://ghe.example:8443/api/orders", "listOrders"},
		{"a second server", two, "", "GET", "https://old.example.com/orders", "listOrders"},
		{"a slash at the end of the server", two, "", "GET", "https://api.example.com/v1/orders", "listOrders"},
		{"a relative server", "servers: [{url: /api/v3}]", "", "GET", "https://anywhere.example/api/v3/orders", "listOrders"},
		{"a relative server that is missing", "servers: [{url: api/v3}]", "", "GET", "https://anywhere.example/orders", "-"},
		{"a server without a scheme", "servers: [{url: //api.example.com/v1}]", "", "GET", "http://api.example.com/v1/orders", "listOrders"},
		{"no servers", "", "", "GET", "https://anywhere.example/orders", "listOrders"},
		{"no servers, and one is given", "", "https://api.example.com", "GET", "https://anywhere.example/orders", "-"},
		{"one is given", base, "https://staging.example.com/api", "GET", "https://staging.example.com/api/orders", "listOrders"},
		{"one is given for all paths", base, "https://staging.example.com/api", "POST", "https://staging.example.com/api/files", "addFile"},
		{"the server of a path", base, "", "GET", "https://files.example.com/files", "listFiles"},
		{"a path that has its own server", base, "", "GET", "https://api.example.com/v1/files", ""},
		{"the server of an operation", base, "", "POST", "https://upload.example.com/in/files", "addFile"},
		{"more text in the path of another server, on loopback", base, "", "GET", "http://127.0.0.1/orders/all", "getAll"},
		{"less text in the path of the only server", base, "", "GET", "https://api.example.com/v1/orders/all", "getOrder"},
		{"the path of another server", base, "", "GET", "https://files.example.com/orders", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			more := strings.Fields(test.more)
			v := servedBy(t, test.servers, more...).Check(sentTo(test.method, test.url))
			got := v.Operation
			switch {
			case !v.Judged && len(v.Findings) > 0:
				got = "near"
			case !v.Served:
				got = "-"
			}
			if got != test.want || v.Judged != (got != "" && got != "-" && got != "near") {
				t.Errorf("got %q (judged %t), want %q\n%s", got, v.Judged, test.want, lines(v))
			}
		})
	}
}

// TestProbeIgnoresServers tests that a probe is sent to where the paths begin.
func TestProbeIgnoresServers(t *testing.T) {
	ex := sentTo("GET", "/orders/orders")
	judge := servedBy(t, "servers: [{url: /orders}]")
	if v := judge.Check(ex); v.Operation != "listOrders" {
		t.Errorf("traffic: got %q, want listOrders", v.Operation)
	}
	if ex.Probe = spec.ValidRequest; judge.Check(ex).Operation != "getOrder" {
		t.Errorf("a probe: got %q, want getOrder", judge.Check(ex).Operation)
	}
}

// TestBasePath tests the base path that a message suggests.
func TestBasePath(t *testing.T) {
	for servers, want := range map[string]string{
		"": "",
		"servers: [{url: /}, {url: 'https://api.example.com/v1/'}]":                          "/v1",
		"servers: [{url: 'https://api.example.com/{v}', variables: {v: {default: api/v3}}}]": "/api/v3",
	} {
		if got := servedBy(t, servers).BasePath(); got != want {
			t.Errorf("%s: got %q, want %q", servers, got, want)
		}
	}
}

// TestNearMiss tests which paths are almost those of the document, and that such an exchange is not judged otherwise.
func TestNearMiss(t *testing.T) {
	judge := servedBy(t, "servers: [{url: 'https://api.example.com/v1'}]")
	const host = "https://api.example.com"
	for _, test := range []struct{ name, url, want string }{
		{"another case", host + "/v1/Orders", "the path /v1/orders"},
		{"a slash at the end", host + "/v1/orders/", "the path /v1/orders"},
		{"a doubled slash", host + "/v1//orders", "the path /v1/orders"},
		{"a slash behind a parameter", host + "/v1/orders/7/", "the path /v1/orders/{id}"},
		{"another version", host + "/v2/orders/7", "the path /v1/orders/{id}"},
		{"a letter less", host + "/v1/order", "the path /v1/orders"},
		{"a letter more", host + "/v1/oorders", "the path /v1/orders"},
		{"another letter", host + "/v1/ordors", "the path /v1/orders"},
		{"two edits", host + "/v1/rder", ""},
		{"another path", host + "/v1/customers", ""},
		{"more segments", host + "/v1/orders/7/lines", ""},
		{"another host", "https://www.example.com/v1/Orders", ""},
		{"loopback without the base path", "http://127.0.0.1/Orders", "the path /orders"},
		{"no origin", "/v1/orders/", "the path /v1/orders"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judge.Check(sentTo("GET", test.url))
			got := ""
			for _, d := range v.Findings {
				got += d.Want
				if d.ID != "path/near-miss" || d.Pointer != "/request/path" || !d.Request() || d.Evidence.Grade != spec.Documented || !strings.HasPrefix(d.Place(), "orders.yaml:") {
					t.Errorf("got %+v", d)
				}
			}
			if got != test.want || v.Judged {
				t.Errorf("got %q, judged %t; want %q, not judged", got, v.Judged, test.want)
			}
		})
	}
}

// TestPreflight tests that nobody is judged by what a browser asks by itself.
func TestPreflight(t *testing.T) {
	judge := servedBy(t, "")
	ex := sentTo("OPTIONS", "https://api.example.com/orders")
	if v := judge.Check(ex); !v.Judged || len(v.Findings) == 0 {
		t.Errorf("OPTIONS: got judged %t\n%s", v.Judged, lines(v))
	}
	ex.Request.Header = http.Header{"Origin": {"https://app.example.com"}, "Access-Control-Request-Method": {"GET"}}
	if v := judge.Check(ex); v.Judged || len(v.Findings) > 0 {
		t.Errorf("a preflight: got judged %t\n%s", v.Judged, lines(v))
	}
}
