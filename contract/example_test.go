package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

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

const tasks = `
openapi: 3.0.3
info: {title: Tasks, version: "1"}
paths:
  /tasks:
    post:
      operationId: addTask
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties: {title: {type: string}, dueDate: {type: string, format: date}}
      responses: {"201": {description: The task was added.}}
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

// A test of a consumer: the client calls a server that accepts anything, and the judge says whether its requests are right.
func ExampleResult_ErrFor() {
	doc, err := spec.Read("tasks.yaml", []byte(tasks), nil)
	if err != nil {
		panic(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()

	for _, body := range []string{`{"title": "Rest", "dueDate": "2026-05-01"}`, `{"title": 7, "due_date": "2026-05-01"}`} {
		resp, err := http.Post(server.URL+"/tasks", "application/json", strings.NewReader(body))
		if err != nil {
			panic(err)
		}
		result, err := judge.CheckHTTP(resp.Request, resp)
		resp.Body.Close()
		if err != nil {
			panic(err)
		}
		fmt.Println("the client:", result.ErrFor(contract.Consumer, spec.Recorded))
		fmt.Println("the server:", result.ErrFor(contract.Provider, spec.Recorded))
	}
	// Output:
	// the client: <nil>
	// the server: <nil>
	// the client: schema/type at /request/body/title: want type string, got number 7 (documented, tasks.yaml:13)
	// member/undocumented at /request/body/due_date: did you mean "dueDate"? (undocumented, tasks.yaml:11)
	// the server: <nil>
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
