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
    get: {operationId: listThings, responses: {default: {description: Any.}, '404': {description: None., headers: {Allow: {required: true, schema: {type: string}}}}}}
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
		{"a 204 alone", get + "\r\n", "HTTP/1.1 204 No Content\r\n\r\n", nil},
		{"a 204 with a length of 0", get + "\r\n", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", []string{"framing/content-length /response/headers/content-length"}},
		{"a 204 in chunks", get + "\r\n", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []string{"framing/transfer-encoding /response/headers/transfer-encoding"}},
		{"a 204 that announces chunks", get + "\r\n", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", []string{"framing/transfer-encoding /response/headers/transfer-encoding"}},
		{"a 101 with a length", get + "\r\n", "HTTP/1.1 101 Switching\r\nContent-Length: 0\r\n\r\n", []string{"framing/content-length /response/headers/content-length"}},
		{"a 103 with a length before it", get + "\r\n", "HTTP/1.1 103 Early\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", []string{"framing/content-length /response"}},
		{"a 200 with a length of 0", get + "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", nil},

		{"no space after the status", get + "\r\n", "HTTP/1.1 204\r\n\r\n", []string{"framing/status-line /response"}},
		{"an empty reason", get + "\r\n", "HTTP/1.1 204 \r\n\r\n", nil},

		{"the last status", get + "\r\n", "HTTP/1.1 599 Odd\r\n\r\n", nil},
		{"a status beyond the last", get + "\r\n", "HTTP/1.1 600 Odd\r\n\r\n", []string{"status/invalid /response/status"}},

		{"a 304 to a request with an ETag", conditional(`If-None-Match: "a"`), "HTTP/1.1 304 Not Modified\r\n\r\n", nil},
		{"a 304 to a request with a date", conditional("If-Modified-Since: Thu, 26 Nov 2026 00:00:00 GMT"), "HTTP/1.1 304 Not Modified\r\n\r\n", nil},
		{"a 304 to another condition", conditional(`If-Match: "a"`), "HTTP/1.1 304 Not Modified\r\n\r\n", []string{"status/not-modified /response/status"}},
		{"a 304 that nobody asked for", get + "\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n", []string{"status/not-modified /response/status"}},

		{"a 405 with its methods", get + "\r\n", "HTTP/1.1 405 No\r\nAllow: HEAD\r\n\r\n", nil},
		{"a 405 with none", get + "\r\n", "HTTP/1.1 405 No\r\nAllow:\r\n\r\n", nil},
		{"a 405 without them", get + "\r\n", "HTTP/1.1 405 No\r\n\r\n", []string{"header/missing /response/headers/allow"}},
		{"a 405 to another method", strings.Replace(get, "GET", "PUT", 1) + "\r\n", "HTTP/1.1 405 No\r\n\r\n", []string{"method/undocumented /request/method", "header/missing /response/headers/allow"}},
	} {
		result := checkRaw(t, judge, test.request, test.response)
		if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" || len(result.Errors) > 0 {
			t.Errorf("%s: errors: %v, ids and pointers (-want +got):\n%s", test.name, result.Errors, diff)
		}
	}
}

// TestSourceOfFramingRules holds that a finding names the RFC that forbids the header in a 204.
func TestSourceOfFramingRules(t *testing.T) {
	judge := newJudge(t, statuses)
	for _, test := range []struct{ name, header, want string }{
		{"a length", "Content-Length: 0", "RFC 9110"},
		{"chunks", "Transfer-Encoding: chunked", "RFC 9112"},
	} {
		result := checkRaw(t, judge, "GET /things HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 204 No Content\r\n"+test.header+"\r\n\r\n")
		if len(result.Findings) != 1 || !slices.Equal(result.Findings[0].Evidence.Source, []string{test.want}) {
			t.Errorf("%s: got %+v, want one finding by %s", test.name, result.Findings, test.want)
		}
	}
}

// TestUnseenStatusRules holds that what a source does not show is not missed.
func TestUnseenStatusRules(t *testing.T) {
	judge := newJudge(t, strings.Replace(statuses, "'404'", "'405'", 1))
	length := http.Header{"Content-Length": {"0"}}
	for _, test := range []struct {
		name     string
		response contract.Response
		unseen   contract.Unrecorded
		want     []string
	}{
		{"a 304 whose request was not seen", contract.Response{Status: 304}, contract.UnrecordedRequest, nil},
		{"a 304 whose request headers were not seen", contract.Response{Status: 304}, contract.UnrecordedRequestHeaders, nil},
		{"a 405 whose headers were not seen", contract.Response{Status: 405}, contract.UnrecordedResponseHeaders, nil},
		{"a 405 whose document requires Allow too", contract.Response{Status: 405}, 0, []string{"header/missing /response/headers/allow"}},
		{"a 204 whose framing was not seen", contract.Response{Status: 204, Header: length}, contract.UnrecordedFraming, nil},
		{"a 204 whose framing was seen", contract.Response{Status: 204, Header: length}, 0, []string{"framing/content-length /response/headers/content-length"}},
		{"a status below all", contract.Response{Status: 42}, contract.UnrecordedFraming, []string{"status/invalid /response/status"}},
	} {
		ex := contract.Exchange{Request: contract.Request{Method: "GET", Target: "/things"}, Response: test.response, Unrecorded: test.unseen}
		if diff := cmp.Diff(test.want, idsAndPointers(judge.Check(ex).Findings)); diff != "" {
			t.Errorf("%s: ids and pointers (-want +got):\n%s", test.name, diff)
		}
	}
}
