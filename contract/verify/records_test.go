package verify

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// harEntry is the text of an entry of a HAR.
func harEntry(path string, status int, body string) string {
	return fmt.Sprintf(`{"request":{"method":"GET","url":%q,"headers":[{"name":"Host","value":"127.0.0.1"}]},"response":{"status":%d,`+
		`"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":%q}}}`, "http://127.0.0.1"+path, status, body)
}

// manyKinds returns entries of many kinds: with findings, near misses, unknown paths, refused, skipped.
func manyKinds() (entries []string) {
	for i := range 500 {
		path := []string{"/things", "/things?a=1", "/things/latest", "/Things", "/refused", fmt.Sprint("/x/", i%40)}[i%6]
		text := harEntry(path, 200+i%7, fmt.Sprintf(`{"kind":"%c","n":%d}`, "abc"[i%3], i))
		if i%11 == 0 {
			text = `{"_skip":"cut off",` + text[1:]
		}
		entries = append(entries, text)
	}
	return entries
}

// TestRecords tests that the exchanges of records give the tally that they give as a file, in however many calls they come.
func TestRecords(t *testing.T) {
	entries := manyKinds()
	entries[77], entries[400] = `{"request":{"method":"GET"}}`, "7"
	har := HAR{Name: "a.har", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(`{"log":{"entries":[` + strings.Join(entries, ",") + `]}}`)), nil
	}}
	judges := newTestJudges(t)
	whole := NewTally(judges)
	if err := newRun(judges, Options{}).readInto(context.Background(), har, whole); err != nil {
		t.Fatal(err)
	}
	listed := whole.file(har.Name).Unreadable
	for i := range listed { // a record has no offset
		listed[i].Reason = fmt.Sprintf("entry %d: %s", listed[i].Number, listed[i].Reason[strings.LastIndex(listed[i].Reason, ": ")+2:])
	}
	want := bytesOf(t, whole)
	for _, size := range []int{1, 7, 64, 500} {
		got, records := NewTally(judges), []Record{}
		for i, text := range entries {
			if records = append(records, Record{File: har.Name, Number: i + 1, Value: []byte(text)}); len(records) == size || i == len(entries)-1 {
				got.AddRecords(records)
				for _, r := range records {
					clear(r.Value) // the queue may use its memory again
				}
				records = records[:0]
			}
		}
		if got := bytesOf(t, got); got != want {
			a, b := firstDifference(want, got)
			t.Errorf("%d records a call:\nwant …%s\ngot  …%s", size, a, b)
		}
	}
}

// TestRecordsUnreadable tests that records that are no entries are counted, with the first of each file by its number.
func TestRecordsUnreadable(t *testing.T) {
	tally, records := newTestTally(t), []Record{}
	for i := range 300 {
		r := Record{File: []string{"exchanges/0", "exchanges/1"}[i%2], Number: 1000 - i, Value: []byte("nope")}
		if i%3 == 0 {
			r.Value = []byte(harEntry("/things", 200, "{}"))
		}
		records = append(records, r)
	}
	tally.AddRecords(nil)
	tally.AddRecords(records)
	r, err := tally.Report(Options{FailOn: spec.Recorded}, "")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, check := range r.Checks {
		if check.Suite == report.Traffic {
			got = append(got, fmt.Sprint(check.ID, " ", max(check.Times, 1), " ", check.Reason))
		}
	}
	want := []string{
		"listThings/traffic=200 100 ",
		"traffic/unreadable 1 exchanges/0: not read: 100: entry 702: not JSON; entry 704: not JSON; entry 708: not JSON; and 97 more",
		"traffic/unreadable 1 exchanges/1: not read: 100: entry 701: not JSON; entry 705: not JSON; entry 707: not JSON; and 97 more",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// TestRecordsAreNotHeld tests that a tally does not hold the records, nor what is decoded of them.
func TestRecordsAreNotHeld(t *testing.T) {
	const records, size = 50, 1 << 20
	tally := newTestTally(t)
	before := heap()
	for i := range records {
		body := `{"kind":"c","x":"` + strings.Repeat("a", size) + `"}`
		path := []string{"/things", fmt.Sprint("/things?p", i, "=1"), fmt.Sprint("/unknown/", i), "/Things"}[i%4]
		tally.AddRecords([]Record{{File: fmt.Sprint("file ", i), Number: i, Value: []byte(harEntry(path, 200+i, body))}})
	}
	if used, limit := heap()-before, int64(records*size/4); used > limit {
		t.Errorf("%d MiB are in use after records of %d MiB, want at most %d", used>>20, records*size>>20, limit>>20)
	}
	runtime.KeepAlive(tally)
}
