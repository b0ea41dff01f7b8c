package verify

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// things is a document whose last operation cannot be judged.
const things = `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200':
          description: Things.
          content: {application/json: {schema: {type: object, properties: {kind: {type: string, enum: [a, b]}, n: {type: integer}}}}}
        '404': {description: None.}
  /things/latest:
    get: {operationId: showLatest, responses: {'200': {description: It.}}}
  /refused:
    get: {operationId: showRefused, responses: {'200': {$ref: '#/components/responses/None'}}}
`

func newTestJudges(t *testing.T) []*contract.Judge {
	t.Helper()
	doc, err := spec.Read("things.yaml", []byte(things), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return []*contract.Judge{judge}
}

func newTestTally(t *testing.T) *Tally {
	t.Helper()
	return NewTally(newTestJudges(t))
}

// entry is a GET with a JSON response.
func entry(path string, status int, body string) traffic.Entry {
	e := traffic.Entry{Exchange: contract.Exchange{
		Request:    contract.Request{Method: "GET", Target: path},
		Response:   contract.Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)},
		Unrecorded: contract.UnrecordedFraming,
	}}
	e.Origin = "http://127.0.0.1"
	return e
}

// add adds an entry with the next number.
func add(c *Tally, e traffic.Entry) {
	e.Number = int(number.Add(1))
	c.Add(e)
}

var number atomic.Int32

// responded is an entry of which only the status matters.
func responded(status int) traffic.Entry {
	return traffic.Entry{Exchange: contract.Exchange{Request: contract.Request{Method: "GET", Target: "/"},
		Response: contract.Response{Status: status}}}
}

