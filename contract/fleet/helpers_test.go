package fleet_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// readTopic reads what is committed in a topic.
func readTopic(t *testing.T, kafka *broker.Broker, topic string) (list []*kgo.Record) {
	t.Helper()
	ends, err := kadm.NewClient(kafka.Client(t)).ListEndOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	open := map[int32]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if end.Offset > 0 {
			open[end.Partition] = end.Offset
		}
	})
	client := kafka.Client(t, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords())
	for len(open) > 0 {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if r.Offset+1 >= open[r.Partition] {
				delete(open, r.Partition)
			}
			if !r.Attrs.IsControl() {
				list = append(list, r)
			}
		})
	}
	return list
}

// deleteTopic returns when the broker has deleted a topic: it responds before.
func deleteTopic(t *testing.T, kafka *broker.Broker, topic string) {
	t.Helper()
	admin := kadm.NewClient(kafka.Client(t, kgo.MetadataMinAge(10*time.Millisecond)))
	_, err := admin.DeleteTopic(t.Context(), topic)
	must(t, err)
	awaitPartitions(t, admin, topic, 0)
}

// awaitPartitions waits until a topic has so many partitions, each with a leader. A topic with none is not there.
func awaitPartitions(t *testing.T, admin *kadm.Client, topic string, want int) {
	t.Helper()
	await(t, fmt.Sprintf("%s has %d partitions", topic, want), func() bool {
		ends, err := admin.ListEndOffsets(t.Context(), topic)
		if want == 0 {
			return err == nil && ends.Error() != nil
		}
		return err == nil && ends.Error() == nil && len(ends[topic]) == want
	})
}

// await waits up to a minute until something is so.
func await(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for range 600 {
		if isSo() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("not after a minute: %s", what)
}

func decode[T any](t *testing.T, text []byte) (value T) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
