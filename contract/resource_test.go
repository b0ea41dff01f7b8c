package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestUnknownResource checks which responses are right for a resource that does not exist, by the responses that a document
// lists. Each finding but those about an undocumented status and a failure is inferred.
func TestUnknownResource(t *testing.T) {
	const (
		wrong        = "status/unknown-resource"
		undocumented = "status/undocumented"
		failed       = "status/server-error"
		resource     = "member/of-resource"
	)
	refusal := func(status string) string {
		return "        " + status + ": {description: No., content: {application/json: {" +
			"schema: {type: object, properties: {reason: {type: string}, about: {type: string}}}}}}\n"
	}
	for _, test := range []struct {
		name, listed string // beside 200
		status       int
		body         string
		want         []string
	}{
		{name: "the listed refusal", listed: refusal("'404'"), status: 404, body: `{"reason":"x"}`},
		{name: "a refusal of the listed range", listed: refusal("4XX"), status: 410, body: `{"reason":"x"}`},
		{name: "a refusal by default", listed: refusal("default"), status: 404, body: `{"reason":"x"}`},
		{name: "as the resource of another account", listed: refusal("'403'"), status: 403, body: `{"reason":"x"}`},
		{name: "success", listed: refusal("'404'"), status: 200, body: `{"name":"x","owner":"y"}`, want: []string{wrong}},
		{
			name: "the credentials were right", listed: refusal("'401'") + refusal("'404'"), status: 401, body: `{"reason":"x"}`,
			want: []string{wrong},
		},
		{
			name: "the credentials were right, by default", listed: refusal("default"), status: 401, body: `{"reason":"x"}`,
			want: []string{wrong},
		},
		{name: "nothing but 401 is listed", listed: refusal("'401'"), status: 401, body: `{"reason":"x"}`},
		{
			name: "another refusal than the listed one", listed: refusal("'404'"), status: 418, body: `{"reason":"x"}`,
			want: []string{undocumented},
		},
		{name: "a listed failure", listed: refusal("'404'") + refusal("'500'"), status: 500, body: `{"reason":"x"}`, want: []string{failed}},
		{name: "elsewhere", listed: refusal("'404'") + refusal("'302'"), status: 302, body: `{"reason":"x"}`, want: []string{wrong}},
		{
			name: "a member of the resource", listed: refusal("'404'"), status: 404, body: `{"reason":"x","owner":"y"}`,
			want: []string{"member/undocumented", resource},
		},
		{name: "a member that refusals have too", listed: refusal("'404'"), status: 404, body: `{"reason":"x","about":"y"}`},
		{
			name: "the id of the path", listed: refusal("'404'"), status: 404, body: `{"reason":"x","name":"nobody"}`,
			want: []string{"member/undocumented"},
		},
		{name: "the refusal is not described", listed: "        '404': {description: No.}\n", status: 404, body: `{"name":"x"}`},
		{name: "no refusal is listed, success", status: 200, body: `{"name":"x"}`},
		{name: "no refusal is listed, refused", status: 404, body: `{"name":"x"}`},
		{name: "no refusal is listed, failed", status: 500, body: `{}`, want: []string{failed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := newJudge(t, `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/{name}:
    get:
      operationId: show
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: It.
          content:
            application/json:
              schema:
                allOf:
                  - {type: object, properties: {name: {type: string}}}
                  - {type: object, properties: {owner: {type: string}, about: {type: string}}}
`+test.listed)
			request, err := contract.ParseRequest([]byte("GET /things/nobody HTTP/1.1\r\nHost: x\r\n\r\n"))
			if err != nil {
				t.Fatal(err)
			}
			response, err := contract.ParseResponse(fmt.Appendf(nil,
				"HTTP/1.1 %d Status\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				test.status, len(test.body), test.body))
			if err != nil {
				t.Fatal(err)
			}
			v := judge.Check(contract.Exchange{Request: request, Response: response, Probe: spec.UnknownResource})
			var got []string
			for _, f := range v.Findings {
				if strings.HasPrefix(f.ID, "media-type/") || strings.HasPrefix(f.ID, "body/") {
					continue // a body that is not described
				}
				got = append(got, f.ID)
				if inferred := f.Evidence.Grade == spec.Inferred; inferred != (f.ID == wrong || f.ID == resource) {
					t.Errorf("%s is %s", f.ID, f.Evidence.Grade)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s%s", diff, lines(v))
			}
		})
	}
}

// TestUnknownResourceByRule checks that a rule about the probe decides which statuses are right.
func TestUnknownResourceByRule(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/{name}:
    get:
      operationId: show
      x-rules:
        - {id: absent, says: What does not exist gets 404., grade: documented, source: manual, probe: unknown-resource}
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: It.}
        '403': {description: No.}
        '404': {description: No., x-error-codes: {at: /code, codes: [{code: A, message: No., when: unknown-resource}]}}
`)
	for status, want := range map[int]string{403: "show/absent", 404: ""} {
		ex := contract.Exchange{
			Request: contract.Request{Method: "GET", Target: "/things/nobody"}, Response: contract.Response{Status: status},
			Probe: spec.UnknownResource,
		}
		got := ""
		for _, f := range judge.Check(ex).Findings {
			got += f.ID
		}
		if got != want {
			t.Errorf("%d: got %q, want %q", status, got, want)
		}
	}
}
