package twojudges

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/recordings"
	glob "github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

// exchangeJudges are the other judges of exchanges, each with its best options. Each worker makes its own, since none is
// documented as safe for concurrent use.
var exchangeJudges = []struct {
	name, version string // version: of OpenAPI
	make          func(t *testing.T, document []byte) func(contract.Exchange) found
}{
	{name: "kin-openapi", version: "3.0", make: func(t *testing.T, document []byte) func(contract.Exchange) found {
		return byKin(t, document, tuned())
	}},
	{name: "libopenapi-validator", version: "3.0", make: func(t *testing.T, document []byte) func(contract.Exchange) found {
		return byLibopenapi(t, document, strict()...)
	}},
	{name: "libopenapi-validator", version: "3.1", make: func(t *testing.T, document []byte) func(contract.Exchange) found {
		return byLibopenapi(t, document, strict()...)
	}},
}

// exchange is an exchange with a name for messages and patterns.
type exchange struct {
	name string
	contract.Exchange
}

// tally counts the sides of exchanges that our judge and one other have judged.
type tally struct {
	accepted, refused int   // by both
	differ            int   // accepted by one, refused by the other
	kinds             []int // findings of each of exchangeKinds
}

// TestWholeExchanges checks that docs/agreement.md has each kind of disagreement about a side of an exchange, with the
// number of findings and the reason. Each kind must occur.
func TestWholeExchanges(t *testing.T) {
	tallies := make([]tally, len(exchangeJudges))
	for i, other := range exchangeJudges {
		tallies[i].kinds = make([]int, len(exchangeKinds))
		for _, name := range openapi.Names() {
			document, err := forms.YAML(name, forms.Form{OpenAPI: other.version})
			if err != nil {
				t.Fatal(err)
			}
			compareAll(t, &tallies[i], i, name, document)
		}
	}
	for k, kind := range exchangeKinds {
		if !slices.ContainsFunc(tallies, func(all tally) bool { return all.kinds[k] > 0 }) {
			t.Errorf("no exchange is of the kind %v: %s", kind.findings, kind.reason)
		}
	}
	compareSection(t, agreementFile, "exchanges", exchangeTables(tallies))
}

// compareAll judges all exchanges of a document by our judge and by another, and counts the results.
func compareAll(t *testing.T, sum *tally, judge int, name string, document []byte) {
	t.Helper()
	ours, err := loadOurs(name, document)
	if err != nil {
		t.Fatal(err)
	}
	list := exchangesOf(t, name)
	var mu sync.Mutex
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		theirs := exchangeJudges[judge].make(t, document)
		group.Go(func() {
			for i := worker; i < len(list); i += workers {
				our, their := ours(list[i].Exchange), theirs(list[i].Exchange)
				mu.Lock()
				for _, s := range sides(list[i].Exchange, our, their) {
					s.exchange = list[i].name
					if unknown := sum.add(exchangeJudges[judge].name, s); len(unknown) > 0 {
						t.Errorf("%s %s: %s is of no listed kind", exchangeJudges[judge].name, exchangeJudges[judge].version, unknown)
					}
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
}

// side is one side of an exchange with the findings of two judges.
type side struct {
	exchange, name string // name: request or response
	ours, theirs   []string
}

// sides returns the sides of an exchange that both judges have judged. No judge checks the response to a request that
// matches none of its operations, and ours no response that never came.
func sides(ex contract.Exchange, ours, theirs found) []side {
	list := []side{{name: "request", ours: ours.request, theirs: theirs.request}}
	noOperation := slices.ContainsFunc(findings(theirs), func(id string) bool { return strings.HasPrefix(id, "path/") })
	if noOperation || slices.Equal(ours.request, unknownPath) || ex.Response.Status == 0 {
		return list
	}
	return append(list, side{name: "response", ours: ours.response, theirs: theirs.response})
}

// add counts a side, and returns its disagreements of no kind. Findings that only one judge checks are set aside first, so that
// they do not hide a disagreement about the rest.
func (sum *tally) add(judge string, s side) (unknown []string) {
	count := func(who string, findings []string) (rest []string) {
		for _, id := range distinct(findings) {
			if k := kindOfExchange(judge, who, s, id); k >= 0 && exchangeKinds[k].alone {
				sum.kinds[k]++
			} else {
				rest = append(rest, id)
			}
		}
		return rest
	}
	ours, theirs := count("we", s.ours), count("they", s.theirs)
	switch {
	case len(ours) == 0 && len(theirs) == 0:
		sum.accepted++
	case len(ours) > 0 && len(theirs) > 0:
		sum.refused++
	default:
		sum.differ++
		who := "we"
		if len(ours) == 0 {
			who = "they"
		}
		for _, id := range slices.Concat(ours, theirs) {
			if k := kindOfExchange(judge, who, s, id); k >= 0 {
				sum.kinds[k]++
			} else {
				unknown = append(unknown, fmt.Sprintf("%s find %s at the %s of %s", who, id, s.name, s.exchange))
			}
		}
	}
	return unknown
}

// unknownPath stands for an exchange that our judge does not judge.
var unknownPath = []string{"path/unknown"}

// byUs adapts our judge.
func byUs(judge *contract.Judge) func(contract.Exchange) found {
	return func(ex contract.Exchange) (f found) {
		result := judge.Check(ex)
		if !result.Judged {
			return found{request: unknownPath}
		}
		for _, finding := range result.Findings {
			if finding.Side() == contract.Consumer {
				f.request = append(f.request, finding.ID)
			} else {
				f.response = append(f.response, finding.ID)
			}
		}
		return f
	}
}

// distinct returns a sorted copy without duplicates.
func distinct(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// kindOfExchange is the index of the kind of a finding that one judge alone has, or -1.
func kindOfExchange(judge, who string, s side, id string) int {
	return slices.IndexFunc(exchangeKinds, func(k exchangeKind) bool {
		matches := func(patterns []string, name string) bool {
			return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool { return glob.Matches(pattern, name) })
		}
		ofJudge := k.judge == "" || k.judge == judge
		ofSide := k.side == "" || k.side == s.name
		return ofJudge && ofSide && k.who == who && matches(k.findings, id) && matches(k.in, s.exchange)
	})
}

// exchangesOf lists the corpus, the recordings and all mutants of exchanges of a document.
func exchangesOf(t *testing.T, document string) []exchange {
	t.Helper()
	list := []exchange{}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Document == document {
			list = append(list, exchange{"corpus " + c.Name, c.Exchange})
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
			list = append(list, exchange{"recording " + r.Name(), r.Exchange()})
		}
	}
	return append(list, mutantsOf(t, document)...)
}

// mutantsOf lists the mutants of exchanges that contract/mutate makes.
func mutantsOf(t *testing.T, document string) []exchange {
	t.Helper()
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	list := []exchange{}
	for _, c := range contracts {
		if c.File != "openapi/"+document+".yaml" {
			continue
		}
		made, err := mutate.Exchanges(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made {
			list = append(list, exchange{m.String(), m.Exchange()})
		}
	}
	return list
}
