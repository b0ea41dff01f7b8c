package verify

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// unjudgedParts is a document with parts that the judge does not look at.
const unjudgedParts = `
openapi: 3.1.0
info: {title: Heard, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      callbacks: {changed: {'{$request.query.url}': {post: {responses: {'200': {description: Heard.}}}}}}
      responses:
        '200':
          description: All.
          content: {application/xml: {schema: {type: object}, examples: {none: {value: {}}, one: {value: {a: 1}}}}}
          links: {next: {operationId: listThings}}
        '404': {description: None.}
  /other: {get: {operationId: showOther, callbacks: {a: {b: {}}}, responses: {'200': {description: It.}}}}
webhooks:
  changed: {post: {responses: {'200': {description: Heard.}}}}
`

// TestNotChecked tests that each part which is not checked is listed once per operation, with the number of exchanges from all
// inputs that had it, and that it is not a check.
func TestNotChecked(t *testing.T) {
	doc, err := spec.Read("heard.yaml", []byte(unjudgedParts), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	exchange := func(target string, status int, unrecorded contract.Unrecorded) contract.Exchange {
		return contract.Exchange{
			Request: contract.Request{Method: "GET", Target: target}, Unrecorded: unrecorded,
			Response: contract.Response{Status: status, Header: http.Header{"Content-Type": {"application/xml"}}, Body: []byte("<a/>")},
		}
	}
	const cannot, gone = "the judge does not look at it", "not recorded or redacted"
	webhooks := report.NotChecked{Part: "webhooks of heard", Reason: cannot}
	for _, test := range []struct {
		name            string
		probed, traffic []contract.Exchange
		examples        bool
		only            []string
		alone           bool // the document is judged by itself
		want            []report.NotChecked
	}{
		{name: "the document alone", alone: true},
		{name: "no exchange", want: []report.NotChecked{webhooks}},
		{
			name: "two statuses", traffic: []contract.Exchange{exchange("/things", 200, 0),
				exchange("/things", 404, contract.UnrecordedResponseBody)},
			want: []report.NotChecked{
				webhooks,
				{Part: "callbacks", Operation: "listThings", Reason: cannot, Times: 2},
				{Part: "response body", Operation: "listThings", Reason: gone, Times: 1},
				{Part: "response body in application/xml", Operation: "listThings", Reason: cannot, Times: 1},
				{Part: "response links", Operation: "listThings", Reason: cannot, Times: 1},
			},
		},
		{
			name: "several inputs", probed: []contract.Exchange{exchange("/things", 404, contract.UnrecordedFraming), exchange("/other", 200, 0)},
			traffic: []contract.Exchange{exchange("/things", 404, contract.UnrecordedResponse), exchange("/nowhere", 200, 0)},
			want: []report.NotChecked{
				webhooks,
				{Part: "callbacks", Operation: "listThings", Reason: cannot, Times: 2},
				{Part: "response", Operation: "listThings", Reason: gone, Times: 1},
				{Part: "callbacks", Operation: "showOther", Reason: cannot, Times: 1},
				{Method: "GET", Origin: "http://127.0.0.1", Path: "/nowhere", Reason: "the document has no such path", Times: 1},
			},
		},
		{
			name: "requests", traffic: []contract.Exchange{exchange("/other", 200, contract.UnrecordedRequest),
				exchange("/other", 200, contract.UnrecordedRequestBody)},
			want: []report.NotChecked{
				webhooks,
				{Part: "callbacks", Operation: "showOther", Reason: cannot, Times: 2},
				{Part: "request", Operation: "showOther", Reason: gone, Times: 1},
				{Part: "request body", Operation: "showOther", Reason: gone, Times: 1},
			},
		},
		{
			name: "examples", examples: true,
			want: []report.NotChecked{
				webhooks,
				{Part: "callbacks", Operation: "listThings", Reason: cannot},
				{Part: "response body in application/xml", Operation: "listThings", Reason: cannot},
				{Part: "response links", Operation: "listThings", Reason: cannot},
			},
		},
		{
			name: "examples beside an exchange", examples: true, traffic: []contract.Exchange{exchange("/things", 404, 0)},
			want: []report.NotChecked{
				webhooks,
				{Part: "callbacks", Operation: "listThings", Reason: cannot, Times: 1},
				{Part: "response body in application/xml", Operation: "listThings", Reason: cannot},
				{Part: "response links", Operation: "listThings", Reason: cannot},
			},
		},
		{name: "examples that are not selected", examples: true, only: []string{"showOther/*"}, want: []report.NotChecked{webhooks}},
		{
			name: "an operation that is not selected", only: []string{"listThings/*"},
			traffic: []contract.Exchange{exchange("/things", 404, 0), exchange("/other", 200, 0)},
			want:    []report.NotChecked{webhooks, {Part: "callbacks", Operation: "listThings", Reason: cannot, Times: 1}},
		},
		{
			name: "a near miss was not judged", traffic: []contract.Exchange{exchange("/Things", 200, contract.UnrecordedResponse)},
			want: []report.NotChecked{webhooks},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun([]*contract.Judge{judge}, Options{Concurrency: 1, Only: test.only})
			r.documents(test.alone)
			if test.examples {
				r.examples()
			}
			for _, ex := range test.probed {
				send := func(context.Context) (contract.Exchange, error) { return ex, nil }
				r.jobs = append(r.jobs, job{judge: judge, check: report.Check{ID: "listThings/plain", Suite: report.Probes}, send: send})
			}
			if err := r.judgeJobs(t.Context()); err != nil {
				t.Fatal(err)
			}
			c := NewTally([]*contract.Judge{judge})
			for _, ex := range test.traffic {
				c.Add(traffic.Entry{Exchange: ex, Origin: "http://127.0.0.1"})
			}
			r.addTraffic(c)
			r.addNotChecked(c)
			if diff := cmp.Diff(test.want, r.report.NotChecked); diff != "" {
				t.Errorf("not checked (-want +got):\n%s", diff)
			}
			for _, check := range r.report.Checks {
				if check.Status == report.Skip && check.ID != "traffic/not-judged" {
					t.Errorf("%s is skipped: %s", check.ID, check.Reason)
				}
			}
		})
	}
}
