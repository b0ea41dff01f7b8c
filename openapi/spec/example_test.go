package spec_test

import (
	"fmt"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

func ExampleRead() {
	doc, err := spec.Read("pets.yaml", []byte(`
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      operationId: showPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        "200": {description: A pet.}
        "404": {description: None.}
`), nil)
	if err != nil {
		panic(err)
	}
	for _, op := range doc.Operations {
		fmt.Println(op.Node.Place(), op.Method, op.Path, op.Parameters[0].Schema.Types, op.Response(404).Description)
	}
	// Output: pets.yaml:6 GET /pets/{id} [integer] None.
}

func ExampleErrors() {
	_, err := spec.Read("old.yaml", []byte(`[]`), nil)
	fmt.Println(err)
	// Output:
	// old.yaml:1: want an OpenAPI document of version 3.0, 3.1 or 3.2, got array
}
