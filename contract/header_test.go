package contract_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestAbsentHeaderIsNotCovered checks that a documented header is covered only if the response has it.
func TestAbsentHeaderIsNotCovered(t *testing.T) {
	judge := newJudge(t, parcels)
	for _, test := range []struct {
		headers []string
		covered bool
	}{
		{headers: []string{"Parcels-Left: 1"}},
		{headers: []string{"Parcels-Left: 1", "Parcels-Late: true"}, covered: true},
	} {
		result := checkRaw(t, judge, send("/parcels", parcel("")), parcelResponse(201, "application/json", parcel(""), test.headers...))
		if got := strings.Contains(strings.Join(contract.CoveredPointers(result), " "), "/headers/Parcels-Late"); got != test.covered {
			t.Errorf("%v: covered %t, want %t in %v", test.headers, got, test.covered, contract.CoveredPointers(result))
		}
	}
}

// TestPartHeaders checks that the headers of a part of a form are judged by the encoding of that part, and of no other.
func TestPartHeaders(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Photos, version: '1'}
paths:
  /photos:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {name: {type: string}, photo: {type: string}, files: {type: array, items: {type: string}}}}
            encoding:
              photo:
                headers:
                  X-Size: {required: true, schema: {type: integer}}
                  X-Auth-Token: {schema: {type: string, maxLength: 1}}
                  Content-Type: {required: true, schema: {enum: [never]}}
              files: {headers: {X-Size: {schema: {type: integer}}, X-Shape: {content: {application/xml: {schema: {type: object}}}}}}
      responses: {'200': {description: Stored.}}
`)
	for _, test := range []struct {
		name       string
		parts      [][]string // the lines of each part's head
		want       []string   // id, pointer, line of the document and what was got
		notChecked []string
	}{
		{name: "no part"},
		{name: "right", parts: [][]string{{`form-data; name="photo"`, "X-Size: 7"}}},
		{
			name: "missing", parts: [][]string{{`form-data; name="photo"`}},
			want: []string{"header/missing /request/body/photo/headers/x-size 14 none"},
		},
		{
			name: "of another type", parts: [][]string{{`form-data; name="photo"`, "x-size: big"}},
			want: []string{`header/type /request/body/photo/headers/x-size 14 string "big"`},
		},
		{
			name: "twice", parts: [][]string{{`form-data; name="photo"`, "X-Size: 7", "X-Size: 8"}},
			want: []string{"header/doubled /request/body/photo/headers/x-size 14 2 times"},
		},
		{
			name: "a secret", parts: [][]string{{`form-data; name="photo"`, "X-Size: 7", "X-Auth-Token: open-sesame"}},
			want: []string{`header/maxLength /request/body/photo/headers/x-auth-token 15 "REDACTED"`},
		},
		{
			name: "one that nothing reads", parts: [][]string{
				{`form-data; name="files"`, "X-Shape: <a/>"}, {`form-data; name="files"`, "X-Shape: <a/>"},
			},
			notChecked: []string{"request part files header X-Shape"},
		},
		{
			name: "of one part of several", parts: [][]string{
				{`form-data; name="files"`}, {`form-data; name="files"`, "X-Size: big"}, {`form-data; name="name"`, "X-Size: big"},
			},
			want: []string{`header/type /request/body/files/headers/x-size 17 string "big"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := ""
			for _, head := range test.parts {
				body += "--x\r\nContent-Disposition: " + strings.Join(head, "\r\n") + "\r\n\r\nA\r\n"
			}
			result := judge.Check(contract.Exchange{
				Request: contract.Request{
					Method: "POST", Target: "/photos", Header: http.Header{"Content-Type": {"multipart/form-data; boundary=x"}},
					Body: []byte(body + "--x--\r\n"),
				},
				Response: contract.Response{Status: 200},
			})
			var got []string
			for _, f := range result.Findings {
				got = append(got, strings.Join([]string{f.ID, f.Pointer, strconv.Itoa(f.Node.Place().Line), f.Got}, " "))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.notChecked, result.NotChecked); diff != "" {
				t.Errorf("not checked (-want +got):\n%s", diff)
			}
		})
	}
}
