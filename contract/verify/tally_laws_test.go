package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A tally is a sum: the same exchanges give the same bytes, in whatever order they came and in whatever parts they were judged.
// The exchanges are those of our recordings, their mutants, and requests that are wrong in many ways.

// judgedEntry is an exchange with its verdict, so that each is judged once.
type judgedEntry struct {
	entry   traffic.Entry
	verdict verdict
}

// mixedTraffic returns the judges of both documents and some exchanges of three files and a proxy.
func mixedTraffic(t *testing.T) ([]*contract.Judge, []judgedEntry) {
	t.Helper()
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	judges, entries := []*contract.Judge{}, []traffic.Entry{}
	for _, c := range contracts {
		doc, err := spec.Read(c.File, c.Document, nil)
		if err != nil {
			t.Fatal(err)
		}
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		judges = append(judges, judge)
		all, err := mutate.Exchanges(c)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(all); i += 29 {
			entries = append(entries, traffic.Entry{Exchange: all[i].Exchange()})
		}
		for _, one := range c.Cases {
			entries = append(entries, traffic.Entry{Exchange: one.Exchange})
		}
		right := slices.IndexFunc(c.Cases, func(one mutate.Case) bool { return len(one.Want) == 0 && one.Exchange.Response.Status == 200 })
		entries = append(entries, wrongRequests(c.Cases[right].Exchange)...)
	}
	t2, list := NewTally(judges), []judgedEntry{}
	for i, e := range entries {
		e.File, e.Number = []string{"b.har", "a.har", "c.json", ""}[i%4], i/4
		if e.File == "b.har" {
			e.File = fmt.Sprint("b.har.", i%29)
		}
		if e.File == "" {
			e.Number = 1 + i%3 // of several proxies
		}
		if e.Interaction != nil {
			e.File = "c.json"
		}
		list = append(list, judgedEntry{e, t2.judge(e)})
	}
	return judges, list
}

// wrongRequests returns requests with ever new wrong parameters and paths, interactions with the same words, and exchanges that
// cannot be judged.
func wrongRequests(right contract.Exchange) (list []traffic.Entry) {
	path, _, _ := strings.Cut(right.Request.Target, "?")
	many := right
	many.Request.Target = path + "?"
	for i := range 500 { // findings, more than a result lists
		many.Request.Target += fmt.Sprintf("many%d=1&", i)
	}
	list = append(list, traffic.Entry{Exchange: many})
	for i := range 120 {
		ex := right
		ex.Request.Target = fmt.Sprintf("%s?wrong%d=1", path, i%40)
		list = append(list, traffic.Entry{Exchange: ex})
		ex.Request.Target = fmt.Sprintf("/unknown/%d", i%50)
		list = append(list, traffic.Entry{Exchange: ex}, traffic.Entry{Exchange: ex, Skip: traffic.Reasons()[i%3]})
		other := traffic.Entry{Exchange: ex, Origin: fmt.Sprintf("https://tracker%d.example.com", i%30)}
		ex.Request.Target = path
		near := ex
		near.Request.Target = path + "/"
		list = append(list, other, traffic.Entry{Exchange: near})
		if i < 10 {
			ex.Expected = true
			list = append(list, traffic.Entry{Exchange: ex, Interaction: &traffic.Interaction{Number: i, Description: fmt.Sprint("a thing ", i%3)}})
		}
	}
	return list
}

// tallyOf returns an empty tally with bounds.
func tallyOf(judges []*contract.Judge, of bounds) *Tally {
	t := NewTally(judges)
	t.bounds = of
	return t
}

