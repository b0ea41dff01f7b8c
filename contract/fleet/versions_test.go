package fleet_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
	"github.com/quotaspec/quotaspec/contract/verify"
)

// TestVersions tests that documents do not mix while workers are restarted with another one: workers of two versions of a document are
// in one group. They come and go while exchanges come, so that each version gets partitions of the other, back and forth. Every exchange
// must be judged by one of them, and the report of each must be about what it has judged.
func TestVersions(t *testing.T) {
	kafka := broker.Shared(t)
	const perStep = 300
	steps := []struct {
		version int
		stops   bool // the oldest worker of the version stops; otherwise a new one starts
	}{
		{0, false}, {1, false}, {0, true}, // only the second version is left
		{0, false}, {1, false}, {1, true}, {1, true}, // only the first
		{0, false}, {1, false},
	}
	topic, entries := kafka.Topic(t, 4), newEntries(perStep*len(steps))
	versions := []fleet.Options{
		optionsFor(kafka, topic, newJudges(t, things)),
		optionsFor(kafka, topic, newJudges(t, strings.Replace(things, `"1"`, `"2"`, 1))),
	}
	workers := make([][]func(), len(versions)) // what stops them
	sent := 0
	send := func(count int) {
		t.Helper()
		produce(t, kafka, topic, sent+1, entries[sent:][:count]...)
		sent += count
	}
	for _, step := range steps {
		var change sync.WaitGroup
		if of := &workers[step.version]; step.stops {
			change.Go((*of)[0])
			*of = (*of)[1:]
		} else {
			*of = append(*of, judging(t, versions[step.version]))
		}
		for range 10 {
			send(perStep / 2 / 10)
		}
		change.Wait()
		send(perStep / 2)
		merge(t, versions[0])
	}
	for i, judged := range judgedByVersion(t, kafka, topic) {
		o := versions[i]
		merged := merge(t, o)
		own, others := int64(len(judged)), int64(sent-len(judged))
		if merged.Exchanges != own || merged.Others != others || merged.Lost != 0 {
			t.Errorf("version %d: %d of its own, %d of others, %d lost, want %d, %d and none",
				i, merged.Exchanges, merged.Others, merged.Lost, own, others)
		}
		tally := verify.NewTally(o.Judges)
		tally.AddRecords(judged)
		want, err := tally.Report(bothSides, "")
		wantText := textOf(t, want, err)
		got, err := merged.Tally.Report(bothSides, merged.Dropped())
		if diff := cmp.Diff(wantText, textOf(t, got, err)); diff != "" {
			t.Errorf("version %d: the report (-of what it has judged +fleet):\n%s", i, diff)
		}
	}
	other := optionsFor(kafka, topic, newJudges(t, things, "http://10.0.0.1"))
	other.Servers = []string{"http://10.0.0.1"}
	if merged := merge(t, other); merged.Exchanges != 0 || merged.Others != int64(sent) {
		t.Errorf("with another server: %d of its own and %d of others, want none and %d", merged.Exchanges, merged.Others, sent)
	}
}

// judgedByVersion returns the records that each version has judged, by all commits in the topic of tallies. The versions are in the order
// of their first commits. Whoever makes it, a commit must go on where the one before it ended, and count each record up to its end.
// Every partition must have changed from one version to another and back.
func judgedByVersion(t *testing.T, kafka *broker.Broker, topic string) (judged [][]verify.Record) {
	t.Helper()
	type place struct {
		partition int32
		offset    int64
	}
	names, by := []string{}, map[place]int{} // of versions; the one that has judged a record
	next, turns, latest := map[int32]int64{}, map[int32]int{}, map[int32]int{}
	exchanges := map[string]int64{} // by the keys of tallies
	for _, r := range readTopic(t, kafka, topic+"-tallies") {
		parts := strings.Split(string(r.Key), "/") // …/PARTITION/VERSION/CHUNK: each tally here is so small that it has one
		name := parts[len(parts)-2]
		version := slices.Index(names, name)
		if version < 0 {
			version, names = len(names), append(names, name)
		}
		e := decode[struct{ Next, Exchanges int64 }](t, r.Value)
		if counted, from := e.Exchanges-exchanges[string(r.Key)], next[r.Partition]; counted <= 0 || counted != e.Next-from {
			t.Errorf("partition %d: version %d has counted %d from %d to %d", r.Partition, version, counted, from, e.Next)
		}
		for offset := next[r.Partition]; offset < e.Next; offset++ {
			by[place{r.Partition, offset}] = version
		}
		if version != latest[r.Partition] {
			turns[r.Partition]++
		}
		next[r.Partition], latest[r.Partition], exchanges[string(r.Key)] = e.Next, version, e.Exchanges
	}
	judged = make([][]verify.Record, len(names))
	for _, r := range readTopic(t, kafka, topic) {
		version, isJudged := by[place{r.Partition, r.Offset}]
		number, err := strconv.Atoi(string(r.Headers[1].Value))
		if err != nil || !isJudged {
			t.Fatalf("partition %d: nobody has judged %d (%v)", r.Partition, r.Offset, err)
		}
		judged[version] = append(judged[version], verify.Record{File: string(r.Headers[0].Value), Number: number, Value: r.Value})
	}
	for partition := range next {
		if turns[partition] < 2 {
			t.Errorf("partition %d went from one version to another %d times, want 2 or more", partition, turns[partition])
		}
	}
	return judged
}
