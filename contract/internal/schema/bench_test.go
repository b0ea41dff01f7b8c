package schema

import (
	"encoding/json"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// quotas returns the example of our document with ten resources, and its checker.
func quotas(t testing.TB) (*Checker, strictjson.Value) {
	t.Helper()
	data, err := openapi.YAML("iam")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := spec.Read("iam.yaml", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range doc.Operations[0].Responses {
		for _, m := range r.Content {
			for _, example := range m.Examples {
				text, err := example.Value.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				if v := value(t, string(text)); v.At("/quotas/resources").Len() == 10 {
					return New(doc).Checker(m.Schema), v
				}
			}
		}
	}
	t.Fatal("the document has no example of ten resources")
	return nil, strictjson.Value{}
}

var inResponse = Options{Direction: Response, AssertFormats: true}

// TestNoAllocation checks that a valid value costs no allocation. The garbage collector may empty the pool of
// visitors, which costs less than one allocation a run.
func TestNoAllocation(t *testing.T) {
	if testing.Short() {
		t.Skip("short tests also run with the race detector, which drops many pooled visitors")
	}
	c, v := quotas(t)
	if got := check(t, c, v, inResponse); len(got) > 0 {
		t.Fatal(got)
	}
	if got := testing.AllocsPerRun(1000, func() { c.Valid(v, inResponse) }); got >= 1 {
		t.Errorf("%v allocations", got)
	}
	if got := testing.AllocsPerRun(1000, func() { c.Observe(v, inResponse, ignoreAll) }); got >= 1 {
		t.Errorf("%v allocations of Observe", got)
	}
}

func BenchmarkValid(b *testing.B) {
	c, v := quotas(b)
	b.ReportAllocs()
	for b.Loop() {
		if !c.Valid(v, inResponse) {
			b.Fatal("the example is invalid")
		}
	}
}

func BenchmarkRead(b *testing.B) {
	c, v := quotas(b)
	text, err := json.Marshal(v.Any())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		read, ok := c.Read(text, inResponse, ignoreAll)
		if !ok || !read.Valid || !read.Observed {
			b.Fatal("the example is invalid")
		}
		read.Value.Free()
	}
}

var ignoreAll = Observer{
	Undocumented: func(func() string, *spec.Schema, strictjson.Value) {},
	Enum:         func(*spec.Node) {},
	Described:    func(*spec.Schema, strictjson.Value) {},
}

func BenchmarkObserve(b *testing.B) {
	c, v := quotas(b)
	b.ReportAllocs()
	for b.Loop() {
		c.Observe(v, inResponse, ignoreAll)
	}
}
