package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// pages is a document in which the name of one part begins like that of another, and one needs escaping.
const pages = `openapi: 3.0.3
info: {title: Pages, version: 1.0.0}
paths:
  /pages:
    get:
      operationId: listPages
      responses:
        '200':
          description: Pages.
          headers:
            X-Page: {schema: {type: integer}}
            X-Page-Size: {schema: {type: integer}}
            X~Total: {schema: {type: integer}}
          content: {text/plain: {}, application/json: {}, application/vnd.pages+json: {}, text/csv: {}}
`

// TestCoverageStates checks that a finding breaks the part that it is about, and no part whose pointer only has the same
// beginning.
func TestCoverageStates(t *testing.T) {
	const headers = "/paths/~1pages/get/responses/200/headers/"
	for _, test := range []struct {
		name string
		node string // of the finding; empty: there is none
		want []string
	}{
		{
			name: "all kept",
			want: []string{"200 X-Page kept pages.yaml:11", "200 X-Page-Size kept pages.yaml:12", "200 X~Total kept pages.yaml:13"},
		},
		{
			name: "the longer name", node: headers + "X-Page-Size",
			want: []string{"200 X-Page kept pages.yaml:11", "200 X-Page-Size broken pages.yaml:12", "200 X~Total kept pages.yaml:13"},
		},
		{
			name: "below the shorter name", node: headers + "X-Page/schema/type",
			want: []string{"200 X-Page broken pages.yaml:11", "200 X-Page-Size kept pages.yaml:12", "200 X~Total kept pages.yaml:13"},
		},
		{
			name: "the escaped name", node: headers + "X~0Total/schema",
			want: []string{"200 X-Page kept pages.yaml:11", "200 X-Page-Size kept pages.yaml:12", "200 X~Total broken pages.yaml:13"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, "pages.yaml", pages)
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			result := contract.Result{Judged: true, Operation: "listPages"}
			if test.node != "" {
				result.Findings = []contract.Finding{{ID: "schema/type", Pointer: "/response/headers", Node: doc.Root.At(test.node)}}
			}
			judged(r, report.Check{ID: "listPages/plain", Suite: report.Probes}, result, nil,
				nodes(doc, headers+"X-Page", headers+"X-Page-Size", headers+"X~0Total"))
			got := []string{}
			for _, part := range r.Coverage() {
				if part.Kind == report.KindHeader {
					got = append(got, part.Label+" "+string(part.State)+" "+part.Place)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConclusion checks the conclusion of a report: one failure is enough for "broken", and an error of any suite for "not
// judged".
func TestConclusion(t *testing.T) {
	check := func(source report.Suite, status report.Status) report.Check {
		return report.Check{Suite: source, Status: status}
	}
	for _, test := range []struct {
		name   string
		checks []report.Check
		want   string
	}{
		{name: "nothing", want: "not judged"},
		{name: "the documents only", checks: []report.Check{check(report.Documents, report.Pass)}, want: "not judged"},
		{
			name: "errors and skips only", checks: []report.Check{check(report.Probes, report.Error), check(report.Traffic, report.Skip)},
			want: "not judged",
		},
		{
			name: "a near miss of a path only", checks: []report.Check{{Suite: report.Traffic, Status: report.Pass, NearMiss: true}},
			want: "not judged",
		},
		{
			name:   "a near miss of a path, and a pass",
			checks: []report.Check{{Suite: report.Traffic, Status: report.Pass, NearMiss: true}, check(report.Traffic, report.Pass)}, want: "kept",
		},
		{name: "a pass", checks: []report.Check{check(report.Traffic, report.Pass)}, want: "kept"},
		{name: "a known failure", checks: []report.Check{check(report.Probes, report.Known)}, want: "kept"},
		{
			name: "a pass beside a skip", checks: []report.Check{check(report.Probes, report.Pass), check(report.Probes, report.Skip)},
			want: "kept",
		},
		{
			name:   "a pass beside an error of a probe",
			checks: []report.Check{check(report.Probes, report.Pass), check(report.Probes, report.Error)},
			want:   "kept, as far as it could be judged",
		},
		{
			name:   "a pass beside an error of a recording",
			checks: []report.Check{check(report.Probes, report.Pass), check(report.Recordings, report.Error)},
			want:   "kept, as far as it could be judged",
		},
		{
			name:   "a pass beside an error of traffic",
			checks: []report.Check{check(report.Traffic, report.Pass), check(report.Traffic, report.Error)},
			want:   "kept, as far as it could be judged",
		},
		{
			name:   "a failure beside everything",
			checks: []report.Check{check(report.Probes, report.Pass), check(report.Probes, report.Error), check(report.Recordings, report.Fail)},
			want:   "broken",
		},
		{name: "a failure of the documents", checks: []report.Check{check(report.Documents, report.Fail)}, want: "broken"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := (&report.Report{Checks: test.checks}).Conclusion(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestRequestFindings checks that a wrong request is a warning in traffic and recordings, where the consumer sent it, and a
// failure if the consumer is judged. Elsewhere we sent it, and the report leaves it out.
func TestRequestFindings(t *testing.T) {
	result := contract.Result{Judged: true, Findings: []contract.Finding{{ID: "parameter/enum", Pointer: "/request/query/unit"}}}
	for source, want := range map[report.Suite]int{report.Traffic: 1, report.Recordings: 1, report.Probes: 0, report.Documents: 0} {
		for side, fails := range map[contract.Side]bool{"": false, contract.Provider: false, contract.Consumer: true, contract.Both: true} {
			r := &report.Report{Side: side, FailOn: spec.Undocumented}
			r.AddJudged(report.Check{Suite: source}, result)
			failures, warnings := 0, want
			if fails {
				failures, warnings = want, 0
			}
			if len(r.Checks[0].Failures) != failures || r.Warnings() != warnings || (r.Checks[0].Status == report.Fail) != (failures > 0) {
				t.Errorf("%s, side %q: got %s with %d failures and %d warnings, want %d and %d", source, side, r.Checks[0].Status,
					len(r.Checks[0].Failures), r.Warnings(), failures, warnings)
			}
		}
	}
}

// TestCoverageOrder checks that the parts of a response are in alphabetical order, whatever order the document has.
func TestCoverageOrder(t *testing.T) {
	const response = "/paths/~1pages/get/responses/200/content/"
	doc := document(t, "pages.yaml", pages)
	r := &report.Report{Documents: []*spec.Document{doc}}
	judged(r, report.Check{ID: "listPages/plain", Suite: report.Probes}, contract.Result{Judged: true}, nil,
		nodes(doc, response+"text~1csv", response+"application~1vnd.pages+json"))
	want := []string{
		"operation listPages not observed", "status listPages 200 not observed",
		"media type listPages 200 application/json not observed", "media type listPages 200 application/vnd.pages+json kept",
		"media type listPages 200 text/csv kept", "media type listPages 200 text/plain not observed",
		"header listPages 200 X-Page not observed", "header listPages 200 X-Page-Size not observed", "header listPages 200 X~Total not observed",
	}
	got := []string{}
	for _, part := range r.Coverage() {
		got = append(got, string(part.Kind)+" "+part.Name()+" "+string(part.State))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}
