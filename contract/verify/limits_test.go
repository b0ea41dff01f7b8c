package verify

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestBeyondLimits tests that a run goes on after an exchange that exceeds the limits of the judge. That exchange is an error, or
// fails if it failed before; those after it are judged. Parts that it had count as not checked.
func TestBeyondLimits(t *testing.T) {
	doc, err := spec.Read("events.yaml", []byte(`
openapi: 3.0.3
info: {title: Events, version: '1'}
paths:
  /events:
    get:
      operationId: listEvents
      responses:
        '200': {description: All., content: {text/event-stream: {schema: {type: array, items: {type: object}}}}}
        '201':
          description: Some.
          headers: {ETag: {required: true}, Kind: {schema: {type: string}}}
          content: {text/event-stream: {schema: {type: array, items: {type: object}}}}
        '404': {description: None., content: {application/json: {schema: {type: object}}}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	exchange := func(status int, mediaType, body string) contract.Exchange {
		return contract.Exchange{
			Request:  contract.Request{Method: "GET", Target: "/events"},
			Response: contract.Response{Status: status, Header: http.Header{"Content-Type": {mediaType}, "Kind": {"a"}}, Body: []byte(body)},
		}
	}
	exchanges := []contract.Exchange{
		exchange(200, "text/event-stream", strings.Repeat("id:\n\n", 1<<20)),
		exchange(404, "application/json", "7"),
		exchange(201, "text/event-stream", strings.Repeat("id:\n\n", 1<<20)),
	}
	coverage := []string{
		"listEvents broken", "200 not checked", "200 text/event-stream not checked",
		"201 broken", "201 text/event-stream not checked", "201 ETag broken", "201 Kind not checked",
		"404 broken", "404 application/json broken",
	}
	const beyond = "listEvents could not be judged within 512 MiB of memory: judging ended at events.yaml:"
	for _, test := range []struct {
		name string
		add  func(r *run) error
	}{
		{name: "probes", add: func(r *run) error {
			for _, ex := range exchanges {
				send := func(context.Context) (contract.Exchange, error) { return ex, nil }
				r.jobs = append(r.jobs, job{judge: judge, check: report.Check{ID: "listEvents", Suite: report.Probes}, send: send})
			}
			return r.judgeJobs(t.Context())
		}},
		{name: "traffic", add: func(r *run) error {
			c := NewTally(r.judges)
			for _, ex := range exchanges {
				add(c, traffic.Entry{Exchange: ex})
			}
			r.addTraffic(c)
			return nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun([]*contract.Judge{judge}, Options{Concurrency: 1})
			if err := test.add(r); err != nil {
				t.Fatal(err)
			}
			if len(r.report.Checks) != 3 {
				t.Fatalf("got %d checks, want 3", len(r.report.Checks))
			}
			if first := r.report.Checks[0]; first.Status != report.Error || first.Reason != beyond+"9" {
				t.Errorf("the exchange beyond the limits: got %v, %s", first.Status, first.Reason)
			}
			if second := r.report.Checks[1]; second.Status != report.Fail {
				t.Errorf("the one after it: got %v, %s", second.Status, second.Reason)
			}
			third := r.report.Checks[2]
			if third.Status != report.Fail || third.Reason != beyond+"13" || len(third.Failures) != 1 || third.Failures[0].ID != "header/missing" {
				t.Errorf("the one that fails before it comes to the limits: got %v, %s, %v", third.Status, third.Reason, third.Failures)
			}
			got := []string{}
			for _, part := range r.report.Coverage() {
				got = append(got, part.Label+" "+string(part.State))
			}
			if diff := cmp.Diff(coverage, got); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
		})
	}
}
