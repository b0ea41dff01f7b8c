package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRequests judges requests by a document that has parameters of every kind, and a body.
func TestRequests(t *testing.T) {
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
			name: "an undocumented parameter", raw: send(post+"?sizes[width]=1", body),
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
