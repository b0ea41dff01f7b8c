package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestForeignRequests judges requests by a document that has parameters of every kind, and a body.
func TestForeignRequests(t *testing.T) {
	judge := newJudge(t, parcels)
	const post = "/parcels"
	body := parcel("")
	for _, test := range []struct {
		name, raw string
		want      []string // id and pointer
	}{
		{name: "as documented", raw: send(post, body)},
		{name: "lists in both forms", raw: send(post+"?tag=cold&tag=heavy&near=1,2,3", body)},
		{name: "an object in the query", raw: send(post+"?size[width]=1&size[height]=2", body)},
		{name: "an object in the query, escaped", raw: send(post+"?size%5Bwidth%5D=1", body)},
		{name: "a flag", raw: send(post+"?dry=true", body)},
		{name: "a cookie", raw: send(post, body, "Cookie: theme=dark; session=abc")},
		{name: "a list in a header", raw: send(post, body, "Parcel-Slots: 1, 2,3")},
		{name: "what only a request may hold", raw: send(post, parcel(`"secret":"x"`))},
		{name: "no body schema for white space", raw: send(post, " "+body+"\n")},
		{name: "a path that others have a parameter for", raw: listAll},
		{name: "escaped digits in the path", raw: "GET /parcels/%37 HTTP/1.1\r\n\r\n"},

		{name: "no key", raw: without(send(post, body), "Parcels-Key"), want: []string{"credentials/missing /request/headers"}},
		{name: "an empty key", raw: send(post, body, "Parcels-Key:"), want: []string{"credentials/missing /request/headers"}},
		{
			name: "no required header", raw: without(send(post, body), "Parcel-Ticket"),
			want: []string{"parameter/required /request/headers/parcel-ticket"},
		},
		{
			name: "two keys", raw: swap(send(post, body), "\r\n\r\n", "\r\nParcels-Key: another\r\n\r\n"),
			want: []string{"credentials/doubled /request/headers/parcels-key"},
		},
		{
			name: "a header of another format", raw: send(post, body, "Parcel-Ticket: 7"),
			want: []string{"parameter/format /request/headers/parcel-ticket"},
		},
		{
			name: "a header twice", raw: swap(send(post, body), "\r\n\r\n", "\r\nParcel-Ticket: "+parcelID+"\r\n\r\n"),
			want: []string{"parameter/doubled /request/headers/parcel-ticket"},
		},
		{
			name: "a list in a header, of another type", raw: send(post, body, "Parcel-Slots: 1,x"),
			want: []string{"parameter/type /request/headers/parcel-slots/1"},
		},
		{
			name: "an element that is not in the enumeration", raw: send(post+"?tag=cold&tag=hot", body),
			want: []string{"parameter/enum /request/query/tag/1"},
		},
		{
			name: "too many elements", raw: send(post+"?tag=cold&tag=cold&tag=cold&tag=cold", body),
			want: []string{"parameter/maxItems /request/query/tag"},
		},
		{
			name: "an element below the minimum", raw: send(post+"?near=1,-1", body),
			want: []string{"parameter/minimum /request/query/near/1"},
		},
		{name: "an element of another type", raw: send(post+"?near=1,x", body), want: []string{"parameter/type /request/query/near/1"}},
		{name: "a flag of another type", raw: send(post+"?dry=yes", body), want: []string{"parameter/type /request/query/dry"}},
		{
			name: "a cookie that is too short", raw: send(post, body, "Cookie: session=ab"),
			want: []string{"parameter/minLength /request/headers/cookie"},
		},
		{
			name: "a parameter that nobody knows", raw: send(post+"?sizes[width]=1", body),
			want: []string{"parameter/undocumented /request/query/sizes[width]"},
		},
		{
			name: "a path below the minimum", raw: "GET /parcels/0 HTTP/1.1\r\n\r\n",
			want: []string{"parameter/minimum /request/path/parcel_id"},
		},
		{
			name: "a path of another type", raw: "GET /parcels/seven HTTP/1.1\r\n\r\n",
			want: []string{"parameter/type /request/path/parcel_id"},
		},
		{name: "no body", raw: send(post, ""), want: []string{"body/empty /request/body"}},
		{name: "a body that is no JSON", raw: send(post, "{"), want: []string{"body/truncated /request/body"}},
		{
			name: "a body of another media type", raw: send(post, body, "Content-Type: text/plain"),
			want: []string{"media-type/undocumented /request/headers/content-type"},
		},
		{
			name: "a body without a media type", raw: without(send(post, body), "Content-Type"),
			want: []string{"media-type/missing /request/headers/content-type"},
		},
		{name: "a body against its schema", raw: send(post, parcel(`"weight":0`)), want: []string{"schema/minimum /request/body/weight"}},
		{
			name: "what only a response may hold", raw: send(post, parcel(`"state":"sent"`)),
			want: []string{"schema/readOnly /request/body/state"},
		},
		{
			name: "a body where none is documented", raw: swap(showOne, "\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n{}"),
			want: []string{"body/undocumented /request/body"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := parcelResponse(200, "application/json", parcel(""))
			switch {
			case strings.HasPrefix(test.raw, "POST"):
				response = parcelResponse(202, "", "")
			case strings.Contains(test.raw, "mine"):
				response = parcelResponse(200, "application/json", "[]")
			}
			v := checkRaw(t, judge, test.raw, response)
			if diff := cmp.Diff(test.want, idsAndPointers(v.Findings)); diff != "" || !v.Judged || len(v.Errors) > 0 {
				t.Errorf("judged: %t, errors: %v, ids and pointers (-want +got):\n%s%s", v.Judged, v.Errors, diff, lines(v))
			}
		})
	}
}

