package mutate_test

import (
	"net/http"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/mutate"
)

// TestChangedPathsDiffer checks that each changed path is new, even for a path of one segment without letters.
func TestChangedPathsDiffer(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /{id}:
    get:
      operationId: showThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: A thing., content: {application/json: {schema: {type: object}}}}
`
	for _, target := range []string{"/7", "/a", "/7?"} {
		mutants, err := mutate.Exchanges(mutate.Contract{File: "things.yaml", Document: []byte(document), Cases: []mutate.Case{{
			Name: "right", Seed: true,
			Exchange: contract.Exchange{
				Request: contract.Request{Method: http.MethodGet, Target: target, Header: http.Header{}},
				Response: contract.Response{
					Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}"),
				},
			},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{target: true}
		for _, m := range mutants {
			if m.Operator != "path changed" {
				continue
			}
			changed := m.Exchange().Request.Target
			if seen[changed] {
				t.Errorf("%s: duplicate path %s", target, changed)
			}
			seen[changed] = true
		}
		if len(seen) < 4 {
			t.Errorf("%s: got %d paths, want 4 or more", target, len(seen))
		}
	}
}
