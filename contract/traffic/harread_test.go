package traffic

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// oneEntry is a HAR with one entry, made of a request and a response.
func oneEntry(request, response string) string {
	return `{"log":{"entries":[{"startedDateTime":"2026-11-20T09:15:02Z","time":1,"request":` + request + `,"response":` + response + `}]}}`
}

const (
	plainRequest  = `{"method":"GET","url":"http://h/p","headers":[{"name":"Authorization","value":"abcd"}]}`
	plainResponse = `{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":2,"text":"{}"}}`
)

// TestReadHARRequest tests what is read of a request, and what counts as unrecorded.
func TestReadHARRequest(t *testing.T) {
	for _, tt := range []struct{ name, request, want string }{
		{name: "plain", request: plainRequest, want: `GET http://h /p "" -> 200 "{}"`},
		{
			name:    "target as it is",
			request: `{"method":"GET","url":"HTTP://u:p@h:1//a%2fb/../é;x?%zz&?#f?g","headers":[{"name":"Cookie","value":"a=b"}]}`,
			want:    `GET http://h:1 //a%2fb/../é;x?%zz&? "" -> 200 "{}"`,
		},
		{
			name: "no path", request: `{"method":"GET","url":"https://h?a=/b","headers":[{"name":"X-Access-Token","value":"a"}]}`,
			want: `GET https://h /?a=/b "" -> 200 "{}"`,
		},
		{
			name: "no headers", request: `{"method":"GET","url":"http://h/p","headers":[]}`,
			want: `GET http://h /p "" -> 200 "{}"; no request headers; no credentials`,
		},
		{
			name: "token against forgery", request: `{"method":"GET","url":"http://h/p","headers":[{"name":"X-CSRF-Token","value":"a"}]}`,
			want: `GET http://h /p "" -> 200 "{}"; no credentials`,
		},
		{
			name:    "token against forgery, by its other name",
			request: `{"method":"GET","url":"http://h/p","headers":[{"name":"X-XSRF-TOKEN","value":"a"}]}`,
			want:    `GET http://h /p "" -> 200 "{}"; no credentials`,
		},
		{
			name: "redacted credential", request: `{"method":"GET","url":"http://h/p","headers":[{"name":"Authorization","value":"REDACTED"}]}`,
			want: `GET http://h /p "" -> 200 "{}"; no credentials`,
		},
		{
			name:    "redacted target",
			request: `{"method":"GET","url":"http://h/p?token=REDACTED","headers":[{"name":"Authorization","value":"abcd"}]}`,
			want:    `GET http://h /p?token=REDACTED "" -> 200 "{}"; no secrets`,
		},
		{
			name:    "redacted body",
			request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"{\"a\":\"REDACTED\"}"}}`,
			want:    `PUT http://h /p "{\"a\":\"REDACTED\"}" -> 200 "{}"; no request body`,
		},
		{
			name: "body", request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"é"}}`,
			want: `PUT http://h /p "é" -> 200 "{}"`,
		},
		{
			name: "body in base64",
			request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"AP8=",` +
				`"encoding":"base64"}}`,
			want: `PUT http://h /p "\x00\xff" -> 200 "{}"`,
		},
		{
			name:    "body in bad base64",
			request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"?","encoding":"base64"}}`,
			want:    `PUT http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name: "body of another length",
			request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"},{"name":"Content-Length","value":"1"}],` +
				`"postData":{"text":"é"}}`,
			want: `PUT http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name: "body not recorded", request: `{"method":"PUT","url":"http://h/p","bodySize":7,"headers":[{"name":"Cookie","value":"a=b"}]}`,
			want: `PUT http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name:    "body announced only",
			request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"},{"name":"content-length","value":"7"}]}`,
			want:    `PUT http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name: "headers not recorded", request: `{"method":"PUT","url":"http://h/p","headers":[],"postData":{"text":"{}","mimeType":"text/x"}}`,
			want: `PUT http://h /p "{}" -> 200 "{}"; no request headers; no credentials`,
		},
		{
			name:    "another OPTIONS of a browser",
			request: `{"method":"OPTIONS","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"},{"name":"Origin","value":"http://x"}]}`,
			want:    `OPTIONS http://h /p "" -> 200 "{}"`,
		},
		{
			name: "parameters only",
			request: `{"method":"POST","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"params":[{"name":"a",` +
				`"value":"b"}]}}`,
			want: `POST http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name: "tunnel", request: `{"method":"CONNECT","url":"https://h:443","headers":[{"name":"Cookie","value":"a=b"}]}`,
			want: `CONNECT https://h:443 / "" -> 200 "{}"; not HTTP`,
		},
		{
			name: "blob", request: `{"method":"GET","url":"blob:http://h/p","headers":[{"name":"Cookie","value":"a=b"}]}`,
			want: `GET blob:http://h /p "" -> 200 "{}"; not HTTP`,
		},
		{
			name: "extension", request: `{"method":"GET","url":"chrome-extension://abc/p","headers":[{"name":"Cookie","value":"a=b"}]}`,
			want: `GET chrome-extension://abc /p "" -> 200 "{}"; not HTTP`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := entries(t, oneEntry(tt.request, plainResponse))[0]
			if got := describe(e); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if tt.name == "headers not recorded" && e.Exchange.Request.Header.Get("Content-Type") != "text/x" {
				t.Error("the media type of the body is lost")
			}
		})
	}
}

