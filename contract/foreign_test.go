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
		{"as documented", send(post, body), nil},
		{"lists in both forms", send(post+"?tag=cold&tag=heavy&near=1,2,3", body), nil},
		{"an object in the query", send(post+"?size[width]=1&size[height]=2", body), nil},
		{"an object in the query, escaped", send(post+"?size%5Bwidth%5D=1", body), nil},
		{"a flag", send(post+"?dry=true", body), nil},
		{"a cookie", send(post, body, "Cookie: theme=dark; session=abc"), nil},
		{"a list in a header", send(post, body, "Parcel-Slots: 1, 2,3"), nil},
		{"what only a request may hold", send(post, parcel(`"secret":"x"`)), nil},
		{"no body schema for white space", send(post, " "+body+"\n"), nil},
		{"a path that others have a parameter for", listAll, nil},
		{"escaped digits in the path", "GET /parcels/%37 HTTP/1.1\r\n\r\n", nil},

		{"no key", without(send(post, body), "Parcels-Key"), []string{"credentials/missing /request/headers"}},
		{"an empty key", send(post, body, "Parcels-Key:"), []string{"credentials/missing /request/headers"}},
		{"no required header", without(send(post, body), "Parcel-Ticket"), []string{"parameter/required /request/headers/parcel-ticket"}},
		{"two keys", swap(send(post, body), "\r\n\r\n", "\r\nParcels-Key: another\r\n\r\n"), []string{"credentials/doubled /request/headers/parcels-key"}},
		{"a header of another format", send(post, body, "Parcel-Ticket: 7"), []string{"parameter/format /request/headers/parcel-ticket"}},
		{"a header twice", swap(send(post, body), "\r\n\r\n", "\r\nParcel-Ticket: "+parcelID+"\r\n\r\n"), []string{"parameter/doubled /request/headers/parcel-ticket"}},
		{"a list in a header, of another type", send(post, body, "Parcel-Slots: 1,x"), []string{"parameter/type /request/headers/parcel-slots/1"}},
		{"an element that is not in the enumeration", send(post+"?tag=cold&tag=hot", body), []string{"parameter/enum /request/query/tag/1"}},
		{"too many elements", send(post+"?tag=cold&tag=cold&tag=cold&tag=cold", body), []string{"parameter/maxItems /request/query/tag"}},
		{"an element below the minimum", send(post+"?near=1,-1", body), []string{"parameter/minimum /request/query/near/1"}},
		{"an element of another type", send(post+"?near=1,x", body), []string{"parameter/type /request/query/near/1"}},
		{"a flag of another type", send(post+"?dry=yes", body), []string{"parameter/type /request/query/dry"}},
		{"a cookie that is too short", send(post, body, "Cookie: session=ab"), []string{"parameter/minLength /request/headers/cookie"}},
		{"a parameter that nobody knows", send(post+"?sizes[width]=1", body), []string{"parameter/undocumented /request/query/sizes[width]"}},
		{"a path below the minimum", "GET /parcels/0 HTTP/1.1\r\n\r\n", []string{"parameter/minimum /request/path/parcel_id"}},
		{"a path of another type", "GET /parcels/seven HTTP/1.1\r\n\r\n", []string{"parameter/type /request/path/parcel_id"}},
		{"no body", send(post, ""), []string{"body/empty /request/body"}},
		{"a body that is no JSON", send(post, "{"), []string{"body/truncated /request/body"}},
		{"a body of another media type", send(post, body, "Content-Type: text/plain"), []string{"media-type/undocumented /request/headers/content-type"}},
		{"a body without a media type", without(send(post, body), "Content-Type"), []string{"media-type/missing /request/headers/content-type"}},
		{"a body against its schema", send(post, parcel(`"weight":0`)), []string{"schema/minimum /request/body/weight"}},
		{"what only a response may hold", send(post, parcel(`"state":"sent"`)), []string{"schema/readOnly /request/body/state"}},
		{"a body where none is documented", swap(showOne, "\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n{}"), []string{"body/undocumented /request/body"}},
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
		{"created", post, parcelResponse(201, "application/json", parcel(""), "Parcels-Left: 3"), nil},
		{"as text", post, parcelResponse(201, "text/plain; charset=iso-8859-1", "Gr\xfc\xdfe", "Parcels-Left: 3"), nil},
		{"no body", post, parcelResponse(202, "", ""), nil},
		{"a status of a range", post, parcelResponse(418, "application/problem+json", problem), nil},
		{"a status of the default", post, parcelResponse(500, "application/json; charset=utf-8", problem), nil},
		{"another one, another spelling", post, parcelResponse(302, "Application/JSON;charset=UTF-8", problem), nil},
		{"the default without its charset", post, parcelResponse(500, "application/json", problem), nil},
		{"a media type of a range", listAll, parcelResponse(200, "application/vnd.parcels+json", "["+parcel("")+"]"), nil},
		{"a media type of a range that is no JSON", listAll, parcelResponse(200, "application/pdf", "%PDF"), nil},
		{"a list in a header", post, parcelResponse(202, "", "", "Parcels-Seen: 1, 2"), []string{"header/undocumented /response/headers/parcels-seen"}},
		{"a list in a header, in two lines", post, parcelResponse(201, "text/plain", "", "Parcels-Left: 3", "Parcels-Seen: 1", "Parcels-Seen: 2"), []string{"body/empty /response/body"}},
		{"a list in a header, empty", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Late: false"), nil},

		{"a header missing", post, parcelResponse(201, "text/plain", "x"), []string{"header/missing /response/headers/parcels-left"}},
		{"a header of another type", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: few"), []string{"header/type /response/headers/parcels-left"}},
		{"a header with a fraction", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 1.5"), []string{"header/type /response/headers/parcels-left"}},
		{"a header like JSON's true", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: true"), []string{"header/type /response/headers/parcels-left"}},
		{"an empty header", post, parcelResponse(201, "text/plain", "x", "Parcels-Left:"), []string{"header/type /response/headers/parcels-left"}},
		{"a header below its minimum", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: -1"), []string{"header/minimum /response/headers/parcels-left"}},
		{"a header beyond int32", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 2147483648"), []string{"header/format /response/headers/parcels-left"}},
		{"a header twice", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Left: 3"), []string{"header/doubled /response/headers/parcels-left"}},
		{"a list in a header, too long", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Seen: 1,2,3"), []string{"header/maxItems /response/headers/parcels-seen"}},
		{"a list in a header, of another type", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Seen: 1,x"), []string{"header/type /response/headers/parcels-seen/1"}},
		{"a list in a header, too long in two lines", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Seen: 1,2", "Parcels-Seen: 3"), []string{"header/maxItems /response/headers/parcels-seen"}},
		{"a flag in a header, of another type", post, parcelResponse(201, "text/plain", "x", "Parcels-Left: 3", "Parcels-Late: 1"), []string{"header/type /response/headers/parcels-late"}},
		{"a body where none is documented", post, parcelResponse(202, "text/plain", "x"), []string{"body/undocumented /response/body"}},
		{"the media type of another status", post, parcelResponse(400, "application/json", problem), []string{"media-type/undocumented /response/headers/content-type"}},
		{"the schema of a range", post, parcelResponse(400, "application/problem+json", "{}"), []string{"schema/required /response/body/title"}},
		{"the schema of the default", post, parcelResponse(500, "application/json; charset=utf-8", "{}"), []string{"schema/required /response/body/title"}},
		{"the schema of a media type of a range", listAll, parcelResponse(200, "application/vnd.parcels+json", "[{}]"), []string{"schema/required /response/body/0/id"}},
		{"null instead of a list", listAll, parcelResponse(200, "application/json", "null"), []string{"schema/nullable /response/body"}},
		{"a status that nobody knows", listAll, parcelResponse(201, "application/json", "[]"), []string{"status/undocumented /response/status"}},
		{"interim and cut off", listAll, "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[", []string{"framing/content-length /response/headers/content-length", "body/truncated /response/body"}},
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
		{[]string{"Parcels-Left: 1"}, false},
		{[]string{"Parcels-Left: 1", "Parcels-Late: true"}, true},
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
		{"none", "GET /things HTTP/1.1\r\n\r\n", []string{"One and Two or Three: none"}},
		{"the first", "GET /things HTTP/1.1\r\nKey-One: a\r\n\r\n", []string{"One and Two or Three: only One"}},
		{"the last", "GET /things HTTP/1.1\r\nKey-Two: b\r\n\r\n", []string{"One and Two or Three: only Two"}},
		{"both", "GET /things HTTP/1.1\r\nKey-One: a\r\nKey-Two: b\r\n\r\n", nil},
		{"the alternative", "GET /things?three=c HTTP/1.1\r\n\r\n", nil},
		{"one and the alternative", "GET /things?three=c HTTP/1.1\r\nKey-Two: b\r\n\r\n", nil},
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
		{"GET", 101, true}, {"GET", 199, true}, {"GET", 204, true}, {"GET", 304, true}, {"HEAD", 200, true}, {"HEAD", 404, true},
		{"GET", 200, false}, {"GET", 206, false}, {"GET", 303, false}, {"GET", 404, false},
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
		{"brotli, as documented", "br", "\x8b\x00\x80[]\x03", nil},
		{"brotli, another type", "br", "\x8b\x00\x80{}\x03", []string{"schema/type /response/body"}},
		{"zstd, as documented", "zstd", "\x28\xb5\x2f\xfd\x00\x58\x11\x00\x00[]", nil},
		{"zstd, another type", "zstd", "\x28\xb5\x2f\xfd\x00\x58\x11\x00\x00{}", []string{"schema/type /response/body"}},
		{"brotli cut off", "br", "\x8b\x00\x80[]", []string{"content-encoding/corrupt /response/headers/content-encoding"}},
		{"a coding that nobody knows", "zap", "[]", []string{"content-encoding/unknown /response/headers/content-encoding"}},
	} {
		result := checkRaw(t, judge, "GET /things HTTP/1.1\r\n\r\n", parcelResponse(200, "application/json", test.body, "Content-Encoding: "+test.coding))
		if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" {
			t.Errorf("%s: ids and pointers (-want +got):\n%s", test.name, diff)
		}
	}
}
