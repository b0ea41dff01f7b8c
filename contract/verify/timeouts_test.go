package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestTimeouts tests which requests are sent to an operation that hangs now and then.
func TestTimeouts(t *testing.T) {
	const limit = 10 * time.Second
	file := filepath.Join(t.TempDir(), "get.yaml")
	text := "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/: {get: {operationId: get, responses: {'200': {description: Yes.}}}}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	judge, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		took []time.Duration // of the responses, one after the other; limit: there is none
		want int             // sent
	}{
		{name: "never", took: []time.Duration{limit, limit, limit, limit, limit}, want: 3},
		{name: "not in a row", took: []time.Duration{limit, limit, 0, limit, limit, 0}, want: 6},
		{name: "slow", took: []time.Duration{9 * time.Second, 9 * time.Second, 9 * time.Second, 9 * time.Second}, want: 4},
		{name: "at last", took: []time.Duration{0, limit, limit, limit, 0, 0}, want: 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, sent := newRun(nil, Options{Timeout: limit, Concurrency: 1}), 0
				answered := func(context.Context) (ex contract.Exchange, err error) {
					ex.Request, ex.Response.Status = contract.Request{Method: "GET", Target: "/"}, 200
					return ex, nil
				}
				r.jobs = []job{{check: report.Check{ID: "other/0", Operation: "other", Suite: report.Probes}, judge: judge, send: answered}}
				for i, took := range test.took {
					r.jobs = append(r.jobs, job{
						check: report.Check{ID: fmt.Sprint("get/", i), Operation: "get", Suite: report.Probes}, judge: judge,
						send: func(ctx context.Context) (ex contract.Exchange, err error) {
							time.Sleep(took)
							if sent++; took == limit {
								ex.Response.AddFramingError(contract.NoResponse, "no response in time")
							} else {
								ex, err = answered(ctx)
							}
							ex.Request = contract.Request{Method: "GET", Target: "/"}
							return ex, err
						},
					})
				}
				if err := r.judgeJobs(t.Context()); err != nil {
					t.Fatal(err)
				}
				reasons := []string{}
				for _, c := range r.report.Checks {
					if c.Status == report.Skip {
						reasons = append(reasons, c.Reason)
					}
				}
				want := []string{}
				for range len(test.took) - test.want {
					want = append(want, "the last 3 requests of this operation had no whole response in time")
				}
				if diff := cmp.Diff(want, reasons); diff != "" || sent != test.want {
					t.Errorf("sent %d, want %d; skipped (-want +got):\n%s", sent, test.want, diff)
				}
			})
		})
	}
}

// TestPreparing tests what the log says while a slow provider keeps the run from its first check.
func TestPreparing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		r := newRun(nil, Options{Log: &log})
		for i := range 8 {
			if i == 6 {
				r.preparing.over = true
			}
			r.says(probe.Probe{Operation: &spec.Operation{Method: "POST", Path: fmt.Sprint("/things/", i)}})
			time.Sleep(6 * time.Second)
		}
		want := "quotaspec: preparing: POST /things/2\nquotaspec: preparing: POST /things/4\n"
		if got := log.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
