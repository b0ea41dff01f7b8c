package rule_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// BenchmarkDocument measures the rules of a document over a response with ten resources, as the judge evaluates them.
func BenchmarkDocument(b *testing.B) {
	doc, err := openapi.Embedded("iam")
	if err != nil {
		b.Fatal(err)
	}
	all, err := recordings.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r recordings.Recording) bool { return r.Name() == "iam-200-all-types" })
	known := variablesOf(all[i].Exchange())
	list := known.Response.Body.At("/quotas/resources")
	items := []strictjson.Value{}
	for _, item := range list.Elements() {
		items = append(items, item)
	}
	ofExchange, ofList, ofItem := []*rule.Program{}, []*rule.Program{}, []*rule.Program{}
	for _, r := range doc.Rules {
		switch {
		case r.Expr == "" || r.Probe != "":
		case r.Scope != spec.ScopeSchema:
			ofExchange = append(ofExchange, compile(b, r.Expr, rule.OfExchange))
		case strings.HasSuffix(r.ID, "/each-type-once"):
			ofList = append(ofList, compile(b, r.Expr, rule.OfValue))
		case strings.Contains(r.Expr, "self.type"), strings.Contains(r.Expr, "self.max"):
			ofItem = append(ofItem, compile(b, r.Expr, rule.OfValue))
		}
	}
	if len(ofExchange) < 5 || len(ofList) != 1 || len(ofItem) != 6 || len(items) != 10 {
		b.Fatal(len(ofExchange), len(ofList), len(ofItem), len(items))
	}
	ofLists, ofItems := rule.NewGroup(ofList...), rule.NewGroup(ofItem...)
	known.Request.Headers = map[string][]string{"Host": {"localhost"}, "Accept": {"*/*"}, "X-Auth-Token": {"token"}}
	known.Response.Headers = map[string][]string{"X-Request-Id": {"1"}}
	v := &rule.Variables{}
	evaluate := func(applies, holds bool, err error) {
		if err != nil || applies && !holds {
			b.Fatal(holds, err)
		}
	}
	for _, part := range []struct {
		name                 string
		exchange, list, item bool
	}{
		{name: "all", exchange: true, list: true, item: true},
		{name: "of the exchange", exchange: true},
		{name: "of the list", list: true},
		{name: "of the items", item: true},
	} {
		b.Run(part.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v.Request, v.Response = known.Request, known.Response
				for _, p := range ofExchange {
					if part.exchange {
						evaluate(p.Evaluate(v))
					}
				}
				if part.list {
					ofLists.Bind(v, v.ResponsePart(list))
					evaluate(ofLists.Evaluate(0, v))
				}
				for _, item := range items {
					ofItems.Bind(v, v.ResponsePart(item))
					for i := range ofItem {
						if part.item {
							evaluate(ofItems.Evaluate(i, v))
						}
					}
				}
				v.Reset()
			}
		})
	}
}
