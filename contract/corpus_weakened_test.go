package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestWeakenedRules weakens one rule at a time, as an edit of a document might, and checks that a case of the corpus fails.
func TestWeakenedRules(t *testing.T) {
	const (
		code        = `response.body.error_code.matches("(?i)^apigw[.]0101$")`
		otherMethod = `(request.method == "HEAD" || type(response.body) == map && "error_code" in response.body &&`
		placeholder = `.matches("%([(][A-Za-z_]+[)])?[sd]")`
		bounds      = "rule: self.min <= self.quota && self.quota <= self.max"
	)
	for _, test := range []struct{ name, document, rule, old, weaker string }{
		{
			name: "unknown-path takes each code of the tens", document: "iam", rule: "id: unknown-path", old: code,
			weaker: `response.body.error_code.matches("(?i)^apigw[.]010")`,
		},
		{
			name: "unknown-path takes each code of the tens", document: "ims", rule: "id: unknown-path", old: code,
			weaker: `response.body.error_code.matches("(?i)^apigw[.]010")`,
		},
		{
			name: "other-method requires a code only for POST", document: "iam", rule: "id: other-method", old: otherMethod,
			weaker: `(request.method != "POST" || type(response.body) == map && "error_code" in response.body &&`,
		},
		{
			name: "other-method requires a code only for POST", document: "ims", rule: "id: other-method", old: otherMethod,
			weaker: `(request.method != "POST" || type(response.body) == map && "error_code" in response.body &&`,
		},
		{
			name: "type-filter holds only where type is alone", document: "iam", rule: "id: type-filter",
			old:    `response.status == 200 && "type" in request.query ?`,
			weaker: `response.status == 200 && "type" in request.query && size(request.query) == 1 ?`,
		},
		{
			name: "all-types takes any ten", document: "iam", rule: "id: all-types",
			old:    ".all(t, response.body.quotas.resources.exists(r, r.type == t)) : true",
			weaker: ".size() <= size(response.body.quotas.resources) : true",
		},
		{
			name: "no-placeholder is blind at the beginning", document: "iam", rule: "id: no-placeholder", old: placeholder,
			weaker: `.matches(".%([(][A-Za-z_]+[)])?[sd]")`,
		},
		{
			name: "no-placeholder is blind at the beginning", document: "ims", rule: "id: no-placeholder", old: placeholder,
			weaker: `.matches(".%([(][A-Za-z_]+[)])?[sd]")`,
		},
		{
			name: "gateway-no-placeholder is blind at the beginning", document: "ims", rule: "id: gateway-no-placeholder",
			old: placeholder, weaker: `.matches(".%([(][A-Za-z_]+[)])?[sd]")`,
		},
		{
			name: "bounds are waived where the highest is zero", document: "iam", rule: "id: bounds", old: bounds,
			weaker: "rule: 'self.max > 0 ? self.min <= self.quota && self.quota <= self.max : true'",
		},
		{
			name: "bounds are waived where the highest is zero", document: "ims", rule: "id: bounds", old: bounds,
			weaker: "rule: 'self.max > 0 ? self.min <= self.quota && self.quota <= self.max : true'",
		},
		{
			name: "other-account may get 400", document: "iam", rule: "id: other-account",
			old: "response.status in [403, 404]", weaker: "response.status in [400, 403, 404]",
		},
	} {
		t.Run(test.document+": "+test.name, func(t *testing.T) {
			source, err := openapi.YAML(test.document)
			if err != nil {
				t.Fatal(err)
			}
			before, rule, found := strings.Cut(string(source), "- "+test.rule+"\n")
			if !found {
				t.Fatalf("no rule %s", test.rule)
			}
			doc, err := spec.Read(test.document+".yaml", []byte(before+"- "+test.rule+"\n"+swap(rule, test.old, test.weaker)), nil)
			if err != nil {
				t.Fatal(err)
			}
			weakened, err := judgeOf(t, test.document).Recompile(doc)
			if err != nil {
				t.Fatal(err)
			}
			if !notices(allCases(t), test.document, weakened) {
				t.Error("no case notices it")
			}
		})
	}
}

// notices reports whether a judge has other findings than the corpus lists for a case.
func notices(cases []corpus.Case, document string, judge *contract.Judge) bool {
	for _, c := range cases {
		if c.Document != document {
			continue
		}
		got := []corpus.Want{}
		for _, f := range judge.Check(c.Exchange).Findings {
			got = append(got, corpus.Want{ID: f.ID, Pointer: f.Pointer, Grade: f.Evidence.Grade.String()})
		}
		if !cmp.Equal(c.Want, got) {
			return true
		}
	}
	return false
}