// bytesOf returns the JSON of a tally and its report in all formats.
func bytesOf(t *testing.T, of *Tally) string {
	t.Helper()
	data, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	r, err := of.Report(Options{Side: contract.Both, FailOn: spec.Recorded}, "")
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.NewBuffer(append(data, '\n'))
	for _, format := range report.Formats() {
		if err := format.Write(out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// TestTallyIsASum splits the traffic at random into parts, in random orders, and merges their tallies in a random order, some of
// them by way of JSON.
func TestTallyIsASum(t *testing.T) {
	judges, entries := mixedTraffic(t)
	onePlaceEach := []judgedEntry{}
	for _, e := range entries {
		if strings.Contains(e.entry.Exchange.Request.Target, "?wrong") && e.verdict.judge == judges[0] {
			onePlaceEach = append(onePlaceEach, e)
		}
	}
	if len(onePlaceEach) < 30 {
		t.Fatalf("got %d requests with wrong parameters", len(onePlaceEach))
	}
	for _, test := range []struct {
		name    string
		entries []judgedEntry
		bounds  bounds
	}{
		{name: "few groups", entries: entries, bounds: bounds{groups: 9, places: 20}},
		{name: "some groups", entries: entries, bounds: bounds{groups: 25, places: 4}},
		{name: "few places", entries: entries, bounds: bounds{groups: 100, places: 3}},
		{name: "everything", entries: entries, bounds: bounds{groups: maxGroups, places: maxPlaces}},
		{name: "one check whose places exceed both", entries: onePlaceEach, bounds: bounds{groups: 3, places: 6}},
		{name: "one check with further places", entries: onePlaceEach, bounds: bounds{groups: 8, places: 6}},
	} {
		t.Run(test.name, func(t *testing.T) {
			whole := tallyOf(judges, test.bounds)
			for _, e := range test.entries {
				whole.collect(e.entry, e.verdict)
			}
			if bound := test.bounds.groups + 1; len(whole.files) > bound {
				t.Errorf("got %d files, want at most %d", len(whole.files), bound)
			}
			want := bytesOf(t, whole)
			for seed := range uint64(10) {
				if got := bytesOf(t, mergedAtRandom(t, seed, tallyOf(judges, test.bounds), test.entries)); got != want {
					a, b := firstDifference(want, got)
					t.Fatalf("seed %d: the merged tally differs:\nwant …%s\ngot  …%s", seed, a, b)
				}
			}
		})
	}
}

// mergedAtRandom returns the tally of all entries, made in random parts like an empty one.
func mergedAtRandom(t *testing.T, seed uint64, empty *Tally, entries []judgedEntry) *Tally {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	parts := []*Tally{empty}
	for range 1 + r.IntN(6) {
		parts = append(parts, tallyOf(empty.judges, empty.bounds))
	}
	for _, i := range r.Perm(len(entries)) {
		parts[r.IntN(len(parts)-1)].collect(entries[i].entry, entries[i].verdict) // the last one stays empty
	}
	for len(parts) > 1 {
		i := r.IntN(len(parts) - 1)
		if r.IntN(3) == 0 {
			parts[i] = copied(t, parts[i])
		}
		if err := parts[i].Merge(parts[i+1]); err != nil {
			t.Fatal(err)
		}
		parts = append(parts[:i+1], parts[i+2:]...)
	}
	return parts[0]
}

// firstDifference returns what two texts have around the first byte that differs.
func firstDifference(a, b string) (ofA, ofB string) {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, min(i, len(s))-150):min(len(s), i+150)] }
	return around(a), around(b)
}

// copied returns what another process would read of a tally.
func copied(t *testing.T, of *Tally) *Tally {
	t.Helper()
	data, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	read := tallyOf(of.judges, of.bounds)
	if err := json.Unmarshal(data, read); err != nil {
		t.Fatal(err)
	}
	return read
}

