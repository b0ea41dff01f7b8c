//go:build unix

package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// largeDocument describes a list of resources, without rules.
const largeDocument = `openapi: 3.0.3
info: {title: Large, version: "1"}
paths:
  /resources:
    get:
      operationId: list
      responses:
        "200":
          description: all resources
          content:
            application/json:
              schema:
                type: object
                required: [resources]
                properties: {resources: {type: array, items: {$ref: '#/components/schemas/Resource'}}}
components:
  schemas:
    Resource:
      type: object
      required: [type, used, quota]
      properties:
        type: {type: string, enum: [user, group, idp, agency, policy]}
        name: {type: string, maxLength: 64}
        used: {type: integer, format: int32, minimum: 0}
        quota: {type: integer, format: int32, minimum: -1}
        unit: {type: string}
`

// largeExchange returns an exchange whose response has about size bytes. last is its last resource.
func largeExchange(size int, last string) contract.Exchange {
	var b strings.Builder
	b.WriteString(`{"resources":[`)
	types := []string{"user", "group", "idp", "agency", "policy"}
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `{"type":"%s","name":"resource-%d","used":%d,"quota":%d,"unit":"pieces"},`, types[i%len(types)], i, i, 2*i)
	}
	b.WriteString(last + `]}`)
	return contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/resources"},
		Response: contract.Response{
			Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(b.String()),
		},
		Unrecorded: contract.UnrecordedFraming,
	}
}

// BenchmarkLargeBody measures judging a response of 10 MB, right or with one fault in its last element, without rules. MB/s is by the
// clock, and MB/cpu-s by processor time, garbage collection included.
func BenchmarkLargeBody(b *testing.B) {
	doc, err := spec.Read("large.yaml", []byte(largeDocument), nil)
	if err != nil {
		b.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		b.Fatal(err)
	}
	for _, bm := range []struct {
		name, last string
		findings   int
	}{
		{name: "right", last: `{"type":"user","used":1,"quota":2}`},
		{name: "one-fault", last: `{"type":"user","used":"1","quota":2}`, findings: 1},
		{name: "undocumented-member", last: `{"type":"user","used":1,"quota":2,"more":1}`, findings: 1},
		{name: "broken-end", last: `{"type":"user","used":1,"quota":2`, findings: 1},
	} {
		b.Run(bm.name, func(b *testing.B) {
			ex := largeExchange(10e6, bm.last)
			b.SetBytes(int64(len(ex.Response.Body)))
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				if r := judge.Check(ex); len(r.Findings) != bm.findings || len(r.Errors) > 0 {
					b.Fatalf("got %v %v", r.Findings, r.Errors)
				}
			}
			b.ReportMetric(float64(b.N*len(ex.Response.Body))/1e6/(processorTime(b)-before).Seconds(), "MB/cpu-s")
		})
	}
}
