package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const pets = `
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      operationId: showPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        "200":
          description: A pet.
          content:
            application/json:
              schema: {type: object, required: [name], properties: {name: {type: string}}}
`

func ExampleJudge_CheckHTTP() {
	doc, err := spec.Read("pets.yaml", []byte(pets), nil)
	if err != nil {
		panic(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		panic(err)
	}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"name": 7}`)
	}))
	defer provider.Close()

	resp, err := http.Get(provider.URL + "/pets/1")
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	result, err := judge.CheckHTTP(resp.Request, resp)
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Err())
	// Output: schema/type at /response/body/name: want type string, got number 7 (documented, pets.yaml:15)
}

func ExampleJudge_Check() {
	doc, err := spec.Read("pets.yaml", []byte(pets), nil)
	if err != nil {
		panic(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		panic(err)
	}
	result := judge.Check(contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/pets/one", Header: http.Header{}},
		Response: contract.Response{
			Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"name": "Rex"}`),
		},
	})
	for _, finding := range result.Findings {
		fmt.Println(finding.Side(), finding)
	}
	fmt.Println(result.Err())
	// Output:
	// consumer parameter/type at /request/path/id: want type integer, got string "one" (documented, pets.yaml:9)
	// <nil>
}
