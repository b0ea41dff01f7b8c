package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
)

// BenchmarkEvaluate measures the evaluation of rules over ten resources.
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
		{"status", `response.status == 200 || response.status >= 400`, rule.OfExchange, ""},
		{"header", `"x-request-id" in response.headers`, rule.OfExchange, ""},
		{"no header", `"authorization" in request.headers`, rule.OfExchange, ""},
		{"all", `["type9", "type4"].all(t, response.body.resources.exists(r, r.type == t))`, rule.OfExchange, ""},
		{"unique", `self.all(r, self.exists_one(o, o.type == r.type))`, rule.OfValue, "/resources"},
		{"bounds", `self.min <= self.quota && self.quota <= self.max`, rule.OfValue, "/resources/0"},
		{"types", `type(self.max) == int && type(self.min) == int && type(self.quota) == int`, rule.OfValue, "/resources/0"},
		{"known", `self.type in ["group", "idp", "agency", "policy", "type0"]`, rule.OfValue, "/resources/0"},
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
				if _, holds, err := program.Evaluate(v); !holds && test.name != "no header" || err != nil {
					b.Fatal(holds, err)
				}
			}
		})
	}
}
