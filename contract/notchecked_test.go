package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestNotChecked checks that a body without a reader neither passes nor fails, and is listed as not checked.
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
		request, response, body string
		want                    []string
	}{
		{
			request: "application/xml", response: "application/xml", body: "<a/>",
			want: []string{"request body in application/xml", "response body in application/xml"},
		},
		{request: "application/xml", response: "application/json", body: "[]", want: []string{"request body in application/xml"}},
		{request: "application/xml", response: "image/png", body: "x", want: []string{"request body in application/xml"}},
	} {
		result := judge.Check(contract.Exchange{
			Request: contract.Request{
				Method: "POST", Target: "/things", Header: http.Header{"Content-Type": {test.request}}, Body: []byte("<a/>"),
			},
			Response: contract.Response{Status: 200, Header: http.Header{"Content-Type": {test.response}}, Body: []byte(test.body)},
		})
		if diff := cmp.Diff(test.want, result.NotChecked); diff != "" || result.Err() != nil {
			t.Errorf("%s: %v, not checked (-want +got):\n%s", test.response, result.Err(), diff)
		}
	}
}

// TestNotCheckedParts checks that each part of an exchange without a reader is listed once, and nothing that the exchange does not
// have.
func TestNotCheckedParts(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /plain: {get: {responses: {'200': {description: Done., links: {}}}, callbacks: {}}}
  /callbacks:
    get:
      callbacks: {changed: {'{$request.query.url}': {post: {responses: {'200': {description: Heard.}}}}}}
      responses: {'200': {description: Done.}}
  /links: {get: {responses: {'200': {description: Done., links: {next: {operationId: a}}}, '404': {description: None.}}}}
  /parameters:
    get:
      parameters:
        - {name: odd, in: query, style: spiral, schema: {type: integer}}
        - {name: xml, in: query, content: {application/xml: {schema: {type: object}}}}
        - {name: text, in: query, content: {application/xml: {schema: {type: string}}}}
        - {name: any, in: query, content: {application/xml: {}}}
        - {name: none, in: query, style: spiral}
        - {name: flag, in: query, allowEmptyValue: true, schema: {type: integer}}
        - {name: X-Odd, in: header, content: {application/xml: {schema: {type: array}}}}
        - {name: crumb, in: cookie, style: spiral, schema: {type: integer}}
      responses: {'200': {description: Done.}}
  /odd/{id}:
    get:
      parameters: [{name: id, in: path, required: true, style: spiral, schema: {type: integer}}]
      responses: {'200': {description: Done.}}
  /headers:
    get:
      responses:
        '200':
          description: Done.
          headers: {X-Shape: {content: {application/xml: {schema: {type: object}}}}, X-Size: {schema: {type: integer}}}
  /untyped: {get: {responses: {'200': {description: Done., content: {application/xml: {schema: {type: object}}}}}}}
`)
	for _, test := range []struct {
		name, target string
		request      http.Header
		status       int
		response     http.Header
		body         string
		unrecorded   contract.Unrecorded
		want         []string
	}{
		{name: "nothing that is not checked", target: "/plain"},
		{name: "callbacks", target: "/callbacks", want: []string{"callbacks"}},
		{name: "callbacks without a response", target: "/callbacks", unrecorded: contract.UnrecordedResponse, want: []string{"callbacks"}},
		{name: "links", target: "/links", want: []string{"response links"}},
		{name: "a response without links", target: "/links", status: 404},
		{name: "a style without a reader", target: "/parameters?odd=x", want: []string{"query parameter odd"}},
		{name: "twice", target: "/parameters?odd=x&odd=y", want: nil},
		{name: "a media type without a reader", target: "/parameters?xml=x", want: []string{"query parameter xml"}},
		{name: "texts, and what has no schema", target: "/parameters?text=x&any=x&none=x"},
		{name: "a parameter that may be empty", target: "/parameters?flag="},
		{
			name: "a header of the request", target: "/parameters", request: http.Header{"X-Odd": {"x"}},
			want: []string{"header parameter X-Odd"},
		},
		{
			name: "a cookie", target: "/parameters", request: http.Header{"Cookie": {"crumb=x"}},
			want: []string{"cookie parameter crumb"},
		},
		{name: "a path", target: "/odd/x", want: []string{"path parameter id"}},
		{
			name: "a header of the response", target: "/headers", response: http.Header{"X-Shape": {"x"}, "X-Size": {"1"}},
			want: []string{"response header X-Shape"},
		},
		{name: "a header that was not sent", target: "/headers"},
		{
			name: "a body of an unrecorded media type", target: "/untyped", body: "<a/>", unrecorded: contract.UnrecordedResponseHeaders,
			want: []string{"response body of unknown media type"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := judge.Check(contract.Exchange{
				Request:    contract.Request{Method: "GET", Target: test.target, Header: test.request},
				Response:   contract.Response{Status: max(test.status, 200), Header: test.response, Body: []byte(test.body)},
				Unrecorded: test.unrecorded,
			})
			if diff := cmp.Diff(test.want, result.NotChecked); diff != "" || result.Err() != nil {
				t.Errorf("%v, not checked (-want +got):\n%s", result.Findings, diff)
			}
		})
	}
}

// TestNotCheckedOnce checks that a part of both responses to a repeated request is listed once.
func TestNotCheckedOnce(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths: {/a: {get: {callbacks: {b: {c: {}}}, responses: {'200': {description: Done., links: {next: {operationId: a}}}}}}}
`)
	answer := contract.Response{Status: 200}
	request := contract.Request{Method: "GET", Target: "/a"}
	result := judge.Check(contract.Exchange{Request: request, Response: answer, Previous: &answer, Probe: "repeat"})
	if diff := cmp.Diff([]string{"callbacks", "response links"}, result.NotChecked); diff != "" {
		t.Errorf("not checked (-want +got):\n%s", diff)
	}
}

