package schema_test

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

// TestReadRecorded compares Read with the exact way for all recorded bodies and all of the corpus, by each schema of a body in our
// documents.
func TestReadRecorded(t *testing.T) {
	known, bodies := map[string]bool{}, [][]byte{}
	add := func(ex contract.Exchange) {
		for _, body := range [][]byte{ex.Request.Body, ex.Response.Body} {
			if len(body) > 0 && !known[string(body)] {
				known[string(body)] = true
				bodies = append(bodies, body)
			}
		}
	}
	recorded, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recorded {
		add(r.Exchange())
	}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		add(c.Exchange)
	}
	right := 0
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		set := schema.New(doc)
		for _, op := range doc.Operations {
			for _, r := range op.Responses {
				for _, m := range r.Content {
					for _, body := range bodies {
						o := schema.Options{Direction: schema.Response, AssertFormats: true}
						if schema.CompareRead(t, set.Checker(m.Schema), body, o) {
							right++
						}
						if !testing.Short() {
							schema.CompareMutants(t, set.Checker(m.Schema), body, o)
						}
					}
				}
			}
		}
	}
	t.Logf("%d bodies, of which schemas accept %d in all", len(bodies), right)
	if right < len(recorded) {
		t.Errorf("%d of %d bodies are right", right, len(bodies))
	}
}
