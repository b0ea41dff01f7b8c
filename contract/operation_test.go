package contract_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// TestRefusedOperation checks that an exchange of an operation that the document does not describe well enough is never a pass.
func TestRefusedOperation(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Nowhere'}}}}
`)
	result := judge.Check(contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/things"}, Response: contract.Response{Status: 200},
	})
	err := result.Err()
	if err == nil || !strings.Contains(err.Error(), "GET /things cannot be judged: ") || !strings.Contains(err.Error(), ":8: ") {
		t.Errorf("got %v", err)
	}
}
