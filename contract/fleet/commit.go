package fleet

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/quotaspec/quotaspec/internal/text"
)

// A cycle ends with one transaction for all partitions that got records: their tallies, their findings, and the offsets of the group.
// Why this counts each record once is in worker.go.

// A commit waits for a broker for commitTimeout, before the worker begins anew, but only for stopTimeout once the worker is to end.
const (
	commitTimeout = 60 * time.Second
	stopTimeout   = 5 * time.Second
)

// commit commits what came in this cycle. After an error nobody knows whether it is committed; the session ends and the next one loads.
func (w *worker) commit(ctx context.Context) error {
	dirty := w.toCommit()
	if len(dirty) == 0 {
		return nil
	}
	// What is judged is committed also if the context has ended meanwhile.
	committing, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(stopTimeout, cancel) })()
	started := time.Now()
	w.waits.begin()
	committed, err := w.transact(committing, dirty)
	w.waits.end(err)
	w.metrics.commit(committed, time.Since(started))
	switch {
	case err != nil:
		return fmt.Errorf("commit: %w", err)
	case !committed:
		w.logf("the commit failed, as the group or its coordinator has changed: judges %s again",
			text.Count(len(dirty), "partition", "partitions"))
		w.mu.Lock()
		defer w.mu.Unlock()
		w.stale, w.dirty = true, true
		return nil
	}
	for _, p := range dirty {
		w.metrics.committed(p)
		p.committedAll()
	}
	return nil
}

// toCommit lists the partitions with something to commit. Only the goroutine of cycles changes them.
func (w *worker) toCommit() (dirty []*partition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.parts {
		if p.dirty() {
			dirty = append(dirty, p)
		}
	}
	return dirty
}

// transact writes tallies, findings and offsets in one transaction.
func (w *worker) transact(ctx context.Context, dirty []*partition) (committed bool, err error) {
	records := []*kgo.Record{}
	offsets := kmsg.NewTxnOffsetCommitRequestTopic()
	offsets.Topic = w.connection.Topic
	for _, p := range dirty {
		found, err := w.findings(p)
		if err != nil {
			return false, err
		}
		list, err := p.commit(w)
		if err != nil {
			return false, err
		}
		records = append(append(records, list...), found...)
		offset := kmsg.NewTxnOffsetCommitRequestTopicPartition()
		offset.Partition, offset.Offset, offset.Metadata = p.number, p.next, kmsg.StringPtr(byWorker)
		offsets.Partitions = append(offsets.Partitions, offset)
	}
	if err := w.session.Begin(); err != nil {
		return false, err
	}
	produced := make(chan error, 1)
	go func() { produced <- w.session.ProduceSync(ctx, records...).FirstErr() }()
	select {
	case <-ctx.Done(): // the client waits for the broker all the same, until it is closed
		return false, ctx.Err()
	case err := <-produced:
		if err != nil {
			_, _ = w.session.End(ctx, kgo.TryAbort) // the session ends anyway
			return false, err
		}
	}
	// Without this, the session commits the offsets that it has polled, but none that the group has already, as it may after an
	// operator has set them. Then the group would not be asked whether this worker is still a member.
	ctx = kgo.PreTxnCommitFnContext(ctx, func(request *kmsg.TxnOffsetCommitRequest) error {
		for _, topic := range request.Topics {
			if topic.Topic == offsets.Topic {
				offsets.TopicID = topic.TopicID
			}
		}
		request.Topics = []kmsg.TxnOffsetCommitRequestTopic{offsets}
		return nil
	})
	// End waits for a heartbeat, and there is none once the group has thrown this worker out, as after a long sleep. The client would
	// say so by calling revoked, for which it needs the permission. If it gets it without need, the session aborts the transaction.
	defer time.AfterFunc(heartbeatWait, w.session.AllowRebalance).Stop()
	return w.session.End(ctx, kgo.TryCommit)
}

// heartbeatWait is far longer than a heartbeat takes.
const heartbeatWait = 5 * time.Second
