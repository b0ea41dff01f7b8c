package contract_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// statuses is a document that takes every status.
const statuses = `openapi: 3.0.3
info: {title: Statuses, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        default: {description: Any.}
        '404': {description: None., headers: {Allow: {required: true, schema: {type: string}}}}
`

// TestStatusRules judges what HTTP promises of a status by the bytes on the wire.
func TestStatusRules(t *testing.T) {
	judge := newJudge(t, statuses)
	const get = "GET /things HTTP/1.1\r\nHost: x\r\n"
	conditional := func(header string) string { return get + header + "\r\n\r\n" }
	for _, test := range []struct {
		name, request, response string
		want                    []string // id and pointer
	}{
		{name: "a 204 alone", request: get + "\r\n", response: "HTTP/1.1 204 No Content\r\n\r\n"},
		{
			name: "a 204 with a length of 0", request: get + "\r\n",
			response: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
			want:     []string{"framing/content-length /response/headers/content-length"},
		},
		{
			name: "a 204 in chunks", request: get + "\r\n",
			response: "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			want:     []string{"framing/transfer-encoding /response/headers/transfer-encoding"},
		},
		{
			name: "a 204 that announces chunks", request: get + "\r\n",
			response: "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
			want:     []string{"framing/transfer-encoding /response/headers/transfer-encoding"},
		},
		{
			name: "a 101 with a length", request: get + "\r\n", response: "HTTP/1.1 101 Switching\r\nContent-Length: 0\r\n\r\n",
			want: []string{"framing/content-length /response/headers/content-length"},
		},
		{
			name: "a 103 with a length before it", request: get + "\r\n",
			response: "HTTP/1.1 103 Early\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
			want:     []string{"framing/content-length /response"},
		},
		{name: "a 200 with a length of 0", request: get + "\r\n", response: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},

		{
			name: "no space after the status", request: get + "\r\n", response: "HTTP/1.1 204\r\n\r\n",
			want: []string{"framing/status-line /response"},
		},
		{name: "an empty reason", request: get + "\r\n", response: "HTTP/1.1 204 \r\n\r\n"},

		{name: "the last status", request: get + "\r\n", response: "HTTP/1.1 599 Odd\r\n\r\n"},
		{
			name: "a status beyond the last", request: get + "\r\n", response: "HTTP/1.1 600 Odd\r\n\r\n",
			want: []string{"status/invalid /response/status"},
		},

		{
			name: "a 304 to a request with an ETag", request: conditional(`If-None-Match: "a"`),
			response: "HTTP/1.1 304 Not Modified\r\n\r\n",
		},
		{
			name: "a 304 to a request with a date", request: conditional("If-Modified-Since: Thu, 26 Nov 2026 00:00:00 GMT"),
			response: "HTTP/1.1 304 Not Modified\r\n\r\n",
		},
		{
			name: "a 304 to another condition", request: conditional(`If-Match: "a"`),
			response: "HTTP/1.1 304 Not Modified\r\n\r\n", want: []string{"status/not-modified /response/status"},
		},
		{
			name: "a 304 that without a condition", request: get + "\r\n", response: "HTTP/1.1 304 Not Modified\r\n\r\n",
			want: []string{"status/not-modified /response/status"},
		},

		{name: "a 405 with its methods", request: get + "\r\n", response: "HTTP/1.1 405 No\r\nAllow: HEAD\r\n\r\n"},
		{name: "a 405 with none", request: get + "\r\n", response: "HTTP/1.1 405 No\r\nAllow:\r\n\r\n"},
		{
			name: "a 405 without them", request: get + "\r\n", response: "HTTP/1.1 405 No\r\n\r\n",
			want: []string{"header/missing /response/headers/allow"},
		},
		{
			name: "a 405 to another method", request: strings.Replace(get, "GET", "PUT", 1) + "\r\n",
			response: "HTTP/1.1 405 No\r\n\r\n",
			want:     []string{"method/undocumented /request/method", "header/missing /response/headers/allow"},
		},
	} {
		result := checkRaw(t, judge, test.request, test.response)
		if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" || len(result.Errors) > 0 {
			t.Errorf("%s: errors: %v, ids and pointers (-want +got):\n%s", test.name, result.Errors, diff)
		}
	}
}

// TestSourceOfFramingRules checks that a finding names the RFC that forbids the header in a 204.
func TestSourceOfFramingRules(t *testing.T) {
	judge := newJudge(t, statuses)
	for _, test := range []struct{ name, header, want string }{
		{name: "a length", header: "Content-Length: 0", want: "RFC 9110"},
		{name: "chunks", header: "Transfer-Encoding: chunked", want: "RFC 9112"},
	} {
		result := checkRaw(t, judge, "GET /things HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 204 No Content\r\n"+test.header+"\r\n\r\n")
		if len(result.Findings) != 1 || !slices.Equal(result.Findings[0].Evidence.Source, []string{test.want}) {
			t.Errorf("%s: got %+v, want one finding by %s", test.name, result.Findings, test.want)
		}
	}
}

// TestUnrecordedStatusRules checks that what a source of exchanges does not show is not reported as missing.
func TestUnrecordedStatusRules(t *testing.T) {
	judge := newJudge(t, strings.Replace(statuses, "'404'", "'405'", 1))
	length := http.Header{"Content-Length": {"0"}}
	for _, test := range []struct {
		name       string
		response   contract.Response
		unrecorded contract.Unrecorded
		want       []string
	}{
		{name: "a 304 whose request is unrecorded", response: contract.Response{Status: 304}, unrecorded: contract.UnrecordedRequest},
		{
			name: "a 304 whose request headers are unrecorded", response: contract.Response{Status: 304},
			unrecorded: contract.UnrecordedRequestHeaders,
		},
		{
			name: "a 405 whose headers are unrecorded", response: contract.Response{Status: 405},
			unrecorded: contract.UnrecordedResponseHeaders,
		},
		{
			name: "a 405 whose document requires Allow too", response: contract.Response{Status: 405},
			want: []string{"header/missing /response/headers/allow"},
		},
		{
			name: "a 204 whose framing is unrecorded", response: contract.Response{Status: 204, Header: length},
			unrecorded: contract.UnrecordedFraming,
		},
		{
			name: "a 204 whose framing is recorded", response: contract.Response{Status: 204, Header: length},
			want: []string{"framing/content-length /response/headers/content-length"},
		},
		{
			name: "a status below all", response: contract.Response{Status: 42}, unrecorded: contract.UnrecordedFraming,
			want: []string{"status/invalid /response/status"},
		},
	} {
		ex := contract.Exchange{
			Request: contract.Request{Method: "GET", Target: "/things"}, Response: test.response, Unrecorded: test.unrecorded,
		}
		if diff := cmp.Diff(test.want, idsAndPointers(judge.Check(ex).Findings)); diff != "" {
			t.Errorf("%s: ids and pointers (-want +got):\n%s", test.name, diff)
		}
	}
}
