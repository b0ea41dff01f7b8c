package contract_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestResponses judges statuses, headers and media types that our two documents do not have.
func TestResponses(t *testing.T) {
	judge := newJudge(t, parcels)
	post := send("/parcels", parcel(""))
	problem := `{"title":"Too heavy"}`
	for _, test := range []struct {
		name, request, raw string
		want               []string
	}{
		{name: "created", request: post, raw: parcelResponse(201, "application/json", parcel(""), "Parcels-Left: 3")},
		{name: "as text", request: post, raw: parcelResponse(201, "text/plain; charset=iso-8859-1", "Gr\xfc\xdfe", "Parcels-Left: 3")},
		{name: "no body", request: post, raw: parcelResponse(202, "", "")},
		{name: "a status of a range", request: post, raw: parcelResponse(418, "application/problem+json", problem)},
		{name: "a status of the default", request: post, raw: parcelResponse(500, "application/json; charset=utf-8", problem)},
		{name: "another one, another spelling", request: post, raw: parcelResponse(302, "Application/JSON;charset=UTF-8", problem)},
		{name: "the default without its charset", request: post, raw: parcelResponse(500, "application/json", problem)},
		{name: "a media type of a range", request: listAll, raw: parcelResponse(200, "application/vnd.parcels+json", "["+parcel("")+"]")},
		{name: "a media type of a range that is no JSON", request: listAll, raw: parcelResponse(200, "application/pdf", "%PDF")},
		{
			name: "a list in a header", request: post, raw: parcelResponse(202, "", "", "Parcels-Seen: 1, 2"),
			want: []string{"header/undocumented /response/headers/parcels-seen"},
		},
		{
			name: "a list in a header, in two lines", request: post,
			raw:  parcelResponse(201, "text/plain", "", "Parcels-Left: 3", "Parcels-Seen: 1", "Parcels-Seen: 2"),
			want: []string{"body/empty /response/body"},
		},
		{
			name: "a list in a header, empty", request: post,
			raw: parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Late: false"),
		},

		{
			name: "a header missing", request: post, raw: parcelResponse(201, "text/plain", "x"),
			want: []string{"header/missing /response/headers/parcels-left"},
		},
		{
			name: "a header of another type", request: post, raw: parcelResponse(201, "text/plain", "x", "Parcels-Left: few"),
			want: []string{"header/type /response/headers/parcels-left"},
		},
		{
			name: "a header with a fraction", request: post, raw: parcelResponse(201, "text/plain", "x", "Parcels-Left: 1.5"),
			want: []string{"header/type /response/headers/parcels-left"},
		},
		{
			name: "a header like JSON's true", request: post, raw: parcelResponse(201, "text/plain", "x", "Parcels-Left: true"),
			want: []string{"header/type /response/headers/parcels-left"},
		},
		{
			name: "an empty header", request: post, raw: parcelResponse(201, "text/plain", "x", "Parcels-Left:"),
			want: []string{"header/type /response/headers/parcels-left"},
		},
		{
			name: "a header below its minimum", request: post, raw: parcelResponse(201, "text/plain", "x", "Parcels-Left: -1"),
			want: []string{"header/minimum /response/headers/parcels-left"},
		},
		{
			name: "a header beyond int32", request: post, raw: parcelResponse(201, "text/plain", "x", "Parcels-Left: 2147483648"),
			want: []string{"header/format /response/headers/parcels-left"},
		},
		{
			name: "a header twice", request: post,
			raw:  parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Left: 3"),
			want: []string{"header/doubled /response/headers/parcels-left"},
		},
		{
			name: "a list in a header, too long", request: post,
			raw:  parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Seen: 1,2,3"),
			want: []string{"header/maxItems /response/headers/parcels-seen"},
		},
		{
			name: "a list in a header, of another type", request: post,
			raw:  parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Seen: 1,x"),
			want: []string{"header/type /response/headers/parcels-seen/1"},
		},
		{
			name: "a list in a header, too long in two lines", request: post,
			raw:  parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Seen: 1,2", "Parcels-Seen: 3"),
			want: []string{"header/maxItems /response/headers/parcels-seen"},
		},
		{
			name: "a flag in a header, of another type", request: post,
			raw:  parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Late: 1"),
			want: []string{"header/type /response/headers/parcels-late"},
		},
		{
			name: "a body where none is documented", request: post, raw: parcelResponse(202, "text/plain", "x"),
			want: []string{"body/undocumented /response/body"},
		},
		{
			name: "the media type of another status", request: post, raw: parcelResponse(400, "application/json", problem),
			want: []string{"media-type/undocumented /response/headers/content-type"},
		},
		{
			name: "the schema of a range", request: post, raw: parcelResponse(400, "application/problem+json", "{}"),
			want: []string{"schema/required /response/body/title"},
		},
		{
			name: "the schema of the default", request: post, raw: parcelResponse(500, "application/json; charset=utf-8", "{}"),
			want: []string{"schema/required /response/body/title"},
		},
		{
			name: "the schema of a media type of a range", request: listAll,
			raw: parcelResponse(200, "application/vnd.parcels+json", "[{}]"), want: []string{"schema/required /response/body/0/id"},
		},
		{
			name: "null instead of a list", request: listAll, raw: parcelResponse(200, "application/json", "null"),
			want: []string{"schema/nullable /response/body"},
		},
		{
			name: "an undocumented status", request: listAll, raw: parcelResponse(201, "application/json", "[]"),
			want: []string{"status/undocumented /response/status"},
		},
		{
			name: "interim and cut off", request: listAll,
			raw:  "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[",
			want: []string{"framing/content-length /response/headers/content-length", "body/truncated /response/body"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := checkRaw(t, judge, test.request, test.raw)
			if diff := cmp.Diff(test.want, idsAndPointers(v.Findings)); diff != "" || !v.Judged || len(v.Errors) > 0 {
				t.Errorf("judged: %t, errors: %v, ids and pointers (-want +got):\n%s%s", v.Judged, v.Errors, diff, lines(v))
			}
		})
	}
}

