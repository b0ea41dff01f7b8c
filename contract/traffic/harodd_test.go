package traffic

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// TestReadHAROddMembers tests that a member of another type than HAR wants costs the judge nothing but that member.
func TestReadHAROddMembers(t *testing.T) {
	const typed = `"headers":[{"name":"Content-Type","value":"application/json"}]`
	const plain = `GET http://h /p "" -> 200 "{}"`
	for _, tt := range []struct{ name, members, request, response, want string }{
		{"cache a list", `"cache":[],`, plainRequest, plainResponse, plain},
		{"cache a text", `"cache":"",`, plainRequest, plainResponse, plain},
		{"from no cache", `"_fromCache":false,`, plainRequest, plainResponse, plain},
		{"time a text", `"time":"12 ms",`, plainRequest, plainResponse, plain},
		{"times null", `"time":null,"startedDateTime":null,"timings":null,`, plainRequest, plainResponse, plain},
		{"start a number", `"startedDateTime":1764500000,`, plainRequest, plainResponse, plain},
		{"kind a list", `"_resourceType":[],`, plainRequest, plainResponse, plain},
		{"reason a number", `"_skip":1,`, plainRequest, plainResponse, plain},
		{"status a text", ``, plainRequest, `{"status":"200",` + typed + `,"content":{"text":"{}"}}`, plain},
		{"status no number", ``, plainRequest, `{"status":"ok",` + typed + `,"content":{"text":"{}"}}`, `GET http://h /p "" -> 0 ""; no response`},
		{"status infinite", ``, plainRequest, `{"status":"Inf",` + typed + `,"content":{"text":"{}"}}`, `GET http://h /p "" -> 0 ""; no response`},
		{"status an object", ``, plainRequest, `{"status":{},` + typed + `,"content":{"text":"{}"}}`, `GET http://h /p "" -> 0 ""; no response`},
		{"response a list", ``, plainRequest, `[]`, `GET http://h /p "" -> 0 ""; no response`},
		{"size a text", ``, plainRequest, `{"status":200,` + typed + `,"content":{"size":"2","text":"{}"}}`, plain},
		{"size below 0", ``, plainRequest, `{"status":200,` + typed + `,"content":{"size":-7,"text":"{}"},"bodySize":-300}`, plain},
		{"size too large for a number", ``, plainRequest, `{"status":200,` + typed + `,"content":{"size":1e999,"text":"{}"}}`, plain},
		{"compression a text", ``, plainRequest, `{"status":200,` + typed + `,"content":{"size":2,"compression":"","text":"{}"}}`, plain},
		{"compression above the size", ``, plainRequest, `{"status":200,` + typed + `,"content":{"size":2,"compression":99,"text":"{}"}}`, plain},
		{"encoding null", ``, plainRequest, `{"status":200,` + typed + `,"content":{"text":"{}","encoding":null,"mimeType":7}}`, plain},
		{"text decoded", ``, plainRequest, `{"status":200,` + typed + `,"content":{"text":{"a":1}}}`, plain[:len(plain)-4] + `""; no response body`},
		{"content a text", ``, plainRequest, `{"status":200,` + typed + `,"content":"{}"}`, plain[:len(plain)-4] + `""; no response body`},
		{"error false", ``, plainRequest, `{"status":200,` + typed + `,"content":{"text":"{}"},"_error":false,"_fetchedViaServiceWorker":null}`, plain},
		{"response headers an object", ``, plainRequest, `{"status":200,"headers":{},"content":{"text":"{}"}}`, plain + "; no response headers"},
		{"a header of another type", ``, plainRequest, `{"status":200,"headers":["x",7,null,{"name":7,"value":"x"},{"name":"Content-Type","value":"application/json"}],"content":{"text":"{}"}}`, plain},
		{"request headers a text", ``, `{"method":"GET","url":"http://h/p","headers":""}`, plainResponse, plain + "; no request headers; no credentials"},
		{"request members", ``, `{"method":"GET","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"bodySize":"0","postData":[],"queryString":{},"cookies":7}`, plainResponse, plain},
		{"request size a text", ``, `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"bodySize":"7"}`, plainResponse, `PUT http://h /p "" -> 200 "{}"; no request`},
		{"request body decoded", ``, `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":{"a":1}}}`, plainResponse, `PUT http://h /p "" -> 200 "{}"; no request`},
		{"parameters an object", ``, `{"method":"PUT","url":"http://h/p","headers":[{"name":"Cookie","value":"a=b"}],"postData":{"text":"{}","params":{}}}`, plainResponse, `PUT http://h /p "{}" -> 200 "{}"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har := `{"log":{"entries":[{` + tt.members + `"request":` + tt.request + `,"response":` + tt.response + `}]}}`
			if got := describe(entries(t, har)[0]); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARHeaderValues tests that a value is read as a text, whatever its type.
func TestReadHARHeaderValues(t *testing.T) {
	response := `{"status":204,"headers":[{"name":"A","value":12},{"name":"B","value":1234567890},{"name":"C","value":true},{"name":"D","value":null},{"name":"E"}]}`
	e := entries(t, oneEntry(plainRequest, response))[0]
	for name, want := range map[string]string{"A": "12", "B": "1234567890", "C": "true", "D": "", "E": ""} {
		if got := e.Exchange.Response.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if e.Exchange.Unrecorded&contract.UnrecordedResponseHeaders != 0 {
		t.Error("the headers are unseen")
	}
}
