package traffic

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// TestReadHAROddMembers tests that a member of an unexpected type is ignored and the rest of the entry is read.
func TestReadHAROddMembers(t *testing.T) {
	const typed = `"headers":[{"name":"Content-Type","value":"application/json"}]`
	const plain = `GET http://h /p "" -> 200 "{}"`
	for _, tt := range []struct{ name, members, request, response, want string }{
		{name: "cache a list", members: `"cache":[],`, request: plainRequest, response: plainResponse, want: plain},
		{name: "cache a text", members: `"cache":"",`, request: plainRequest, response: plainResponse, want: plain},
		{name: "from no cache", members: `"_fromCache":false,`, request: plainRequest, response: plainResponse, want: plain},
		{name: "time a text", members: `"time":"12 ms",`, request: plainRequest, response: plainResponse, want: plain},
		{
			name: "times null", members: `"time":null,"startedDateTime":null,"timings":null,`, request: plainRequest, response: plainResponse,
			want: plain,
		},
		{name: "start a number", members: `"startedDateTime":1764500000,`, request: plainRequest, response: plainResponse, want: plain},
		{name: "kind a list", members: `"_resourceType":[],`, request: plainRequest, response: plainResponse, want: plain},
		{name: "reason a number", members: `"_skip":1,`, request: plainRequest, response: plainResponse, want: plain},
		{name: "status a text", request: plainRequest, response: `{"status":"200",` + typed + `,"content":{"text":"{}"}}`, want: plain},
		{
			name: "status no number", request: plainRequest, response: `{"status":"ok",` + typed + `,"content":{"text":"{}"}}`,
			want: `GET http://h /p "" -> 0 ""; no response`,
		},
		{
			name: "status infinite", request: plainRequest, response: `{"status":"Inf",` + typed + `,"content":{"text":"{}"}}`,
			want: `GET http://h /p "" -> 0 ""; no response`,
		},
		{
			name: "status an object", request: plainRequest, response: `{"status":{},` + typed + `,"content":{"text":"{}"}}`,
			want: `GET http://h /p "" -> 0 ""; no response`,
		},
		{name: "response a list", request: plainRequest, response: `[]`, want: `GET http://h /p "" -> 0 ""; no response`},
		{name: "size a text", request: plainRequest, response: `{"status":200,` + typed + `,"content":{"size":"2","text":"{}"}}`, want: plain},
		{
			name: "size below 0", request: plainRequest, response: `{"status":200,` + typed + `,"content":{"size":-7,"text":"{}"},"bodySize":-300}`,
			want: plain,
		},
		{
			name: "size too large for a number", request: plainRequest,
			response: `{"status":200,` + typed + `,"content":{"size":1e999,"text":"{}"}}`, want: plain,
		},
		{
			name: "compression a text", request: plainRequest,
			response: `{"status":200,` + typed + `,"content":{"size":2,"compression":"","text":"{}"}}`, want: plain,
		},
		{
			name: "compression above the size", request: plainRequest,
			response: `{"status":200,` + typed + `,"content":{"size":2,"compression":99,"text":"{}"}}`, want: plain,
		},
		{
			name: "encoding null", request: plainRequest,
			response: `{"status":200,` + typed + `,"content":{"text":"{}","encoding":null,"mimeType":7}}`, want: plain,
		},
		{
			name: "text decoded", request: plainRequest, response: `{"status":200,` + typed + `,"content":{"text":{"a":1}}}`,
			want: plain[:len(plain)-4] + `""; no response body`,
		},
		{
			name: "content a text", request: plainRequest, response: `{"status":200,` + typed + `,"content":"{}"}`,
			want: plain[:len(plain)-4] + `""; no response body`,
		},
		{
			name: "error false", request: plainRequest,
			response: `{"status":200,` + typed + `,"content":{"text":"{}"},"_error":false,"_fetchedViaServiceWorker":null}`, want: plain,
		},
		{
			name: "response headers an object", request: plainRequest, response: `{"status":200,"headers":{},"content":{"text":"{}"}}`,
			want: plain + "; no response headers",
		},
		{
			name: "a header of another type", request: plainRequest,
			response: `{"status":200,"headers":["x",7,null,{"name":7,"value":"x"},{"name":"Content-Type","value":"application/json"}],` +
				`"content":{"text":"{}"}}`,
			want: plain,
		},
		{
			name: "request headers a text", request: `{"method":"GET","url":"http://h/p","headers":""}`, response: plainResponse,
			want: plain + "; no request headers; no credentials",
		},
		{
			name: "request members",
			request: `{"method":"GET","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"bodySize":"0","postData":[],` +
				`"queryString":{},"cookies":7}`,
			response: plainResponse, want: plain,
		},
		{
			name: "request size a text", request: `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"bodySize":"7"}`,
			response: plainResponse, want: `PUT http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name:     "request body decoded",
			request:  `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":{"a":1}}}`,
			response: plainResponse, want: `PUT http://h /p "" -> 200 "{}"; no request body`,
		},
		{
			name:     "parameters an object",
			request:  `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"{}","params":{}}}`,
			response: plainResponse, want: `PUT http://h /p "{}" -> 200 "{}"`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har := `{"log":{"entries":[{` + tt.members + `"request":` + tt.request + `,"response":` + tt.response + `}]}}`
			if got := describe(entries(t, har)[0]); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARHeaderValues tests that a header value is read as text, whatever its type.
func TestReadHARHeaderValues(t *testing.T) {
	response := `{"status":204,"headers":[{"name":"A","value":12},{"name":"B","value":1234567890},{"name":"C","value":true},{"name":"D",` +
		`"value":null},{"name":"E"}]}`
	e := entries(t, oneEntry(plainRequest, response))[0]
	for name, want := range map[string]string{"A": "12", "B": "1234567890", "C": "true", "D": "", "E": ""} {
		if got := e.Exchange.Response.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if e.Exchange.Unrecorded&contract.UnrecordedResponseHeaders != 0 {
		t.Error("the headers count as unrecorded")
	}
}
