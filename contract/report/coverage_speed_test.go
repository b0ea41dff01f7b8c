package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// wideReport is a report of 200 operations and 10,000 checks, a third of which fail.
func wideReport(t testing.TB) *report.Report {
	var text strings.Builder
	text.WriteString("openapi: 3.0.3\ninfo: {title: Wide, version: '1'}\npaths:\n")
	const operations = 200
	for i := range operations {
		fmt.Fprintf(&text, `  /things%d:
    get:
      operationId: list%d
      parameters:
        - {name: a, in: query, schema: {type: string, enum: [x, y, z]}}
        - {name: b, in: query, schema: {type: integer}}
      responses:
        '200':
          description: Things.
          headers: {ETag: {schema: {type: string}}}
          content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}
        '400': {description: Wrong.}
        '404': {description: None.}
`, i, i)
	}
	doc := document(t, "wide.yaml", text.String())
	r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
	for i := range 10_000 {
		op := doc.Operations[i%operations]
		ok := op.Responses[0]
		c := report.Check{
			ID: fmt.Sprintf("%s/n%d", op.ID, i), Operation: op.ID, Suite: report.Probes, Status: report.Pass, HTTP: 200,
			Covered: []*spec.Node{op.Node, op.Parameters[i%2].Node, ok.Node, ok.Content[0].Node},
		}
		if i%3 == 0 {
			at := ok.Content[0].Node.At("/schema/properties/name/type")
			c.Status, c.Failures = report.Fail, []contract.Finding{{ID: "schema/type", Pointer: "/response/body/name", Node: at, Got: "7"}}
		}
		r.Checks = append(r.Checks, c)
	}
	return r
}

// TestCoverageOfManyChecks tests the states of a wide report: each operation has checks that fail and others that pass.
func TestCoverageOfManyChecks(t *testing.T) {
	n := map[report.State]int{}
	for _, p := range wideReport(t).Coverage() {
		n[p.State]++
	}
	// 200 operations, their status 200 and its media type are broken; each was sent one parameter in checks that pass.
	if n[report.Broken] != 600 || n[report.Kept] != 200 {
		t.Errorf("got %v", n)
	}
}

// BenchmarkCoverage measures the coverage of 200 operations by 10,000 checks.
func BenchmarkCoverage(b *testing.B) {
	r := wideReport(b)
	for b.Loop() {
		_ = r.Coverage()
	}
}
