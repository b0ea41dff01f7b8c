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

// unread is how the operators begin that change what no plain validator reads.
var unread = []string{
	"server", "example", "operation id", "deprecation", "rule", "evidence", "grade", "source", "hint",
	"authorization", "action", "way of granting", "error code", "place of the code", "message", "fault",
}

// TestJudgesAgreeOnDocuments holds that both judges notice the same mutants of a document by exchanges that are right, or
// that documents.txt says why not. One mutant stands for each operator, in the paths and in the components.
func TestJudgesAgreeOnDocuments(t *testing.T) {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	all, noticed := []disagreement{}, 0
	for _, c := range contracts {
		right, made := rightBy(t, c), chosen(t, c)
		ours, theirs := make([][]string, len(made)), make([][]string, len(made))
		var group sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for worker := range workers {
			group.Go(func() {
				for i := worker; i < len(made); i += workers {
					ours[i], theirs[i] = judgeMutant(made[i], right)
				}
			})
		}
		group.Wait()
		for i, m := range made {
			all = append(all, between(m.String(), ours[i], theirs[i])...)
			if len(ours[i]) > 0 && len(theirs[i]) > 0 {
				noticed++
			}
		}
		t.Logf("%s: %d mutants, %d exchanges that are right, %d noticed so far", c.File, len(made), len(right), noticed)
	}
	if noticed < 50 {
		t.Errorf("both judges notice %d mutants: want 50 or more", noticed)
	}
	explained(t, "documents.txt", all)
}

// chosen are the first mutants of a document by each operator that a plain validator could notice.
func chosen(t *testing.T, c mutate.Contract) []mutate.DocumentMutant {
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

// rightBy are the recordings and cases of a contract with which neither judge finds fault.
func rightBy(t *testing.T, c mutate.Contract) []contract.Exchange {
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

// judgeMutant is what each judge finds wrong by a mutant, over all exchanges.
func judgeMutant(m mutate.DocumentMutant, right []contract.Exchange) (ours, theirs []string) {
	source := m.JSON()
	by := func(judge func(contract.Exchange) found, err error) (all []string) {
		if err != nil {
			return []string{"load"}
		}
		for _, ex := range right {
			all = append(all, findings(judge(ex))...)
		}
		return all
	}
	return by(loadOurs("mutant", source)), by(loadLibopenapi(source, strict()...))
}

// loadOurs makes our judge by a document that it may refuse, or an operation of it.
func loadOurs(name string, source []byte) (func(contract.Exchange) found, error) {
	doc, err := spec.Read(name, source, nil)
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

// between says where the judges differ about a mutant: only one of them finds anything.
func between(mutant string, ours, theirs []string) []disagreement {
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

// explained holds that a file has a reason for each disagreement, and none besides.
func explained(t *testing.T, file string, all []disagreement) {
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

// disagreement is a finding of one judge by a mutant of a document, by which the other finds no fault at all.
type disagreement struct {
	mutant  string
	who     string // ours or theirs: who finds fault
	finding string // an id of ours, or type and subtype of theirs
}

func (d disagreement) String() string {
	return fmt.Sprintf("%s document %s in %s", d.who, d.finding, d.mutant)
}
