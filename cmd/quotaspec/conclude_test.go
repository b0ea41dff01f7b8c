package main

import (
	"errors"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestConclude tests which error, and so which exit code, a run ends with: a failure goes before a single error, and an error
// before a pass.
func TestConclude(t *testing.T) {
	check := func(status report.Status) report.Check { return report.Check{Suite: report.Probes, Status: status} }
	stopped := errors.New("stopped")
	for _, test := range []struct {
		name   string
		checks []report.Status
		runErr error
		want   string // the error, "" if there is none
	}{
		{"a pass", []report.Status{report.Pass}, nil, ""},
		{"a known failure", []report.Status{report.Known}, nil, ""},
		{"a pass beside a skip", []report.Status{report.Pass, report.Skip}, nil, ""},
		{"a failure", []report.Status{report.Pass, report.Fail}, nil, errFailed.Error()},
		{"one error", []report.Status{report.Pass, report.Error}, nil, "1 check could not be judged"},
		{"a failure beside an error", []report.Status{report.Error, report.Fail}, nil, errFailed.Error()},
		{"nothing", nil, nil, "nothing was judged: no recording and no probe was selected"},
		{"a skip only", []report.Status{report.Skip}, nil, "nothing was judged: no recording and no probe was selected"},
		{"a run that was stopped", []report.Status{report.Pass, report.Fail}, stopped, "stopped"},
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
