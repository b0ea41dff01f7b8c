package fleet

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
)

// A worker is a member of a consumer group. It works in cycles:
//
//	poll and judge for a while → begin → tallies, findings, offsets → end → allow a rebalance
//
// Why nothing is lost or counted twice: a record counts if it is in a committed tally, below the tally's next. The tally and the
// offsets of the group are committed in one transaction, and the broker takes the offsets only from a member of the current
// generation of the group. So
//
//   - a worker that is killed before the end of its transaction has counted nothing: its successor waits until the broker has
//     aborted it (load), and judges the same records again;
//   - a worker that is killed after the broker has decided to commit has counted everything, and its successor waits likewise;
//   - a worker that slept while its partitions were given away has an old generation: its offsets are refused, and it aborts;
//   - a worker that does not know whether its transaction was committed forgets all it has, and loads.
//
// The generation alone is enough to fence off others, so that each process has a random transactional id, and workers need no
// configuration of their own.

// Options are those of a worker, and of what reads its tallies.
type Options struct {
	Connection
	Group   string // of consumers
	Judges  []*contract.Judge
	Servers []string      // that the judges got besides those of the documents
	Every   time.Duration // how long a cycle takes
	Log     io.Writer     // gets a line for each event
	Metrics *Metrics      // may be nil
}