// TestTallyGroups tests that exchanges with the same findings are one group, whatever the order of the findings, and that a
// group covers what any of its exchanges covers.
func TestTallyGroups(t *testing.T) {
	c := newTestTally(t)
	for _, body := range []string{`{"kind":"a"}`, `{"kind":1,"more":1}`, `{"kind":"b"}`, `{"more":1,"kind":2}`, `{"n":1}`} {
		add(c, entry("/things", 200, body))
	}
	add(c, entry("/things", 404, ""))
	got := []string{}
	for _, g := range c.inOrder() {
		id, covered := g.key.id, []string{}
		for _, n := range g.covered.list {
			if n.Kind == spec.String { // a value of the enum
				covered = append(covered, n.Text)
			}
		}
		got = append(got, fmt.Sprintf("%s: %d times, covers %v", id, g.times, covered))
	}
	want := []string{
		"listThings/traffic=200: 3 times, covers [a b]",
		"listThings/traffic=200:member/undocumented,schema/enum: 2 times, covers []",
		"listThings/traffic=404: 1 times, covers []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// TestTallyErrors tests that an exchange with an error does not hide the failures of others with the same findings, whichever
// comes first.
func TestTallyErrors(t *testing.T) {
	failed := contract.Result{Judged: true, Operation: "listThings", Findings: []contract.Finding{{ID: "header/doubled", Want: "it once"}}}
	both := failed
	both.Errors = []error{errors.New("rule a cannot be evaluated")}
	for name, results := range map[string][]contract.Result{"error last": {failed, both, failed}, "error first": {both, failed, failed}} {
		t.Run(name, func(t *testing.T) {
			c := newTestTally(t)
			for _, result := range results {
				c.addToGroup(c.judges[0], responded(200), result)
			}
			r, err := c.Report(Options{FailOn: spec.Undocumented}, "")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, check := range r.Checks {
				if check.ID == "listThings/traffic=200:header/doubled" && check.Status == report.Fail {
					got[check.Reason] += check.Times
				}
			}
			if want := (map[string]int{"": 2, "rule a cannot be evaluated": 1}); !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestTallyManyGroups tests that a tally has at most 1000 groups, counts the exchanges beyond, and still counts those of the groups
// that it has.
func TestTallyManyGroups(t *testing.T) {
	c := newTestTally(t)
	wrong := []contract.Finding{{ID: "parameter/undocumented", Pointer: "/request/query/a"}}
	for range 2 {
		for i := range maxGroups + 5 {
			c.addToGroup(c.judges[0], responded(200), contract.Result{Judged: true, Operation: fmt.Sprint("op", i), Findings: wrong})
		}
	}
	for _, g := range c.groups {
		if g.times != 2 {
			t.Errorf("%s: got %d exchanges, want 2", g.key.id, g.times)
		}
	}
	if len(c.groups) != maxGroups || len(c.places) != maxGroups || c.ungrouped != 10 {
		t.Errorf("got %d groups, places of %d checks, and %d exchanges beyond them", len(c.groups), len(c.places), c.ungrouped)
	}
}

// TestTallyKeepsFindings tests that exchanges without findings never displace one with a finding, whichever comes first.
func TestTallyKeepsFindings(t *testing.T) {
	found := []contract.Finding{{ID: "schema/type", Pointer: "/response/body"}}
	wrong := contract.Result{Judged: true, Operation: "listThings", Findings: found}
	for _, isFirst := range []bool{true, false} {
		for seed := range 20 { // whatever the hashes are
			c := newTestTally(t)
			c.bounds.groups = 10
			if isFirst {
				c.addToGroup(c.judges[0], responded(200), wrong)
			}
			for i := range 30 {
				c.addToGroup(c.judges[0], responded(200), contract.Result{Judged: true, Operation: fmt.Sprint("op", seed, "-", i)})
			}
			if !isFirst {
				c.addToGroup(c.judges[0], responded(200), wrong)
			}
			if !slices.ContainsFunc(c.inOrder(), func(g *group) bool { return hasFindings(g.key.id) }) || c.ungrouped != 21 {
				t.Fatalf("first %t: the finding is lost, or %d exchanges are ungrouped, want 21", isFirst, c.ungrouped)
			}
		}
	}
}

// TestTallyManyPaths tests that a report lists at most 1000 unknown paths, counts the exchanges beyond, and still counts those of
// the paths that it lists.
func TestTallyManyPaths(t *testing.T) {
	c := newTestTally(t)
	for range 2 {
		for i := range maxGroups + 5 {
			e := responded(404)
			e.Origin, e.Exchange.Request.Target = "http://127.0.0.1", fmt.Sprint("/", i)
			c.Add(e)
		}
	}
	list := c.misses.unknownPaths()
	for _, row := range list {
		if row.Times != 2 {
			t.Errorf("%s: got %d requests, want 2", row.Path, row.Times)
		}
	}
	if note := c.file("").note(); len(list) != maxGroups || c.ungrouped != 10 || note != "2010 of a path that no document knows" {
		t.Errorf("got %d paths, %d requests beyond them, and %q", len(list), c.ungrouped, note)
	}
}

// TestTallyManyNearMisses tests that near misses of the same path share one group, however many there are.
func TestTallyManyNearMisses(t *testing.T) {
	c := newTestTally(t)
	for i := range maxGroups + 5 {
		e := responded(404)
		e.Origin, e.Exchange.Request.Target = fmt.Sprint("http://127.0.0.1:", i+1), "/things/lates"
		c.Add(e)
	}
	groups := c.inOrder()
	if len(groups) != 1 || groups[0].times != maxGroups+5 || c.ungrouped != 0 || groups[0].key.id != "showLatest/traffic=404:path/near-miss" {
		t.Errorf("got %d groups, and %d exchanges beyond them", len(groups), c.ungrouped)
	}
}

// TestTallyNote tests that the report counts every exchange that was not judged.
func TestTallyNote(t *testing.T) {
	for _, test := range []struct {
		name string
		of   fileSummary
		want string
	}{
		{name: "everything was judged", of: fileSummary{}},
		{name: "one of an unknown path", of: fileSummary{UnknownPaths: 1}, want: "1 of a path that no document knows"},
		{name: "one to another server", of: fileSummary{OtherServers: 1}, want: "1 sent to other servers"},
		{name: "one that was cut off", of: fileSummary{Skipped: map[traffic.Reason]int{traffic.CutOff: 1}}, want: "1: cut off"},
		{name: "one too large", of: fileSummary{Skipped: map[traffic.Reason]int{traffic.TooLarge: 1}}, want: "1: larger than what is kept"},
		{
			name: "all of them", of: fileSummary{UnknownPaths: 2, Skipped: map[traffic.Reason]int{traffic.TooLarge: 3, traffic.NotHTTP: 4}},
			want: "2 of a path that no document knows, 4: not HTTP, 3: larger than what is kept",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.of.note(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestTrafficIsSelected tests that --only and --skip select checks of traffic too.
func TestTrafficIsSelected(t *testing.T) {
	c := newTestTally(t)
	for _, operation := range []string{"a", "b", "c"} {
		c.addToGroup(c.judges[0], responded(200), contract.Result{Judged: true, Operation: operation})
	}
	result, err := c.Report(Options{Only: []string{"a/*", "b/*"}, Skip: []string{"b/*"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, check := range result.Checks {
		got = append(got, check.ID)
	}
	if diff := cmp.Diff([]string{"a/traffic=200"}, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// TestTallyRefused tests that traffic of a refused operation is counted and skipped with the cause, and that the document
// is reported too.
func TestTallyRefused(t *testing.T) {
	c := newTestTally(t)
	c.Add(entry("/refused", 200, "{}"))
	c.Add(entry("/refused", 500, ""))
	c.Add(entry("/things", 200, "{}"))
	result, err := c.Report(Options{}, "2 exchanges were dropped")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, check := range result.Checks {
		got = append(got, fmt.Sprintf("%s %s %d times, %d warnings: %s", check.Status, check.ID, check.Times, len(check.Warnings), check.Reason))
	}
	want := []string{
		"pass documents 0 times, 1 warnings: ",
		"pass listThings/traffic=200 1 times, 0 warnings: ",
		`skip showRefused/traffic 2 times, 0 warnings: things.yaml:16: reference "#/components/responses/None" leads nowhere`,
		"error traffic/dropped 0 times, 0 warnings: 2 exchanges were dropped",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// TestTallyHoldsNoBodies tests that groups of near misses do not hold the exchanges that they stand for.
func TestTallyHoldsNoBodies(t *testing.T) {
	c := newTestTally(t)
	before := heap()
	const bodies, size = 50, 1 << 20
	for i := range bodies {
		c.Add(entry("/Things", 400+i, strings.Repeat(" ", size)))
	}
	if len(c.groups) != bodies {
		t.Fatalf("got %d groups, want %d", len(c.groups), bodies)
	}
	if used, limit := heap()-before, int64(bodies*size/2); used > limit {
		t.Errorf("%d MiB are in use after bodies of %d MiB, want at most %d", used>>20, bodies*size>>20, limit>>20)
	}
	runtime.KeepAlive(c)
}

// heap returns the bytes in use, without those that pools hold.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
