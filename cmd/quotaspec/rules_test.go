package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestUnproven tests that a promise is proven only if it was kept: one that was broken is as unproven as one not observed.
func TestUnproven(t *testing.T) {
	state := func(label string, state report.State) promise {
		return promise{Part: report.Part{Label: label, State: state, Rule: &spec.Rule{}}}
	}
	kept, broken, notObserved := state("a/kept", report.Kept), state("a/broken", report.Broken), state("a/not-observed", report.NotObserved)
	for _, test := range []struct {
		name string
		all  []promise
		want string // the labels, and the last line
		err  error
	}{
		{name: "none", want: "0 of 0 promises are unproven"},
		{name: "all kept", all: []promise{kept, kept}, want: "0 of 2 promises are unproven"},
		{name: "one broken", all: []promise{kept, broken}, want: "a/broken; 1 of 2 promises are unproven", err: errFailed},
		{name: "one not observed", all: []promise{notObserved, kept}, want: "a/not-observed; 1 of 2 promises are unproven", err: errFailed},
		{
			name: "one of each", all: []promise{kept, broken, notObserved},
			want: "a/broken; a/not-observed; 2 of 3 promises are unproven", err: errFailed,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			err := printUnproven(&out, test.all)
			lines := []string{}
			for line := range strings.Lines(out.String()) {
				if !strings.HasPrefix(line, " ") { // what is said of a promise is indented
					lines = append(lines, strings.TrimSpace(line))
				}
			}
			if got := strings.Join(lines, "; "); got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}