// TestNotCheckedByRules checks that a rule about a body without a reader does not apply.
func TestNotCheckedByRules(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /a:
    get:
      x-rules: [{id: one, says: It is one., grade: documented, source: us, rule: response.body.a == 1}]
      responses: {'200': {description: Done., content: {application/xml: {schema: {type: object}}, image/png: {}}}}
`)
	for _, test := range []struct {
		mediaType  string
		unrecorded contract.Unrecorded
	}{
		{mediaType: "application/xml"}, {mediaType: "image/png"},
		{unrecorded: contract.UnrecordedResponseHeaders}, // its media type is unknown
	} {
		header := http.Header{}
		if test.mediaType != "" {
			header.Set("Content-Type", test.mediaType)
		}
		result := judge.Check(contract.Exchange{
			Request:  contract.Request{Method: "GET", Target: "/a"},
			Response: contract.Response{Status: 200, Header: header, Body: []byte("x")}, Unrecorded: test.unrecorded,
		})
		if result.Err() != nil || len(result.Passed()) > 0 {
			t.Errorf("%s: got %v, passed %v", test.mediaType, result.Err(), result.Passed())
		}
	}
}

// TestNotCheckedIsNotCovered checks that coverage does not count what was not checked.
func TestNotCheckedIsNotCovered(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /a:
    get:
      parameters:
        - {name: odd, in: query, style: spiral, schema: {type: integer}}
        - {name: even, in: query, schema: {type: integer}}
      responses:
        '200':
          description: Done.
          headers: {X-Shape: {content: {application/xml: {schema: {type: object}}}}, X-Size: {schema: {type: integer}}}
          content: {application/xml: {schema: {type: object}}, image/png: {}}
`)
	for _, test := range []struct {
		name, sent string
		want       []string // below the operation
		unchecked  []string // the same
	}{
		{
			name: "a body that is not checked", sent: "application/xml",
			want:      []string{"", "/parameters/1", "/responses/200", "/responses/200/headers/X-Size"},
			unchecked: []string{"/parameters/0", "/responses/200/headers/X-Shape", "/responses/200/content/application~1xml"},
		},
		{
			name: "a body without a schema", sent: "image/png",
			want: []string{
				"", "/parameters/1", "/responses/200", "/responses/200/content/image~1png", "/responses/200/headers/X-Size",
			},
			unchecked: []string{"/parameters/0", "/responses/200/headers/X-Shape"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {test.sent}, "X-Shape": {"x"}, "X-Size": {"1"}}
			result := judge.Check(contract.Exchange{
				Request:  contract.Request{Method: "GET", Target: "/a?odd=1&even=2"},
				Response: contract.Response{Status: 200, Header: header, Body: []byte("x")},
			})
			pointers := func(parts []*spec.Node) (list []string) {
				for _, n := range parts {
					list = append(list, strings.TrimPrefix(n.Pointer(), "/paths/~1a/get"))
				}
				return list
			}
			if diff := cmp.Diff(test.want, pointers(result.Covered())); diff != "" {
				t.Errorf("covered (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unchecked, pointers(result.Unchecked())); diff != "" {
				t.Errorf("unchecked (-want +got):\n%s", diff)
			}
		})
	}
}
