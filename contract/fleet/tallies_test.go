package fleet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestKeys tests that a key is read as it was written, and which texts are none.
func TestKeys(t *testing.T) {
	for _, k := range []key{{"quotaspec", 0, "51f0"}, {"team/a/b", 12, "0"}, {"", 3, "x"}, {"7/8/9/1", 2147483647, "v"}} {
		for _, chunk := range []int{0, 31} {
			got, number, ok := parseKey(string(k.chunk(chunk)))
			if got != k || number != chunk || !ok {
				t.Errorf("%s: got %v, %d, %v", k.chunk(chunk), got, number, ok)
			}
		}
	}
	for _, text := range []string{"", "a", "1/v/0", "g/x/v/0", "g/1/v/x", "g/1/v/-1", "g/4294967296/v/0", "g/1/v/"} {
		if k, _, ok := parseKey(text); ok {
			t.Errorf("%q: got %v, want none", text, k)
		}
	}
}

// TestChunks writes a tally that grows and shrinks, and reads it as a topic would give it back: with what others wrote in between,
// and with what compaction leaves.
func TestChunks(t *testing.T) {
	log, chunks := []*kgo.Record{}, 0
	write := func(group, version string, next int64, size int) {
		tally, err := json.Marshal(strings.Repeat(fmt.Sprint(next%10), size))
		if err != nil {
			t.Fatal(err)
		}
		e := envelope{Format: envelopeFormat, Group: group, Topic: "exchanges", Partition: 3, Next: next, Lost: 2, Exchanges: 5, Tally: tally}
		list, n, err := e.records("exchanges-tallies", version, chunks)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if len(r.Value) > chunkSize || r.Topic != "exchanges-tallies" || r.Partition != 3 {
				t.Errorf("a record has %d bytes for %s/%d", len(r.Value), r.Topic, r.Partition)
			}
		}
		log = append(log, list...)
		if group == "g" && version == "v" {
			chunks = n
		}
	}
	read := func() *envelope {
		t.Helper()
		found := stored{}
		for _, r := range log {
			found.add("g", r)
		}
		v, err := found.versions(3, key{"g", 3, "v"})
		if err != nil {
			t.Fatal(err)
		}
		if v.own == nil || v.chunks != chunks {
			t.Fatalf("got %v with %d chunks, want %d", v.own, v.chunks, chunks)
		}
		return v.own
	}
	if v, err := (stored{}).versions(3, key{"g", 3, "v"}); err != nil || v.own != nil || v.next != -1 {
		t.Errorf("without records: %+v, %v", v, err)
	}
	for i, size := range []int{10, chunkSize, 3 * chunkSize, 2*chunkSize + 1, 0, 5 * chunkSize} {
		next := int64(1000 + i)
		write("g", "v", next, size)
		write("h", "v", 9999, 10)
		if e := read(); e.Next != next || len(e.Tally) != size+2 || e.Lost != 2 || e.Exchanges != 5 {
			t.Errorf("%d bytes: got next %d and a tally of %d bytes", size, e.Next, len(e.Tally))
		}
	}
	want := read()
	latest := map[string]int{}
	for i, r := range log {
		latest[string(r.Key)] = i
	}
	compacted := []*kgo.Record{}
	for i, r := range log {
		if latest[string(r.Key)] == i {
			compacted = append(compacted, r)
		}
	}
	log = compacted
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Errorf("after compaction (-want +got):\n%s", diff)
	}
	write("g", "w", 2000, 10)
	found := stored{}
	for _, r := range log {
		found.add("g", r)
	}
	v, err := found.versions(3, key{"g", 3, "v"})
	if err != nil || v.next != 2000 || len(v.others) != 1 || v.own.Next != want.Next {
		t.Errorf("with another version: %+v, %v", v, err)
	}
}

// TestOtherFormat tests that a tally that this program does not understand is an error, and never no tally.
func TestOtherFormat(t *testing.T) {
	for _, value := range []string{`{"format":2,"next":1}`, `{"format":1,"ne`, `[]`} {
		found := stored{}
		found.add("g", &kgo.Record{Key: key{"g", 0, "other"}.chunk(0), Value: []byte(value)})
		if _, err := found.versions(0, key{"g", 0, "v"}); err == nil || !bytes.Contains([]byte(err.Error()), []byte("g/0/other/0")) {
			t.Errorf("%s: got %v", value, err)
		}
	}
}

// TestReadDuringCommit tests that the counts are those of whole commits, although the end up to which to read was in the middle of one:
// a report asks for it while workers commit. A fetch ends there, as the chunks are larger than what it takes.
func TestReadDuringCommit(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	c := &Connection{Brokers: []string{kafka.Addr()}, Topic: topic}
	if _, err := kadm.NewClient(kafka.Client(t)).CreateTopic(t.Context(), 1, 1, nil, c.tallies()); err != nil {
		t.Fatal(err)
	}
	client := kafka.Client(t, kgo.TransactionalID(topic), kgo.DefaultProduceTopic(c.tallies()), kgo.ProducerBatchCompression(kgo.NoCompression()))
	const chunks = 3
	for commit := range 2 {
		if err := client.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for i := range chunks {
			value := bytes.Repeat([]byte{byte('0' + commit)}, chunkSize)
			r := &kgo.Record{Key: key{"g", 0, "v"}.chunk(i), Value: value}
			if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
		if err := client.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
			t.Fatal(err)
		}
	}
	for end := int64(1); end <= 2*(chunks+1); end++ {
		found, err := c.readTallies(t.Context(), "g", map[int32]kadm.ListedOffset{0: {}}, map[int32]kadm.ListedOffset{0: {Offset: end}})
		if err != nil {
			t.Fatal(err)
		}
		commits := map[byte]int{}
		for _, value := range found[key{"g", 0, "v"}] {
			commits[value[0]]++
		}
		if len(commits) != 1 || commits['0']+commits['1'] != chunks || end > chunks+1 && commits['1'] == 0 {
			t.Errorf("up to %d: chunks of the commits %v, want all %d of the last one that began before", end, commits, chunks)
		}
	}
}
