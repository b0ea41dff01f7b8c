package fleet_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestCompaction tests that a worker and a report read the right counts after a real compaction, also when they have become smaller,
// so that a chunk of them was deleted.
func TestCompaction(t *testing.T) {
	if testing.Short() {
		t.Skip("make test-fleet runs it: it waits for a broker to compact its topics")
	}
	kafka := broker.Start(t, "log.cleaner.backoff.ms=100", "log.initial.task.delay.ms=100", "log.retention.check.interval.ms=500")
	topic, judges := kafka.Topic(t, 1), newJudges(t, things)
	admin := kadm.NewClient(kafka.Client(t))
	compact, soon, zero := "compact", "100", "0"
	_, err := admin.CreateTopic(t.Context(), 1, 1, map[string]*string{
		"cleanup.policy": &compact, "segment.ms": &soon, "min.cleanable.dirty.ratio": &zero, "delete.retention.ms": &zero,
		"min.compaction.lag.ms": &zero,
	}, topic+"-tallies")
	must(t, err)
	o := optionsFor(kafka, topic, judges)
	entries := newEntries(310)
	long := strings.Repeat("x", 40_000)
	for i := range 100 { // the last ones; a group shows its first exchange, which is one of these at first
		entries[200+i] = strings.Replace(entries[200+i], `"headers":[`, `"headers":[{"name":"Via","value":"`+long+`"},`, 2)
	}
	chunks := func() map[string]int {
		counts := map[string]int{}
		for _, r := range readTopic(t, kafka, topic+"-tallies") {
			key := string(r.Key[strings.LastIndexByte(string(r.Key), '/')+1:])
			if r.Value == nil {
				key += " deleted"
			}
			counts[key]++
		}
		return counts
	}
	stop := judging(t, o)
	for _, from := range []int{200, 100, 0} {
		for i := from; i < from+100; i += 20 { // a commit for each
			produce(t, kafka, topic, i+1, entries[i:i+20]...)
			merge(t, o)
			time.Sleep(150 * time.Millisecond) // segment.ms, so that each has a segment of its own
		}
		if from == 200 && chunks()["1"] == 0 {
			t.Error("the counts have no second chunk")
		}
	}
	got := chunks()
	for range 60 {
		if got["0"] <= 2 {
			break
		}
		time.Sleep(time.Second)
		got = chunks()
	}
	if got["0"] > 2 || got["1"] > 0 {
		t.Errorf("the chunks are %v, want two of number 0: the one that compaction has left, and the latest", got)
	}
	stop()
	produce(t, kafka, topic, 301, entries[300:]...)
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}
