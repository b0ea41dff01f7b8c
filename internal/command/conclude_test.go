package command

import (
	"errors"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestConclude tests which error, and so which exit code, a run ends with: a failure goes before an error, and an error before
// a pass.
func TestConclude(t *testing.T) {
	check := func(status report.Status) report.Check { return report.Check{Suite: report.Probes, Status: status} }
	stopped := errors.New("stopped")
	for _, test := range []struct {
		name   string
		checks []report.Status
		runErr error
		want   string // the error, "" if there is none
	}{
		{name: "a pass", checks: []report.Status{report.Pass}},
		{name: "a known failure", checks: []report.Status{report.Known}},
		{name: "a pass and a skip", checks: []report.Status{report.Pass, report.Skip}},
		{name: "a failure", checks: []report.Status{report.Pass, report.Fail}, want: ErrFailed.Error()},
		{name: "one error", checks: []report.Status{report.Pass, report.Error}, want: "1 check could not be judged"},
		{name: "a failure and an error", checks: []report.Status{report.Error, report.Fail}, want: ErrFailed.Error()},
		{name: "nothing", want: "nothing was judged: there was no traffic, recording or probe, or none was selected"},
		{
			name: "a skip only", checks: []report.Status{report.Skip},
			want: "nothing was judged: there was no traffic, recording or probe, or none was selected",
		},
		{name: "a run that was stopped", checks: []report.Status{report.Pass, report.Fail}, runErr: stopped, want: "stopped"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{}
			for _, status := range test.checks {
				r.Add(check(status))
			}
			got := ""
			if err := conclude(r, test.runErr); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
