package twojudges

import (
	"encoding/json"
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
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// exchangeJudges are the judges of whole exchanges beside ours, each by the best options known. Each is made once for every
// worker, since none promises to serve several at once.
var exchangeJudges = []struct {
	name, version string
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

// exchange is an exchange and what it is called where the judges disagree about it.
type exchange struct {
	name string
	contract.Exchange
}

// tally is what became of the sides of exchanges that ours and one other judge have judged.
type tally struct {
	accepted, refused, differ int   // by both, by both, by one only
	kinds                     []int // how many findings are of each of exchangeKinds
}

// TestWholeExchanges holds that wherever one judge finds fault with a side of an exchange and another does not,
// docs/agreement.md has the kind of the disagreement, how often there is one, and the reason. Each kind must occur.
func TestWholeExchanges(t *testing.T) {
	tallies := make([]tally, len(exchangeJudges))
	for i, other := range exchangeJudges {
		tallies[i].kinds = make([]int, len(exchangeKinds))
		for _, name := range openapi.Names() {
			document, err := openapi.YAML(name)
			if err != nil {
				t.Fatal(err)
			}
			if other.version == "3.1" {
				document = as31(t, document)
			}
			compareAll(t, &tallies[i], i, name, document)
		}
	}
	for k, kind := range exchangeKinds {
		if !slices.ContainsFunc(tallies, func(all tally) bool { return all.kinds[k] > 0 }) {
			t.Errorf("no exchange shows the kind %v: %s", kind.findings, kind.reason)
		}
	}
	compareSection(t, agreementFile, "exchanges", exchangeTables(tallies))
}

// compareAll judges all exchanges with a document by our judge and by another, and adds what they say.
func compareAll(t *testing.T, sum *tally, judge int, name string, document []byte) {
	t.Helper()
	ours, err := loadOurs(name, document)
	if err != nil {
		t.Fatal(err)
	}
	list := exchangesOf(t, name)
	var lock sync.Mutex
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		theirs := exchangeJudges[judge].make(t, document)
		group.Go(func() {
			for i := worker; i < len(list); i += workers {
				our, their := ours(list[i].Exchange), theirs(list[i].Exchange)
				lock.Lock()
				for _, s := range sides(list[i].Exchange, our, their) {
					s.exchange = list[i].name
					if unknown := sum.add(exchangeJudges[judge].name, s); len(unknown) > 0 {
						t.Errorf("%s %s: no kind is listed for %s", exchangeJudges[judge].name, exchangeJudges[judge].version, unknown)
					}
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
}

// side is one side of an exchange and what two judges find wrong with it.
type side struct {
	exchange, name string // name: request or response
	ours, theirs   []string
}

// sides are those of an exchange that both judges have judged. No judge says anything of a response to a request that leads
// to none of its operations, and ours nothing of a response that never came.
func sides(ex contract.Exchange, ours, theirs found) []side {
	list := []side{{name: "request", ours: ours.request, theirs: theirs.request}}
	lost := slices.ContainsFunc(findings(theirs), func(id string) bool { return strings.HasPrefix(id, "path/") })
	if lost || slices.Equal(ours.request, unknownPath) || ex.Response.Status == 0 {
		return list
	}
	return append(list, side{name: "response", ours: ours.response, theirs: theirs.response})
}

// add counts a side, and returns its disagreements of no kind. What only one judge can see is set aside before the rest is
// compared, so that it hides no disagreement about the rest.
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

// distinct sorts a copy and leaves out what stands twice.
func distinct(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// kindOfExchange is the index of the kind of a finding that one judge alone has, or -1.
func kindOfExchange(judge, who string, s side, id string) int {
	return slices.IndexFunc(exchangeKinds, func(k exchangeKind) bool {
		matches := func(patterns []string, name string) bool {
			return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool { return glob.Matches(pattern, name) })
		}
		return (k.judge == "" || k.judge == judge) && k.who == who && (k.side == "" || k.side == s.name) &&
			matches(k.findings, id) && matches(k.in, s.exchange)
	})
}

// exchangesOf are the corpus and the recordings of a document, and every mutant of an exchange with it.
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

// mutantsOf are the exchanges that contract/mutate makes wrong in one place.
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

// as31 rewrites a document of OpenAPI 3.0 as one of 3.1 that says the same: what is nullable has null among its types.
func as31(t *testing.T, document []byte) []byte {
	t.Helper()
	doc, err := spec.Read("document", document, nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := doc.Root.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var root object
	if err := json.Unmarshal(source, &root); err != nil {
		t.Fatal(err)
	}
	var rewrite func(any)
	rewrite = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, element := range v {
				rewrite(element)
			}
		case object:
			if v["nullable"] == true {
				delete(v, "nullable")
				v["type"] = []any{v["type"], "null"}
			}
			for _, member := range v {
				rewrite(member)
			}
		}
	}
	rewrite(root)
	root["openapi"] = "3.1.0"
	return []byte(text(root))
}
