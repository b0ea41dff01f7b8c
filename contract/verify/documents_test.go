package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestExamples tests that all examples of a document are judged. A wrong one fails the check of its operation, and a rule that cannot
// be evaluated makes it an error, with the first cause.
func TestExamples(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /right:
    get:
      operationId: right
      x-rules: [{id: small-right, says: It is small., grade: documented, source: us, rule: response.body < 10}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: integer}, examples: {one: {value: 1}, two: {value: 2}}}}}
  /first:
    get:
      operationId: first
      x-rules: [{id: small-first, says: It is small., grade: documented, source: us, rule: response.body < 10}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: integer}, examples: {one: {value: 11}, two: {value: 2}}}}}
  /last:
    get:
      operationId: last
      x-rules: [{id: small-last, says: It is small., grade: documented, source: us, rule: response.body < 10}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: integer}, examples: {one: {value: 1}, two: {value: 12}}}}}
  /rule:
    get:
      operationId: undecided
      x-rules:
        - {id: a, says: A., grade: inferred, source: us, rule: response.body.a == 1}
        - {id: b, says: B., grade: inferred, source: us, rule: response.body.b == 1}
      responses:
        '200': {description: ok, content: {application/json: {schema: {}, examples: {one: {value: {a: 1, b: 1}}, two: {value: {}}}}}}
`
	doc, err := spec.Read("things.yaml", []byte(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(t.Context(), []*contract.Judge{judge}, Inputs{Examples: true}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, c := range result.Checks {
		got = append(got, c.ID+" "+string(c.Status))
		for _, d := range c.Failures {
			got = append(got, "  "+d.ID+" at "+d.Pointer)
		}
		if c.Reason != "" {
			got = append(got, "  "+c.Reason)
		}
	}
	want := []string{
		"right/examples pass",
		"first/examples fail", "  first/small-first at /response",
		"last/examples fail", "  last/small-last at /response",
		"undecided/examples error", "  things.yaml:26: rule undecided/a cannot be evaluated: no such key",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}
