package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
)

// BenchmarkEvaluate measures rules over a body with ten resources.
func BenchmarkEvaluate(b *testing.B) {
	resources := []string{}
	for i := range 10 {
		resources = append(resources, fmt.Sprintf(`{"max":1000,"min":50,"quota":50,"type":"type%d","used":3}`, i))
	}
	for _, test := range []struct {
		name, expr string
		of         rule.Scope
		at         string
	}{
		{name: "status", expr: `response.status == 200 || response.status >= 400`, of: rule.OfExchange},
		{name: "header", expr: `"x-request-id" in response.headers`, of: rule.OfExchange},
		{name: "no header", expr: `"authorization" in request.headers`, of: rule.OfExchange},
		{name: "all", expr: `["type9", "type4"].all(t, response.body.resources.exists(r, r.type == t))`, of: rule.OfExchange},
		{name: "unique", expr: `self.all(r, self.exists_one(o, o.type == r.type))`, of: rule.OfValue, at: "/resources"},
		{name: "bounds", expr: `self.min <= self.quota && self.quota <= self.max`, of: rule.OfValue, at: "/resources/0"},
		{
			name: "types", expr: `type(self.max) == int && type(self.min) == int && type(self.quota) == int`, of: rule.OfValue,
			at: "/resources/0",
		},
		{name: "known", expr: `self.type in ["group", "idp", "agency", "policy", "type0"]`, of: rule.OfValue, at: "/resources/0"},
	} {
		b.Run(test.name, func(b *testing.B) {
			program := compile(b, test.expr, test.of)
			v := &rule.Variables{
				Request: rule.Request{Headers: map[string][]string{
					"Accept": {"application/json"}, "Content-Type": {"application/json"},
					"Host": {"quota.example.com"}, "User-Agent": {"bench"},
				}},
				Response: rule.Response{
					Status: 200, Headers: map[string][]string{"X-Request-Id": {"1"}},
					Body: body(b, `{"resources":[`+strings.Join(resources, ",")+`]}`),
				},
			}
			v.Self = v.ResponsePart(v.Response.Body.At(test.at))
			b.ReportAllocs()
			for b.Loop() {
				_, holds, err := program.Evaluate(v)
				if isBroken := !holds && test.name != "no header"; isBroken || err != nil {
					b.Fatal(holds, err)
				}
			}
		})
	}
}
