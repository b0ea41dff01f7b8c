package traffic

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestReadHARSkip tests which entries cannot be judged, and which reason wins if several apply.
func TestReadHARSkip(t *testing.T) {
	request := func(method, url string) string {
		return fmt.Sprintf(`{"method":%q,"url":%q,"headers":[{"name":"Cookie","value":"a=b"}]}`, method, url)
	}
	response := func(status int, members string) string {
		return fmt.Sprintf(`{"status":%d,"headers":[{"name":"Content-Type","value":"text/plain"}],"content":{"size":1,"text":"a"}%s}`, status,
			members)
	}
	preflight := func(members string) string {
		return `{"method":"OPTIONS","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}` + members + `]}`
	}
	const origin, method = `,{"name":"origin","value":"http://x"}`, `,{"name":"access-control-request-method","value":"PUT"}`
	get, ok := request("GET", "http://h/p"), response(200, "")
	for _, tt := range []struct {
		name, members, request, response string
		want                             Reason
	}{
		{name: "none", request: get, response: ok},
		{name: "https", request: request("GET", "https://h/p"), response: ok},
		{name: "our own reason", members: `"_skip":"larger than what is kept",`, request: get, response: ok, want: TooLarge},
		{
			name: "our own reason before others", members: `"_skip":"no answer","_fromCache":"disk",`, request: request("GET", "ws://h/p"),
			response: ok, want: NoResponse,
		},
		{name: "an unknown reason", members: `"_skip":"tired",`, request: get, response: ok},
		{name: "ws", request: request("GET", "ws://h/p"), response: ok, want: Upgraded},
		{name: "wss", request: request("GET", "WSS://h/p"), response: ok, want: Upgraded},
		{name: "a socket by its kind", members: `"_resourceType":"websocket",`, request: get, response: ok, want: Upgraded},
		{name: "another kind", members: `"_resourceType":"fetch",`, request: get, response: ok},
		{name: "switched", request: get, response: response(101, ""), want: Upgraded},
		{name: "switched, before a cache", members: `"_fromCache":"disk",`, request: get, response: response(101, ""), want: Upgraded},
		{name: "another scheme", request: request("GET", "ftp://h/p"), response: ok, want: NotHTTP},
		{name: "no scheme", request: request("GET", "/p"), response: ok, want: NotHTTP},
		{name: "a tunnel", request: request("CONNECT", "http://h:443"), response: ok, want: NotHTTP},
		{
			name: "another scheme, before a cache", members: `"_fromCache":"disk",`, request: request("GET", "ftp://h/p"), response: ok,
			want: NotHTTP,
		},
		{name: "from the disk", members: `"_fromCache":"disk",`, request: get, response: ok, want: FromCache},
		{name: "from no cache", members: `"_fromCache":"",`, request: get, response: ok},
		{
			name: "not modified, out of a cache", members: `"cache":{"afterRequest":{}},`, request: get, response: response(304, ""),
			want: FromCache,
		},
		{name: "not modified, for the caller", members: `"cache":{"afterRequest":null},`, request: get, response: response(304, "")},
		{name: "put into a cache", members: `"cache":{"afterRequest":{}},`, request: get, response: ok},
		{name: "by a service worker", request: get, response: response(200, `,"_fetchedViaServiceWorker":true`), want: FromCache},
		{name: "by no service worker", request: get, response: response(200, `,"_fetchedViaServiceWorker":false`)},
		{
			name: "from a cache, before a preflight", members: `"_fromCache":"disk",`, request: preflight(origin + method), response: ok,
			want: FromCache,
		},
		{name: "a preflight", request: preflight(origin + method), response: ok, want: Preflight},
		{name: "a preflight without an origin", request: preflight(method), response: ok},
		{name: "a preflight of no method", request: preflight(origin), response: ok},
		{
			name: "a preflight, before its end", request: preflight(origin + method), response: response(200, `,"_error":"net::ERR_X"`),
			want: Preflight,
		},
		{name: "broken off", request: get, response: response(200, `,"_error":"net::ERR_X"`), want: CutOff},
		{name: "broken off before a status", request: get, response: response(0, `,"_error":"net::ERR_X"`)},
		{name: "no response", request: get, response: `null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har := `{"log":{"entries":[{` + tt.members + `"request":` + tt.request + `,"response":` + tt.response + `}]}}`
			if got := entries(t, har)[0].Skip; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestReadHARTimes tests the start, duration, size and origin of an entry.
func TestReadHARTimes(t *testing.T) {
	for _, tt := range []struct {
		started, time string
		begin         time.Time
		took          time.Duration
	}{
		{
			started: `"2026-11-20T09:15:02.123456789+02:00"`, time: `1.5`, begin: time.Date(2026, 11, 20, 7, 15, 2, 123456789, time.UTC),
			took: 1500 * time.Microsecond,
		},
		{started: `"2026-11-20T09:15:02Z"`, time: `"2000"`, begin: time.Date(2026, 11, 20, 9, 15, 2, 0, time.UTC), took: 2 * time.Second},
		{started: `"yesterday"`, time: `"long"`, begin: time.Time{}},
	} {
		entry := `{"startedDateTime":` + tt.started + `,"time":` + tt.time + `,"request":` + plainRequest + `}`
		e := entries(t, `{"log":{"entries":[`+entry+`]}}`)[0]
		if e.Size != len(entry) {
			t.Errorf("%s: got %d bytes, want %d", entry, e.Size, len(entry))
		}
		if !e.Started.Equal(tt.begin) || e.Took != tt.took || e.Origin != "http://h" || e.Exchange.Origin != "http://h" {
			t.Errorf("%s, %s: got %s and %s at %s and %s", tt.started, tt.time, e.Started, e.Took, e.Origin, e.Exchange.Origin)
		}
	}
}

// TestHasCredential tests which headers are credentials that were not replaced.
func TestHasCredential(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header http.Header
		want   bool
	}{
		{name: "none", header: http.Header{}},
		{name: "no credential", header: http.Header{"Accept": {"*/*"}}},
		{name: "a token", header: http.Header{"X-Auth-Token": {"a"}}, want: true},
		{name: "an empty one", header: http.Header{"X-Auth-Token": {""}}},
		{name: "an empty one and another", header: http.Header{"X-Auth-Token": {"", "a"}}, want: true},
		{name: "a replaced one", header: http.Header{"Authorization": {"REDACTED"}}},
		{name: "partly replaced", header: http.Header{"Authorization": {"a", "Bearer REDACTED"}}},
		{name: "a replaced one beside a cookie", header: http.Header{"Authorization": {"REDACTED"}, "Cookie": {"a=b"}}, want: true},
		{name: "against forgery", header: http.Header{"X-Csrf-Token": {"a"}, "X-Xsrf-Token": {"a"}}},
	} {
		if got := (headerNames{}).hasCredential(tt.header); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestSplitURL tests that a URL is split without changes, and that its user and password are dropped.
func TestSplitURL(t *testing.T) {
	for _, test := range []struct{ name, url, scheme, origin, target string }{
		{name: "plain", url: "https://h/a/b?c=d", scheme: "https", origin: "https://h", target: "/a/b?c=d"},
		{name: "a port", url: "http://h:8080/a", scheme: "http", origin: "http://h:8080", target: "/a"},
		{name: "no path", url: "http://h", scheme: "http", origin: "http://h", target: "/"},
		{name: "a query without a path", url: "http://h?a=b", scheme: "http", origin: "http://h", target: "/?a=b"},
		{name: "a fragment", url: "http://h/a#b?c", scheme: "http", origin: "http://h", target: "/a"},
		{name: "upper case", url: "HTTP://H/A", scheme: "http", origin: "http://H", target: "/A"},
		{name: "escapes and dots", url: "http://h/a%2fb/../c//d", scheme: "http", origin: "http://h", target: "/a%2fb/../c//d"},
		{name: "a password", url: "http://user:secret@h/a", scheme: "http", origin: "http://h", target: "/a"},
		{name: "a password with @", url: "http://user:se@cret@h/a", scheme: "http", origin: "http://h", target: "/a"},
		{name: "@ in the path", url: "http://h/@a", scheme: "http", origin: "http://h", target: "/@a"},
		{name: "@ in the query", url: "http://h?a=b@c", scheme: "http", origin: "http://h", target: "/?a=b@c"},
		{name: "an IPv6 address", url: "http://[::1]:80/a", scheme: "http", origin: "http://[::1]:80", target: "/a"},
		{name: "no scheme", url: "data:text/plain,a", target: "data:text/plain,a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			scheme, origin, target := splitURL(test.url)
			if scheme != test.scheme || origin != test.origin || target != test.target {
				t.Errorf("got %q, %q, %q, want %q, %q, %q", scheme, origin, target, test.scheme, test.origin, test.target)
			}
		})
	}
}
