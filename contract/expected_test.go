package contract_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const shops = `openapi: 3.0.3
info: {title: Shops, version: 1.0.0}
paths:
  /shops/{id}:
    get:
      operationId: showShop
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      x-rules:
        - {id: named, says: It has a name., grade: documented, source: us, rule: '"name" in response.body'}
        - {id: host, says: It has a host., grade: documented, source: us, rule: '"host" in request.headers'}
      responses:
        '200':
          description: A shop.
          headers: {Shop-Age: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Shop'}}}
        '405': {description: No.}
components:
  schemas:
    Shop:
      type: object
      required: [name, kind]
      x-rules: [{id: sized, says: It has a size., grade: documented, source: us, rule: self.size > 0}]
      properties:
        name: {type: string}
        kind: {type: string, enum: [big, small]}
        since: {type: string, format: date}
        size: {type: integer}
`

// TestExpected checks what is judged of a response that a consumer expects: what it has, not what it lacks. All findings are
// the consumer's, and fail it on each grade.
func TestExpected(t *testing.T) {
	judge := newJudge(t, shops)
	for _, test := range []struct {
		name   string
		path   string
		status int
		header http.Header
		body   string
		want   []string
	}{
		{name: "a status"},
		{name: "a member", body: `{"name":"a"}`},
		{name: "no member that is required", body: `{}`},
		{name: "a header", header: http.Header{"Shop-Age": {"7"}}},
		{name: "a registered header", header: http.Header{"Etag": {`"7"`}}},
		{name: "a 405 without Allow", status: 405},
		{name: "a wrong type", body: `{"name":7}`, want: []string{"schema/type /response/body/name"}},
		{name: "a value that cannot come", body: `{"kind":"huge"}`, want: []string{"schema/enum /response/body/kind"}},
		{name: "a wrong format", body: `{"since":"today"}`, want: []string{"schema/format /response/body/since"}},
		{name: "null", body: `{"name":null}`, want: []string{"schema/nullable /response/body/name"}},
		{name: "another member", body: `{"nome":"a"}`, want: []string{"member/undocumented /response/body/nome"}},
		{name: "another status", status: 404, want: []string{"status/undocumented /response/status"}},
		{
			name: "another header", header: http.Header{"Shop-Hue": {"red"}},
			want: []string{"header/undocumented /response/headers/shop-hue"},
		},
		{
			name: "a wrong header", header: http.Header{"Shop-Age": {"old"}},
			want: []string{"header/type /response/headers/shop-age"},
		},
		{
			name: "another media type", header: http.Header{"Content-Type": {"text/csv"}}, body: "a,b",
			want: []string{"media-type/undocumented /response/headers/content-type"},
		},
		{
			name: "another media type without a body", header: http.Header{"Content-Type": {"text/csv"}},
			want: []string{"media-type/undocumented /response/headers/content-type"},
		},
		{name: "a body where there is none", status: 405, body: "no", want: []string{"body/undocumented /response/body"}},
		{name: "another path", path: "/customers/1", want: []string{"path/undocumented /request/path"}},
		{name: "almost the path", path: "/shop/1", want: []string{"path/near-miss /request/path"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := contract.Exchange{Expected: true, Unrecorded: contract.UnrecordedFraming}
			ex.Request = contract.Request{Method: "GET", Target: "/shops/1", Header: http.Header{"Host": {"x"}}}
			ex.Response = contract.Response{Status: 200, Header: test.header, Body: []byte(test.body)}
			if test.path != "" {
				ex.Request.Target = test.path
			}
			if test.status != 0 {
				ex.Response.Status = test.status
			}
			result := judge.Check(ex)
			if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" {
				t.Fatalf("findings (-want +got):\n%s", diff)
			}
			for _, f := range result.Findings {
				if f.Side() != contract.Consumer || !f.Fails(contract.Consumer, spec.Documented) || f.Fails(contract.Provider, spec.Undocumented) {
					t.Errorf("it is the finding of another side: %+v", f)
				}
			}
			if test.path == "" && (!result.Judged || len(result.Errors) > 0) {
				t.Errorf("got judged %t and errors %v", result.Judged, result.Errors)
			}
		})
	}
}

// TestExpectedShowsNoResponse checks that an expected response covers nothing of the document and keeps no rule about responses:
// no provider sent it.
func TestExpectedShowsNoResponse(t *testing.T) {
	judge := newJudge(t, shops)
	ex := contract.Exchange{Expected: true, Unrecorded: contract.UnrecordedFraming}
	ex.Request = contract.Request{Method: "GET", Target: "/shops/1", Header: http.Header{"Host": {"x"}}}
	ex.Response = contract.Response{Status: 200, Header: http.Header{"Shop-Age": {"7"}}, Body: []byte(`{"name":"a","kind":"big","size":1}`)}
	result := judge.Check(ex)
	var covered, passed []string
	for _, node := range result.Covered() {
		covered = append(covered, node.Pointer())
	}
	for _, rule := range result.Passed() {
		passed = append(passed, rule.ID)
	}
	slices.Sort(covered)
	if diff := cmp.Diff([]string{"/paths/~1shops~1{id}/get", "/paths/~1shops~1{id}/get/parameters/0"}, covered); diff != "" {
		t.Errorf("covered (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"showShop/host"}, passed); diff != "" {
		t.Errorf("passed (-want +got):\n%s", diff)
	}
}
