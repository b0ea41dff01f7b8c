package verify

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestFound tests that what a tally has found is listed with its first place, and what passes is not.
func TestFound(t *testing.T) {
	tally := newTestTally(t)
	records := []Record{}
	for i, e := range []struct {
		path, body string
		status     int
	}{
		{path: "/things", status: 200, body: `{"kind":"a"}`},
		{path: "/things", status: 200, body: `{"kind":"c"}`},
		{path: "/things", status: 200, body: `{"n":"1","kind":"d"}`},
		{path: "/things", status: 200, body: `{"kind":"d"}`},
		{path: "/things?a=1", status: 200, body: `{}`},
		{path: "/things/latest/", status: 404},
		{path: "/unknown", status: 404},
		{path: "/refused", status: 200},
	} {
		records = append(records, Record{File: "exchanges/3", Number: 10 + i, Value: []byte(harEntry(e.path, e.status, e.body))})
	}
	records = append(records, Record{File: "exchanges/3", Number: 18, Value: []byte("null")})
	tally.AddRecords(records)
	tally.addToGroup(tally.judges[0], entry("/things", 404, ""), contract.Result{
		Judged: true, Operation: "listThings", Errors: []error{fmt.Errorf("too much memory")},
	})
	got := []string{}
	for _, f := range tally.Found() {
		got = append(got, fmt.Sprintf("%d %s of %q at %s %d: %s", f.Times, f.Check, f.Operation, f.File, f.Number, f.Exchange))
		for _, finding := range f.Findings {
			got = append(got, "\t"+finding.String())
		}
		for _, text := range f.Errors {
			got = append(got, "\t"+text)
		}
	}
	want := []string{
		`1 listThings/traffic=404 of "listThings" at  0: entry 0: GET http://127.0.0.1/things`,
		"\ttoo much memory",
		`2 listThings/traffic=200:schema/enum of "listThings" at exchanges/3 11: entry 11 of exchanges/3: GET http://127.0.0.1/things`,
		"\t" + `schema/enum at /response/body/kind: want one of a, b, got "c" (documented, things.yaml:11)`,
		`1 listThings/traffic=200:schema/enum,schema/type of "listThings" at exchanges/3 12: entry 12 of exchanges/3: GET ` +
			"http://127.0.0.1/things",
		"\t" + `schema/type at /response/body/n: want type integer, got string "1" (documented, things.yaml:11)`,
		"\t" + `schema/enum at /response/body/kind: want one of a, b, got "d" (documented, things.yaml:11)`,
		`1 listThings/traffic=200:parameter/undocumented of "listThings" at exchanges/3 14: entry 14 of exchanges/3: GET ` +
			"http://127.0.0.1/things?a=1",
		"\t" + `parameter/undocumented at /request/query/a: want no such parameter, got "1" (undocumented, things.yaml:6)`,
		`1 showLatest/traffic=404:path/near-miss of "showLatest" at exchanges/3 15: entry 15 of exchanges/3: GET ` +
			"http://127.0.0.1/things/latest/",
		"\t" + "path/near-miss at /request/path: want the path /things/latest, got /things/latest/ (documented, things.yaml:13)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	first, all := tally.Unreadable()
	if diff := cmp.Diff([]Unreadable{{"exchanges/3", 18, "entry 18: no request in it"}}, first); diff != "" || all != 1 {
		t.Errorf("%d unreadable (-want +got):\n%s", all, diff)
	}
	if empty := newTestTally(t); len(empty.Found()) > 0 || empty.Found() == nil {
		t.Errorf("an empty tally has %v", empty.Found())
	}
}
