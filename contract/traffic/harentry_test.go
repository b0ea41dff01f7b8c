package traffic

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestReadHARSkip tests which entries cannot be judged, and why; where several reasons hold, the first of the list below.
func TestReadHARSkip(t *testing.T) {
	request := func(method, url string) string {
		return fmt.Sprintf(`{"method":%q,"url":%q,"headers":[{"name":"Cookie","value":"a=b"}]}`, method, url)
	}
	response := func(status int, members string) string {
		return fmt.Sprintf(`{"status":%d,"headers":[{"name":"Content-Type","value":"text/plain"}],"content":{"size":1,"text":"a"}%s}`, status, members)
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
		{"none", ``, get, ok, ""},
		{"https", ``, request("GET", "https://h/p"), ok, ""},
		{"our own reason", `"_skip":"larger than what is kept",`, get, ok, TooLarge},
		{"our own reason before others", `"_skip":"no answer","_fromCache":"disk",`, request("GET", "ws://h/p"), ok, NoResponse},
		{"an unknown reason", `"_skip":"tired",`, get, ok, ""},
		{"ws", ``, request("GET", "ws://h/p"), ok, Upgraded},
		{"wss", ``, request("GET", "WSS://h/p"), ok, Upgraded},
		{"a socket by its kind", `"_resourceType":"websocket",`, get, ok, Upgraded},
		{"another kind", `"_resourceType":"fetch",`, get, ok, ""},
		{"switched", ``, get, response(101, ""), Upgraded},
		{"switched, before a cache", `"_fromCache":"disk",`, get, response(101, ""), Upgraded},
		{"another scheme", ``, request("GET", "ftp://h/p"), ok, NotHTTP},
		{"no scheme", ``, request("GET", "/p"), ok, NotHTTP},
		{"a tunnel", ``, request("CONNECT", "http://h:443"), ok, NotHTTP},
		{"another scheme, before a cache", `"_fromCache":"disk",`, request("GET", "ftp://h/p"), ok, NotHTTP},
		{"from the disk", `"_fromCache":"disk",`, get, ok, FromCache},
		{"from no cache", `"_fromCache":"",`, get, ok, ""},
		{"not modified, out of a cache", `"cache":{"afterRequest":{}},`, get, response(304, ""), FromCache},
		{"not modified, for the caller", `"cache":{"afterRequest":null},`, get, response(304, ""), ""},
		{"put into a cache", `"cache":{"afterRequest":{}},`, get, ok, ""},
		{"by a service worker", ``, get, response(200, `,"_fetchedViaServiceWorker":true`), FromCache},
		{"by no service worker", ``, get, response(200, `,"_fetchedViaServiceWorker":false`), ""},
		{"from a cache, before a preflight", `"_fromCache":"disk",`, preflight(origin + method), ok, FromCache},
		{"a preflight", ``, preflight(origin + method), ok, Preflight},
		{"a preflight without an origin", ``, preflight(method), ok, ""},
		{"a preflight of no method", ``, preflight(origin), ok, ""},
		{"a preflight, before its end", ``, preflight(origin + method), response(200, `,"_error":"net::ERR_X"`), Preflight},
		{"broken off", ``, get, response(200, `,"_error":"net::ERR_X"`), CutOff},
		{"broken off before a status", ``, get, response(0, `,"_error":"net::ERR_X"`), ""},
		{"no response", ``, get, `null`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har := `{"log":{"entries":[{` + tt.members + `"request":` + tt.request + `,"response":` + tt.response + `}]}}`
			if got := entries(t, har)[0].Skip; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestReadHARTimes tests when an exchange began, how long it took and how large its entry is, and that both know its origin.
func TestReadHARTimes(t *testing.T) {
	for _, tt := range []struct {
		started, time string
		begin         time.Time
		took          time.Duration
	}{
		{`"2026-11-20T09:15:02.123456789+02:00"`, `1.5`, time.Date(2026, 11, 20, 7, 15, 2, 123456789, time.UTC), 1500 * time.Microsecond},
		{`"2026-11-20T09:15:02Z"`, `"2000"`, time.Date(2026, 11, 20, 9, 15, 2, 0, time.UTC), 2 * time.Second},
		{`"yesterday"`, `"long"`, time.Time{}, 0},
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

// TestCarriesCredential tests which headers show that a request has its credentials.
func TestCarriesCredential(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header http.Header
		want   bool
	}{
		{"none", http.Header{}, false},
		{"no credential", http.Header{"Accept": {"*/*"}}, false},
		{"a token", http.Header{"X-Auth-Token": {"a"}}, true},
		{"an empty one", http.Header{"X-Auth-Token": {""}}, false},
		{"an empty one and another", http.Header{"X-Auth-Token": {"", "a"}}, true},
		{"a replaced one", http.Header{"Authorization": {"REDACTED"}}, false},
		{"partly replaced", http.Header{"Authorization": {"a", "Bearer REDACTED"}}, false},
		{"a replaced one beside a cookie", http.Header{"Authorization": {"REDACTED"}, "Cookie": {"a=b"}}, true},
		{"against forgery", http.Header{"X-Csrf-Token": {"a"}, "X-Xsrf-Token": {"a"}}, false},
	} {
		if got := (headerNames{}).carryCredential(tt.header); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
