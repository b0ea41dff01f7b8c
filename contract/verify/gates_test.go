package verify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestAllow tests what is dropped: an undocumented status or response header that is allowed, and nothing else.
func TestAllow(t *testing.T) {
	allow := Allow{Statuses: []int{429}, Headers: []string{"X-Powered-By"}}
	findings := []contract.Finding{
		{ID: "status/undocumented", Pointer: "/response/status"},
		{ID: "status/valid-request", Pointer: "/response/status"},
		{ID: "header/undocumented", Pointer: "/response/headers/x-powered-by"},
		{ID: "header/undocumented", Pointer: "/response/headers/x-other"},
		{ID: "header/undocumented", Pointer: "/request/headers/x-powered-by"},
		{ID: "header/doubled", Pointer: "/response/headers/x-powered-by"},
	}
	for _, test := range []struct {
		name   string
		allow  Allow
		status int
		want   []int // indexes of findings
	}{
		{name: "nothing is allowed", status: 429, want: []int{0, 1, 2, 3, 4, 5}},
		{name: "an allowed status", allow: allow, status: 429, want: []int{1, 3, 4, 5}},
		{name: "another status", allow: allow, status: 401, want: []int{0, 1, 3, 4, 5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := []contract.Finding{}
			for _, i := range test.want {
				want = append(want, findings[i])
			}
			got := test.allow.without(findings, test.status)
			ids := func(list []contract.Finding) (s []string) {
				for _, f := range list {
					s = append(s, f.ID+f.Pointer)
				}
				return s
			}
			if diff := cmp.Diff(ids(want), ids(got)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// checkOf is a check with findings at places.
func checkOf(id, operation string, status report.Status, pointers ...string) report.Check {
	c := report.Check{ID: id, Operation: operation, Suite: report.Probes, Status: status}
	for _, pointer := range pointers {
		c.Failures = append(c.Failures, contract.Finding{ID: "schema/type", Pointer: pointer})
	}
	return c
}

// TestApplyKnown tests which failures a list expects, and which of its lines are stale.
func TestApplyKnown(t *testing.T) {
	const one, two = "/response/body/0/name", "/response/body/0/size"
	for _, test := range []struct {
		name, known string
		checks      []report.Check
		unjudged    string // a check that was not judged
		want        []string
		stale       []string
	}{
		{name: "nothing", checks: []report.Check{checkOf("a/x", "a", report.Fail, one)}, want: []string{"fail a/x 1 0"}},
		{name: "a check", known: "a/x # r", checks: []report.Check{checkOf("a/x", "a", report.Fail, one, two)}, want: []string{"known a/x 2 0 r"}},
		{
			name: "a check that passes", known: "a/x # r", checks: []report.Check{checkOf("a/x", "a", report.Pass)},
			want: []string{"fail a/x 0 0 it is listed as known failing but passes: remove it from the list"},
		},
		{
			name: "one finding of two", known: "a schema/type /response/body/*/name # r",
			checks: []report.Check{checkOf("a/x", "a", report.Fail, one, two)}, want: []string{"fail a/x 1 1"},
		},
		{
			name: "both findings", known: "a schema/type /response/body/*/name # r\na/x schema/type /response/body/*/size # q",
			checks: []report.Check{checkOf("a/x", "a", report.Fail, one, two)}, want: []string{"known a/x 2 0 q; r"},
		},
		{
			name: "anywhere in another check", known: "a/y schema/type # r",
			checks: []report.Check{checkOf("a/x", "a", report.Fail, one), checkOf("a/y", "a", report.Fail, one)},
			want:   []string{"fail a/x 1 0", "known a/y 1 0 r"},
		},
		{
			name: "a finding that is gone", known: "a schema/type # r", checks: []report.Check{checkOf("a/x", "a", report.Pass)},
			want: []string{"pass a/x 0 0"}, stale: []string{"known:1 a schema/type"},
		},
		{
			name: "a finding that is gone, but not all was judged", known: "a schema/type # r", unjudged: "a/z",
			checks: []report.Check{checkOf("a/x", "a", report.Pass)}, want: []string{"pass a/x 0 0"},
		},
		{
			name: "a finding that is gone, and another method was not sent", known: "a schema/type # r",
			checks: []report.Check{checkOf("a/x", "a", report.Pass), checkOf("a/method-POST", "", report.Skip)},
			want:   []string{"pass a/x 0 0", "skip a/method-POST 0 0"}, stale: []string{"known:1 a schema/type"},
		},
		{
			name: "a finding that is gone, but a check was skipped", known: "a schema/type # r",
			checks: []report.Check{checkOf("a/x", "a", report.Pass), checkOf("a/y", "a", report.Skip)},
			want:   []string{"pass a/x 0 0", "skip a/y 0 0"},
		},
		{
			name: "expired", known: "a schema/type until=2020-01-01 # r", checks: []report.Check{checkOf("a/x", "a", report.Fail, one)},
			want: []string{"fail a/x 1 0"},
		},
		{
			name: "another operation that begins alike", known: `"GET /a" schema/type # r`,
			checks: []report.Check{checkOf("GET /a/x/plain", "GET /a/x", report.Fail, one)}, want: []string{"fail GET /a/x/plain 1 0"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			lines, err := known.Parse("known", test.known)
			if err != nil {
				t.Fatal(err)
			}
			r := newRun(nil, Options{Known: lines})
			r.tags = map[string][]string{"a": nil, "GET /a": nil, "GET /a/x": nil}
			r.report.Checks = test.checks
			for _, c := range test.checks {
				r.ids[c.ID] = true
			}
			if test.unjudged != "" {
				r.ids[test.unjudged] = true
			}
			stale, got := r.applyKnown(), []string{}
			for _, c := range r.report.Checks {
				line := strings.Join([]string{string(c.Status), c.ID, string(rune('0' + len(c.Failures))), string(rune('0' + len(c.Warnings))), c.Reason}, " ")
				got = append(got, strings.TrimSpace(line))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.stale, stale); diff != "" {
				t.Errorf("stale (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpdateKnownFailing tests what becomes of the lines of a file.
func TestUpdateKnownFailing(t *testing.T) {
	const old = "# ours\na schema/type /response/body/*/name # kept as it is\n\n" +
		"b schema/type until=2026-01-01 # expired, but holds\nc schema/type # gone\nd schema/type # not judged\n"
	lines, err := known.Parse("known", old)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.Local)
	r := &report.Report{Checks: []report.Check{
		checkOf("a/x", "a", report.Known, "/response/body/0/name"),
		checkOf("a/y", "a", report.Fail, "/response/body/1/name", "/response/body/my name"),
		checkOf("b/x", "b", report.Fail, "/response/status"),
		checkOf("c/x", "c", report.Pass),
		checkOf("d/x", "d", report.Skip),
		checkOf("GET /e/plain", "GET /e", report.Fail, "/response/body"),
		checkOf("e/method=POST", "", report.Fail, "/response/status"),
		{ID: coverageGate, Suite: report.Documents, Status: report.Fail, Reason: "too little"},
	}}
	got, added, removed := UpdateKnownFailing(old, r, Options{Known: lines}, now)
	want := "# ours\na schema/type /response/body/*/name # kept as it is\n\n" +
		"b schema/type until=2027-02-24 # expired, but holds\nd schema/type # not judged\n" +
		`"GET /e" schema/type /response/body until=2027-02-24 # found on 2026-11-26` + "\n" +
		`a schema/type "/response/body/my name" until=2027-02-24 # found on 2026-11-26` + "\n" +
		"e/method=POST schema/type /response/status until=2027-02-24 # found on 2026-11-26\n"
	if diff := cmp.Diff(want, got); diff != "" || added != 3 || removed != 1 {
		t.Errorf("%d added, %d removed (-want +got):\n%s", added, removed, diff)
	}
	again, err := known.Parse("known", got)
	if err != nil {
		t.Fatal(err)
	}
	if twice, added, removed := UpdateKnownFailing(got, r, Options{Known: again}, now); twice != got || added+removed != 0 {
		t.Errorf("a second time: %d added, %d removed:\n%s", added, removed, twice)
	}
	part, _, _ := UpdateKnownFailing(old, r, Options{Known: lines, Only: []string{"c/*"}}, now)
	if !strings.Contains(part, "c schema/type # gone\n") {
		t.Errorf("a run of a part removed a line:\n%s", part)
	}
}

// TestKnownKeysOfMaps tests that failures at the keys of a map get one line, which expects other keys, too.
func TestKnownKeysOfMaps(t *testing.T) {
	r := &report.Report{Checks: []report.Check{
		checkOf("a/x", "a", report.Fail, "/response/body/names/en/text", "/response/body/names/de/text", "/response/body/id", "/response/status"),
	}}
	text, added, _ := UpdateKnownFailing("", r, Options{}, time.Date(2026, 11, 26, 12, 0, 0, 0, time.Local))
	if added != 3 || !strings.Contains(text, "\na schema/type /response/body/names/*/text until=") ||
		!strings.Contains(text, "\na schema/type /response/body/id until=") {
		t.Errorf("%d added:\n%s", added, text)
	}
	for pointer, want := range map[string]bool{
		"/response/body/names/fr/text": true, "/response/body/names/0/text": true, "/response/body/names/text": false,
		"/response/body/names/fr/more/text": false, "/response/body/titles/fr/text": false,
	} {
		line := known.Line{ID: "a", Finding: "schema/type", Pointer: "/response/body/names/*/text"}
		if got := expects(line, checkOf("a/x", "a", report.Fail), contract.Finding{ID: "schema/type", Pointer: pointer}); got != want {
			t.Errorf("%s: got %t, want %t", pointer, got, want)
		}
	}
}

// TestNoGatesWithoutJudging tests that a run which judged nothing fails no gate: it is not judged.
func TestNoGatesWithoutJudging(t *testing.T) {
	r, err := NewTally(newTestJudges(t)).Report(Options{FailOn: spec.Recorded, MinCoverage: 100, FailOnUnchecked: true}, "")
	if n := r.Count("", report.Fail); err != nil || n > 0 {
		t.Errorf("got %d failures, %v", n, err)
	}
}
