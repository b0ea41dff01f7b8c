package verify

import (
	"context"
	"net/http"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestNotChecked holds that bodies that nothing here reads are counted, of traffic and of probes.
func TestNotChecked(t *testing.T) {
	doc, err := spec.Read("things.yaml", []byte(`
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: All., content: {application/xml: {schema: {type: object}}}}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	exchange := contract.Exchange{
		Request:  contract.Request{Method: "GET", Target: "/things"},
		Response: contract.Response{Status: 200, Header: http.Header{"Content-Type": {"application/xml"}}, Body: []byte("<a/>")},
	}
	ask := func(context.Context) (contract.Exchange, error) { return exchange, nil }

	r := newRun([]*contract.Judge{judge}, Options{Concurrency: 1})
	for range 2 {
		r.jobs = append(r.jobs, job{judge: judge, check: report.Check{ID: "listThings/plain", Source: report.Probes}, ask: ask})
	}
	if err := r.judgeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := NewCollector([]*contract.Judge{judge})
	c.Add(traffic.Entry{Exchange: exchange})
	r.conclusions(c, "a.har: ")

	const reason = "not checked, since nothing here reads it: response body in application/xml of listThings"
	want := map[string]string{"probes/not-checked": reason + " (2)", "traffic/not-checked": "a.har: " + reason + " (1)"}
	for _, check := range r.report.Checks {
		if check.Status == report.Skip {
			if check.Reason != want[check.ID] {
				t.Errorf("%s: got %s", check.ID, check.Reason)
			}
			delete(want, check.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("not reported: %v", want)
	}
}
