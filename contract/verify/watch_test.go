package verify

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// TestFutileRuns tests which responses end a run, after how many requests, and how many checks its report has.
func TestFutileRuns(t *testing.T) {
	const silent = 0
	judge := newTestJudges(t)[0]
	operations := []string{}
	for _, op := range judge.Document().Operations {
		operations = append(operations, op.ID)
	}
	for _, test := range []struct {
		name      string
		statuses  []int // of the responses, in the order of sending; the last one again for all that follow
		jobs      int
		unreached bool // the provider did not respond to the first request
		want      string
		sent      int
		checks    int
	}{
		{name: "accepted", statuses: []int{200}, jobs: 10, sent: 10, checks: 10},
		{name: "always refused", statuses: []int{401}, jobs: 10, want: "refused", sent: 3},
		{name: "refused once", statuses: []int{401, 200}, jobs: 10, sent: 10, checks: 10},
		{name: "accepted once", statuses: []int{200, 401}, jobs: 10, sent: 10, checks: 10},
		{name: "accepted at last", statuses: []int{401, 401, 500, 401}, jobs: 10, sent: 10, checks: 10},
		{name: "the only request is refused", statuses: []int{401}, jobs: 1, want: "refused", sent: 1},
		{name: "always silent", statuses: []int{silent}, jobs: 10, want: "nothing answered: late (3 requests)", sent: 3},
		{name: "silent at first", statuses: []int{silent, silent, 200}, jobs: 10, sent: 10, checks: 10},
		{name: "silent but once", statuses: []int{200, silent}, jobs: 10, sent: 10, checks: 10},
		{name: "the only request is silent", statuses: []int{silent}, jobs: 1, sent: 1, checks: 1},
		{
			name: "the only request is silent, like the first", statuses: []int{silent}, jobs: 1, unreached: true,
			want: "nothing answered: late (1 request)", sent: 1,
		},
		{name: "silent, then refused", statuses: []int{silent, silent, 401}, jobs: 10, want: "refused", sent: 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, sent := newRun([]*contract.Judge{judge}, Options{Concurrency: 1}), 0
			r.silent["http://h"] = test.unreached
			for i := range test.jobs {
				check := report.Check{ID: fmt.Sprint("op/", i), Operation: operations[0], Suite: report.Probes}
				r.jobs = append(r.jobs, job{check: check, judge: judge, doubt: "refused", from: sender{origin: "http://h"},
					send: func(context.Context) (contract.Exchange, error) {
						ex := contract.Exchange{Request: contract.Request{Method: "GET", Target: judge.Document().Operations[0].Path}}
						if ex.Response.Status = test.statuses[min(sent, len(test.statuses)-1)]; ex.Response.Status == silent {
							ex.Response.AddFramingError(contract.NoResponse, "late")
						}
						sent++
						return ex, nil
					}})
			}
			err := r.judgeJobs(t.Context())
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "http://h: ")
			}
			if got != test.want || sent != test.sent || len(r.report.Checks) != test.checks {
				t.Errorf("got %q, %d sent, %d checks; want %q, %d, %d", got, sent, len(r.report.Checks), test.want, test.sent, test.checks)
			}
		})
	}
}

// TestFutileToken tests that a run ends at the first token that cannot be had, and reports what was judged before.
func TestFutileToken(t *testing.T) {
	judge, sent := newTestJudges(t)[0], 0
	r := newRun([]*contract.Judge{judge}, Options{Concurrency: 1})
	for range 5 {
		r.jobs = append(r.jobs, job{check: report.Check{Suite: report.Probes}, judge: judge,
			send: func(context.Context) (contract.Exchange, error) {
				if sent++; sent == 1 {
					return contract.Exchange{Response: contract.Response{Status: http.StatusOK}}, nil
				}
				return contract.Exchange{}, fmt.Errorf("%w: gone", probe.ErrToken)
			}})
	}
	err := r.judgeJobs(t.Context())
	if err == nil || err.Error() != "no token: gone" || sent != 2 || len(r.report.Checks) != 2 {
		t.Errorf("got %v, %d sent, %d checks", err, sent, len(r.report.Checks))
	}
}

// TestSendingOrder tests which requests are sent first: three of each principal, of different operations if possible, and none
// that may change something.
func TestSendingOrder(t *testing.T) {
	of := func(id, operation, doubt string, alone bool) job {
		return job{check: report.Check{ID: id, Operation: operation}, doubt: doubt, alone: alone}
	}
	jobs := []job{
		of("a/1", "a", "", false), of("a/2", "a", "r", false), of("a/3", "a", "r", false), of("b/1", "b", "", false),
		of("b/2", "b", "r", false), of("b/3", "b", "s", false), of("c/1", "c", "r", true), of("d/1", "d", "r", false),
		of("e/1", "e", "r", false), of("b/4", "b", "s", false),
	}
	got := ""
	order, inFront := sendingOrder(jobs)
	for _, j := range order {
		got += j.check.ID + " "
	}
	if diff := cmp.Diff("a/2 b/2 b/3 d/1 b/4 a/1 a/3 b/1 c/1 e/1 ", got); diff != "" || inFront != 5 {
		t.Errorf("%d in front (-want +got):\n%s", inFront, diff)
	}
}
