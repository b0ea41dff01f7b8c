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
		who          probe.Principal
		want         string
	}{
		{"GET", "http://127.0.0.1:8080", contract.Request{Method: "GET", Target: "/things?a=b&c=%zz"}, shown,
			`curl -i -H "X-Auth-Token: $QS_READER" 'http://127.0.0.1:8080/things?a=b&c=%zz'`},
		{"nobody", "http://127.0.0.1:8080", contract.Request{Method: "GET", Target: "/things"}, probe.Principal{}, `curl -i 'http://127.0.0.1:8080/things'`},
		{"HEAD", "http://127.0.0.1:8080", contract.Request{Method: "HEAD", Target: "/things"}, probe.Principal{}, `curl -i -I 'http://127.0.0.1:8080/things'`},
		{"DELETE", "http://127.0.0.1:8080", contract.Request{Method: "DELETE", Target: "/things"}, probe.Principal{}, `curl -i -X DELETE 'http://127.0.0.1:8080/things'`},
		{"a base path", "https://example.com/base/", contract.Request{Method: "GET", Target: "/things"}, probe.Principal{}, `curl -i 'https://example.com/base/things'`},
		{"headers, in order", "http://h", contract.Request{Method: "GET", Target: "/", Header: http.Header{"B": {"2"}, "A": {"it's"}}}, probe.Principal{}, `curl -i -H 'A: it'\''s' -H 'B: 2' 'http://h/'`},
		{"a header twice", "http://h", contract.Request{Method: "GET", Target: "/", Header: http.Header{"A": {"1", "2"}}}, probe.Principal{}, `curl -i -H 'A: 1' -H 'A: 2' 'http://h/'`},
		{"brackets", "http://h", contract.Request{Method: "GET", Target: "/things?kind[name]=a"}, probe.Principal{}, `curl -i -g 'http://h/things?kind[name]=a'`},
		{"an IPv6 address", "http://[::1]:8080", contract.Request{Method: "GET", Target: "/things"}, probe.Principal{}, `curl -i -g 'http://[::1]:8080/things'`},
		{"dots", "http://h", contract.Request{Method: "GET", Target: "/things/..?a"}, probe.Principal{}, `curl -i --path-as-is 'http://h/things/..?a'`},
		{"quotes in the target", "http://h", contract.Request{Method: "GET", Target: "/it's"}, probe.Principal{}, `curl -i 'http://h/it'\''s'`},
		{"a key that curl cannot sign with", "http://h", contract.Request{Method: "GET", Target: "/"}, signed, ``},
	} {
		u, err := url.Parse(test.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := (probe.Target{URL: u}).Curl(probe.Probe{Request: test.request}, test.who); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestCurlShowsNoSecret holds that a command to repeat shows no more than the principal says.
func TestCurlShowsNoSecret(t *testing.T) {
	target := probe.Target{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080", User: url.UserPassword("somebody", "pa55word")}}
	principals := everybody()
	for _, p := range derive(t, principals) {
		line := target.Curl(p, principals[p.Role])
		if strings.Contains(line, "token-of-") || strings.Contains(line, "pa55word") || strings.Contains(line, "\n") {
			t.Fatalf("%s: %s", p.ID, line)
		}
		if p.Role != probe.Anonymous && !strings.Contains(line, "$"+strings.ToUpper(string(p.Role))) {
			t.Errorf("%s does not say who asks: %s", p.ID, line)
		}
	}
}