// readHeaders reads a list of headers as written in a HAR.
func readHeaders(t *testing.T, list []harPair) http.Header {
	t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return headerNames{}.header(readPairs(&decoder{data: string(text)}, nil))
}

// TestHeaders tests that values which a recorder joined by line ends are split, and that pseudo-headers are omitted.
func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name string
		list []harPair
		want http.Header
	}{
		{name: "none", want: http.Header{}},
		{name: "doubled", list: []harPair{{"x-a", "2"}, {"X-A", "1"}}, want: http.Header{"X-A": {"2", "1"}}},
		{name: "joined", list: []harPair{{"X-A", "2\n1"}}, want: http.Header{"X-A": {"2", "1"}}},
		{name: "joined by the line ends of HTTP", list: []harPair{{"X-A", "2\r\n1\r\n3"}}, want: http.Header{"X-A": {"2", "1", "3"}}},
		{name: "blanks around", list: []harPair{{"X-A", " \ta b\t "}}, want: http.Header{"X-A": {"a b"}}},
		{name: "empty", list: []harPair{{"X-A", ""}}, want: http.Header{"X-A": {""}}},
		{name: "pseudo and without a name", list: []harPair{{":status", "200"}, {"", "a"}}, want: http.Header{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, readHeaders(t, test.list)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReadHARHost tests that a request has a Host even if its recorder omitted it, as with HTTP/2.
func TestReadHARHost(t *testing.T) {
	for _, tt := range []struct{ name, request, want string }{
		{
			name: "HTTP/2",
			request: `{"method":"GET","url":"https://u@h:8443/p?host=x","httpVersion":"h2","headers":[{"name":":authority","value":"h:8443"},` +
				`{"name":"accept","value":"*/*"}]}`,
			want: "h:8443",
		},
		{name: "recorded", request: `{"method":"GET","url":"https://h/p","headers":[{"name":"host","value":"other"}]}`, want: "other"},
		{name: "no URL", request: `{"method":"GET","url":"/p","headers":[{"name":"accept","value":"*/*"}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := entries(t, oneEntry(tt.request, plainResponse))[0].Exchange.Request.Header.Get("Host"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestReadHARResponse tests what is read of a response, and what counts as unrecorded.
func TestReadHARResponse(t *testing.T) {
	const typed = `"headers":[{"name":"Content-Type","value":"application/json"}]`
	for _, tt := range []struct{ name, response, want string }{
		{name: "none", response: `null`, want: `0 ""; no response`},
		{name: "status 0", response: `{"status":0}`, want: `0 ""; no response`},
		{name: "status below 100", response: `{"status":42,` + typed + `,"content":{"size":2,"text":"{}"}}`, want: `0 ""; no response`},
		{name: "status 99", response: `{"status":99,` + typed + `,"content":{"size":2,"text":"{}"}}`, want: `0 ""; no response`},
		{name: "status below 0", response: `{"status":-1,` + typed + `,"content":{"size":2,"text":"{}"}}`, want: `0 ""; no response`},
		{name: "the first status", response: `{"status":100,` + typed + `,"content":{"size":0,"text":""}}`, want: `100 ""`},
		{name: "aborted", response: `{"status":0,"statusText":"","_error":"net::ERR_ABORTED"}`, want: `0 ""; no response`},
		{name: "a status of four digits", response: `{"status":1000,` + typed + `,"content":{"size":2,"text":"{}"}}`, want: `0 ""; no response`},
		{name: "a status of no class", response: `{"status":999,` + typed + `,"content":{"size":2,"text":"{}"}}`, want: `999 "{}"`},
		{name: "switched", response: `{"status":101,` + typed + `}`, want: `101 ""; another protocol`},
		{
			name: "broken off", response: `{"status":200,` + typed + `,"_error":"net::ERR_X","content":{"size":2,"text":"{}"}}`,
			want: `200 "{}"; cut off`,
		},
		{
			name: "an empty word of the recorder", response: `{"status":200,` + typed + `,"_error":"","content":{"size":2,"text":"{}"}}`,
			want: `200 "{}"`,
		},
		{
			name: "no word of the recorder", response: `{"status":200,` + typed + `,"_error":null,"content":{"size":2,"text":"{}"}}`,
			want: `200 "{}"`,
		},
		{
			name: "service worker", response: `{"status":200,` + typed + `,"_fetchedViaServiceWorker":true,"content":{"size":2,"text":"{}"}}`,
			want: `200 "{}"; answered from a cache`,
		},
		{name: "empty", response: `{"status":200,` + typed + `,"content":{"size":0,"text":""}}`, want: `200 ""`},
		{name: "no content", response: `{"status":200,` + typed + `}`, want: `200 ""; no response body`},
		{
			name: "no text, length 0", response: `{"status":302,"headers":[{"name":"Content-Length","value":"0"}],"content":{"size":0}}`,
			want: `302 ""`,
		},
		{name: "no text, no length", response: `{"status":302,` + typed + `,"content":{"size":0}}`, want: `302 ""; no response body`},
		{name: "empty but long", response: `{"status":200,` + typed + `,"content":{"size":9,"text":""}}`, want: `200 ""; no response body`},
		{
			name:     "empty but announced",
			response: `{"status":200,"headers":[{"name":"Content-Length","value":"5"}],"content":{"size":0,"text":""}}`,
			want:     `200 ""; no response body`,
		},
		{name: "size unknown", response: `{"status":200,` + typed + `,"content":{"size":-1,"text":""}}`, want: `200 ""; no response body`},
		{name: "cut short", response: `{"status":200,` + typed + `,"content":{"size":10,"text":"{\"a\":1"}}`, want: `200 ""; no response body`},
		{
			name: "cut short within a number", response: `{"status":200,` + typed + `,"content":{"size":9,"text":"12"}}`,
			want: `200 ""; no response body`,
		},
		{
			name: "cut short in plain text", response: `{"status":200,` + typed + `,"content":{"size":9,"text":"whole"}}`,
			want: `200 ""; no response body`,
		},
		{
			name: "whole, its size too large", response: `{"status":200,` + typed + `,"content":{"size":99,"text":" [{}]\n"}}`,
			want: `200 " [{}]\n"`,
		},
		{name: "whole, its size too small", response: `{"status":200,` + typed + `,"content":{"size":1,"text":"{}"}}`, want: `200 "{}"`},
		{name: "without its byte order mark", response: `{"status":200,` + typed + `,"content":{"size":5,"text":"{}"}}`, want: `200 "{}"`},
		{
			name: "size on the wire", response: `{"status":200,` + typed + `,"content":{"size":22,"compression":-20,"text":"{}"}}`,
			want: `200 "{}"`,
		},
		{
			name: "size on the wire of plain text", response: `{"status":200,` + typed + `,"content":{"size":25,"compression":-20,"text":"whole"}}`,
			want: `200 "whole"`,
		},
		{
			name: "size of what was packed", response: `{"status":200,` + typed + `,"content":{"size":5,"compression":20,"text":"whole"}}`,
			want: `200 "whole"`,
		},
		{name: "no body allowed", response: `{"status":304,` + typed + `,"content":{"size":2,"text":"{}"}}`, want: `304 ""`},
		{name: "base64", response: `{"status":200,` + typed + `,"content":{"size":2,"text":"e30=","encoding":"base64"}}`, want: `200 "{}"`},
		{
			name: "base64 in capitals", response: `{"status":200,` + typed + `,"content":{"size":2,"text":"e30=","encoding":"BASE64"}}`,
			want: `200 "{}"`,
		},
		{
			name: "bad base64", response: `{"status":200,` + typed + `,"content":{"size":2,"text":"e3","encoding":"base64"}}`,
			want: `200 ""; no response body`,
		},
		{
			name: "unknown encoding", response: `{"status":200,` + typed + `,"content":{"size":2,"text":"e30=","encoding":"hex"}}`,
			want: `200 ""; no response body`,
		},
		{
			name: "redacted", response: `{"status":200,` + typed + `,"content":{"size":2,"text":"{\"token\": \"REDACTED\"}"}}`,
			want: `200 ""; no response body`,
		},
		{
			name: "redacted within a message", response: `{"status":200,` + typed + `,"content":{"size":2,"text":"[\"no REDACTED\"]"}}`,
			want: `200 "[\"no REDACTED\"]"`,
		},
		{
			name:     "redacted header",
			response: `{"status":200,"headers":[{"name":"X-Subject-Token","value":"REDACTED"}],"content":{"size":2,"text":"{}"}}`,
			want:     `200 "{}"; no response headers`,
		},
		{
			name:     "redacted cookie",
			response: `{"status":200,"headers":[{"name":"set-cookie","value":"REDACTED"}],"content":{"size":2,"text":"{}"}}`, want: `200 "{}"`,
		},
		{
			name: "no headers", response: `{"status":200,"headers":[],"content":{"size":2,"text":"{}","mimeType":"application/json"}}`,
			want: `200 "{}"; no response headers`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := entries(t, oneEntry(plainRequest, tt.response))[0]
			got := strings.TrimPrefix(describe(e), `GET http://h /p "" -> `)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if tt.name == "no headers" && e.Exchange.Response.Header.Get("Content-Type") != "application/json" {
				t.Error("the media type of the content is lost")
			}
		})
	}
}

// TestReadHARPacked tests that a packed body is unpacked.
func TestReadHARPacked(t *testing.T) {
	for text, want := range map[string]string{
		base64.StdEncoding.EncodeToString(packed(`{"a":1}`)): `200 "{\"a\":1}"`,
		"H4sIAA==": `200 ""; no response body`,
	} {
		response := `{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"size":0,"text":"` + text +
			`","encoding":"base64"}}`
		e := entries(t, oneEntry(plainRequest, response))[0]
		if got := strings.TrimPrefix(describe(e), `GET http://h /p "" -> `); got != want ||
			e.Exchange.Response.Header.Get("Content-Encoding") != "" {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestReadHARShapes tests that the order of members, a byte order mark and gzip do not matter.
func TestReadHARShapes(t *testing.T) {
	whole := oneEntry(plainRequest, plainResponse)
	entry := strings.TrimSuffix(strings.TrimPrefix(whole, `{"log":{"entries":[`), `]}}`)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, "\ufeff"+whole)
	z.Close()
	for _, tt := range []struct {
		name, har string
		want      int
	}{
		{name: "whole", har: whole, want: 1},
		{name: "byte order mark", har: "\ufeff" + whole, want: 1},
		{name: "packed", har: packed.String(), want: 1},
		{
			name: "entries first",
			har:  `{"log":{"entries":[` + entry + `,` + entry + `],"version":"1.2","creator":{"name":"x","a":[{}, [[]], 1e999]}},"x":null}`, want: 2,
		},
		{
			name: "entries last", har: `{"x":{"log":{"entries":[{}]}},"log":{"pages":null,"comment":{"entries":[1]},"entries":[` + entry + `]}}`,
			want: 1,
		},
		{name: "no entries", har: `{"log":{"entries":[]}} `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(entries(t, tt.har)); got != tt.want {
				t.Errorf("got %d entries, want %d", got, tt.want)
			}
		})
	}
}

// TestReadHARErrors tests the error that ends the reading, and how many entries come before it.
func TestReadHARErrors(t *testing.T) {
	whole := oneEntry(plainRequest, plainResponse)
	entry := strings.TrimSuffix(strings.TrimPrefix(whole, `{"log":{"entries":[`), `]}}`)
	two := `{"log":{"entries":[` + entry + `,` + entry
	second := len(two) - len(entry)
	for _, tt := range []struct {
		name, har string
		visited   int
		want      string
	}{
		{name: "empty", want: "read the HAR: it is empty"},
		{name: "blank", har: " \n", want: "read the HAR: it is empty"},
		{name: "not JSON", har: "<html>", want: "read the HAR: not JSON after byte 0"},
		{name: "a list", har: "[]", want: "read the HAR: not a HAR: want an object after byte 0"},
		{name: "no log", har: `{"a":1}`, want: "read the HAR: no log.entries in it"},
		{name: "no entries", har: `{"log":{"a":1}}`, want: "read the HAR: no log.entries in it"},
		{name: "log of another type", har: `{"log":[]}`, want: "read the HAR: not a HAR: want an object after byte 7"},
		{name: "entries of another type", har: `{"log":{"entries":{}}}`, want: "read the HAR: not a HAR: want a list of entries after byte 18"},
		{name: "cut off before", har: `{"log":{"version":"1.`, want: "read the HAR: cut off after byte 21"},
		{
			name: "cut off in an entry", har: two[:len(two)-1], visited: 1,
			want: fmt.Sprintf("read the HAR: entry 2, after byte %d: ", second) + "cut off",
		},
		{
			name: "cut off in a text", har: two[:len(two)-5], visited: 1,
			want: fmt.Sprintf("read the HAR: entry 2, after byte %d: ", second) + "cut off",
		},
		{
			name: "cut off after the first entry", har: two[:second-1], visited: 1,
			want: fmt.Sprintf("read the HAR: cut off after byte %d, behind entry 1", second-1),
		},
		{
			name: "cut off after a comma", har: two[:second], visited: 1,
			want: fmt.Sprintf("read the HAR: entry 2, after byte %d: cut off", second),
		},
		{
			name: "cut off after an entry", har: two, visited: 2,
			want: fmt.Sprintf("read the HAR: cut off after byte %d, behind entry 2", len(two)),
		},
		{
			name: "not JSON in an entry", har: two[:len(two)-1] + "x", visited: 1,
			want: fmt.Sprintf("read the HAR: entry 2, after byte %d: ", second) + "not JSON",
		},
		{
			name: "not JSON after an entry", har: two + " x", visited: 2,
			want: fmt.Sprintf("read the HAR: not JSON after byte %d, behind entry 2", len(two)+1),
		},
		{
			name: "no entry after a comma", har: two + ",]}}", visited: 2,
			want: fmt.Sprintf("read the HAR: entry 3, after byte %d: not JSON", len(two)+1),
		},
		{
			name: "no end of the list", har: two + "}}", visited: 2,
			want: fmt.Sprintf("read the HAR: not JSON after byte %d, behind entry 2", len(two)),
		},
		{name: "cut off while packed", har: string(packed(whole)[:30]), want: "read the HAR: cut off after byte 0"},
		{
			name: "more after the end", har: whole + whole, visited: 1,
			want: fmt.Sprintf("read the HAR: more after its end, at byte %d", len(whole)),
		},
		{
			name: "not JSON after the end", har: whole + "x", visited: 1,
			want: fmt.Sprintf("read the HAR: more after its end, at byte %d", len(whole)),
		},
		{name: "packed badly", har: "\x1f\x8bxxxxxxxxxxxx", want: "read the HAR: unpack: gzip: invalid header after byte 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			visited := 0
			var got error
			for _, err := range ReadHAR(strings.NewReader(tt.har)) {
				if got != nil {
					t.Fatal("an entry after the error")
				}
				if got = err; err == nil {
					visited++
				}
			}
			if got == nil || got.Error() != tt.want || visited != tt.visited {
				t.Errorf("got  %v after %d entries\nwant %s after %d", got, visited, tt.want, tt.visited)
			}
			if cut := strings.HasPrefix(tt.name, "cut off"); errors.Is(got, io.ErrUnexpectedEOF) != cut {
				t.Errorf("got %#v, want the error of a cut off file: %v", got, cut)
			}
		})
	}
}

// TestReadHARPackedCutOff tests that a packed file without its last bytes is read as far as possible, and reported as cut off even
// if no entry is missing.
func TestReadHARPackedCutOff(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	const head = `{"log":{"entries":[`
	har, lines := head+good+","+good+"]}}", good+"\n"+good
	second := len(head + good + ",")
	for _, tt := range []struct {
		name, file string
		lost       int
		want       string
	}{
		{
			name: "a byte of the checksum", file: har, lost: 1,
			want: fmt.Sprintf("entry 1: /p, entry 2: /p, last: read the HAR: cut off after byte %d, behind entry 2", len(har)),
		},
		{
			name: "the checksum", file: har, lost: gzipFooter,
			want: fmt.Sprintf("entry 1: /p, entry 2: /p, last: read the HAR: cut off after byte %d, behind entry 2", len(har)),
		},
		{
			name: "the end of the second entry", file: har[:len(har)-len("}]}}")], lost: gzipFooter,
			want: fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: cut off", second),
		},
		{
			name: "the end of the list", file: head + good, lost: gzipFooter,
			want: fmt.Sprintf("entry 1: /p, last: read the HAR: cut off after byte %d, behind entry 1", len(head+good)),
		},
		{
			name: "lines, the checksum", file: lines, lost: gzipFooter,
			want: fmt.Sprintf("entry 1: /p, entry 2: /p, last: read the HAR: cut off after byte %d, behind entry 2", len(lines)),
		},
		{
			name: "lines, the end of the second", file: lines[:len(lines)-1], lost: gzipFooter,
			want: fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: cut off", len(good+"\n")),
		},
		{
			name: "lines, the last no JSON", file: good + "\nnope", lost: gzipFooter,
			want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, last: read the HAR: cut off after byte %d, behind entry 2",
				len(good+"\n"), len(good+"\nnope")),
		},
		{name: "all but the beginning of the head", file: har, lost: len(packed(har)) - 5, want: "last: read the HAR: cut off after byte 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole := packed(tt.file)
			got := strings.Join(summaries(bytes.NewReader(whole[:len(whole)-tt.lost])), ", ")
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// gzipFooter is the size of the checksum and length after the packed bytes.
const gzipFooter = 8

// TestReadHARUnreadable tests that the error of the underlying reader is wrapped.
func TestReadHARUnreadable(t *testing.T) {
	disk := errors.New("the disk is gone")
	whole := oneEntry(plainRequest, plainResponse)
	for _, n := range []int{0, 5, 100} {
		for _, err := range ReadHAR(io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(disk))) {
			if !errors.Is(err, disk) || !strings.Contains(err.Error(), disk.Error()) {
				t.Errorf("after %d bytes: got %v", n, err)
			}
		}
	}
}

// TestReadHARStops tests that the reading stops when the caller breaks out of the loop.
func TestReadHARStops(t *testing.T) {
	har := readFile(t, "chromium.har")
	for e, err := range ReadHAR(strings.NewReader(har[:len(har)/2])) {
		if err != nil || e.Number > 1 {
			t.Fatalf("got entry %d, %v", e.Number, err)
		}
		break
	}
}

// TestReadHARAllocations tests that an entry allocates little more than its texts: skipped members allocate nothing, and
// lists are used again. The entry has 14 texts, two lists of headers and members that the judge does not use.
func TestReadHARAllocations(t *testing.T) {
	const (
		headers = `"headers":[{"name":"Accept","value":"a/b"},{"name":"x-lower","value":"1"},` +
			`{"name":"X-Auth-Token","value":"c"},{"name":"Host","value":"h"}]`
		unused   = `"cookies":[{"name":"a","value":"b"}],"timings":{"send":1,"wait":[1,2.5e3,{"a":null}]},"comment":"\u00e9"`
		request  = `{"method":"GET","url":"http://h/p",` + headers + `,` + unused + `}`
		response = `{"status":200,` + headers + `,"content":{"size":9,"text":"{\"a\":\"b\"}"},` + unused + `}`
		entry    = `{"startedDateTime":"2026-11-20T09:15:02Z","time":1,"request":` + request + `,"response":` + response +
			`,` + unused + `}`
		many = 1000
	)
	har := `{"log":{"entries":[` + strings.Repeat(entry+",", many-1) + entry + `]}}`
	n := testing.AllocsPerRun(5, func() {
		for _, err := range ReadHAR(strings.NewReader(har)) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}) / many
	if n > 7 {
		t.Errorf("an entry costs %.1f allocations, want at most 7", n)
	}
}
