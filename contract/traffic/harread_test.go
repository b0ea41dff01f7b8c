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

func TestReadHARRequest(t *testing.T) {
	for _, tt := range []struct{ name, request, want string }{
		{"plain", plainRequest, `GET http://h /p "" -> 200 "{}"`},
		{"target as it is", `{"method":"GET","url":"HTTP://u:p@h:1//a%2fb/../é;x?%zz&?#f?g","headers":[{"name":"Cookie","value":"a=b"}]}`, `GET http://h:1 //a%2fb/../é;x?%zz&? "" -> 200 "{}"`},
		{"no path", `{"method":"GET","url":"https://h?a=/b","headers":[{"name":"X-Access-Token","value":"a"}]}`, `GET https://h /?a=/b "" -> 200 "{}"`},
		{"no headers", `{"method":"GET","url":"http://h/p","headers":[]}`, `GET http://h /p "" -> 200 "{}"; no request headers; no credentials`},
		{"token against forgery", `{"method":"GET","url":"http://h/p","headers":[{"name":"X-CSRF-Token","value":"a"}]}`, `GET http://h /p "" -> 200 "{}"; no credentials`},
		{"token against forgery, by its other name", `{"method":"GET","url":"http://h/p","headers":[{"name":"X-XSRF-TOKEN","value":"a"}]}`, `GET http://h /p "" -> 200 "{}"; no credentials`},
		{"redacted credential", `{"method":"GET","url":"http://h/p","headers":[{"name":"Authorization","value":"REDACTED"}]}`, `GET http://h /p "" -> 200 "{}"; no credentials`},
		{"redacted target", `{"method":"GET","url":"http://h/p?token=REDACTED","headers":[{"name":"Authorization","value":"abcd"}]}`, `GET http://h /p?token=REDACTED "" -> 200 "{}"; no request`},
		{"redacted body", `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"{\"a\":\"REDACTED\"}"}}`, `PUT http://h /p "{\"a\":\"REDACTED\"}" -> 200 "{}"; no request`},
		{"body", `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"é"}}`, `PUT http://h /p "é" -> 200 "{}"`},
		{"body in base64", `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"AP8=","encoding":"base64"}}`, `PUT http://h /p "\x00\xff" -> 200 "{}"`},
		{"body in bad base64", `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"?","encoding":"base64"}}`, `PUT http://h /p "" -> 200 "{}"; no request`},
		{"body of another length", `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"},{"name":"Content-Length","value":"1"}],"postData":{"text":"é"}}`, `PUT http://h /p "" -> 200 "{}"; no request`},
		{"body not recorded", `{"method":"PUT","url":"http://h/p","bodySize":7,"headers":[{"name":"Cookie","value":"a=b"}]}`, `PUT http://h /p "" -> 200 "{}"; no request`},
		{"body announced only", `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"},{"name":"content-length","value":"7"}]}`, `PUT http://h /p "" -> 200 "{}"; no request`},
		{"headers not recorded", `{"method":"PUT","url":"http://h/p","headers":[],"postData":{"text":"{}","mimeType":"text/x"}}`, `PUT http://h /p "{}" -> 200 "{}"; no request headers; no credentials`},
		{"other question of a browser", `{"method":"OPTIONS","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"},{"name":"Origin","value":"http://x"}]}`, `OPTIONS http://h /p "" -> 200 "{}"`},
		{"parameters only", `{"method":"POST","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"params":[{"name":"a","value":"b"}]}}`, `POST http://h /p "" -> 200 "{}"; no request`},
		{"tunnel", `{"method":"CONNECT","url":"https://h:443","headers":[{"name":"Cookie","value":"a=b"}]}`, `CONNECT https://h:443 / "" -> 200 "{}"; not HTTP`},
		{"blob", `{"method":"GET","url":"blob:http://h/p","headers":[{"name":"Cookie","value":"a=b"}]}`, `GET blob:http://h /p "" -> 200 "{}"; not HTTP`},
		{"extension", `{"method":"GET","url":"chrome-extension://abc/p","headers":[{"name":"Cookie","value":"a=b"}]}`, `GET chrome-extension://abc /p "" -> 200 "{}"; not HTTP`},
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

// readHeaders reads a list of headers as it stands in a HAR.
func readHeaders(t *testing.T, list []harPair) http.Header {
	t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return headerNames{}.header(readPairs(&decoder{data: text}, nil))
}

// TestHeaders tests that values which their recorder joined by lines are values of their own, whatever the end of a line, and that a pseudo
// header is none.
func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name string
		list []harPair
		want http.Header
	}{
		{"none", nil, http.Header{}},
		{"doubled", []harPair{{"x-a", "2"}, {"X-A", "1"}}, http.Header{"X-A": {"2", "1"}}},
		{"joined", []harPair{{"X-A", "2\n1"}}, http.Header{"X-A": {"2", "1"}}},
		{"joined by the line ends of HTTP", []harPair{{"X-A", "2\r\n1\r\n3"}}, http.Header{"X-A": {"2", "1", "3"}}},
		{"blanks around", []harPair{{"X-A", " \ta b\t "}}, http.Header{"X-A": {"a b"}}},
		{"empty", []harPair{{"X-A", ""}}, http.Header{"X-A": {""}}},
		{"pseudo and without a name", []harPair{{":status", "200"}, {"", "a"}}, http.Header{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, readHeaders(t, test.list)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReadHARHost holds that a request names its host also where its recorder did not, as with HTTP/2.
func TestReadHARHost(t *testing.T) {
	for _, tt := range []struct{ name, request, want string }{
		{"HTTP/2", `{"method":"GET","url":"https://u@h:8443/p?host=x","httpVersion":"h2","headers":[{"name":":authority","value":"h:8443"},{"name":"accept","value":"*/*"}]}`, "h:8443"},
		{"recorded", `{"method":"GET","url":"https://h/p","headers":[{"name":"host","value":"other"}]}`, "other"},
		{"no URL", `{"method":"GET","url":"/p","headers":[{"name":"accept","value":"*/*"}]}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := entries(t, oneEntry(tt.request, plainResponse))[0].Exchange.Request.Header.Get("Host"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadHARResponse(t *testing.T) {
	const typed = `"headers":[{"name":"Content-Type","value":"application/json"}]`
	for _, tt := range []struct{ name, response, want string }{
		{"none", `null`, `0 ""; no response`},
		{"status 0", `{"status":0}`, `0 ""; no response`},
		{"status below 100", `{"status":42,` + typed + `,"content":{"size":2,"text":"{}"}}`, `0 ""; no response`},
		{"status 99", `{"status":99,` + typed + `,"content":{"size":2,"text":"{}"}}`, `0 ""; no response`},
		{"status below 0", `{"status":-1,` + typed + `,"content":{"size":2,"text":"{}"}}`, `0 ""; no response`},
		{"the first status", `{"status":100,` + typed + `,"content":{"size":0,"text":""}}`, `100 ""`},
		{"aborted", `{"status":0,"statusText":"","_error":"net::ERR_ABORTED"}`, `0 ""; no response`},
		{"a status of four digits", `{"status":1000,` + typed + `,"content":{"size":2,"text":"{}"}}`, `0 ""; no response`},
		{"a status of no class", `{"status":999,` + typed + `,"content":{"size":2,"text":"{}"}}`, `999 "{}"`},
		{"switched", `{"status":101,` + typed + `}`, `101 ""; another protocol`},
		{"broken off", `{"status":200,` + typed + `,"_error":"net::ERR_X","content":{"size":2,"text":"{}"}}`, `200 "{}"; cut off`},
		{"an empty word of the recorder", `{"status":200,` + typed + `,"_error":"","content":{"size":2,"text":"{}"}}`, `200 "{}"`},
		{"no word of the recorder", `{"status":200,` + typed + `,"_error":null,"content":{"size":2,"text":"{}"}}`, `200 "{}"`},
		{"service worker", `{"status":200,` + typed + `,"_fetchedViaServiceWorker":true,"content":{"size":2,"text":"{}"}}`, `200 "{}"; answered from a cache`},
		{"empty", `{"status":200,` + typed + `,"content":{"size":0,"text":""}}`, `200 ""`},
		{"no content", `{"status":200,` + typed + `}`, `200 ""; no response body`},
		{"no text, length 0", `{"status":302,"headers":[{"name":"Content-Length","value":"0"}],"content":{"size":0}}`, `302 ""`},
		{"no text, no length", `{"status":302,` + typed + `,"content":{"size":0}}`, `302 ""; no response body`},
		{"empty but long", `{"status":200,` + typed + `,"content":{"size":9,"text":""}}`, `200 ""; no response body`},
		{"empty but announced", `{"status":200,"headers":[{"name":"Content-Length","value":"5"}],"content":{"size":0,"text":""}}`, `200 ""; no response body`},
		{"size unknown", `{"status":200,` + typed + `,"content":{"size":-1,"text":""}}`, `200 ""; no response body`},
		{"cut short", `{"status":200,` + typed + `,"content":{"size":10,"text":"{\"a\":1"}}`, `200 ""; no response body`},
		{"cut short within a number", `{"status":200,` + typed + `,"content":{"size":9,"text":"12"}}`, `200 ""; no response body`},
		{"cut short in plain text", `{"status":200,` + typed + `,"content":{"size":9,"text":"whole"}}`, `200 ""; no response body`},
		{"whole, its size too large", `{"status":200,` + typed + `,"content":{"size":99,"text":" [{}]\n"}}`, `200 " [{}]\n"`},
		{"whole, its size too small", `{"status":200,` + typed + `,"content":{"size":1,"text":"{}"}}`, `200 "{}"`},
		{"without its byte order mark", `{"status":200,` + typed + `,"content":{"size":5,"text":"{}"}}`, `200 "{}"`},
		{"size on the wire", `{"status":200,` + typed + `,"content":{"size":22,"compression":-20,"text":"{}"}}`, `200 "{}"`},
		{"size on the wire of plain text", `{"status":200,` + typed + `,"content":{"size":25,"compression":-20,"text":"whole"}}`, `200 "whole"`},
		{"size of what was packed", `{"status":200,` + typed + `,"content":{"size":5,"compression":20,"text":"whole"}}`, `200 "whole"`},
		{"no body allowed", `{"status":304,` + typed + `,"content":{"size":2,"text":"{}"}}`, `304 ""`},
		{"base64", `{"status":200,` + typed + `,"content":{"size":2,"text":"e30=","encoding":"base64"}}`, `200 "{}"`},
		{"base64 in capitals", `{"status":200,` + typed + `,"content":{"size":2,"text":"e30=","encoding":"BASE64"}}`, `200 "{}"`},
		{"bad base64", `{"status":200,` + typed + `,"content":{"size":2,"text":"e3","encoding":"base64"}}`, `200 ""; no response body`},
		{"unknown encoding", `{"status":200,` + typed + `,"content":{"size":2,"text":"e30=","encoding":"hex"}}`, `200 ""; no response body`},
		{"redacted", `{"status":200,` + typed + `,"content":{"size":2,"text":"{\"token\": \"REDACTED\"}"}}`, `200 ""; no response body`},
		{"redacted within a message", `{"status":200,` + typed + `,"content":{"size":2,"text":"[\"no REDACTED\"]"}}`, `200 "[\"no REDACTED\"]"`},
		{"redacted header", `{"status":200,"headers":[{"name":"X-Subject-Token","value":"REDACTED"}],"content":{"size":2,"text":"{}"}}`, `200 "{}"; no response headers`},
		{"redacted cookie", `{"status":200,"headers":[{"name":"set-cookie","value":"REDACTED"}],"content":{"size":2,"text":"{}"}}`, `200 "{}"`},
		{"no headers", `{"status":200,"headers":[],"content":{"size":2,"text":"{}","mimeType":"application/json"}}`, `200 "{}"; no response headers`},
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

// TestReadHARPacked holds that a body which its recorder did not unpack is unpacked.
func TestReadHARPacked(t *testing.T) {
	for text, want := range map[string]string{
		base64.StdEncoding.EncodeToString(packed(`{"a":1}`)): `200 "{\"a\":1}"`,
		"H4sIAA==": `200 ""; no response body`,
	} {
		response := `{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"size":0,"text":"` + text + `","encoding":"base64"}}`
		e := entries(t, oneEntry(plainRequest, response))[0]
		if got := strings.TrimPrefix(describe(e), `GET http://h /p "" -> `); got != want || e.Exchange.Response.Header.Get("Content-Encoding") != "" {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

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
		{"whole", whole, 1},
		{"byte order mark", "\ufeff" + whole, 1},
		{"packed", packed.String(), 1},
		{"entries first", `{"log":{"entries":[` + entry + `,` + entry + `],"version":"1.2","creator":{"name":"x","a":[{}, [[]], 1e999]}},"x":null}`, 2},
		{"entries last", `{"x":{"log":{"entries":[{}]}},"log":{"pages":null,"comment":{"entries":[1]},"entries":[` + entry + `]}}`, 1},
		{"no entries", `{"log":{"entries":[]}} `, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(entries(t, tt.har)); got != tt.want {
				t.Errorf("got %d entries, want %d", got, tt.want)
			}
		})
	}
}

func TestReadHARFaults(t *testing.T) {
	whole := oneEntry(plainRequest, plainResponse)
	entry := strings.TrimSuffix(strings.TrimPrefix(whole, `{"log":{"entries":[`), `]}}`)
	two := `{"log":{"entries":[` + entry + `,` + entry
	second := len(two) - len(entry)
	for _, tt := range []struct {
		name, har string
		visited   int
		want      string
	}{
		{"empty", "", 0, "read the HAR: it is empty"},
		{"blank", " \n", 0, "read the HAR: it is empty"},
		{"not JSON", "<html>", 0, "read the HAR: not JSON after byte 0"},
		{"a list", "[]", 0, "read the HAR: not a HAR: want an object after byte 0"},
		{"no log", `{"a":1}`, 0, "read the HAR: no log.entries in it"},
		{"no entries", `{"log":{"a":1}}`, 0, "read the HAR: no log.entries in it"},
		{"log of another type", `{"log":[]}`, 0, "read the HAR: not a HAR: want an object after byte 7"},
		{"entries of another type", `{"log":{"entries":{}}}`, 0, "read the HAR: not a HAR: want a list of entries after byte 18"},
		{"cut off before", `{"log":{"version":"1.`, 0, "read the HAR: cut off after byte 21"},
		{"cut off in an entry", two[:len(two)-1], 1, fmt.Sprintf("read the HAR: entry 2, after byte %d: ", second) + "cut off"},
		{"cut off in a text", two[:len(two)-5], 1, fmt.Sprintf("read the HAR: entry 2, after byte %d: ", second) + "cut off"},
		{"cut off after the first entry", two[:second-1], 1, fmt.Sprintf("read the HAR: cut off after byte %d, behind entry 1", second-1)},
		{"cut off after a comma", two[:second], 1, fmt.Sprintf("read the HAR: entry 2, after byte %d: cut off", second)},
		{"cut off after an entry", two, 2, fmt.Sprintf("read the HAR: cut off after byte %d, behind entry 2", len(two))},
		{"not JSON in an entry", two[:len(two)-1] + "x", 1, fmt.Sprintf("read the HAR: entry 2, after byte %d: ", second) + "not JSON"},
		{"not JSON after an entry", two + " x", 2, fmt.Sprintf("read the HAR: not JSON after byte %d, behind entry 2", len(two)+1)},
		{"no entry after a comma", two + ",]}}", 2, fmt.Sprintf("read the HAR: entry 3, after byte %d: not JSON", len(two)+1)},
		{"no end of the list", two + "}}", 2, fmt.Sprintf("read the HAR: not JSON after byte %d, behind entry 2", len(two))},
		{"cut off while packed", string(packed(whole)[:30]), 0, "read the HAR: cut off after byte 0"},
		{"more after the end", whole + whole, 1, fmt.Sprintf("read the HAR: more after its end, at byte %d", len(whole))},
		{"not JSON after the end", whole + "x", 1, fmt.Sprintf("read the HAR: more after its end, at byte %d", len(whole))},
		{"packed badly", "\x1f\x8bxxxxxxxxxxxx", 0, "read the HAR: unpack: gzip: invalid header after byte 0"},
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

// TestReadHARPackedCutOff tests that a packed file that lost its last bytes is read as far as an unpacked one, and reported as cut off also where
// no entry is missing.
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
		{"a byte of the checksum", har, 1, fmt.Sprintf("entry 1: /p, entry 2: /p, last: read the HAR: cut off after byte %d, behind entry 2", len(har))},
		{"the checksum", har, gzipFooter, fmt.Sprintf("entry 1: /p, entry 2: /p, last: read the HAR: cut off after byte %d, behind entry 2", len(har))},
		{"the end of the second entry", har[:len(har)-len("}]}}")], gzipFooter, fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: cut off", second)},
		{"the end of the list", head + good, gzipFooter, fmt.Sprintf("entry 1: /p, last: read the HAR: cut off after byte %d, behind entry 1", len(head+good))},
		{"lines, the checksum", lines, gzipFooter, fmt.Sprintf("entry 1: /p, entry 2: /p, last: read the HAR: cut off after byte %d, behind entry 2", len(lines))},
		{"lines, the end of the second", lines[:len(lines)-1], gzipFooter, fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: cut off", len(good+"\n"))},
		{"lines, the last no JSON", good + "\nnope", gzipFooter, fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, last: read the HAR: cut off after byte %d, behind entry 2", len(good+"\n"), len(good+"\nnope"))},
		{"all but the beginning of the head", har, len(packed(har)) - 5, "last: read the HAR: cut off after byte 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole := packed(tt.file)
			got := strings.Join(outcomes(bytes.NewReader(whole[:len(whole)-tt.lost])), ", ")
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// gzipFooter is how many bytes follow the packed bytes: a checksum and a length.
const gzipFooter = 8

// TestReadHARUnreadable holds that the reason of a failed reading is not lost.
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

// TestReadHARStops holds that nothing is read on when whoever asked has enough.
func TestReadHARStops(t *testing.T) {
	har := readFile(t, "chromium.har")
	for e, err := range ReadHAR(strings.NewReader(har[:len(har)/2])) {
		if err != nil || e.Number > 1 {
			t.Fatalf("got entry %d, %v", e.Number, err)
		}
		break
	}
}

// TestReadHARAllocations tests that an entry costs little more than its texts: nothing is made of members that nobody reads,
// and lists are used again. An entry here has 14 texts, two sets of headers and members that the judge has no use for.
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
	if n > 24 {
		t.Errorf("an entry costs %.1f allocations, want at most 24", n)
	}
}
