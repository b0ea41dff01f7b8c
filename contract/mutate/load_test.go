package mutate_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/mutate"
)

// TestInventoryListsMergedParts holds that what an alias or a merge key repeats is listed where it is repeated.
func TestInventoryListsMergedParts(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': &things
          description: Things.
          content: {text/plain: {schema: {type: string, enum: [a, b]}}}
        '201':
          <<: *things
          description: New things.
        '202': *things
`
	rows, err := mutate.InventoryOf("things.yaml", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	const responses = "/paths/~1things/get/responses/"
	want := []string{"operation /paths/~1things/get: operationId=listThings"}
	for _, status := range []string{"200", "201", "202"} {
		want = append(want,
			"names "+responses+status+"/content: text/plain",
			"schema "+responses+status+"/content/text~1plain/schema: enum=a,b")
	}
	if diff := cmp.Diff(want, rows[:min(len(want), len(rows))]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMutantsThatLoad holds what counts as noticed at load: a document in which an operation is refused. An example that
// contradicts its schema is left for the exchanges to notice.
func TestMutantsThatLoad(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200':
          description: Things.
          headers: {Age: {$ref: '#/components/headers/Age'}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Things'}
              examples: {two: {value: [1, 2]}}
components:
  headers:
    Age: {schema: {type: integer}}
  schemas:
    Things: {type: array, items: {type: integer}, maxItems: 2}
`
	score, err := mutate.Run([]mutate.Contract{{File: "things.yaml", Document: []byte(document), Cases: []mutate.Case{{
		Name: "right", Seed: true,
		Exchange: contract.Exchange{
			Request:  contract.Request{Method: http.MethodGet, Target: "/things", Header: http.Header{}},
			Response: contract.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("[1,2]")},
		},
	}}}}, &mutate.Equivalents{}, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]mutate.Detector{
		"document things: component dropped at /components/headers/Age":               mutate.ByLoading,
		"document things: bound tightened at /components/schemas/Things/maxItems (1)": mutate.ByExchanges,
	} {
		i := slices.IndexFunc(score.DocumentMutants, func(m mutate.Mutant) bool { return m.String() == name })
		if i < 0 {
			t.Errorf("not made: %s", name)
		} else if m := score.DocumentMutants[i]; !m.Killed() || m.Killers[0].Detector != want {
			t.Errorf("%s: noticed by %+v, want %s", name, m.Killers, want)
		}
	}
}
