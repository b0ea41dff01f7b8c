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
		{"none", text, ``, `"", text/plain`},
		{"null", text, `,"postData":null`, `"", text/plain`},
		{"no text", text, `,"postData":{"mimeType":"a/b"}`, `"", text/plain`},
		{"no text, announced", length("6"), `,"postData":{"params":[]}`, `"", text/plain; no request`},
		{"announced", length("1"), ``, `"", text/plain; no request`},
		{"announced, packed", coded("20"), ``, `"", text/plain; no request`},
		{"announced as empty", length("0"), ``, `"", text/plain`},
		{"announced as nonsense", length("-"), ``, `"", text/plain`},
		{"a size of 1", text, `,"bodySize":1`, `"", text/plain; no request`},
		{"a size of 0", text, `,"bodySize":0`, `"", text/plain`},
		{"an unknown size", text, `,"bodySize":-1`, `"", text/plain`},
		{"a text", text, `,"postData":{"text":"a body"}`, `"a body", text/plain`},
		{"a text of its length", length("6"), `,"postData":{"text":"a body"}`, `"a body", text/plain`},
		{"a text of another length", length("7"), `,"postData":{"text":"a body"}`, `"", text/plain; no request`},
		{"an empty text", length("0"), `,"postData":{"text":""}`, `"", text/plain`},
		{"an empty text, announced", length("7"), `,"postData":{"text":""}`, `"", text/plain; no request`},
		{"unpacked, with the length of the packed", coded("20"), `,"postData":{"text":"a body"}`, `"a body", text/plain`},
		{"packed", coded("20"), `,"postData":{"text":"` + zipped + `","encoding":"base64"}`, `"a body", text/plain`},
		{"packed too tightly", coded("20"), `,"postData":{"text":"` + bomb + `","encoding":"base64"}`, `"", text/plain; no request`},
		{"packed, and says nothing of it", text, `,"postData":{"text":"H4sIAA==","encoding":"base64"}`, `"\x1f\x8b\b\x00", text/plain`},
		{"our own base64", text, `,"postData":{"text":"YQ==","_encoding":"base64"}`, `"a", text/plain`},
		{"an unknown encoding", text, `,"postData":{"text":"YQ==","_encoding":"hex"}`, `"", text/plain; no request`},
		{"parameters", text, `,"postData":{"params":[{"name":"a","value":"b"}]}`, `"", text/plain; no request`},
		{"parameters and no text", text, `,"postData":{"text":"","params":[{"name":"a","value":"b"}]}`, `"", text/plain; no request`},
		{"parameters beside a text", text, `,"postData":{"text":"a=b","params":[{"name":"a","value":"b"}]}`, `"a=b", text/plain`},
		{"a type beside headers", `{"name":"Accept","value":"*/*"}`, `,"postData":{"mimeType":"a/b","text":"a"}`, `"a", no type`},
		{"a type and no headers", ``, `,"postData":{"mimeType":"a/b","text":"a"}`, `"a", a/b; no request headers`},
		{"no type and no headers", ``, `,"postData":{"mimeType":"","text":"a"}`, `"a", no type; no request headers`},
		{"a text with the word", text, `,"postData":{"text":"is REDACTED"}`, `"is REDACTED", text/plain; no request`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := entries(t, oneEntry(`{"method":"PUT","url":"http://h/p","headers":[`+tt.headers+`]`+tt.members+`}`, plainResponse))[0]
			got := fmt.Sprintf("%q, %s", e.Exchange.Request.Body, typeOf(e.Exchange.Request.Header["Content-Type"]))
			for _, part := range []string{"; no request headers", "; no request"} {
				if strings.Contains(describe(e)+";", part+";") {
					got += part
				}
			}
			if _, ok := e.Exchange.Request.Header["Content-Encoding"]; got != tt.want || ok && len(e.Exchange.Request.Body) > 0 {
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

// TestReadHARResponseBody tests the same for responses: how the length that is announced, the size that the recorder gives and the text go together.
func TestReadHARResponseBody(t *testing.T) {
	const unseen = "; no response body"
	for _, tt := range []struct{ name, headers, content, want string }{
		{"a size and a text", ``, `{"size":5,"text":"whole"}`, `"whole"`},
		{"three bytes fewer than the size", ``, `{"size":8,"text":"whole"}`, `"whole"`}, // a byte order mark
		{"four bytes fewer than the size", ``, `{"size":9,"text":"whole"}`, `""` + unseen},
		{"four bytes fewer, a list", ``, `{"size":6,"text":"[]"}`, `"[]"`},
		{"four bytes fewer, an object behind blanks", ``, `{"size":9,"text":"\r\n\t{}"}`, `"\r\n\t{}"`},
		{"four bytes fewer, half a list", ``, `{"size":6,"text":"[1"}`, `""` + unseen},
		{"four bytes fewer, two objects", ``, `{"size":8,"text":"{}{}"}`, `""` + unseen},
		{"four bytes fewer, a JSON text", ``, `{"size":7,"text":"\"a\""}`, `""` + unseen},
		{"a size on the wire", ``, `{"size":25,"compression":-20,"text":"whole"}`, `"whole"`},
		{"a size on the wire that is too large", ``, `{"size":29,"compression":-20,"text":"whole"}`, `""` + unseen},
		{"a length of packed bytes", `{"name":"Content-Length","value":"3"}`, `{"size":5,"text":"whole"}`, `"whole"`},
		{"no text and a length", `{"name":"Content-Length","value":"3"}`, `{"size":3}`, `""` + unseen},
		{"no text and the length 0", `{"name":"Content-Length","value":"0"}`, `{"size":0}`, `""`},
		{"no text, the length 0, a size below 0", `{"name":"Content-Length","value":"0"}`, `{"size":-1}`, `""` + unseen},
		{"an empty text", ``, `{"size":0,"text":""}`, `""`},
		{"an empty text, a size of 1", ``, `{"size":1,"text":""}`, `""` + unseen},
		{"an empty text, packed", ``, `{"size":20,"compression":-20,"text":""}`, `""`},
		{"an empty text, a size below 0", ``, `{"size":-1,"text":""}`, `""` + unseen},
		{"an empty text and the length 0", `{"name":"Content-Length","value":"0"}`, `{"size":0,"text":""}`, `""`},
		{"an empty text and a length", `{"name":"Content-Length","value":"1"}`, `{"size":0,"text":""}`, `""` + unseen},
		{"a replaced value", ``, `{"text":"{\"a\":\"REDACTED\"}"}`, `""` + unseen},
		{"a replaced word", ``, `{"text":"REDACTED"}`, `"REDACTED"`},
		{"packed", `{"name":"Content-Encoding","value":"x-gzip"}`, `{"text":"` + base64.StdEncoding.EncodeToString(packed("whole")) + `","encoding":"base64"}`, `"whole"`},
		{"packed twice", `{"name":"Content-Encoding","value":"gzip, gzip"}`, `{"text":"` + base64.StdEncoding.EncodeToString(packed(string(packed("whole")))) + `","encoding":"base64"}`, `"whole"`},
		{"packed, and broken", `{"name":"Content-Encoding","value":"gzip"}`, `{"text":"H4sIAA==","encoding":"base64"}`, `""` + unseen},
		{"packed by brotli", `{"name":"Content-Encoding","value":"br"}`, `{"text":"CwKAd2hvbGUD","encoding":"base64"}`, `"whole"`},
		{"packed by zstd", `{"name":"Content-Encoding","value":"zstd"}`, `{"text":"KLUv/QQAKQAAd2hvbGUo5lTJ","encoding":"base64"}`, `"whole"`},
		{"packed by zstd, and broken", `{"name":"Content-Encoding","value":"zstd"}`, `{"text":"KLUv/QQA","encoding":"base64"}`, `""` + unseen},
		{"not packed any more", `{"name":"Content-Encoding","value":"br"}`, `{"text":"whole"}`, `"whole"`},
		{"an image, not packed any more", `{"name":"Content-Encoding","value":"br"}`, `{"text":"iVBORw0=","encoding":"base64"}`, `"\x89PNG\r"`},
		{"a replaced header of two values", `{"name":"X-Token","value":"a"},{"name":"X-Token","value":"REDACTED"}`, `{"text":"whole"}`, `"whole"; no response headers`},
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
