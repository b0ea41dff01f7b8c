package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// coverage lists the parts of a kind that are in a state.
func coverage(r *report.Report, kind report.Kind, state report.State) string {
	labels := []string{}
	for _, p := range r.Coverage() {
		if p.Kind == kind && p.State == state {
			labels = append(labels, p.Label)
		}
	}
	return strings.Join(labels, ", ")
}

// TestCoverageOfNeighbours checks that findings at its node and below break a part, and that those at a node with a longer
// name do not.
func TestCoverageOfNeighbours(t *testing.T) {
	values, parameters := []string{}, []string{}
	for i := range 12 {
		values = append(values, fmt.Sprintf("v%d", i))
		parameters = append(parameters, fmt.Sprintf("{name: p%d, in: query, schema: {type: integer}}", i))
	}
	doc := document(t, "many.yaml", `openapi: 3.0.3
info: {title: Many, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters: [`+strings.Join(parameters, ", ")+`]
      responses:
        '200':
          description: Things.
          headers: {Left: {schema: {type: integer}}, Left-Over: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Kind'}}}
components: {schemas: {Kind: {type: string, enum: [`+strings.Join(values, ", ")+`]}}}
`)
	operation, response := "/paths/~1things/get", "/paths/~1things/get/responses/200"
	for _, test := range []struct {
		name, node, label string
		kind              report.Kind
	}{
		{name: "an enum value", node: "/components/schemas/Kind/enum/10", label: "Kind v10", kind: report.KindEnum},
		{name: "a parameter", node: operation + "/parameters/10", label: "p10 in query", kind: report.KindParameter},
		{name: "below a parameter", node: operation + "/parameters/10/schema/type", label: "p10 in query", kind: report.KindParameter},
		{name: "below a header", node: response + "/headers/Left-Over/schema/type", label: "200 Left-Over", kind: report.KindHeader},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			r.AddJudged(report.Check{ID: "listThings/traffic=200", Suite: report.Probes}, contract.Result{
				Judged: true, Operation: "listThings", Findings: []contract.Finding{{ID: "schema/type", Pointer: "/response/body",
					Node: doc.Root.At(test.node)}},
			})
			if diff := cmp.Diff(test.label, coverage(r, test.kind, report.Broken)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCoverageWarned checks that coverage agrees with the result: a finding that does not fail the run makes its part
// warned, not broken.
func TestCoverageWarned(t *testing.T) {
	doc := parcels(t)
	kept := contract.Result{Judged: true}
	found := func(grade spec.Grade, pointer string) contract.Result {
		return contract.Result{Judged: true, Findings: []contract.Finding{
			parcelFinding(doc, "parcels/weight", grade, pointer, parcelPointer+"/x-rules/0", "", ""),
			parcelFinding(doc, "parameter/enum", grade, pointer, showPointer+"/parameters/1/schema/enum", "", ""),
		}}
	}
	warning, failure, consumer := found(spec.Inferred, "/response"), found(spec.Documented, "/response"), found(spec.Documented, "/request")
	for _, test := range []struct {
		name    string
		source  report.Suite
		results []contract.Result
		want    report.State
	}{
		{name: "kept", source: report.Traffic, results: []contract.Result{kept}, want: report.Kept},
		{name: "broken at a weaker grade", source: report.Traffic, results: []contract.Result{warning}, want: report.Warned},
		{name: "then kept", source: report.Traffic, results: []contract.Result{warning, kept}, want: report.Warned},
		{name: "kept before", source: report.Traffic, results: []contract.Result{kept, warning}, want: report.Warned},
		{name: "broken at a grade that fails", source: report.Traffic, results: []contract.Result{kept, failure}, want: report.Broken},
		{name: "warned of and broken", source: report.Traffic, results: []contract.Result{warning, failure}, want: report.Broken},
		{name: "broken and warned of", source: report.Traffic, results: []contract.Result{failure, warning, kept}, want: report.Broken},
		{name: "by the consumer", source: report.Traffic, results: []contract.Result{consumer}, want: report.Warned},
		{name: "not judged as traffic", source: report.Documents, results: []contract.Result{failure}, want: report.NotObserved},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			for _, v := range test.results {
				promises := []*spec.Rule{}
				if v.Findings == nil {
					promises = rules(doc, "parcels/weight")
				}
				judged(r, report.Check{ID: "showParcel/traffic=200", Suite: test.source}, v, promises,
					nodes(doc, showPointer, showPointer+"/parameters/1"))
			}
			for kind, label := range map[report.Kind]string{report.KindPromise: "parcels/weight", report.KindParameter: "unit in query",
				report.KindOperation: "showParcel"} {
				if got := coverage(r, kind, test.want); !strings.Contains(got, label) {
					t.Errorf("the %s %s is not %s: %s", kind, label, test.want, got)
				}
			}
			if failed := r.Conclusion() == "broken"; test.source == report.Traffic && failed != (test.want == report.Broken) {
				t.Errorf("the conclusion is %s, and coverage says %s", r.Conclusion(), test.want)
			}
		})
	}
}

// TestCoverageOfStates checks which checks count for which kind of part, and which state follows.
func TestCoverageOfStates(t *testing.T) {
	doc := document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
x-rules: [{id: bounds, says: It has bounds., grade: documented, source: manual, rule: 'true'}]
paths:
  /things:
    get:
      operationId: things/bounds
      parameters: [{name: kind, in: query, schema: {type: string}}]
      responses: {'200': {description: Things.}, '404': {description: None.}}
components: {schemas: {Thing: {type: object}}}
`)
	const operation = "/paths/~1things/get"
	all, promise := nodes(doc, operation, operation+"/parameters/0", operation+"/responses/200"), rules(doc, "things/bounds")[:1]
	elsewhere := []contract.Finding{{ID: "schema/type", Pointer: "/response/body", Node: doc.Root.At("/components/schemas/Thing/type")}}
	for _, test := range []struct {
		name  string
		check report.Check
		want  string // the states of operation, parameter, statuses and promise
	}{
		{name: "a pass", check: report.Check{Status: report.Pass, Covered: all, Passed: promise}, want: "kept, kept, kept, not observed, kept"},
		{
			name:  "a failure elsewhere breaks the operation and the status",
			check: report.Check{Status: report.Fail, Covered: all, Failures: elsewhere}, want: "broken, kept, broken, not observed, not observed",
		},
		{
			name: "and so does a known failure", check: report.Check{Status: report.Known, Covered: all, Failures: elsewhere},
			want: "broken, kept, broken, not observed, not observed",
		},
		{
			name: "a warning elsewhere", check: report.Check{Status: report.Pass, Covered: all, Warnings: elsewhere},
			want: "warned, kept, warned, not observed, not observed",
		},
		{
			name: "a failure for a reason alone", check: report.Check{Status: report.Fail, Covered: all},
			want: "kept, kept, kept, not observed, not observed",
		},
		{
			name:  "a failure of another status",
			check: report.Check{Status: report.Fail, Covered: nodes(doc, operation+"/responses/404"), Failures: elsewhere},
			want:  "not observed, not observed, not observed, broken, not observed",
		},
		{
			name: "an error", check: report.Check{Status: report.Error, Covered: all, Passed: promise, Failures: elsewhere},
			want: "not checked, not checked, not checked, not observed, not observed",
		},
		{
			name: "not checked", check: report.Check{Status: report.Pass, Covered: all[:1], Unchecked: all[1:]},
			want: "kept, not checked, not checked, not observed, not observed",
		},
		{
			name: "not checked in one exchange of several", check: report.Check{Status: report.Pass, Covered: all, Unchecked: all[1:2]},
			want: "kept, kept, kept, not observed, not observed",
		},
		{
			name: "a failure before a limit", check: report.Check{Status: report.Fail, Unchecked: all, Failures: elsewhere},
			want: "broken, not checked, broken, not observed, not observed",
		},
		{
			name: "a warning before a limit", check: report.Check{Status: report.Error, Unchecked: all, Warnings: elsewhere},
			want: "not checked, not checked, not checked, not observed, not observed",
		},
		{
			name: "a skip", check: report.Check{Status: report.Skip, Covered: all, Passed: promise},
			want: "not observed, not observed, not observed, not observed, not observed",
		},
		{
			name: "only the promise is kept, not the operation of the same name", check: report.Check{Status: report.Pass, Passed: promise},
			want: "not observed, not observed, not observed, not observed, kept",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.check.ID, test.check.Suite = "things/bounds/plain", report.Probes
			r := &report.Report{Documents: []*spec.Document{doc}, Checks: []report.Check{test.check}}
			got := []string{}
			for _, part := range r.Coverage() {
				got = append(got, string(part.State))
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), test.want)
			}
		})
	}
}
