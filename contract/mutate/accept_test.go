package mutate_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/mutate"
)

const kettles = `
openapi: 3.0.3
info: {title: Kettles, version: '1'}
paths:
  /kettles:
    get:
      operationId: listKettles
      parameters: [{name: size, in: query, schema: {type: integer}}]
      responses:
        '200': {description: Them., content: {application/json: {schema: {type: array, items: {type: integer}}}}}
`

// TestAccept checks which exchanges of traffic become cases, and what is counted of the others.
func TestAccept(t *testing.T) {
	exchange := func(target, body string) contract.Exchange {
		return contract.Exchange{
			Request: contract.Request{Method: "GET", Target: target, Header: http.Header{"Host": {"h"}}},
			Response: contract.Response{Status: 200, Body: []byte(body), Header: http.Header{
				"Content-Type": {"application/json"}, "Content-Length": {fmt.Sprint(len(body))},
			}},
		}
	}
	good := exchange("/kettles", "[1]")
	noBody := good
	noBody.Unrecorded = contract.UnrecordedResponseBody
	wrong := mutate.Case{Exchange: exchange("/kettles?size=large", "[1]"), Want: []mutate.Want{{ID: "parameter/type"}}}
	many := []mutate.Case{}
	for i := range 30 {
		many = append(many, mutate.Case{Exchange: exchange("/kettles", fmt.Sprintf("[%d]", i))})
	}
	for _, test := range []struct {
		name    string
		cases   []mutate.Case
		taken   int
		leftOut string
	}{
		{name: "right", cases: []mutate.Case{{Exchange: good}}, taken: 1},
		{name: "right, of this operation", cases: []mutate.Case{{Exchange: good, Operation: "listKettles"}}, taken: 1},
		{name: "wrong as expected", cases: []mutate.Case{wrong}, taken: 1},
		{
			name: "wrong", cases: []mutate.Case{{Exchange: exchange("/kettles", `["x"]`)}},
			leftOut: "1 with unexpected findings",
		},
		{
			name: "right, but expected to be wrong", cases: []mutate.Case{{Exchange: good, Want: wrong.Want}},
			leftOut: "1 with unexpected findings",
		},
		{
			name: "other paths and operations", cases: []mutate.Case{{Exchange: exchange("/pots", "[]")}, {Exchange: good, Operation: "listPots"}},
			leftOut: "2 of no operation or without a response",
		},
		{
			name: "no body", cases: []mutate.Case{{Exchange: noBody}},
			leftOut: "1 of no operation or without a response",
		},
		{name: "twice", cases: []mutate.Case{{Exchange: good}, {Exchange: good}}, taken: 1, leftOut: "1 like others"},
		{name: "many", cases: many, taken: 20, leftOut: "10 like others"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, leftOut, err := mutate.Contract{File: "kettles.yaml", Document: []byte(kettles)}.Accept(test.cases)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.leftOut, leftOut.String()); diff != "" || len(c.Cases) != test.taken {
				t.Errorf("got %d cases, want %d; left out (-want +got):\n%s", len(c.Cases), test.taken, diff)
			}
			for _, one := range c.Cases {
				if one.Operation != "listKettles" {
					t.Errorf("got a case of %q", one.Operation)
				}
			}
		})
	}
}
