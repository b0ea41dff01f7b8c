package mutate_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/mutate"
)

// TestRunDetectors checks that a document with a refused operation is killed by loading, and a document whose example
// contradicts its schema only by exchanges.
func TestRunDetectors(t *testing.T) {
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
			Request: contract.Request{Method: http.MethodGet, Target: "/things", Header: http.Header{}},
			Response: contract.Response{
				Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("[1,2]"),
			},
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
			t.Errorf("%s: killed by %+v, want %s", name, m.Killers, want)
		}
	}
}
