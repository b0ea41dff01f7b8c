package openapi

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// mayDiffer lists the parts that both documents have and that differ, with the reason.
var mayDiffer = map[string]string{
	"rule only-200-succeeds: says":   "an account there, a project here",
	"rule no-placeholder: proof":     "the member has another name in the nested shape",
	"rule no-empty-message: proof":   "the member has another name in the nested shape",
	"rule known-type: says":          "ten types there, three here",
	"rule known-type: proof":         "other types",
	"rule type-spelling: proof":      "other types",
	"rule no-negative-count: proof":  "mapping has no number in used there",
	"rule plain-integers: proof":     "mapping has no number in used there",
	"rule gateway-request-id: proof": "IAM and the gateway share one shape there",
	"rule no-placeholder: grade":     "a published response shows it there, no nested one was observed here",
	"rule each-type-once: grade":     "newer pages say so there, no page says so here",
	"scheme Token":                   "scoped to the account there, to the project here",
	"signed X-Domain-Id":             "what each service needs it for",
	"signed X-Project-Id":            "what each service needs it for",
	"example unknown-path":           "recorded there, in the words of the table here",
	"example internal-error":         "the service responds there, the gateway here",
}

// TestDocumentsAgree compares the parts that both documents have, since the same gateway stands in front of both services.
func TestDocumentsAgree(t *testing.T) {
	iam, ims := statements(t, embedded(t, "iam")), statements(t, embedded(t, "ims"))
	kinds := map[string]int{}
	for _, what := range slices.Sorted(maps.Keys(iam)) {
		if _, ok := ims[what]; !ok {
			continue
		}
		kinds[strings.Fields(what)[0]]++
		if differs, reason := iam[what] != ims[what], mayDiffer[what]; differs != (reason != "") {
			t.Errorf("%s: differs: %t; a reason to differ: %q\n iam %s\n ims %s", what, differs, reason, iam[what], ims[what])
		}
	}
	for what := range mayDiffer {
		if iam[what] == "" || ims[what] == "" {
			t.Errorf("%s: an exception, but not in both documents", what)
		}
	}
	for kind, least := range map[string]int{
		"rule": 60, "scheme": 2, "header": 2, "signed": 5, "gateway": 10, "example": 7, "info": 2, "security": 1,
	} {
		if kinds[kind] < least {
			t.Errorf("the documents share %d of the kind %q, want at least %d", kinds[kind], kind, least)
		}
	}
	for _, r := range embedded(t, "iam").Rules {
		if r.Scope != spec.ScopeDocument {
			continue
		}
		if name := strings.TrimPrefix(r.ID, "iam/"); ims["rule "+name+": says"] == "" {
			t.Errorf("ims has no rule %s for every exchange", name)
		}
	}
}

// statements lists the parts of a document that another document may have too, without their sources, which always differ.
func statements(t *testing.T, d *spec.Document) map[string]string {
	t.Helper()
	list := map[string]string{}
	put := func(what string, value any) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		list[what] = string(text)
	}
	put("info contact", d.Root.At("/info/contact"))
	put("info license", d.Root.At("/info/license"))
	put("security", d.Root.Member("security"))
	for _, r := range d.Rules {
		name := "rule " + r.ID[strings.LastIndexByte(r.ID, '/')+1:]
		put(name+": says", r.Says)
		put(name+": grade", r.Evidence.Grade)
		put(name+": proof", []string{r.Expr, string(r.Probe)})
	}
	for _, s := range d.Schemes {
		put("scheme "+s.Name, []any{s.Type, s.In, s.ParameterName, s.HTTPScheme, s.Node.Member("description")})
		for _, h := range s.SigningHeaders {
			put("signed "+h.Name, []any{h.Says, h.Pattern, h.Evidence.Grade})
		}
	}
	for _, m := range d.Root.At("/components/headers").Members {
		put("header "+m.Name, m.Value)
	}
	for _, op := range d.Operations {
		for _, p := range op.Parameters {
			put("parameter "+p.Name, p.Node)
		}
		for _, r := range op.Responses {
			for _, media := range r.Content {
				for _, e := range media.Examples {
					put("example "+e.Name, []any{r.Status, e.Summary, e.Value.Value()})
				}
			}
			if r.Codes == nil {
				continue
			}
			for _, c := range r.Codes.Codes {
				for _, cause := range c.When {
					if strings.HasPrefix(c.Code, "APIGW.") {
						put("gateway "+string(cause), []string{r.Status, c.Code, c.Message})
					}
				}
			}
		}
	}
	return list
}
