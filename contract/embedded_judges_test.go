package contract_test

import (
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// judges are made once: they may be used concurrently, and making one compiles its rules.
var judges = sync.OnceValues(func() (map[string]*contract.Judge, error) {
	all := map[string]*contract.Judge{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			return nil, err
		}
		judge, err := contract.New(doc)
		if err != nil {
			return nil, err
		}
		all[name] = judge
		for _, op := range doc.Operations {
			all[op.ID] = judge
		}
	}
	return all, nil
})

// judgeOf is the judge of a document, by its name or by that of an operation.
func judgeOf(t *testing.T, name string) *contract.Judge {
	t.Helper()
	known, err := judges()
	if err != nil {
		t.Fatal(err)
	}
	if known[name] == nil {
		t.Fatalf("nothing is called %q", name)
	}
	return known[name]
}