// Judge judges exchanges until the context ends, then commits and leaves the group. It fails if it cannot start, or if it lacks a
// permission. While brokers are unreachable it waits for them.
func Judge(ctx context.Context, o Options) (err error) {
	defer func() {
		if ctx.Err() != nil && !isFatal(err) {
			err = nil
		}
	}()
	w := &worker{
		connection: &o.Connection, group: o.Group, judges: o.Judges, every: o.Every, log: o.Log, metrics: cmp.Or(o.Metrics, NewMetrics("")),
		id: "quotaspec-fleet-" + rand.Text(),
	}
	if w.version, err = versionOf(o.Judges, o.Servers); err != nil {
		return err
	}
	client, err := w.connection.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	w.admin = kadm.NewClient(client)
	w.waits = waits{connection: w.connection, admin: w.admin, log: func(line string) { w.logf("%s", line) }}
	if err := w.connection.Check(ctx); err != nil {
		return err
	}
	if _, err := w.connection.prepareTopics(ctx, w.admin); err != nil {
		return w.connection.Explain(err)
	}
	if err := w.connection.checkPermissions(ctx, client); err != nil {
		return w.connection.Explain(err)
	}
	if err := w.connection.checkCompacted(ctx, w.admin); err != nil {
		return w.connection.Explain(err)
	}
	w.logf("judges %s in group %s, documents %s", w.connection.Topic, w.group, w.version)
	for ctx.Err() == nil {
		err := w.work(ctx)
		switch {
		case err == nil || ctx.Err() != nil && !isFatal(err):
		case isFatal(err):
			return w.connection.Explain(err)
		default:
			w.logf("begins anew: %s", text.OneLine(w.connection.Explain(err).Error()))
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	w.logf("ends")
	return nil
}

// versionOf identifies what a tally depends on: the format of its JSON, the documents and the servers. The JSON of an empty tally has
// the first two.
func versionOf(judges []*contract.Judge, servers []string) (string, error) {
	empty, err := verify.NewTally(judges).MarshalJSON()
	if err != nil {
		return "", err
	}
	servers = slices.Compact(slices.Sorted(slices.Values(servers)))
	sum := sha256.Sum256(fmt.Appendf(empty, "\n%s", strings.Join(servers, "\n")))
	return fmt.Sprintf("%x", sum[:8]), nil
}

// worker is a member of the group. Its session is replaced after an error of which it cannot tell what became of it.
type worker struct {
	connection     *Connection
	group, version string
	id             string // of transactions
	judges         []*contract.Judge
	every          time.Duration
	metrics        *Metrics
	admin          *kadm.Client
	waits          waits // for brokers to take a commit
	session        *kgo.GroupTransactSession
	judged         map[int32]int64 // by the offsets of the group, up to where; the client fetches them before it calls loaded

	logging sync.Mutex
	log     io.Writer
	logged  string // the last line

	endCycle atomic.Pointer[context.CancelFunc] // ends the polls of the current cycle

	// The client calls assigned, loaded and revoked on goroutines of its own. None of them runs between a poll and the end of its cycle,
	// except that loaded may while the worker has no partition, and all may at the end of a transaction that takes long.
	mu    sync.Mutex
	parts map[int32]*partition // that are assigned and loaded
	stale bool                 // a rebalance took place, or a commit failed: the next poll is no part of a commit
	dirty bool                 // a commit failed: parts have what is not committed
}

// logf logs a line, unless it is the same as the last one: while a broker is away, the client fails several times a second.
func (w *worker) logf(format string, args ...any) {
	w.logging.Lock()
	defer w.logging.Unlock()
	line := fmt.Sprintf(format, args...)
	if line != w.logged {
		fmt.Fprintf(w.log, "%s %s\n", time.Now().UTC().Format(time.RFC3339), line)
		w.logged = line
	}
}

func (w *worker) key(number int32) key { return key{w.group, number, w.version} }

// The broker takes a worker for dead that was silent for sessionTimeout, and gives a living one rebalanceTimeout to end its cycle.
const (
	sessionTimeout   = 10 * time.Second
	rebalanceTimeout = 60 * time.Second
)

// work is one session: it ends with the context, or with an error.
func (w *worker) work(ctx context.Context) (err error) {
	opts, err := w.connection.options()
	if err != nil {
		return err
	}
	w.parts, w.stale, w.dirty = map[int32]*partition{}, false, false
	w.session, err = kgo.NewGroupTransactSession(append(opts,
		kgo.ConsumeTopics(w.connection.Topic),
		kgo.ConsumerGroup(w.group),
		kgo.Balancers(kgo.RangeBalancer()), // an eager one
		kgo.SessionTimeout(sessionTimeout),
		kgo.RebalanceTimeout(rebalanceTimeout),
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(w.assigned),
		kgo.OnOffsetsFetched(w.fetched),
		kgo.AdjustFetchOffsetsFn(w.loaded),
		kgo.OnPartitionsRevoked(w.revoked), // also when they are lost
		kgo.OnPartitionsCallbackBlocked(func(context.Context, *kgo.Client) {
			if end := w.endCycle.Load(); end != nil {
				(*end)()
			}
		}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // so that next reaches the end of a topic that transactions write
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxBytes(fetchBytes),
		kgo.FetchMaxPartitionBytes(fetchPartitionBytes),
		kgo.MaxDecompressBatchBytes(batchBytes),
		kgo.TransactionalID(w.id),
		kgo.TransactionTimeout(transactionTimeout),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(kgo.ZstdCompression(), kgo.NoCompression()),
	)...)
	if err != nil {
		return err
	}
	defer w.leave()
	// The transaction of a former session with this id ends now, as the broker sees that there is a new one.
	if _, _, err := w.session.Client().ProducerID(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := w.cycle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// What a broker sends at once is bounded, compressed: of all partitions and of one. The client holds it unpacked, which may be twenty
// times as much. A batch of a producer that is larger comes alone, and batchBytes bounds it, unpacked.
const (
	fetchBytes          = 4 << 20
	fetchPartitionBytes = 256 << 10
	batchBytes          = 256 << 20
)

// leave leaves the group at once, so that others need not wait for a timeout.
func (w *worker) leave() {
	w.session.AllowRebalance()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	_ = w.session.Client().LeaveGroupContext(ctx) // else the broker finds out by the timeout
	w.session.Close()
}

// cycle polls and judges until it is time, or until a rebalance waits for this worker, or until the context ends. Then it commits.
func (w *worker) cycle(ctx context.Context) error {
	polling, end := context.WithTimeout(ctx, w.every)
	defer end()
	w.endCycle.Store(&end)
	defer w.session.AllowRebalance()
	for polling.Err() == nil {
		fetches := w.session.PollRecords(polling, maxPoll)
		// From here to AllowRebalance no partition can be taken away.
		if err := w.checkFetches(fetches); err != nil {
			return err
		}
		if w.isStale() {
			if err := w.rewind(ctx); err != nil {
				return err
			}
			continue
		}
		if err := w.judge(fetches); err != nil {
			return err
		}
	}
	return w.commit(ctx)
}

// maxPoll bounds the records of a poll, and so how much later than its time a cycle ends.
const maxPoll = 20000

// checkFetches returns the error that ends a session. The client goes on by itself after all others.
func (w *worker) checkFetches(fetches kgo.Fetches) (fatal error) {
	fetches.EachPartition(func(from kgo.FetchTopicPartition) {
		topic, number, err := from.Topic, from.Partition, from.Err
		var (
			group *kgo.ErrGroupSession
			large *kgo.ErrDecompressTooLarge
		)
		switch {
		case err == nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		case isFatal(err), errors.Is(err, kgo.ErrClientClosed), errors.Is(err, kerr.UnknownTopicID): // the client fails for ever
			fatal = err
		case errors.As(err, &large):
			w.logf("%s/%d: skips a batch from %d to %d, which is too large", topic, number, large.Offset, large.NextOffset)
			fatal = cmp.Or(fatal, w.skip(from.FetchPartition, large))
		case errors.As(err, &group):
			w.logf("joins the group again: %s", text.OneLine(w.connection.Explain(group.Err).Error()))
		default:
			w.logf("%s/%d: %s", topic, number, text.OneLine(err.Error()))
		}
	})
	return fatal
}

// skip leaves out a batch that is too large to be unpacked. Its records are lost.
func (w *worker) skip(from kgo.FetchPartition, batch *kgo.ErrDecompressTooLarge) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.parts[from.Partition]
	if p == nil {
		return fmt.Errorf("got records of partition %d, which is not loaded", from.Partition)
	}
	p.skipBatch(from.LogStartOffset, batch.Offset, batch.NextOffset)
	to := map[int32]kgo.EpochOffset{from.Partition: {Epoch: -1, Offset: p.next}}
	w.session.Client().SetOffsets(map[string]map[int32]kgo.EpochOffset{w.connection.Topic: to})
	return nil
}

// judge adds the records of a poll to the deltas of their partitions.
func (w *worker) judge(fetches kgo.Fetches) (err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fetches.EachPartition(func(from kgo.FetchTopicPartition) {
		p := w.parts[from.Partition]
		switch {
		case len(from.Records) == 0:
		case p == nil:
			err = fmt.Errorf("got records of partition %d, which is not loaded", from.Partition)
		default:
			p.add(w.judges, w.connection.Topic, from.FetchPartition)
			w.metrics.lag(p, from.HighWatermark)
		}
	})
	return err
}
