package probe_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
)

func TestCurl(t *testing.T) {
	signed := probe.Principal{Authenticate: func(*http.Request) error { return nil }}
	shown := probe.Principal{Curl: []string{"-H", `"X-Auth-Token: $QS_READER"`}}
	for _, test := range []struct {
		name, target string
		request      contract.Request
		principal    probe.Principal
		want         string
	}{
		{
			name: "GET", target: "http://127.0.0.1:8080", request: contract.Request{Method: "GET", Target: "/things?a=b&c=%zz"},
			principal: shown, want: `curl -i -H "X-Auth-Token: $QS_READER" 'http://127.0.0.1:8080/things?a=b&c=%zz'`,
		},
		{
			name: "anonymous", target: "http://127.0.0.1:8080", request: contract.Request{Method: "GET", Target: "/things"},
			principal: probe.Principal{}, want: `curl -i 'http://127.0.0.1:8080/things'`,
		},
		{
			name: "HEAD", target: "http://127.0.0.1:8080", request: contract.Request{Method: "HEAD", Target: "/things"},
			principal: probe.Principal{}, want: `curl -i -I 'http://127.0.0.1:8080/things'`,
		},
		{
			name: "HEAD with a body", target: "http://127.0.0.1:8080",
			request: contract.Request{Method: "HEAD", Target: "/things", Body: []byte("{}")}, principal: probe.Principal{}, want: ``,
		},
		{
			name: "DELETE", target: "http://127.0.0.1:8080", request: contract.Request{Method: "DELETE", Target: "/things"},
			principal: probe.Principal{}, want: `curl -i -X DELETE 'http://127.0.0.1:8080/things'`,
		},
		{
			name: "a base path", target: "https://example.com/base/", request: contract.Request{Method: "GET", Target: "/things"},
			principal: probe.Principal{}, want: `curl -i 'https://example.com/base/things'`,
		},
		{
			name: "headers, in order", target: "http://h",
			request:   contract.Request{Method: "GET", Target: "/", Header: http.Header{"B": {"2"}, "A": {"it's"}}},
			principal: probe.Principal{}, want: `curl -i -H 'A: it'\''s' -H 'B: 2' 'http://h/'`,
		},
		{
			name: "a header twice", target: "http://h",
			request: contract.Request{Method: "GET", Target: "/", Header: http.Header{"A": {"1", "2"}}}, principal: probe.Principal{},
			want: `curl -i -H 'A: 1' -H 'A: 2' 'http://h/'`,
		},
		{
			name: "brackets", target: "http://h", request: contract.Request{Method: "GET", Target: "/things?kind[name]=a"},
			principal: probe.Principal{}, want: `curl -i -g 'http://h/things?kind[name]=a'`,
		},
		{
			name: "an IPv6 address", target: "http://[::1]:8080", request: contract.Request{Method: "GET", Target: "/things"},
			principal: probe.Principal{}, want: `curl -i -g 'http://[::1]:8080/things'`,
		},
		{
			name: "dots", target: "http://h", request: contract.Request{Method: "GET", Target: "/things/..?a"},
			principal: probe.Principal{}, want: `curl -i --path-as-is 'http://h/things/..?a'`,
		},
		{
			name: "quotes in the target", target: "http://h", request: contract.Request{Method: "GET", Target: "/it's"},
			principal: probe.Principal{}, want: `curl -i 'http://h/it'\''s'`,
		},
		{
			name: "a key that curl cannot sign with", target: "http://h", request: contract.Request{Method: "GET", Target: "/"},
			principal: signed, want: ``,
		},
	} {
		u, err := url.Parse(test.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := (probe.Target{URL: u}).Curl(probe.Probe{Request: test.request}, test.principal); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestCurlShowsNoSecret checks that a command contains the principal's Curl arguments instead of the credentials.
func TestCurlShowsNoSecret(t *testing.T) {
	target := probe.Target{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080", User: url.UserPassword("user", "pa55word")}}
	principals := allPrincipals()
	for _, p := range derive(t, principals) {
		line := target.Curl(p, principals[p.Role])
		if strings.Contains(line, "token-of-") || strings.Contains(line, "pa55word") || strings.Contains(line, "\n") {
			t.Fatalf("%s: %s", p.ID, line)
		}
		if p.Role != probe.Anonymous && !strings.Contains(line, "$"+strings.ToUpper(string(p.Role))) {
			t.Errorf("%s: no credentials of %s in %s", p.ID, p.Role, line)
		}
	}
}

// TestCurlCredentials checks that a command has the environment variable of a credential where the document expects it. There is
// no command if the credential would be encoded.
func TestCurlCredentials(t *testing.T) {
	for _, test := range []struct {
		name, scheme, env, want string
	}{
		{
			name: "bearer", scheme: "{type: http, scheme: bearer}", env: "QS_READER",
			want: `curl -i -H "Authorization: Bearer $QS_READER" 'http://h/things'`,
		},
		{
			name: "a header", scheme: "{type: apiKey, in: header, name: X-Key}", env: "QS_READER",
			want: `curl -i -H "X-Key: $QS_READER" 'http://h/things'`,
		},
		{name: "basic", scheme: "{type: http, scheme: basic}", env: "QS_READER"},
		{name: "the query", scheme: "{type: apiKey, in: query, name: key}", env: "QS_READER"},
		{name: "a cookie", scheme: "{type: apiKey, in: cookie, name: key}", env: "QS_READER"},
		{name: "a credential of a command", scheme: "{type: http, scheme: bearer}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
security: [{Key: []}]
paths: {/things: {get: {operationId: list, responses: {'200': {description: Done.}}}}}
components: {securitySchemes: {Key: `+test.scheme+`}}
`)
			reader := probe.Principal{Credential: "secret:word", CredentialEnv: test.env}
			for _, p := range probe.Derive(judge, probe.Principals{probe.Reader: reader}) {
				if p.ID != "list/plain" {
					continue
				}
				p.Request.Header = nil
				u := &url.URL{Scheme: "http", Host: "h"}
				if got := (probe.Target{URL: u}).Curl(p, reader); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
				return
			}
			t.Error("there is no probe list/plain")
		})
	}
}
