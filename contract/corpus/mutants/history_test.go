package mutants_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// renamed is what has another name in the documents 2.0.0.
var renamed = strings.NewReplacer(
	"(003/", "(iam_02_0114@2024-02/", "(000/", "(ims_03_appendix_10/", "(wildd)", "(publishedd)",
	"/components/schemas/Error", "/components/schemas/DomainQuotaError",
)

// TestMutantsOfTheFirstDocuments holds that each mutant of the documents 1.0.0, all of which were noticed, is still made
// and noticed. Those whose node is gone, or has no such meaning any more, stand in mutants-1.0.0-gone.txt with the reason.
func TestMutantsOfTheFirstDocuments(t *testing.T) {
	s := score(t)
	noticed := map[string]bool{}
	for _, doc := range s.Documents {
		for _, m := range s.DocumentMutants {
			if m.Of == "document "+doc.Name {
				noticed[lasting(doc, m)] = m.Killed()
			}
		}
	}
	data, err := os.ReadFile("testdata/mutants-1.0.0-gone.txt")
	if err != nil {
		t.Fatal(err)
	}
	gone, err := mutate.ParseEquivalents("mutants-1.0.0-gone.txt", data)
	if err != nil {
		t.Fatal(err)
	}
	names := namesIn(t, "testdata/mutants-1.0.0.txt")
	if len(names) != 2058 { // 2062, of which four came twice
		t.Errorf("got %d names, want 2058", len(names))
	}
	for _, name := range names {
		killed, made := noticed[renamed.Replace(name)]
		_, isGone := gone.Reason(name)
		switch {
		case isGone && killed:
			t.Errorf("listed as gone, and noticed: %s", name)
		case isGone:
		case !made:
			t.Errorf("not made any more: %s", name)
		case !killed:
			t.Errorf("not noticed any more: %s", name)
		}
	}
	for _, line := range gone.Unmatched() {
		t.Error(line)
	}
}

// namesIn reads the names of mutants: of each line a document, a pointer and, behind tabs, what was done there.
func namesIn(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for line := range strings.Lines(string(data)) {
		words := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(words) < 3 {
			continue
		}
		for _, done := range words[2:] {
			names = append(names, words[0]+" "+words[1]+": "+done)
		}
	}
	return names
}

// lasting names a mutant so that another order of rules or parameters does not rename it.
func lasting(doc *spec.Document, m mutate.Mutant) string {
	pointer := m.Pointer
	swap := func(of, last string) {
		if pointer == of || strings.HasPrefix(pointer, of+"/") {
			pointer = of[:strings.LastIndexByte(of, '/')+1] + last + pointer[len(of):]
		}
	}
	for _, r := range doc.Rules {
		swap(r.Node.Pointer(), r.ID[strings.LastIndexByte(r.ID, '/')+1:])
	}
	for _, op := range doc.Operations {
		for _, p := range op.Parameters {
			swap(p.Node.Pointer(), p.Name)
		}
		if rest, ok := strings.CutPrefix(pointer, op.Pointer); ok {
			pointer = "@" + rest
		}
	}
	name := doc.Name + " " + pointer + ": " + m.Operator
	if m.Change != "" && m.Operator != "rule negated" { // which would repeat the rule
		name += " (" + strings.Join(strings.Fields(m.Change), " ") + ")"
	}
	return name
}

// TestExchangesNoticeMost holds that what the documents promise is noticed by exchanges: four of five mutants that are not
// about evidence, sources, servers or the document itself. One that cannot be read counts against them.
func TestExchangesNoticeMost(t *testing.T) {
	byExchanges, all := 0, 0
	for _, m := range score(t).DocumentMutants {
		if !m.Killed() || isAside(m.Pointer) {
			continue
		}
		all++
		if m.Killers[0].Detector == mutate.ByExchanges {
			byExchanges++
		}
	}
	if byExchanges*5 < all*4 {
		t.Errorf("exchanges notice %d of %d, want 80 %%", byExchanges, all)
	}
}

// isAside says whether a pointer leads to a part that no exchange shows.
func isAside(pointer string) bool {
	tokens := strings.Split(pointer, "/")
	return slices.ContainsFunc([]string{"x-evidence", "x-sources", "servers", "info"}, func(part string) bool { return slices.Contains(tokens, part) })
}
