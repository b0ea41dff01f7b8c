package probe_test

import (
	"fmt"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const pets = `
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: kind, in: query, schema: {type: string, enum: [cat, dog]}}
      responses:
        "200": {description: All pets of that kind.}
        "400": {description: There is no such kind.}
`

// Each probe is one request. Valid requests must succeed, and those with an invalid parameter must be refused.
func ExampleDerive() {
	doc, err := spec.Read("pets.yaml", []byte(pets), nil)
	if err != nil {
		panic(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		panic(err)
	}
	for _, p := range probe.Derive(judge, nil) {
		if p.Kind == spec.ValidRequest || p.Kind == spec.InvalidParameter {
			fmt.Printf("%s: %s %s\n", p.ID, p.Request.Method, p.Request.Target)
		}
	}
	// Output:
	// listPets/plain: GET /pets
	// listPets/kind=cat: GET /pets?kind=cat
	// listPets/kind=dog: GET /pets?kind=dog
	// listPets/compressed: GET /pets
	// listPets/kind-unknown: GET /pets?kind=cats
	// listPets/kind-other-case: GET /pets?kind=CAT
	// listPets/kind-empty: GET /pets?kind=
	// listPets/kind-bad-escape: GET /pets?kind=%zz
}
