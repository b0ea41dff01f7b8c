// Package twojudges holds the judge beside others: libopenapi-validator over every exchange that we have, and both it and
// kin-openapi over generated values. It is a module of its own, so that nobody who uses quotaspec downloads the other judges.
package twojudges

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// named is an exchange and what it is called where the judges disagree about it.
type named struct {
	name string
	ex   contract.Exchange
}

// TestJudgesAgree holds that wherever one judge finds fault with a side of an exchange and the other does not, there is a
// reason in disagreements.txt, and that each reason there is needed.
func TestJudgesAgree(t *testing.T) {
	all := []disagreement{}
	for _, name := range openapi.Names() {
		document, err := openapi.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, disagreements(t, name, document, exchangesOf(t, name))...)
	}
	explained(t, "disagreements.txt", all)
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

// exchangesOf are the corpus and the recordings of a document, and every mutant of an exchange with it.
func exchangesOf(t *testing.T, document string) []named {
	t.Helper()
	list := []named{}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Document == document {
			list = append(list, named{"corpus " + c.Name, c.Exchange})
		}
	}
	doc, err := openapi.Embedded(document)
	if err != nil {
		t.Fatal(err)
	}
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if doc.Operation(r.Operation) != nil {
			list = append(list, named{"recording " + r.Name(), r.Exchange()})
		}
	}
	return append(list, mutantsOf(t, document)...)
}

// mutantsOf are the exchanges that contract/mutate makes wrong in one place.
func mutantsOf(t *testing.T, document string) []named {
	t.Helper()
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	list := []named{}
	for _, c := range contracts {
		if c.File != "openapi/"+document+".yaml" {
			continue
		}
		made, err := mutate.Exchanges(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made {
			list = append(list, named{m.String(), m.Exchange()})
		}
	}
	return list
}

// disagreement is one judge's finding about a side of an exchange with which the other finds no fault at all.
type disagreement struct {
	exchange string // or the mutant of a document
	who      string // ours or theirs: who finds fault
	side     string // request or response, or document
	finding  string // an id of ours, or type and subtype of theirs
}

func (d disagreement) String() string {
	return fmt.Sprintf("%s %s %s in %s", d.who, d.side, d.finding, d.exchange)
}

// disagreements judges a list of exchanges by a document, twice. It takes any document and any exchanges, mutants too.
func disagreements(t *testing.T, file string, document []byte, list []named) []disagreement {
	t.Helper()
	doc, err := spec.Read(file, document, nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]disagreement, len(list))
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		other := byLibopenapi(t, document, strict()...) // one for each, since it does not promise to serve several at once
		group.Go(func() {
			for i := worker; i < len(list); i += workers {
				all[i] = compare(list[i], judge, other)
			}
		})
	}
	group.Wait()
	return slices.Concat(all...)
}

// compare judges one exchange twice.
func compare(n named, judge *contract.Judge, other func(contract.Exchange) found) []disagreement {
	ours, theirs := byUs(judge)(n.ex), other(n.ex)
	if slices.Equal(ours.request, unknownPath) { // nothing is promised of the response
		return between(n.name, "request", ours.request, theirs.request)
	}
	return append(between(n.name, "request", ours.request, theirs.request), between(n.name, "response", ours.response, theirs.response)...)
}

// unknownPath is what we find where we do not judge at all.
var unknownPath = []string{"path/unknown"}

// byUs judges by our judge.
func byUs(judge *contract.Judge) func(contract.Exchange) found {
	return func(ex contract.Exchange) (f found) {
		v := judge.Check(ex)
		if !v.Judged {
			return found{request: unknownPath}
		}
		for _, d := range v.Findings {
			if d.Request() {
				f.request = append(f.request, d.ID)
			} else {
				f.response = append(f.response, d.ID)
			}
		}
		return f
	}
}

// between says where the judges differ about one side: only one of them finds anything.
func between(exchange, side string, ours, theirs []string) []disagreement {
	who, findings := "ours", ours
	if len(ours) == 0 {
		who, findings = "theirs", theirs
	}
	list := []disagreement{}
	if len(ours) > 0 && len(theirs) > 0 {
		return list
	}
	slices.Sort(findings)
	for _, finding := range slices.Compact(findings) {
		list = append(list, disagreement{exchange, who, side, finding})
	}
	return list
}

// TestDisagreementIsNoticed holds that a judge which falls silent would be found out.
func TestDisagreementIsNoticed(t *testing.T) {
	for _, test := range []struct {
		name         string
		ours, theirs []string
		want         string
	}{
		{"both find fault", []string{"schema/type"}, []string{"schema/"}, "[]"},
		{"neither does", nil, nil, "[]"},
		{"only we", []string{"schema/type", "schema/type", "schema/enum"}, nil, "[ours response schema/enum in x ours response schema/type in x]"},
		{"only they", nil, []string{"response/statusCode"}, "[theirs response response/statusCode in x]"},
	} {
		if got := fmt.Sprint(between("x", "response", test.ours, test.theirs)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	reasons, err := mutate.ParseEquivalents("x", []byte("ours response schema/* in corpus a* # so it is\n"))
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range map[disagreement]bool{
		{"corpus ab", "ours", "response", "schema/type"}:   true,
		{"corpus b", "ours", "response", "schema/type"}:    false,
		{"corpus ab", "theirs", "response", "schema/type"}: false,
		{"corpus ab", "ours", "request", "schema/type"}:    false,
		{"corpus ab", "ours", "response", "body/empty"}:    false,
	} {
		if _, listed := reasons.Reason(d.String()); listed != want {
			t.Errorf("%s: explained: %t, want %t", d, !want, want)
		}
	}
}