// TestForbiddenBodies checks that a body is a finding where HTTP allows none, also if the document describes one, and if
// the source of the exchange does not show the framing.
func TestForbiddenBodies(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Bodies, version: '1'}
paths:
  /things:
    get: {operationId: listThings, responses: {default: &any {description: Any., content: {application/json: {schema: {}}}}}}
    head: {operationId: peekThings, responses: {default: *any}}
`)
	for _, test := range []struct {
		method    string
		status    int
		forbidden bool
	}{
		{method: "GET", status: 101, forbidden: true}, {method: "GET", status: 199, forbidden: true},
		{method: "GET", status: 204, forbidden: true}, {method: "GET", status: 304, forbidden: true},
		{method: "HEAD", status: 200, forbidden: true},
		{method: "HEAD", status: 404, forbidden: true},
		{method: "GET", status: 200}, {method: "GET", status: 206}, {method: "GET", status: 303}, {method: "GET", status: 404},
	} {
		for _, unrecorded := range []contract.Unrecorded{0, contract.UnrecordedFraming, contract.UnrecordedResponseHeaders} {
			for _, body := range []string{"", "{}"} {
				ex := get(test.status, body)
				ex.Request.Method, ex.Unrecorded = test.method, unrecorded
				ex.Request.Header = http.Header{"If-None-Match": {`"a"`}}
				var want []string
				if test.forbidden && body != "" {
					want = []string{"framing/body-forbidden /response/body"}
				}
				if !test.forbidden && body == "" {
					want = []string{"body/empty /response/body"}
				}
				if diff := cmp.Diff(want, idsAndPointers(judge.Check(ex).Findings)); diff != "" {
					t.Errorf("%s, %d with %q, unrecorded %b (-want +got):\n%s", test.method, test.status, body, unrecorded, diff)
				}
			}
		}
	}
}

// TestNoResponses checks that an operation without responses fails at no status, as it promises none.
func TestNoResponses(t *testing.T) {
	judge := newJudge(t, "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths:\n  /pets:\n    get: {summary: All.}\n")
	result := judge.Check(contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/pets"}, Response: contract.Response{Status: 200},
	})
	want := "status/undocumented at /response/status: want a documented response, got 200 (undocumented, small.yaml:5)\n"
	if got := lines(result); got != want || result.Err() != nil {
		t.Errorf("got %q, want %q; error %v", got, want, result.Err())
	}
}
