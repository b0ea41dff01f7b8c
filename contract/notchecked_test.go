package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
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
		{
			asked: "application/xml", answered: "application/xml", body: "<a/>",
			want: []string{"request body in application/xml", "response body in application/xml"},
		},
		{asked: "application/xml", answered: "application/json", body: "[]", want: []string{"request body in application/xml"}},
		{asked: "application/xml", answered: "image/png", body: "x", want: []string{"request body in application/xml"}},
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

// TestNotCheckedParts holds that the parts of an exchange that the judge does not look at are named once each, and that nothing
// is said of what the exchange does not have.
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
		asked        http.Header
		status       int
		answered     http.Header
		body         string
		unseen       contract.Unrecorded
		want         []string
	}{
		{name: "nothing that is not checked", target: "/plain"},
		{name: "callbacks", target: "/callbacks", want: []string{"callbacks"}},
		{name: "callbacks without a response", target: "/callbacks", unseen: contract.UnrecordedResponse, want: []string{"callbacks"}},
		{name: "links", target: "/links", want: []string{"response links"}},
		{name: "a response without links", target: "/links", status: 404},
		{name: "a style that nothing reads", target: "/parameters?odd=x", want: []string{"query parameter odd"}},
		{name: "twice", target: "/parameters?odd=x&odd=y", want: nil},
		{name: "a media type that nothing reads", target: "/parameters?xml=x", want: []string{"query parameter xml"}},
		{name: "texts, and what has no schema", target: "/parameters?text=x&any=x&none=x"},
		{name: "a parameter that may be empty", target: "/parameters?flag="},
		{
			name: "a header of the request", target: "/parameters", asked: http.Header{"X-Odd": {"x"}},
			want: []string{"header parameter X-Odd"},
		},
		{
			name: "a cookie", target: "/parameters", asked: http.Header{"Cookie": {"crumb=x"}},
			want: []string{"cookie parameter crumb"},
		},
		{name: "a path", target: "/odd/x", want: []string{"path parameter id"}},
		{
			name: "a header of the response", target: "/headers", answered: http.Header{"X-Shape": {"x"}, "X-Size": {"1"}},
			want: []string{"response header X-Shape"},
		},
		{name: "a header that was not sent", target: "/headers"},
		{
			name: "a body whose media type was not seen", target: "/untyped", body: "<a/>", unseen: contract.UnrecordedResponseHeaders,
			want: []string{"response body of unknown media type"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := judge.Check(contract.Exchange{
				Request:    contract.Request{Method: "GET", Target: test.target, Header: test.asked},
				Response:   contract.Response{Status: max(test.status, 200), Header: test.answered, Body: []byte(test.body)},
				Unrecorded: test.unseen,
			})
			if diff := cmp.Diff(test.want, result.NotChecked); diff != "" || result.Err() != nil {
				t.Errorf("%v, not checked (-want +got):\n%s", result.Findings, diff)
			}
		})
	}
}

// TestNotCheckedOnce holds that what both of two responses to one request have is named once.
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

// TestNotCheckedByRules holds that a rule about a body that was not read says nothing: there is none that it could be about.
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
		mediaType string
		unseen    contract.Unrecorded
	}{
		{mediaType: "application/xml"}, {mediaType: "image/png"},
		{unseen: contract.UnrecordedResponseHeaders}, // no one knows what it is
	} {
		header := http.Header{}
		if test.mediaType != "" {
			header.Set("Content-Type", test.mediaType)
		}
		result := judge.Check(contract.Exchange{
			Request:  contract.Request{Method: "GET", Target: "/a"},
			Response: contract.Response{Status: 200, Header: header, Body: []byte("x")}, Unrecorded: test.unseen,
		})
		if result.Err() != nil || len(result.Passed()) > 0 {
			t.Errorf("%s: got %v, kept %v", test.mediaType, result.Err(), result.Passed())
		}
	}
}

// TestNotCheckedIsNotSeen holds that coverage does not count what was not checked.
func TestNotCheckedIsNotSeen(t *testing.T) {
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
			name: "a body of which the document says nothing", sent: "image/png",
			want:      []string{"", "/parameters/1", "/responses/200", "/responses/200/content/image~1png", "/responses/200/headers/X-Size"},
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
				t.Errorf("seen (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unchecked, pointers(result.Unchecked())); diff != "" {
				t.Errorf("unchecked (-want +got):\n%s", diff)
			}
		})
	}
}
