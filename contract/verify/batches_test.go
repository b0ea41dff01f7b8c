package verify

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestBatches tests that traffic which is judged on all cores gives the same report as traffic which is judged one by one: the
// same groups in the same order, each with its first exchange, its count and its coverage.
func TestBatches(t *testing.T) {
	large := `{"kind":"` + strings.Repeat("a", 3*maxBatchBytes) + `"}`
	for _, test := range []struct {
		name    string
		entries int
		of      func(i int) traffic.Entry
	}{
		{name: "none"},
		{name: "one", entries: 1, of: func(int) traffic.Entry { return entry("/things", 200, `{"kind":"a"}`) }},
		{name: "a batch", entries: maxBatch, of: func(i int) traffic.Entry { return entry("/things", 200, fmt.Sprintf(`{"n":%d}`, i)) }},
		{name: "many groups", entries: 20 * maxBatch, of: func(i int) traffic.Entry {
			return entry("/things", 200+i%399, `{"kind":"`+"abc"[i%3:i%3+1]+`"}`)
		}},
		{name: "unknown paths", entries: 5 * maxBatch, of: func(i int) traffic.Entry { return entry(fmt.Sprint("/", i%90), 404, "") }},
		{name: "near misses, and skipped", entries: 5 * maxBatch, of: func(i int) traffic.Entry {
			e := entry([]string{"/things/", "/thing", "/things/latest", "/refused"}[i%4], 200+i%7, "{}")
			if i%11 == 0 {
				e.Skip = traffic.CutOff
			}
			return e
		}},
		{name: "large ones among small ones", entries: 2 * maxBatch, of: func(i int) traffic.Entry {
			if i%32 == 31 {
				return entry("/things", 200, large)
			}
			return entry("/things", 200, `{"kind":"b"}`)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			judges := newTestJudges(t)
			single, many := NewTally(judges), NewTally(judges)
			batches := newBatcher(many, func(_ *traffic.Entry, err error) bool { return err == nil })
			for i := range test.entries {
				e := test.of(i)
				e.Number, e.Size = i+1, len(e.Exchange.Response.Body)
				single.Add(e)
				batches.add(traffic.Decoded(e))
				if batches.size > maxRunningBytes && len(batches.running) > 1 {
					t.Fatalf("entry %d: %d bytes are under way in %d batches", i, batches.size, len(batches.running))
				}
			}
			batches.finish()
			want, wantErr := single.Report(Options{}, "")
			got, err := many.Report(Options{}, "")
			same := cmp.Comparer(func(a, b *spec.Node) bool { return a == b })
			rule := cmp.Comparer(func(a, b *spec.Rule) bool { return a == b })
			document := cmp.Comparer(func(a, b *spec.Document) bool { return a == b })
			unexported := cmpopts.IgnoreUnexported(report.Check{}, contract.Finding{})
			if diff := cmp.Diff(want, got, same, rule, document, unexported); diff != "" {
				t.Errorf("report (-one by one +on all cores):\n%s", diff)
			}
			if fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("got the error %v, want %v", err, wantErr)
			}
		})
	}
}
