package mutants_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// renamed maps names of the documents 1.0.0 to those of 2.0.0.
var renamed = strings.NewReplacer(
	"(003/", "(iam_02_0114@2024-02/", "(000/", "(ims_03_appendix_10/", "(wildd)", "(publishedd)",
	"/components/schemas/Error", "/components/schemas/DomainQuotaError",
	"iam @/responses/401/", "iam /components/responses/Unauthorized/",
	"iam @/responses/429/", "iam /components/responses/TooManyRequests/",
	"iam @/responses/500/", "iam /components/responses/InternalError/",
)

// TestMutantsOfTheFirstDocuments checks that each mutant of the documents 1.0.0, all of which were killed, is still made and
// killed. Mutants whose node is gone or has another meaning are listed in mutants-1.0.0-gone.txt with the reason.
func TestMutantsOfTheFirstDocuments(t *testing.T) {
	s := score(t)
	killedByName := map[string]bool{}
	for _, doc := range s.Documents {
		for _, m := range s.DocumentMutants {
			if m.Of == "document "+doc.Name {
				killedByName[withoutTarget(stableName(doc, m))] = m.Killed()
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
	if len(names) != 2058 { // 2062 with four duplicates
		t.Errorf("got %d names, want 2058", len(names))
	}
	for _, name := range names {
		killed, made := killedByName[withoutTarget(renamed.Replace(name))]
		_, isGone := gone.Reason(name)
		switch {
		case isGone && killed:
			t.Errorf("listed as gone, but killed: %s", name)
		case isGone:
		case !made:
			t.Errorf("no longer made: %s", name)
		case !killed:
			t.Errorf("no longer killed: %s", name)
		}
	}
	for _, line := range gone.Unmatched() {
		t.Error(line)
	}
}

// namesIn reads names of mutants. A line has a document, a pointer and the changes made there, separated by tabs.
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
		for _, change := range words[2:] {
			names = append(names, words[0]+" "+words[1]+": "+change)
		}
	}
	return names
}

// stableName names a mutant independently of the order of rules and parameters.
func stableName(doc *spec.Document, m mutate.Mutant) string {
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
	if m.Change != "" && m.Operator != "rule negated" { // the change would repeat the rule
		name += " (" + strings.Join(strings.Fields(m.Change), " ") + ")"
	}
	return name
}

// withoutTarget drops the new target of a reference: it is the next component, which is another one if a component is added.
func withoutTarget(name string) string {
	if i := strings.Index(name, ": reference swapped ("); i >= 0 {
		return name[:i] + ": reference swapped"
	}
	return name
}

// TestExchangesKillMost checks that exchanges kill four of five mutants that are not about evidence, sources, servers or info.
// Mutants that do not load count against them.
func TestExchangesKillMost(t *testing.T) {
	byExchanges, all := 0, 0
	for _, m := range score(t).DocumentMutants {
		if !m.Killed() || isNotShown(m.Pointer) {
			continue
		}
		all++
		if m.Killers[0].Detector == mutate.ByExchanges {
			byExchanges++
		}
	}
	if byExchanges*5 < all*4 {
		t.Errorf("exchanges kill %d of %d, want 80 %%", byExchanges, all)
	}
}

// isNotShown reports whether a pointer leads to a part that no exchange can show.
func isNotShown(pointer string) bool {
	tokens := strings.Split(pointer, "/")
	parts := []string{"x-evidence", "x-sources", "servers", "info"}
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(tokens, part) })
}
