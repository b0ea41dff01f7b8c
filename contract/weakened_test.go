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

// TestWeakenedRules weakens one rule at a time, as an edit of a document might, and holds that the corpus notices.
func TestWeakenedRules(t *testing.T) {
	const (
		code        = `response.body.error_code.matches("(?i)^apigw[.]0101$")`
		otherMethod = `(request.method == "HEAD" || type(response.body) == map && "error_code" in response.body &&`
		placeholder = `.matches("%([(][A-Za-z_]+[)])?[sd]")`
		bounds      = "rule: self.min <= self.quota && self.quota <= self.max"
	)
	for _, test := range []struct{ name, document, rule, old, weaker string }{
		{"unknown-path takes each code of the tens", "iam", "id: unknown-path", code, `response.body.error_code.matches("(?i)^apigw[.]010")`},
		{"unknown-path takes each code of the tens", "ims", "id: unknown-path", code, `response.body.error_code.matches("(?i)^apigw[.]010")`},
		{"other-method asks for a code of POST alone", "iam", "id: other-method", otherMethod, `(request.method != "POST" || type(response.body) == map && "error_code" in response.body &&`},
		{"other-method asks for a code of POST alone", "ims", "id: other-method", otherMethod, `(request.method != "POST" || type(response.body) == map && "error_code" in response.body &&`},
		{"type-filter holds only where type is alone", "iam", "id: type-filter", `response.status == 200 && "type" in request.query ?`, `response.status == 200 && "type" in request.query && size(request.query) == 1 ?`},
		{"all-types takes any ten", "iam", "id: all-types", ".all(t, response.body.quotas.resources.exists(r, r.type == t)) : true", ".size() <= size(response.body.quotas.resources) : true"},
		{"no-placeholder is blind at the beginning", "iam", "id: no-placeholder", placeholder, `.matches(".%([(][A-Za-z_]+[)])?[sd]")`},
		{"no-placeholder is blind at the beginning", "ims", "id: no-placeholder", placeholder, `.matches(".%([(][A-Za-z_]+[)])?[sd]")`},
		{"gateway-no-placeholder is blind at the beginning", "ims", "id: gateway-no-placeholder", placeholder, `.matches(".%([(][A-Za-z_]+[)])?[sd]")`},
		{"bounds are waived where the highest is zero", "iam", "id: bounds", bounds, "rule: 'self.max > 0 ? self.min <= self.quota && self.quota <= self.max : true'"},
		{"bounds are waived where the highest is zero", "ims", "id: bounds", bounds, "rule: 'self.max > 0 ? self.min <= self.quota && self.quota <= self.max : true'"},
		{"other-account may be answered 400", "iam", "id: other-account", "response.status in [403, 404]", "response.status in [400, 403, 404]"},
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

// notices says whether a judge says something else of a case than the corpus does.
func notices(cases []corpus.Case, document string, judge *contract.Judge) bool {
	for _, c := range cases {
		if c.Document != document {
			continue
		}
		got := []corpus.Want{}
		for _, d := range judge.Check(c.Exchange).Findings {
			got = append(got, corpus.Want{ID: d.ID, Pointer: d.Pointer, Grade: d.Evidence.Grade.String()})
		}
		if !cmp.Equal(c.Want, got) {
			return true
		}
	}
	return false
}
