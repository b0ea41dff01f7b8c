package twojudges

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// unread are the first words of operators that change what plain validators do not read.
var unread = []string{
	"server", "example", "operation id", "deprecation", "rule", "evidence", "grade", "source", "hint",
	"authorization", "action", "way of granting", "error code", "place of the code", "message", "condition",
}

// TestJudgesAgreeOnDocuments judges correct exchanges by mutants of a document. Either both judges find something wrong, or
// neither does, or documents.txt has the reason. There is one mutant for each operator in the paths and in the components.
func TestJudgesAgreeOnDocuments(t *testing.T) {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	all, killed := []disagreement{}, 0
	for _, c := range contracts {
		correct, list := correctExchanges(t, c), firstMutants(t, c)
		ours, theirs := make([][]string, len(list)), make([][]string, len(list))
		var group sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for worker := range workers {
			group.Go(func() {
				for i := worker; i < len(list); i += workers {
					ours[i], theirs[i] = judgeMutant(list[i], correct)
				}
			})
		}
		group.Wait()
		for i, m := range list {
			all = append(all, disagreements(m.String(), ours[i], theirs[i])...)
			if len(ours[i]) > 0 && len(theirs[i]) > 0 {
				killed++
			}
		}
		t.Logf("%s: %d mutants, %d correct exchanges, %d killed so far", c.File, len(list), len(correct), killed)
	}
	if killed < 50 {
		t.Errorf("both judges kill %d mutants, want 50 or more", killed)
	}
	checkReasons(t, "documents.txt", all)
}

// firstMutants makes the mutants of a document, and returns the first of each operator that a plain validator reads.
func firstMutants(t *testing.T, c mutate.Contract) []mutate.DocumentMutant {
	t.Helper()
	made, err := mutate.Documents(c)
	if err != nil {
		t.Fatal(err)
	}
	taken, list := map[string]bool{}, []mutate.DocumentMutant{}
	for _, m := range made {
		section, _, _ := strings.Cut(m.Pointer[1:], "/")
		key := m.Operator + " in " + section
		if taken[key] || slices.ContainsFunc(unread, func(begin string) bool { return strings.HasPrefix(m.Operator, begin) }) {
			continue
		}
		taken[key] = true
		list = append(list, m)
	}
	return list
}

// correctExchanges returns the exchanges of a contract in which neither judge finds anything.
func correctExchanges(t *testing.T, c mutate.Contract) []contract.Exchange {
	t.Helper()
	all := []contract.Exchange{}
	for _, k := range c.Cases {
		all = append(all, k.Exchange)
	}
	ours, err := loadOurs("mutant", c.Document)
	if err != nil {
		t.Fatal(err)
	}
	theirs := byLibopenapi(t, c.Document, strict()...)
	return slices.DeleteFunc(all, func(ex contract.Exchange) bool {
		return ex.Response.Status == 0 || len(findings(ours(ex))) > 0 || len(findings(theirs(ex))) > 0
	})
}

// judgeMutant returns the findings of each judge by a mutated document, over all exchanges.
func judgeMutant(m mutate.DocumentMutant, correct []contract.Exchange) (ours, theirs []string) {
	document := m.JSON()
	by := func(judge func(contract.Exchange) found, err error) (all []string) {
		if err != nil {
			return []string{"load"}
		}
		for _, ex := range correct {
			all = append(all, findings(judge(ex))...)
		}
		return all
	}
	return by(loadOurs("mutant", document)), by(loadLibopenapi(document, strict()...))
}

// loadOurs makes our judge of a document. It fails if the document or one of its operations is refused.
func loadOurs(name string, document []byte) (func(contract.Exchange) found, error) {
	doc, err := spec.Read(name, document, nil)
	if err != nil {
		return nil, err
	}
	for _, op := range doc.Operations {
		if op.Refused != nil {
			return nil, errors.New(op.Refused.String())
		}
	}
	judge, err := contract.New(doc)
	if err != nil {
		return nil, err
	}
	return byUs(judge), nil
}

func findings(f found) []string { return slices.Concat(f.request, f.response) }

// disagreements lists the findings by a mutant if only one judge has any.
func disagreements(mutant string, ours, theirs []string) []disagreement {
	who, findings := "ours", ours
	if len(ours) == 0 {
		who, findings = "theirs", theirs
	}
	list := []disagreement{}
	if len(ours) > 0 && len(theirs) > 0 {
		return list
	}
	for _, finding := range distinct(findings) {
		list = append(list, disagreement{mutant, who, finding})
	}
	return list
}

// checkReasons checks that a file has a reason for each disagreement, and that each reason is needed.
func checkReasons(t *testing.T, file string, all []disagreement) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := mutate.ParseEquivalents(file, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if _, listed := reasons.Reason(d.String()); !listed {
			t.Errorf("no reason is listed for: %s", d)
		}
	}
	for _, line := range reasons.Unmatched() {
		t.Error(line)
	}
}

// disagreement is a finding of one judge by a mutant of a document, by which the other judge finds nothing.
type disagreement struct {
	mutant  string
	who     string // ours or theirs
	finding string // an id of ours, or type and subtype of theirs
}

func (d disagreement) String() string {
	return fmt.Sprintf("%s document %s in %s", d.who, d.finding, d.mutant)
}
