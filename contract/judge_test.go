package contract_test

import (
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// judges are made once: they may be used concurrently, and making one compiles its rules.
var judges = sync.OnceValues(func() (map[string]*contract.Judge, error) {
	byOperation := map[string]*contract.Judge{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			return nil, err
		}
		judge, err := contract.New(doc)
		if err != nil {
			return nil, err
		}
		for _, op := range doc.Operations {
			byOperation[op.ID] = judge
		}
	}
	return byOperation, nil
})

func judgeOf(t *testing.T, operation string) *contract.Judge {
	t.Helper()
	all, err := judges()
	if err != nil {
		t.Fatal(err)
	}
	if all[operation] == nil {
		t.Fatalf("no document has the operation %q", operation)
	}
	return all[operation]
}
