package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestUnproven tests that a promise is proven only if it is kept: a broken promise is as unproven as one that is not observed.
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
		{name: "one broken", all: []promise{kept, broken}, want: "a/broken; 1 of 2 promises are unproven", err: command.ErrFailed},
		{name: "one not observed", all: []promise{notObserved, kept}, want: "a/not-observed; 1 of 2 promises are unproven", err: command.ErrFailed},
		{
			name: "one of each", all: []promise{kept, broken, notObserved},
			want: "a/broken; a/not-observed; 2 of 3 promises are unproven", err: command.ErrFailed,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			err := printUnproven(&out, test.all)
			lines := []string{}
			for line := range strings.Lines(out.String()) {
				if !strings.HasPrefix(line, " ") { // the other lines of a promise are indented
					lines = append(lines, strings.TrimSpace(line))
				}
			}
			if got := strings.Join(lines, "; "); got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}

// TestPromiseText compares the text of promises, and tests that the sources of each document are printed once.
func TestPromiseText(t *testing.T) {
	page := &spec.Page{Name: "page", Title: "A title", Edition: "2024-02", URL: "https://example.com/page"}
	document := func(name string) *spec.Document {
		return &spec.Document{Name: name, Sources: []*spec.Page{page}}
	}
	promiseOf := func(doc *spec.Document, rule spec.Rule) promise {
		rule.Says, rule.Evidence = "It is kept.", spec.Evidence{Grade: spec.Inferred, Source: []string{"page", "RFC 9110"}}
		return promise{Part: report.Part{Label: "op/rule", Document: doc, Place: "a.yaml:7", Rule: &rule}, probes: 3, recordings: 2}
	}
	one, two := document("one"), document("two")
	all := []promise{
		promiseOf(one, spec.Rule{Expr: "true"}), promiseOf(one, spec.Rule{Probe: "repeatable"}),
		promiseOf(two, spec.Rule{Probe: "repeatable", Expr: "true"}),
	}
	all[2].captured = []string{"GET a", "GET b"}
	var out strings.Builder
	for _, p := range all {
		p.print(&out)
	}
	printSources(&out, all)
	head := "op/rule\n  It is kept.\n  inferred: page, RFC 9110\n"
	source := "  page: A title (2024-02)\n    https://example.com/page\n"
	want := head + "  a rule over each exchange, a.yaml:7\n  kept by 3 probes and 2 recordings; not observed on a captured exchange\n" +
		head + "  the probe repeatable, a.yaml:7\n  kept by 3 probes and 2 recordings; not observed on a captured exchange\n" +
		head + "  a rule over the responses to the probe repeatable, a.yaml:7\n  kept by 3 probes and 2 recordings; captured: GET a; GET b\n" +
		"\nsources of one\n" + source + "\nsources of two\n" + source
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
