package contract_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestNotChecked holds that a body that nothing here reads is neither right nor wrong, and is said to be so.
func TestNotChecked(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      requestBody: {content: {application/xml: {schema: {type: object}}}}
      responses:
        '200':
          description: All.
          content:
            application/xml: {schema: {type: array}}
            application/json: {schema: {type: array}}
            image/png: {}
`)
	for _, test := range []struct {
		asked, answered, body string
		want                  []string
	}{
		{"application/xml", "application/xml", "<a/>", []string{"request body in application/xml", "response body in application/xml"}},
		{"application/xml", "application/json", "[]", []string{"request body in application/xml"}},
		{"application/xml", "image/png", "x", []string{"request body in application/xml"}},
	} {
		result := judge.Check(contract.Exchange{
			Request:  contract.Request{Method: "POST", Target: "/things", Header: http.Header{"Content-Type": {test.asked}}, Body: []byte("<a/>")},
			Response: contract.Response{Status: 200, Header: http.Header{"Content-Type": {test.answered}}, Body: []byte(test.body)},
		})
		if diff := cmp.Diff(test.want, result.NotChecked); diff != "" || result.Err() != nil {
			t.Errorf("%s: %v, not checked (-want +got):\n%s", test.answered, result.Err(), diff)
		}
	}
}
