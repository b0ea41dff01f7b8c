package contract_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/openapi"
)

// TestCorpus checks that the judge finds exactly the listed findings in each exchange of the published corpus.
func TestCorpus(t *testing.T) {
	for _, c := range allCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			v := judgeOf(t, c.Document).Check(c.Exchange)
			got := []corpus.Want{}
			for _, f := range v.Findings {
				got = append(got, corpus.Want{ID: f.ID, Pointer: f.Pointer, Grade: f.Evidence.Grade.String()})
			}
			if diff := cmp.Diff(c.Want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s%s", c.Says, diff, lines(v))
			}
			if !v.Judged || v.Operation != c.Operation || len(v.Errors) > 0 {
				t.Errorf("judged %t as %q, errors %v; want %q", v.Judged, v.Operation, v.Errors, c.Operation)
			}
		})
	}
}

// TestCorpusIsComplete checks that a case breaks each rule of the documents, that a case without findings passes it, and that
// each id in the source of the judge has a case.
func TestCorpusIsComplete(t *testing.T) {
	noCase := []string{ // ids of the connection, of promises that our documents do not make, and of a suggestion
		contract.NoResponse, contract.NotHTTP, contract.Unfinished, contract.Endless, "header/missing", "header/value", "header/near-miss",
		"header/allow",
		"parameter/required", "parameter/empty", "parameter/value",
		"status/invalid", "status/not-modified", "member/unchanged",
	}
	broken, passed := map[string]bool{}, map[string]bool{}
	for _, c := range allCases(t) {
		for _, w := range c.Want {
			broken[w.ID] = true
		}
		if len(c.Want) == 0 {
			for _, id := range contract.PassedIDs(judgeOf(t, c.Document).Check(c.Exchange)) {
				passed[id] = true
			}
		}
	}
	for _, name := range openapi.Names() {
		for _, r := range judgeOf(t, name).Document().Rules {
			if !broken[r.ID] {
				t.Errorf("no case breaks the rule %s", r.ID)
			}
			hasWrongRequest := strings.HasSuffix(r.ID, "/no-credentials") || strings.HasSuffix(r.ID, "/invalid-type")
			if !passed[r.ID] && !hasWrongRequest {
				t.Errorf("no case that passes passes the rule %s", r.ID)
			}
		}
	}
	for _, id := range idsInSource(t) {
		if broken[id] == slices.Contains(noCase, id) {
			t.Errorf("%s: there is a case: %t; it is listed as having none: %t", id, broken[id], !broken[id])
		}
	}
}

// idsInSource returns the ids that the source of the judge contains as literals.
func idsInSource(t *testing.T) []string {
	t.Helper()
	pattern := regexp.MustCompile(`"((body|content-encoding|credentials|error-code|framing|header|media-type|member|method|parameter|query|schema|status)/[a-z0-9-]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	ids := []string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range pattern.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(ids, found[1]) {
				ids = append(ids, found[1])
			}
		}
	}
	return ids
}

func allCases(t testing.TB) []corpus.Case {
	t.Helper()
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}
