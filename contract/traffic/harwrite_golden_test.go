package traffic

import (
	"flag"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

var update = flag.Bool("update", false, "rewrite testdata/written.har")

// TestWriterGolden tests every byte that is written: of a request with a query and a redirect, of bodies that are texts, bytes or left out,
// of a body that was recorded in part, of an exchange without a response, and of secrets in a method, an origin and a query.
func TestWriterGolden(t *testing.T) {
	const token = "a-token-of-a-user"
	started := time.Date(2026, 11, 20, 9, 15, 2, 123456789, time.FixedZone("", 3600))
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	list := []Entry{
		{Exchange: contract.Exchange{
			Request: contract.Request{Method: "GET", Target: "/a%20b?x=1&y=a+b%2Fc&&z&=v&bad=%zz?",
				Header: header("X-B", "2", "X-A", "<1>", "X-B", "1")},
			Response: contract.Response{Status: 302, Header: header("Location", "/else?where"), Body: []byte{}},
		}},
		{Exchange: contract.Exchange{
			Request: contract.Request{Method: "POST", Target: "/a", Header: header("Content-Type", "application/json"),
				Body: []byte(`{"a":"<é&>"}`)},
			Response: contract.Response{Status: 201, Header: header("Content-Type", "text/plain"), Body: []byte("<ok>")},
		}},
		{Exchange: contract.Exchange{
			Request:  contract.Request{Method: "PUT", Target: "/a", Header: header("Content-Type", "a/b"), Body: []byte("\xff\xfa\x01\x01")},
			Response: contract.Response{Status: 599, Header: header("Content-Type", "c/d"), Body: []byte("\xff\xfa\x01\x02")},
		}},
		{Exchange: contract.Exchange{
			Request:  contract.Request{Method: "PUT", Target: "/a", Header: header("Content-Encoding", "br"), Body: []byte("packed")},
			Response: contract.Response{Status: 200, Header: header("Content-Encoding", "br"), Body: []byte("packed")},
		}},
		{Exchange: contract.Exchange{
			Request:    contract.Request{Method: "PUT", Target: "/a", Header: header("Content-Type", "a/b"), Body: []byte("the first ha")},
			Response:   contract.Response{Status: 401},
			Unrecorded: contract.UnrecordedRequestBody,
		}},
		{Exchange: contract.Exchange{Request: contract.Request{Method: "GET", Target: "/a"}}, Skip: NoResponse},
		{Exchange: contract.Exchange{
			Request:  contract.Request{Method: "OPTIONS", Target: "/a", Header: header("Origin", "http://x")},
			Response: contract.Response{Status: 200, Body: []byte("\xff")},
		}, Skip: Preflight},
		{Exchange: contract.Exchange{
			Request:  contract.Request{Method: token, Target: "/a?token=" + token + "&b=c", Header: header("X-Auth-Token", token)},
			Response: contract.Response{Status: 200, Header: header("Content-Type", "application/json"), Body: []byte(`{"a":"` + token + `"}`)},
		}, Origin: "https://" + token + ".example.com"},
	}
	for i := range list {
		list[i].Started, list[i].Took = started, 1234567*time.Nanosecond
		if list[i].Origin == "" {
			list[i].Origin = "https://h:1"
		}
	}
	const file = "testdata/written.har"
	got := written(t, list...)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readFile(t, "written.har"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
	shown := []string{}
	for _, e := range entries(t, got) {
		shown = append(shown, describe(e))
	}
	want := []string{
		`GET https://h:1 /a%20b?x=1&y=a+b%2Fc&&z&=v&bad=%zz? "" -> 302 ""`,
		`POST https://h:1 /a "{\"a\":\"<é&>\"}" -> 201 "<ok>"`,
		`PUT https://h:1 /a "\xff\xfa\x01\x01" -> 599 "\xff\xfa\x01\x02"`,
		`PUT https://h:1 /a "" -> 200 ""; no request body; no response body`,
		`PUT https://h:1 /a "" -> 401 ""; no response headers; no request body`,
		`GET https://h:1 /a "" -> 0 ""; no request headers; no response; no answer`,
		`OPTIONS https://h:1 /a "" -> 200 "\xff"; no response headers; a preflight of a browser`,
		`REDACTED https://REDACTED.example.com /a?token=REDACTED&b=c "" -> 200 ""; no credentials; no secrets; no response body`,
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}
