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
		return contract.Exchange{
			Request: contract.Request{Method: method, Target: url, Header: http.Header{}}, Response: contract.Response{Status: 200},
		}
	}
	host, target, _ := strings.Cut(rest, "/")
	return contract.Exchange{
		Origin: scheme + "://" + host, Request: contract.Request{Method: method, Target: "/" + target, Header: http.Header{}},
		Response: contract.Response{Status: 200},
	}
}

// TestServers checks which operation a URL belongs to: "" means none, "-" that it was not sent to the API.
func TestServers(t *testing.T) {
	const (
		base     = "servers: [{url: 'https://api.example.com/v1'}]"
		variable = "servers: [{url: 'https://{region}.example.com:{port}/{base}', " +
			"variables: {region: {default: eu}, port: {default: '8443'}, base: {default: a/b}}}]"
		whole = "servers: [{url: '{root}/api/v3', variables: {root: {default: 'https://example.com'}}}]"
		host  = "servers: [{url: '{protocol}://{hostname}/api', variables: {protocol: {default: http}, hostname: {default: HOSTNAME}}}]"
		two   = "servers: [{url: 'https://api.example.com/v1/'}, {url: 'https://old.example.com'}]"
	)
	for _, test := range []struct {
		name, servers, more, method, url, want string
	}{
		{name: "the base path", servers: base, method: "GET", url: "https://api.example.com/v1/orders?limit=1", want: "listOrders"},
		{name: "a parameter below it", servers: base, method: "GET", url: "https://api.example.com/v1/orders/7", want: "getOrder"},
		{name: "the default port", servers: base, method: "GET", url: "https://api.example.com:443/v1/orders", want: "listOrders"},
		{name: "a host in capitals", servers: base, method: "GET", url: "https://API.example.com/v1/orders", want: "listOrders"},
		{name: "another port", servers: base, method: "GET", url: "https://api.example.com:444/v1/orders", want: "-"},
		{name: "another scheme", servers: base, method: "GET", url: "http://api.example.com/v1/orders", want: "-"},
		{name: "another host", servers: base, method: "GET", url: "https://cdn.example.com/v1/orders", want: "-"},
		{name: "a host that ends alike", servers: base, method: "GET", url: "https://api.example.com.evil.example/v1/orders", want: "-"},
		{name: "without the base path", servers: base, method: "GET", url: "https://api.example.com/orders", want: "-"},
		{name: "half a segment of the base path", servers: base, method: "GET", url: "https://api.example.com/v11/orders", want: "near"},
		{name: "another path", servers: base, method: "GET", url: "https://api.example.com/v1/favicon.ico"},
		{name: "the base path alone", servers: base, method: "GET", url: "https://api.example.com/v1"},
		{name: "loopback with the base path", servers: base, method: "GET", url: "http://127.0.0.1:9000/v1/orders", want: "listOrders"},
		{name: "loopback without it", servers: base, method: "GET", url: "http://localhost/orders", want: "listOrders"},
		{name: "loopback in IPv6", servers: base, method: "GET", url: "http://[::1]:80/v1/orders", want: "listOrders"},
		{name: "no origin, with the base path", servers: base, method: "GET", url: "/v1/orders", want: "listOrders"},
		{name: "no origin, without it", servers: base, method: "GET", url: "/orders", want: "listOrders"},
		{
			name: "variables at any value", servers: variable, method: "GET", url: "https://us-1.example.com:1/x/y/orders",
			want: "listOrders",
		},
		{name: "a variable with fewer segments", servers: variable, method: "GET", url: "https://eu.example.com:1/x/orders"},
		{
			name: "a variable for scheme and host", servers: whole, method: "GET", url: "https://other.example:99/api/v3/orders",
			want: "listOrders",
		},
		{
			name: "variables for scheme and host", servers: host, method: "GET", url: "https://ghe.example:8443/api/orders",
			want: "listOrders",
		},
		{name: "a second server", servers: two, method: "GET", url: "https://old.example.com/orders", want: "listOrders"},
		{
			name: "a slash at the end of the server", servers: two, method: "GET", url: "https://api.example.com/v1/orders",
			want: "listOrders",
		},
		{
			name: "a relative server", servers: "servers: [{url: /api/v3}]", method: "GET",
			url: "https://anywhere.example/api/v3/orders", want: "listOrders",
		},
		{
			name: "a relative server that is missing", servers: "servers: [{url: api/v3}]", method: "GET",
			url: "https://anywhere.example/orders", want: "-",
		},
		{
			name: "a server without a scheme", servers: "servers: [{url: //api.example.com/v1}]", method: "GET",
			url: "http://api.example.com/v1/orders", want: "listOrders",
		},
		{name: "no servers", method: "GET", url: "https://anywhere.example/orders", want: "listOrders"},
		{
			name: "no servers, and one is given", more: "https://api.example.com", method: "GET",
			url: "https://anywhere.example/orders", want: "-",
		},
		{
			name: "one is given", servers: base, more: "https://staging.example.com/api", method: "GET",
			url: "https://staging.example.com/api/orders", want: "listOrders",
		},
		{
			name: "one is given for all paths", servers: base, more: "https://staging.example.com/api", method: "POST",
			url: "https://staging.example.com/api/files", want: "addFile",
		},
		{name: "the server of a path", servers: base, method: "GET", url: "https://files.example.com/files", want: "listFiles"},
		{name: "a path that has its own server", servers: base, method: "GET", url: "https://api.example.com/v1/files"},
		{name: "the server of an operation", servers: base, method: "POST", url: "https://upload.example.com/in/files", want: "addFile"},
		{
			name: "more text in the path of another server, on loopback", servers: base, method: "GET",
			url: "http://127.0.0.1/orders/all", want: "getAll",
		},
		{
			name: "less text in the path of the only server", servers: base, method: "GET",
			url: "https://api.example.com/v1/orders/all", want: "getOrder",
		},
		{name: "the path of another server", servers: base, method: "GET", url: "https://files.example.com/orders"},
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

// TestProbeIgnoresServers checks that a probe is sent to where the paths begin.
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
