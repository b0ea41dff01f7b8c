package traffic

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestReadHARRecorders reads files of several recorders: chromium.har was recorded by Chromium 156 against servers on loopback and
// exported "sanitised"; the others imitate their recorders.
func TestReadHARRecorders(t *testing.T) {
	for name, want := range map[string][]string{
		"chromium.har": {
			`GET http://127.0.0.1:18080 /v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468?type=user "" -> 200 84 bytes`,
			`GET http://127.0.0.1:18080 /v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468?type=bogus "" -> 400 75 bytes`,
			`GET http://127.0.0.1:18080 /v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468 "" -> 401 155 bytes; no credentials`,
			`GET http://127.0.0.1:18080 /v1/cloudimages/quota "" -> 200 83 bytes`,
			`GET http://127.0.0.1:18099 /doubled "" -> 200 "{}"; no credentials`,
			`GET http://127.0.0.1:18099 /gzip "" -> 200 "{\"hello\":\"wörld \\u00e9\"}"; no credentials`,
			`GET http://127.0.0.1:18099 /short "" -> 200 ""; no credentials; no response body; cut off`,
			`GET http://127.0.0.1:18099 /cache "" -> 200 "{}"; no credentials; answered from a cache`,
			`GET http://127.0.0.1:18099 /reset "" -> 0 ""; no credentials; no response`,
			`OPTIONS http://127.0.0.1:18099 /doubled "" -> 204 ""; no credentials; a preflight of a browser`,
			`POST http://127.0.0.1:18099 /post "a=1+2&b=%C3%A9" -> 201 "{}"; no credentials`,
			`POST http://127.0.0.1:18099 /post "" -> 201 "{}"; no credentials; no request body`,
			`GET  data:application/json,{} "" -> 200 "{}"; no credentials; not HTTP`,
			`GET ws://127.0.0.1:18099 /ws "" -> 0 ""; no credentials; no response; another protocol`,
		},
		"firefox.har": {
			`GET https://things.example /v1/things?kind=small "" -> 200 "{\"a\":\"é\"}"; no credentials`,
			`POST https://things.example /v1/things "{\"b\": 12}" -> 201 "\x00\xff\xfe\x03"`,
			`GET https://things.example /v1/large "" -> 200 ""; no credentials; no response body`,
			`GET https://things.example /v1/things "" -> 304 ""; no credentials; answered from a cache`,
			`GET https://blocked.example /x "" -> 0 ""; no credentials; no response`,
		},
		"mitmproxy.har": {
			`GET http://127.0.0.1:8080 /v1/things "" -> 200 "{\"a\":\"b\\/\"}"`,
			`DELETE http://127.0.0.1:8080 /v1/things/a%2Fb//c?x=%zz&y=1+2 "" -> 204 ""; no credentials`,
			`GET http://127.0.0.1:8080 /v1/things "" -> 0 ""; no credentials; no response`,
			`POST http://127.0.0.1:8080 /v1/things "a=1+2" -> 200 ""; no credentials; no response body`,
			`GET http://127.0.0.1:8080 /socket "" -> 101 ""; no credentials; another protocol`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := []string{}
			for _, e := range entries(t, readFile(t, name)) {
				if e.Number != len(got)+1 || e.Started.IsZero() {
					t.Errorf("entry %d: got number %d, start %s", len(got)+1, e.Number, e.Started)
				}
				if e.Exchange.Unrecorded&contract.UnrecordedFraming == 0 || e.Exchange.Response.Header.Get("Content-Encoding") != "" {
					t.Errorf("entry %d: framing or Content-Encoding counts as recorded", e.Number)
				}
				got = append(got, describe(e))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReadHARRecordersHeaders tests the headers that recorders write in a way of their own.
func TestReadHARRecordersHeaders(t *testing.T) {
	chromium, firefox, mitmproxy := entries(t, readFile(t, "chromium.har")), entries(t, readFile(t, "firefox.har")),
		entries(t, readFile(t, "mitmproxy.har"))
	for _, tt := range []struct {
		name      string
		got, want []string
	}{
		{name: "doubled", got: chromium[4].Exchange.Response.Header["X-Double"], want: []string{"a", "b"}},
		{name: "joined by lines", got: firefox[0].Exchange.Response.Header["Set-Cookie"], want: []string{"a=1", "b=2"}},
		{name: "doubled of mitmproxy", got: mitmproxy[0].Exchange.Response.Header["Server"], want: []string{"a", "b"}},
		{name: "of HTTP/2", got: mitmproxy[1].Exchange.Response.Header["Date"], want: []string{"Fri, 20 Nov 2026 08:15:03 GMT"}},
		{name: "pseudo", got: mitmproxy[1].Exchange.Response.Header[":status"]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// describe returns an entry in one line.
func describe(e Entry) string {
	ex := e.Exchange
	body := fmt.Sprintf("%q", ex.Response.Body)
	if len(body) > 60 {
		body = fmt.Sprintf("%d bytes", len(ex.Response.Body))
	}
	parts := []string{fmt.Sprintf("%s %s %s %q -> %d %s", ex.Request.Method, e.Origin, ex.Request.Target, ex.Request.Body, ex.Response.Status,
		body)}
	for _, u := range []struct {
		flag contract.Unrecorded
		name string
	}{
		{flag: contract.UnrecordedRequestHeaders, name: "no request headers"},
		{flag: contract.UnrecordedCredentials, name: "no credentials"},
		{flag: contract.UnrecordedResponseHeaders, name: "no response headers"},
		{flag: contract.UnrecordedRequest, name: "no request"},
		{flag: contract.UnrecordedRequestBody, name: "no request body"},
		{flag: contract.UnrecordedSecrets, name: "no secrets"},
		{flag: contract.UnrecordedResponse, name: "no response"},
		{flag: contract.UnrecordedResponseBody, name: "no response body"},
	} {
		if ex.Unrecorded&u.flag != 0 {
			parts = append(parts, u.name)
		}
	}
	if e.Skip != "" {
		parts = append(parts, string(e.Skip))
	}
	return strings.Join(parts, "; ")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// entries reads a HAR and fails the test on any error.
func entries(t *testing.T, har string) []Entry {
	t.Helper()
	list := []Entry{}
	for e, err := range ReadHAR(strings.NewReader(har)) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}
