package contract_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// as31 is a document of ours in OpenAPI 3.1.
func as31(t testing.TB, doc *spec.Document) *spec.Document {
	t.Helper()
	return inForm(t, doc.Name, forms.Form{OpenAPI: "3.1"})
}

func inForm(t testing.TB, name string, form forms.Form) *spec.Document {
	t.Helper()
	doc, err := forms.Document(name, form)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// withoutRules is a document without its x-rules.
func withoutRules(t testing.TB, doc *spec.Document) *spec.Document {
	t.Helper()
	return edited(t, doc, func(object map[string]any) { delete(object, "x-rules") })
}

// edited is a document with each object in it edited.
func edited(t testing.TB, doc *spec.Document, edit func(map[string]any)) *spec.Document {
	t.Helper()
	text, err := doc.Root.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		t.Fatal(err)
	}
	each(root, edit)
	if text, err = json.Marshal(root); err != nil {
		t.Fatal(err)
	}
	other, err := spec.Read(doc.File, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// each edits an object, and all those in it.
func each(v any, edit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			each(element, edit)
		}
	case map[string]any:
		edit(v)
		for _, member := range v {
			each(member, edit)
		}
	}
}

// TestForms checks that our documents mean the same in all forms in which they are published: by each, every recording, message of the
// corpus and mutant of an exchange has the same findings, except for their places in the document. Without extensions there are no
// grades, and the findings that need an extension are missing or others.
func TestForms(t *testing.T) {
	if testing.Short() {
		t.Skip("judges each of 8,000 exchanges by four documents")
	}
	for _, name := range openapi.Names() {
		exchanges := everyExchange(t, name)
		for _, form := range forms.All()[1:] {
			other, err := contract.New(inForm(t, name, form))
			if err != nil {
				t.Fatal(err)
			}
			findings := 0
			for id, ex := range exchanges {
				if form.Plain && ex.Probe != "" {
					continue // rules say which response a probe must get
				}
				want, got := findingsOf(judgeOf(t, name), ex), findingsOf(other, ex)
				if form.Plain {
					rules := judgeOf(t, name).Document().Rules
					want, got = withoutExtensions(want, rules), withoutExtensions(got, rules)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s by %s%s (-file +form):\n%s", id, name, form, diff)
				}
				findings += len(want)
			}
			t.Logf("%s%s: %d exchanges, %d findings", name, form, len(exchanges), findings)
			if findings < 1000 {
				t.Errorf("%s%s: %d findings are too few to compare", name, form, findings)
			}
		}
	}
}

// everyExchange returns the recordings and messages of the corpus by their names, and the mutants of exchanges of a document.
func everyExchange(t *testing.T, name string) map[string]contract.Exchange {
	t.Helper()
	exchanges := map[string]contract.Exchange{}
	for _, r := range recorded(t) {
		exchanges["recording "+r.Name()] = r.Exchange()
	}
	for _, c := range allCases(t) {
		exchanges["case "+c.Name] = c.Exchange
	}
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		made, err := mutate.Exchanges(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made {
			if c.File == "openapi/"+name+".yaml" {
				exchanges[m.String()] = m.Exchange()
			}
		}
	}
	return exchanges
}

// findingsOf lists the findings of an exchange, without places in the document.
func findingsOf(judge *contract.Judge, ex contract.Exchange) []string {
	result := judge.Check(ex)
	list := []string{}
	for _, f := range result.Findings {
		_, keyword, _ := strings.Cut(f.ID, "/")
		if isOfType := keyword == "nullable" || keyword == "type"; isOfType && f.Got == "null" {
			f.ID, f.Want = strings.Replace(f.ID, "nullable", "type", 1), "no null" // a keyword in 3.0, a type in 3.1
		}
		want := strings.TrimSuffix(f.Want, " or null")
		list = append(list, strings.Join([]string{f.ID, f.Evidence.Grade.String(), f.Pointer, want, f.Got}, " | "))
	}
	slices.Sort(list)
	return list
}

// ofSigner matches findings about headers that only an extension lists: those of a signature.
var ofSigner = regexp.MustCompile(`\| /request/headers/x-(sdk-(date|content-sha256)|(domain|project)-id|security-token)\b`)

// withoutExtensions leaves out of a list the grades, and the findings that need an extension: of rules, error codes, and headers of a
// signature.
func withoutExtensions(list []string, rules []*spec.Rule) []string {
	plain := []string{}
	for _, f := range list {
		words := strings.Split(f, " | ")
		isOfRule := slices.ContainsFunc(rules, func(r *spec.Rule) bool { return r.ID == words[0] })
		if !isOfRule && !strings.HasPrefix(f, "error-code/") && !ofSigner.MatchString(f) {
			plain = append(plain, strings.Join(slices.Delete(words, 1, 2), " | "))
		}
	}
	return plain
}