// TestForeignResponses judges statuses, headers and media types that our two documents do not have.
func TestForeignResponses(t *testing.T) {
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
			name: "a status that nobody knows", request: listAll, raw: parcelResponse(201, "application/json", "[]"),
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

// TestKeyInTheQuery holds that a credential is neither a parameter that nobody knows nor shown, wherever it is sent.
func TestKeyInTheQuery(t *testing.T) {
	judge := newJudge(t, swap(parcels, "in: header, name: Parcels-Key", "in: query, name: key"))
	v := checkRaw(t, judge, without(send("/parcels?key=s3cr3t-key-of-mine", parcel("")), "Parcels-Key"), parcelResponse(500, "text/s3cr3t-key-of-mine", "x"))
	if diff := cmp.Diff([]string{"media-type/undocumented"}, idsOf(v)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if where := leak(v, "s3cr3t-key-of-mine"); where != "" {
		t.Errorf("the key is shown: %s", where)
	}
}

// TestCredentialsInAuthorization holds that each kind of scheme that has its credential in Authorization has only one there.
func TestCredentialsInAuthorization(t *testing.T) {
	for name, scheme := range map[string]string{
		"http":          "{type: http, scheme: bearer}",
		"oauth2":        "{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {}}}}",
		"openIdConnect": "{type: openIdConnect, openIdConnectUrl: 'https://example.com/openid'}",
	} {
		judge := newJudge(t, swap(parcels, "{type: apiKey, in: header, name: Parcels-Key}", scheme))
		twice := "GET /parcels/7 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"
		result := checkRaw(t, judge, twice, parcelResponse(200, "application/json", parcel("")))
		if diff := cmp.Diff([]string{"credentials/doubled /request/headers/authorization"}, idsAndPointers(result.Findings)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestAbsentHeaderIsNotSeen holds that a documented header counts as seen only where it was.
func TestAbsentHeaderIsNotSeen(t *testing.T) {
	judge := newJudge(t, parcels)
	for _, test := range []struct {
		headers []string
		seen    bool
	}{
		{headers: []string{"Parcels-Left: 1"}},
		{headers: []string{"Parcels-Left: 1", "Parcels-Late: true"}, seen: true},
	} {
		result := checkRaw(t, judge, send("/parcels", parcel("")), parcelResponse(201, "application/json", parcel(""), test.headers...))
		if got := strings.Contains(strings.Join(contract.CoveredPointers(result), " "), "/headers/Parcels-Late"); got != test.seen {
			t.Errorf("%v: seen %t, want %t in %v", test.headers, got, test.seen, contract.CoveredPointers(result))
		}
	}
}

// TestSchemesNeededAtOnce holds that of two schemes in one requirement both must be there, whichever comes first.
func TestSchemesNeededAtOnce(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Two keys, version: '1'}
security: [{One: [], Two: []}, {Three: []}]
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Done.}}
components:
  securitySchemes:
    One: {type: apiKey, in: header, name: Key-One}
    Two: {type: apiKey, in: header, name: Key-Two}
    Three: {type: apiKey, in: query, name: three}
`)
	for _, test := range []struct {
		name, request string
		want          []string // what was wanted and got
	}{
		{name: "none", request: "GET /things HTTP/1.1\r\n\r\n", want: []string{"One and Two or Three: none"}},
		{name: "the first", request: "GET /things HTTP/1.1\r\nKey-One: a\r\n\r\n", want: []string{"One and Two or Three: only One"}},
		{name: "the last", request: "GET /things HTTP/1.1\r\nKey-Two: b\r\n\r\n", want: []string{"One and Two or Three: only Two"}},
		{name: "both", request: "GET /things HTTP/1.1\r\nKey-One: a\r\nKey-Two: b\r\n\r\n"},
		{name: "the alternative", request: "GET /things?three=c HTTP/1.1\r\n\r\n"},
		{name: "one and the alternative", request: "GET /things?three=c HTTP/1.1\r\nKey-Two: b\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, d := range checkRaw(t, judge, test.request, parcelResponse(200, "", "")).Findings {
				got = append(got, d.Want+": "+d.Got)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestForbiddenBodies holds that an answer without a body by HTTP's rules has none, also where its document describes
// one and where the source of the exchange shows no framing.
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
		{method: "GET", status: 101, forbidden: true}, {method: "GET", status: 199, forbidden: true}, {method: "GET", status: 204, forbidden: true}, {method: "GET", status: 304, forbidden: true}, {method: "HEAD", status: 200, forbidden: true}, {
			method: "HEAD", status: 404, forbidden: true,
		},
		{method: "GET", status: 200}, {method: "GET", status: 206}, {method: "GET", status: 303}, {method: "GET", status: 404},
	} {
		for _, unseen := range []contract.Unrecorded{0, contract.UnrecordedFraming, contract.UnrecordedResponseHeaders} {
			for _, body := range []string{"", "{}"} {
				ex := get(test.status, body)
				ex.Request.Method, ex.Unrecorded = test.method, unseen
				ex.Request.Header = http.Header{"If-None-Match": {`"a"`}}
				var want []string
				if test.forbidden && body != "" {
					want = []string{"framing/body-forbidden /response/body"}
				}
				if !test.forbidden && body == "" {
					want = []string{"body/empty /response/body"}
				}
				if diff := cmp.Diff(want, idsAndPointers(judge.Check(ex).Findings)); diff != "" {
					t.Errorf("%s, %d with %q, unseen %b (-want +got):\n%s", test.method, test.status, body, unseen, diff)
				}
			}
		}
	}
}

// TestNoResponses holds that an operation without responses fails at no status: it promises none.
func TestNoResponses(t *testing.T) {
	judge := newJudge(t, "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths:\n  /pets:\n    get: {summary: All.}\n")
	result := judge.Check(contract.Exchange{Request: contract.Request{Method: "GET", Target: "/pets"}, Response: contract.Response{Status: 200}})
	want := "status/undocumented at /response/status: want a documented response, got 200 (undocumented, small.yaml:5)\n"
	if got := lines(result); got != want || result.Err() != nil {
		t.Errorf("got %q, want %q; error %v", got, want, result.Err())
	}
}

// TestCodings holds that a packed body is judged as what it says, in each coding that browsers and clients accept.
func TestCodings(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Packed, version: '1'}
paths:
  /things:
    get: {operationId: listThings, responses: {'200': {description: All., content: {application/json: {schema: {type: array}}}}}}
`)
	for _, test := range []struct {
		name, coding, body string
		want               []string
	}{
		{name: "brotli, as documented", coding: "br", body: "\x8b\x00\x80[]\x03"},
		{name: "brotli, another type", coding: "br", body: "\x8b\x00\x80{}\x03", want: []string{"schema/type /response/body"}},
		{name: "zstd, as documented", coding: "zstd", body: "\x28\xb5\x2f\xfd\x00\x58\x11\x00\x00[]"},
		{
			name: "zstd, another type", coding: "zstd", body: "\x28\xb5\x2f\xfd\x00\x58\x11\x00\x00{}",
			want: []string{"schema/type /response/body"},
		},
		{
			name: "brotli cut off", coding: "br", body: "\x8b\x00\x80[]",
			want: []string{"content-encoding/corrupt /response/headers/content-encoding"},
		},
		{
			name: "a coding that nobody knows", coding: "zap", body: "[]",
			want: []string{"content-encoding/unknown /response/headers/content-encoding"},
		},
	} {
		result := checkRaw(t, judge, "GET /things HTTP/1.1\r\n\r\n", parcelResponse(200, "application/json", test.body, "Content-Encoding: "+test.coding))
		if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" {
			t.Errorf("%s: ids and pointers (-want +got):\n%s", test.name, diff)
		}
	}
}