// TestTallyOfPartitions tests what workers of a queue do: each partition has its exchanges in order, and each commit reads the tally
// that was stored, adds the exchanges since then and stores it. The merged partitions are the tally of all exchanges, and merging
// leaves each of them as it is.
func TestTallyOfPartitions(t *testing.T) {
	const partitions, commits = 8, 6
	judges, entries := mixedTraffic(t)
	whole, stored, places := NewTally(judges), [partitions][]byte{}, [partitions]int{}
	parts := [partitions][]judgedEntry{}
	for i, e := range entries {
		p := (i*i + i/3) % partitions
		e.entry.File, e.entry.Number = fmt.Sprint("exchanges/", p), places[p]
		places[p]++
		parts[p] = append(parts[p], e)
		whole.collect(e.entry, e.verdict)
	}
	for p, part := range parts {
		for commit := range commits {
			tally, delta := NewTally(judges), NewTally(judges)
			for _, e := range part[len(part)*commit/commits : len(part)*(commit+1)/commits] {
				delta.collect(e.entry, e.verdict)
			}
			poison := []Record{{File: fmt.Sprint("exchanges/", p), Number: 1000 + commit, Value: []byte("nope")}}
			delta.AddRecords(poison)
			whole.AddRecords(poison)
			if stored[p] != nil {
				if err := json.Unmarshal(stored[p], tally); err != nil {
					t.Fatal(err)
				}
			}
			if err := tally.Merge(delta); err != nil {
				t.Fatal(err)
			}
			stored[p], _ = json.Marshal(tally)
		}
	}
	merged := NewTally(judges)
	for _, data := range stored {
		tally, again := NewTally(judges), NewTally(judges)
		if err := json.Unmarshal(data, tally); err != nil {
			t.Fatal(err)
		}
		for _, into := range []*Tally{again, merged} { // a fresh one, and one with exchanges
			if err := into.Merge(tally); err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range entries { // what a merged tally gets later
			e.entry.File, e.entry.Number = "", -1
			again.collect(e.entry, e.verdict)
		}
		if after, _ := json.Marshal(tally); !bytes.Equal(after, data) {
			t.Error("merging has changed the other tally")
		}
	}
	if want, got := bytesOf(t, whole), bytesOf(t, merged); got != want {
		a, b := firstDifference(want, got)
		t.Fatalf("the merged partitions differ:\nwant …%s\ngot  …%s", a, b)
	}
}

// TestTallyCounts compares the groups that small bounds keep with those of large ones: each has all of its exchanges.
func TestTallyCounts(t *testing.T) {
	judges, entries := mixedTraffic(t)
	small, large := tallyOf(judges, bounds{groups: 25, places: 4}), NewTally(judges)
	for _, e := range entries {
		small.collect(e.entry, e.verdict)
		large.collect(e.entry, e.verdict)
	}
	if len(small.groups) != 25 || small.ungrouped == 0 || len(small.misses.rows) != 25 || len(small.pacts) == 0 {
		t.Fatalf("the traffic does not exceed the bounds: %d groups, %d ungrouped", len(small.groups), small.ungrouped)
	}
	for key, g := range small.groups {
		if !key.elsewhere && large.groups[key].times != g.times {
			t.Errorf("%s %s: got %d exchanges, want %d", key.id, key.place, g.times, large.groups[key].times)
		}
	}
	count := func(of *Tally) (n int) {
		for _, g := range of.groups {
			n += g.times
		}
		return n
	}
	lostRows := 0
	for _, row := range large.misses.rows {
		if key := row.key; small.misses.rows[key] == nil && key.kind != nearMiss {
			lostRows += row.Times
		}
	}
	if got, want := count(small)+small.ungrouped-lostRows, count(large); got != want {
		t.Errorf("got %d exchanges in and beyond the groups, want %d", got, want)
	}
}

// TestTallyOfOtherProcess merges the tally of a process that has read the documents itself, and refuses one of other documents.
func TestTallyOfOtherProcess(t *testing.T) {
	one, two := NewTally(newTestJudges(t)), NewTally(newTestJudges(t))
	whole := NewTally(newTestJudges(t))
	for i, body := range []string{`{"kind":"a"}`, `{"kind":"c"}`, `{"kind":"b"}`, `{"kind":"d"}`} {
		e := entry("/things", 200, body)
		e.Number = i + 1
		whole.Add(e)
		[]*Tally{one, two}[i%2].Add(e)
	}
	if err := two.Merge(one); err != nil {
		t.Fatal(err)
	}
	if got, want := bytesOf(t, two), bytesOf(t, whole); got != want {
		a, b := firstDifference(want, got)
		t.Errorf("want …%s\ngot  …%s", a, b)
	}
	doc, err := spec.Read("things.yaml", []byte(things+"# edited\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	err = NewTally([]*contract.Judge{edited}).Merge(one)
	if err == nil || !strings.Contains(err.Error(), "it is about other documents or versions of them") {
		t.Errorf("a tally of another document: got %v", err)
	}
	if err := one.Merge(one); err == nil {
		t.Error("a tally was merged with itself")
	}
}

// TestDamagedTally tests that no JSON makes a tally panic, and that what is damaged is refused.
func TestDamagedTally(t *testing.T) {
	c := NewTally(newTestJudges(t))
	c.Add(entry("/things", 200, `{"kind":"c"}`))
	c.Add(entry("/refused", 200, `{"kind":"c"}`))
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, old, with string }{
		{name: "another format", old: `"format":1`, with: `"format":2`},
		{name: "another format with other types", old: `"format":1`, with: `"format":2,"groups":{},"matched":"many"`},
		{name: "another type", old: `"matched":`, with: `"matched":"many","x":`},
		{name: "two bad lists", old: `"covered":[1`, with: `"unchecked":[99],"covered":[99`},
		{name: "fewer than one exchange", old: `"times":1`, with: `"times":-1`},
		{name: "no such node", old: `"address":"#/paths`, with: `"address":"#/path`},
		{name: "no such document", old: `"nodes":[{"document":0`, with: `"nodes":[{"document":1`},
		{name: "no such document of a group", old: `"groups":[{"document":0`, with: `"groups":[{"document":-1`},
		{name: "no such index", old: `"covered":[1`, with: `"covered":[99`},
		{name: "no such rule", old: `"passed":[`, with: `"passed":[7`},
		{name: "no node of a finding", old: `"node":`, with: `"node":9`},
		{name: "no such operation", old: `"showRefused"`, with: `"showOther"`},
		{name: "not JSON", old: `{`, with: ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			damaged := strings.Replace(string(data), test.old, test.with, 1)
			if damaged == string(data) {
				t.Fatalf("%s is not in\n%s", test.old, data)
			}
			switch err := json.Unmarshal([]byte(damaged), NewTally(c.judges)); {
			case err == nil:
				t.Error("it was read")
			case strings.Contains(err.Error(), "\n"):
				t.Errorf("the error has several lines: %v", err)
			case strings.HasPrefix(test.name, "another format") && !strings.HasSuffix(err.Error(), "it has the format 2, want 1"):
				t.Errorf("got %v", err)
			}
		})
	}
	for _, value := range regexp.MustCompile(`:("[^"]*"|-?\d+|true|\[\]|\{\})`).FindAllStringSubmatchIndex(string(data), -1) {
		for _, with := range []string{"null", "-1", "99", `""`, `"#"`, "[]", "{}", "[null]", "[{}]", `{"":null}`} {
			damaged := string(data[:value[2]]) + with + string(data[value[3]:])
			if read := NewTally(c.judges); json.Unmarshal([]byte(damaged), read) == nil {
				_, _ = read.Report(Options{FailOn: spec.Recorded}, "") // it does not panic
				if _, err := json.Marshal(read); err != nil {
					t.Errorf("%s: %v", damaged, err)
				}
			}
		}
	}
}

// TestTallyIsBounded tests that 100,000 kinds of exchanges become a report of a bounded size.
func TestTallyIsBounded(t *testing.T) {
	c := NewTally(newTestJudges(t))
	for i := range 100_000 {
		finding := contract.Finding{ID: fmt.Sprint("schema/k", i), Pointer: fmt.Sprint("/response/body/", i), Got: strings.Repeat("x", 1000)}
		c.addToGroup(c.judges[0], entry(fmt.Sprint("/things?a=", i), 200, ""), contract.Result{
			Judged: true, Operation: "listThings", Findings: []contract.Finding{finding},
		})
	}
	r, err := c.Report(Options{FailOn: spec.Recorded}, "")
	if err != nil || len(r.Checks) > maxGroups+5 || c.ungrouped != 99_000 {
		t.Errorf("got %d checks, %d exchanges beyond them, %v", len(r.Checks), c.ungrouped, err)
	}
}

// TestTallyHasNoSecrets tests that no secret of a request gets into the JSON.
func TestTallyHasNoSecrets(t *testing.T) {
	const secret = "tok-0123456789abcdef"
	c := NewTally(newTestJudges(t))
	for _, path := range []string{"/things?a=1", "/things/" + secret, "/Things/" + secret, "/things/latest/?token=" + secret} {
		e := entry(path, 200, `{"kind":"`+secret+`"}`)
		e.Exchange.Request.Header = map[string][]string{"Authorization": {"Bearer " + secret}}
		c.Add(e)
	}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), secret) || !strings.Contains(string(data), "REDACTED") {
		t.Errorf("the secret is in\n%s", data)
	}
}
