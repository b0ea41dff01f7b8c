package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
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

// TestCoverageOfNeighbours holds that a part is broken by what is found at it and below, and not by what is found at one
// whose pointer only begins alike.
func TestCoverageOfNeighbours(t *testing.T) {
	values, parameters := []string{}, []string{}
	for i := range 12 {
		values = append(values, fmt.Sprintf("v%d", i))
		parameters = append(parameters, fmt.Sprintf("{name: p%d, in: query, schema: {type: integer}}", i))
	}
	doc, err := openapi.Load("many.yaml", []byte(`openapi: 3.0.3
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
`))
	if err != nil {
		t.Fatal(err)
	}
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
			r := &report.Report{Documents: []*openapi.Document{doc}, FailOn: openapi.Recorded}
			r.Judged(report.Check{ID: "listThings/traffic=200", Source: report.Probes}, contract.Verdict{
				Judged: true, Operation: "listThings", Deviations: []contract.Deviation{{ID: "schema/type", Pointer: "/response/body", Node: test.node}},
			})
			if diff := cmp.Diff(test.label, coverage(r, test.kind, report.Broken)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}
