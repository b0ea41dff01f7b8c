package twojudges

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/mutate"
	glob "github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

var judgesTools = flag.String("judges", "",
	"the `FOLDER` in which testdata/judges is installed: TestJudges also runs its programs, and measures (make bench-judge)")

const (
	performancePage = "../../docs/performance.md"
	benchedHost     = "iam.myhuaweicloud.com"
)

// TestJudges lets our judge and others judge the same exchanges, and compares what they find in each kind of mutant with
// docs/performance.md. Without -judges it runs only those in Go, and the others keep their columns. With it, the judges then take
// turns, and their processor time for an exchange is printed and, with -update, written.
func TestJudges(t *testing.T) {
	right := 200
	if *judgesTools != "" {
		right = 10_000
	}
	random := rand.New(rand.NewPCG(20, 26))
	exchanges := []contract.Exchange{}
	for range right {
		exchanges = append(exchanges, benchedExchange(random))
	}
	mutants := mutantsOfExchange(exchanges[0])
	for _, m := range mutants {
		exchanges = append(exchanges, m.Exchange)
	}
	folder := t.TempDir()
	writeBenched(t, folder, exchanges)
	results := []*benchedResult{}
	for _, j := range benchedJudges {
		r := &benchedResult{judge: j, found: map[string]int{}}
		results = append(results, r)
		switch {
		case !j.installed(t):
			continue
		case j.name == prismName:
			r.process = startPrism(t, folder, exchanges)
		default:
			r.process = startJudge(t, j, folder)
		}
		if found := r.process.ask(t, 0, 200); len(found) > 0 {
			t.Fatalf("%s finds something wrong with right exchanges: %v", j, found)
		}
		found := r.process.ask(t, right, len(mutants))
		for i, m := range mutants {
			isFound := slices.Contains(found, right+i)
			if isFound {
				r.add(m)
			}
			if r == results[0] && isFound == m.right {
				t.Errorf("%s: %s finds something: %t", m.name, j, isFound)
			}
		}
		if len(r.alarms) > 0 {
			t.Logf("%s: %d false alarms: %.300q", j, len(r.alarms), r.alarms)
		}
	}
	compareSection(t, performancePage, "faults of judges", faultsTable(t, mutants, results))
	if *judgesTools == "" || t.Failed() {
		return
	}
	takeTurns(t, right, results)
	table := timesTable(t, mutants, results)
	fmt.Print("\n", table)
	if *update {
		compareSection(t, performancePage, "judges", table)
	}
}

// benchedExchange is a request for all quotas of an account, and its response with ten resources, as a HAR has them: the framing
// is unrecorded. Each has other numbers, so that a judge that remembers its verdicts gains nothing.
func benchedExchange(random *rand.Rand) contract.Exchange {
	id := func() string { return fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64()) }
	resources := []string{}
	for _, kind := range []string{
		"user", "group", "idp", "agency", "policy", "assigment_group_mp", "assigment_agency_mp", "assigment_group_ep",
		"assigment_user_ep", "mapping",
	} {
		least := 1 + random.IntN(100)
		quota := least + random.IntN(1000)
		most, used := quota+random.IntN(5000), fmt.Sprint(random.IntN(quota))
		if kind == "mapping" {
			used = "null"
		}
		resources = append(resources, fmt.Sprintf(`{"max":%d,"min":%d,"quota":%d,"type":"%s","used":%s}`, most, least, quota, kind, used))
	}
	return contract.Exchange{
		Request: contract.Request{
			Method: "GET", Target: "/v3.0/OS-QUOTA/domains/" + id(),
			Header: http.Header{
				"Accept": {"application/json"}, "Host": {benchedHost}, "User-Agent": {"bench"}, "X-Auth-Token": {"a-token-that-is-no-token"},
			},
		},
		Response: contract.Response{
			Status: 200, Body: []byte(`{"quotas":{"resources":[` + strings.Join(resources, ",") + `]}}`),
			Header: http.Header{
				"Content-Type": {"application/json"}, "Date": {"Mon, 01 Dec 2025 12:00:00 GMT"}, "X-Request-Id": {id()},
			},
		},
		Unrecorded: contract.UnrecordedFraming,
	}
}

// Patterns of mutants. A mutant of rightMutants changes nothing that is promised, so what a judge finds in it is a false alarm;
// wrongMutants are exceptions. A parser in front of the judges takes away what mutants of unseenMutants change.
var (
	rightMutants = []string{
		"*: elements swapped at *", "*: number at the highest at */max *", "*: number at the highest at */used *",
		"*: member dropped at /response/body/quotas/resources/9/used", // that of mapping, which may be absent
		"*: request header * at */x-auth-token", "*: request header * at */accept", "*: request header * at */user-agent",
	}
	wrongMutants = []string{
		"*: request header dropped at */x-auth-token", "*: request header emptied at */x-auth-token",
		"*: request header doubled at */x-auth-token", "*: request header doubled at */user-agent",
	}
	unseenMutants = []string{
		"*: length changed at *", "*: request length changed at *", "*: content coding that is none at *", "*/headers/host", "*/headers/date",
	}
)

// benchedMutant is an exchange with one change.
type benchedMutant struct {
	contract.Exchange

	name, operator string
	right          bool
}

// mutantsOfExchange makes the mutants of an exchange that all judges can see.
func mutantsOfExchange(ex contract.Exchange) (list []benchedMutant) {
	isAny := func(patterns []string, name string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool { return glob.Matches(pattern, name) })
	}
	for _, m := range (mutate.Case{Name: "quotas", Exchange: ex}).Mutants() {
		if name := m.String(); !isAny(unseenMutants, name) {
			right := isAny(rightMutants, name) && !isAny(wrongMutants, name)
			list = append(list, benchedMutant{Exchange: m.Exchange(), name: name, operator: m.Operator, right: right})
		}
	}
	return list
}

// writeBenched writes what the judges read: the exchanges, one a line, and the document in two forms.
func writeBenched(t *testing.T, folder string, exchanges []contract.Exchange) {
	t.Helper()
	lines := []byte{}
	for _, ex := range exchanges {
		line, err := json.Marshal(ex)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	schemas, err := forms.JSON("iam", forms.Form{OpenAPI: "3.1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"exchanges.jsonl": lines, "iam-3.1.json": schemas, "iam.yaml": benchedDocument(t)} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
