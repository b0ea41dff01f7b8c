package mutate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/mutate"
)

// TestInventoryOfAliases checks that parts repeated by an alias or a merge key are listed at each place.
func TestInventoryOfAliases(t *testing.T) {
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
