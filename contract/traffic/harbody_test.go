package traffic

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// TestReadHARRequestBody tests which body of a request is judged, and which is taken for one that was not recorded whole.
func TestReadHARRequestBody(t *testing.T) {
	const text, mebibytes = `{"name":"Content-Type","value":"text/plain"}`, 1 << 20
	zipped := base64.StdEncoding.EncodeToString(packed("a body"))
	bomb := base64.StdEncoding.EncodeToString(packed(strings.Repeat("a", 16*mebibytes+1)))
	length := func(n string) string { return text + `,{"name":"content-length","value":"` + n + `"}` }
	coded := func(n string) string { return length(n) + `,{"name":"Content-Encoding","value":"gzip"}` }
	for _, tt := range []struct{ name, headers, members, want string }{
		{name: "none", headers: text, want: `"", text/plain`},
		{name: "null", headers: text, members: `,"postData":null`, want: `"", text/plain`},
		{name: "no text", headers: text, members: `,"postData":{"mimeType":"a/b"}`, want: `"", text/plain`},
		{name: "no text, announced", headers: length("6"), members: `,"postData":{"params":[]}`, want: `"", text/plain; no request body`},
		{name: "announced", headers: length("1"), want: `"", text/plain; no request body`},
		{name: "announced, packed", headers: coded("20"), want: `"", text/plain; no request body`},
		{name: "announced as empty", headers: length("0"), want: `"", text/plain`},
		{name: "announced as nonsense", headers: length("-"), want: `"", text/plain`},
		{name: "a size of 1", headers: text, members: `,"bodySize":1`, want: `"", text/plain; no request body`},
		{name: "a size of 0", headers: text, members: `,"bodySize":0`, want: `"", text/plain`},
		{name: "an unknown size", headers: text, members: `,"bodySize":-1`, want: `"", text/plain`},
		{name: "a text", headers: text, members: `,"postData":{"text":"a body"}`, want: `"a body", text/plain`},
		{name: "a text of its length", headers: length("6"), members: `,"postData":{"text":"a body"}`, want: `"a body", text/plain`},
		{name: "a text of another length", headers: length("7"), members: `,"postData":{"text":"a body"}`, want: `"", text/plain; no request body`},
		{name: "an empty text", headers: length("0"), members: `,"postData":{"text":""}`, want: `"", text/plain`},
		{name: "an empty text, announced", headers: length("7"), members: `,"postData":{"text":""}`, want: `"", text/plain; no request body`},
		{
			name: "unpacked, with the length of the packed", headers: coded("20"), members: `,"postData":{"text":"a body"}`,
			want: `"a body", text/plain`,
		},
		{
			name: "packed", headers: coded("20"), members: `,"postData":{"text":"` + zipped + `","encoding":"base64"}`,
			want: `"a body", text/plain`,
		},
		{
			name: "packed too tightly", headers: coded("20"), members: `,"postData":{"text":"` + bomb + `","encoding":"base64"}`,
			want: `"", text/plain; no request body`,
		},
		{
			name: "packed, and says nothing of it", headers: text, members: `,"postData":{"text":"H4sIAA==","encoding":"base64"}`,
			want: `"\x1f\x8b\b\x00", text/plain`,
		},
		{name: "our own base64", headers: text, members: `,"postData":{"text":"YQ==","_encoding":"base64"}`, want: `"a", text/plain`},
		{
			name: "an unknown encoding", headers: text, members: `,"postData":{"text":"YQ==","_encoding":"hex"}`,
			want: `"", text/plain; no request body`,
		},
		{name: "parameters", headers: text, members: `,"postData":{"params":[{"name":"a","value":"b"}]}`, want: `"", text/plain; no request body`},
		{
			name: "parameters and no text", headers: text, members: `,"postData":{"text":"","params":[{"name":"a","value":"b"}]}`,
			want: `"", text/plain; no request body`,
		},
		{
			name: "parameters beside a text", headers: text, members: `,"postData":{"text":"a=b","params":[{"name":"a","value":"b"}]}`,
			want: `"a=b", text/plain`,
		},
		{
			name: "a type beside headers", headers: `{"name":"Accept","value":"*/*"}`, members: `,"postData":{"mimeType":"a/b","text":"a"}`,
			want: `"a", no type`,
		},
		{name: "a type and no headers", members: `,"postData":{"mimeType":"a/b","text":"a"}`, want: `"a", a/b; no request headers`},
		{name: "no type and no headers", members: `,"postData":{"mimeType":"","text":"a"}`, want: `"a", no type; no request headers`},
		{
			name: "a text with the word", headers: text, members: `,"postData":{"text":"is REDACTED"}`,
			want: `"is REDACTED", text/plain; no request body`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := entries(t, oneEntry(`{"method":"PUT","url":"http://h/p","headers":[`+tt.headers+`]`+tt.members+`}`, plainResponse))[0]
			got := fmt.Sprintf("%q, %s", e.Exchange.Request.Body, typeOf(e.Exchange.Request.Header["Content-Type"]))
			for _, part := range []string{"; no request headers", "; no request body"} {
				if strings.Contains(describe(e)+";", part+";") {
					got += part
				}
			}
			_, ok := e.Exchange.Request.Header["Content-Encoding"]
			if isCoded := ok && len(e.Exchange.Request.Body) > 0; isCoded || got != tt.want {
				t.Errorf("got  %s; Content-Encoding: %v\nwant %s", got, ok, tt.want)
			}
		})
	}
}

