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

// TestCoverageOfNeighbours holds that a part is broken by what is found at it and below, and not by what is found at
// one whose pointer only begins alike.
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
		{"an enum value", "/components/schemas/Kind/enum/10", "Kind v10", report.KindEnum},
		{"a parameter", operation + "/parameters/10", "p10 in query", report.KindParameter},
		{"below a parameter", operation + "/parameters/10/schema/type", "p10 in query", report.KindParameter},
		{"below a header", response + "/headers/Left-Over/schema/type", "200 Left-Over", report.KindHeader},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			r.AddJudged(report.Check{ID: "listThings/traffic=200", Suite: report.Probes}, contract.Result{
				Judged: true, Operation: "listThings", Findings: []contract.Finding{{ID: "schema/type", Pointer: "/response/body", Node: doc.Root.At(test.node)}},
			})
			if diff := cmp.Diff(test.label, coverage(r, test.kind, report.Broken)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCoverageWarned holds that coverage agrees with the result: what does not fail the run is warned of and not broken.
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
		{"kept", report.Traffic, []contract.Result{kept}, report.Kept},
		{"broken at a weaker grade", report.Traffic, []contract.Result{warning}, report.Warned},
		{"then kept", report.Traffic, []contract.Result{warning, kept}, report.Warned},
		{"kept before", report.Traffic, []contract.Result{kept, warning}, report.Warned},
		{"broken at a grade that fails", report.Traffic, []contract.Result{kept, failure}, report.Broken},
		{"warned of and broken", report.Traffic, []contract.Result{warning, failure}, report.Broken},
		{"broken and warned of", report.Traffic, []contract.Result{failure, warning, kept}, report.Broken},
		{"by the consumer", report.Traffic, []contract.Result{consumer}, report.Warned},
		{"not judged as traffic", report.Documents, []contract.Result{failure}, report.NotObserved},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			for _, v := range test.results {
				promises := []*spec.Rule{}
				if v.Findings == nil {
					promises = rules(doc, "parcels/weight")
				}
				judged(r, report.Check{ID: "showParcel/traffic=200", Suite: test.source}, v, promises, nodes(doc, showPointer, showPointer+"/parameters/1"))
			}
			for kind, label := range map[report.Kind]string{report.KindPromise: "parcels/weight", report.KindParameter: "unit in query", report.KindOperation: "showParcel"} {
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

// TestCoverageOfStates tests which checks count, and which of what they saw counts for which kind of part.
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
		{"a pass", report.Check{Status: report.Pass, Covered: all, Passed: promise}, "kept, kept, kept, not observed, kept"},
		{"a failure elsewhere breaks the operation and the status", report.Check{Status: report.Fail, Covered: all, Failures: elsewhere}, "broken, kept, broken, not observed, not observed"},
		{"and so does a known failure", report.Check{Status: report.Known, Covered: all, Failures: elsewhere}, "broken, kept, broken, not observed, not observed"},
		{"a warning elsewhere", report.Check{Status: report.Pass, Covered: all, Warnings: elsewhere}, "warned, kept, warned, not observed, not observed"},
		{"a failure for a reason alone", report.Check{Status: report.Fail, Covered: all}, "kept, kept, kept, not observed, not observed"},
		{"a failure of another status", report.Check{Status: report.Fail, Covered: nodes(doc, operation+"/responses/404"), Failures: elsewhere}, "not observed, not observed, not observed, broken, not observed"},
		{"an error", report.Check{Status: report.Error, Covered: all, Passed: promise, Failures: elsewhere}, "not checked, not checked, not checked, not observed, not observed"},
		{"not checked", report.Check{Status: report.Pass, Covered: all[:1], Unchecked: all[1:]}, "kept, not checked, not checked, not observed, not observed"},
		{"not checked in one exchange of several", report.Check{Status: report.Pass, Covered: all, Unchecked: all[1:2]}, "kept, kept, kept, not observed, not observed"},
		{"a failure before a limit", report.Check{Status: report.Fail, Unchecked: all, Failures: elsewhere}, "broken, not checked, broken, not observed, not observed"},
		{"a warning before a limit", report.Check{Status: report.Error, Unchecked: all, Warnings: elsewhere}, "not checked, not checked, not checked, not observed, not observed"},
		{"a skip", report.Check{Status: report.Skip, Covered: all, Passed: promise}, "not observed, not observed, not observed, not observed, not observed"},
		{"only the promise is kept, not the operation of the same name", report.Check{Status: report.Pass, Passed: promise}, "not observed, not observed, not observed, not observed, kept"},
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
