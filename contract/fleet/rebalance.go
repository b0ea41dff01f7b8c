package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/quotaspec/quotaspec/internal/text"
)

// The assignment is eager: a rebalance takes away all partitions before it gives any, and every partition is loaded again. It is rare
// and this is simple: no state survives a rebalance. The client calls, in this order, revoked, assigned, fetched and loaded; then the
// worker rewinds.

// revoked forgets all partitions. It waits for the end of a cycle, so that there is nothing to commit.
func (w *worker) revoked(context.Context, *kgo.Client, map[string][]int32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts, w.stale, w.dirty = map[int32]*partition{}, true, false
}

// assigned forgets what a worker without partitions would keep: nothing is loaded for it, and of several rebalances between two polls
// the session calls revoked for the first alone.
func (w *worker) assigned(context.Context, *kgo.Client, map[string][]int32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts = map[int32]*partition{}
	w.metrics.loaded(w.parts, bounds{})
}

// fetched keeps, for loaded, up to where workers have judged by the offsets of the group. What an operator has set is not marked.
func (w *worker) fetched(_ context.Context, _ *kgo.Client, response *kmsg.OffsetFetchResponse) error {
	w.judged = map[int32]int64{}
	for _, group := range response.Groups {
		for _, topic := range group.Topics {
			for _, p := range topic.Partitions {
				if p.Metadata != nil && *p.Metadata == byWorker {
					w.judged[p.Partition] = p.Offset
				}
			}
		}
	}
	return nil
}

// byWorker marks an offset that was committed with a tally.
const byWorker = "quotaspec-fleet"

// loaded loads the partitions that a rebalance has assigned, and sets where to begin.
func (w *worker) loaded(ctx context.Context, offsets map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	numbers := []int32{}
	for number := range offsets[w.connection.Topic] {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	parts, err := w.load(ctx, numbers, w.judged)
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		err = fmt.Errorf("a request was cancelled: %v", err) //nolint:errorlint // the client would take it for the end of this worker
	}
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts = parts
	w.metrics.rebalances.Inc()
	for number, p := range parts {
		offsets[w.connection.Topic][number] = kgo.NewOffset().At(p.next)
	}
	w.logf("has %s: %v", text.Count(len(numbers), "partition", "partitions"), numbers)
	return offsets, nil
}

func (w *worker) isStale() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stale
}

// rewind goes back to what is committed, so that what was just polled comes again. The session needs it after each rebalance: it does
// not commit what was begun before one, and cannot know that a cycle begins after it.
func (w *worker) rewind(ctx context.Context) error {
	if _, err := w.session.End(ctx, kgo.TryAbort); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dirty {
		numbers, judged := []int32{}, map[int32]int64{}
		for number, p := range w.parts {
			numbers, judged[number] = append(numbers, number), p.committed
		}
		parts, err := w.load(ctx, numbers, judged)
		if err != nil {
			return err
		}
		w.parts = parts
	}
	to := map[int32]kgo.EpochOffset{}
	for number, p := range w.parts {
		to[number] = kgo.EpochOffset{Epoch: -1, Offset: p.next}
	}
	w.session.Client().SetOffsets(map[string]map[int32]kgo.EpochOffset{w.connection.Topic: to})
	w.stale, w.dirty = false, false
	return nil
}