func typeOf(values []string) string {
	if values == nil {
		return "no type"
	}
	return strings.Join(values, ", ")
}

// TestReadHARResponseBody tests the same for responses: how the length that is announced, the size that the recorder gives and the text go
// together.
func TestReadHARResponseBody(t *testing.T) {
	const unrecorded = "; no response body"
	for _, tt := range []struct{ name, headers, content, want string }{
		{name: "a size and a text", content: `{"size":5,"text":"whole"}`, want: `"whole"`},
		{name: "three bytes fewer than the size", content: `{"size":8,"text":"whole"}`, want: `"whole"`}, // a byte order mark
		{name: "four bytes fewer than the size", content: `{"size":9,"text":"whole"}`, want: `""` + unrecorded},
		{name: "four bytes fewer, a list", content: `{"size":6,"text":"[]"}`, want: `"[]"`},
		{name: "four bytes fewer, an object behind blanks", content: `{"size":9,"text":"\r\n\t{}"}`, want: `"\r\n\t{}"`},
		{name: "four bytes fewer, half a list", content: `{"size":6,"text":"[1"}`, want: `""` + unrecorded},
		{name: "four bytes fewer, two objects", content: `{"size":8,"text":"{}{}"}`, want: `""` + unrecorded},
		{name: "four bytes fewer, a JSON text", content: `{"size":7,"text":"\"a\""}`, want: `""` + unrecorded},
		{name: "a size on the wire", content: `{"size":25,"compression":-20,"text":"whole"}`, want: `"whole"`},
		{name: "a size on the wire that is too large", content: `{"size":29,"compression":-20,"text":"whole"}`, want: `""` + unrecorded},
		{
			name: "a length of packed bytes", headers: `{"name":"Content-Length","value":"3"}`, content: `{"size":5,"text":"whole"}`,
			want: `"whole"`,
		},
		{name: "no text and a length", headers: `{"name":"Content-Length","value":"3"}`, content: `{"size":3}`, want: `""` + unrecorded},
		{name: "no text and the length 0", headers: `{"name":"Content-Length","value":"0"}`, content: `{"size":0}`, want: `""`},
		{
			name: "no text, the length 0, a size below 0", headers: `{"name":"Content-Length","value":"0"}`, content: `{"size":-1}`,
			want: `""` + unrecorded,
		},
		{name: "an empty text", content: `{"size":0,"text":""}`, want: `""`},
		{name: "an empty text, a size of 1", content: `{"size":1,"text":""}`, want: `""` + unrecorded},
		{name: "an empty text, packed", content: `{"size":20,"compression":-20,"text":""}`, want: `""`},
		{name: "an empty text, a size below 0", content: `{"size":-1,"text":""}`, want: `""` + unrecorded},
		{name: "an empty text and the length 0", headers: `{"name":"Content-Length","value":"0"}`, content: `{"size":0,"text":""}`, want: `""`},
		{
			name: "an empty text and a length", headers: `{"name":"Content-Length","value":"1"}`, content: `{"size":0,"text":""}`,
			want: `""` + unrecorded,
		},
		{name: "a replaced value", content: `{"text":"{\"a\":\"REDACTED\"}"}`, want: `""` + unrecorded},
		{name: "a replaced word", content: `{"text":"REDACTED"}`, want: `"REDACTED"`},
		{
			name: "packed", headers: `{"name":"Content-Encoding","value":"x-gzip"}`,
			content: `{"text":"` + base64.StdEncoding.EncodeToString(packed("whole")) + `","encoding":"base64"}`, want: `"whole"`,
		},
		{
			name: "packed twice", headers: `{"name":"Content-Encoding","value":"gzip, gzip"}`,
			content: `{"text":"` + base64.StdEncoding.EncodeToString(packed(string(packed("whole")))) + `","encoding":"base64"}`, want: `"whole"`,
		},
		{
			name: "packed, and broken", headers: `{"name":"Content-Encoding","value":"gzip"}`, content: `{"text":"H4sIAA==","encoding":"base64"}`,
			want: `""` + unrecorded,
		},
		{
			name: "packed by brotli", headers: `{"name":"Content-Encoding","value":"br"}`, content: `{"text":"CwKAd2hvbGUD","encoding":"base64"}`,
			want: `"whole"`,
		},
		{
			name: "packed by zstd", headers: `{"name":"Content-Encoding","value":"zstd"}`,
			content: `{"text":"KLUv/QQAKQAAd2hvbGUo5lTJ","encoding":"base64"}`, want: `"whole"`,
		},
		{
			name: "packed by zstd, and broken", headers: `{"name":"Content-Encoding","value":"zstd"}`,
			content: `{"text":"KLUv/QQA","encoding":"base64"}`, want: `""` + unrecorded,
		},
		{name: "not packed any more", headers: `{"name":"Content-Encoding","value":"br"}`, content: `{"text":"whole"}`, want: `"whole"`},
		{
			name: "an image, not packed any more", headers: `{"name":"Content-Encoding","value":"br"}`,
			content: `{"text":"iVBORw0=","encoding":"base64"}`, want: `"\x89PNG\r"`,
		},
		{
			name: "a replaced header of two values", headers: `{"name":"X-Token","value":"a"},{"name":"X-Token","value":"REDACTED"}`,
			content: `{"text":"whole"}`, want: `"whole"; no response headers`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			headers := strings.TrimSuffix(`{"name":"Content-Type","value":"a/b"},`+tt.headers, ",")
			e := entries(t, oneEntry(plainRequest, `{"status":200,"headers":[`+headers+`],"content":`+tt.content+`}`))[0]
			got := strings.TrimPrefix(describe(e), `GET http://h /p "" -> 200 `)
			if _, ok := e.Exchange.Response.Header["Content-Encoding"]; got != tt.want || ok {
				t.Errorf("got  %s; Content-Encoding: %v\nwant %s", got, ok, tt.want)
			}
		})
	}
	for content, want := range map[string]string{`{"mimeType":"a/b","text":"a"}`: "a/b", `{"mimeType":"","text":"a"}`: "no type"} {
		e := entries(t, oneEntry(plainRequest, `{"status":200,"content":`+content+`}`))[0]
		if got := typeOf(e.Exchange.Response.Header["Content-Type"]); got != want {
			t.Errorf("no headers, %s: got %s, want %s", content, got, want)
		}
	}
}
