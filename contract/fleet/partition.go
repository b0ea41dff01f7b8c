package fleet

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/verify"
)

// partition is the state of one partition of the topic of exchanges: what is committed, and what came since.
type partition struct {
	topicID   string
	number    int32
	next      int64 // the offset after the last record in tally or delta
	committed int64 // next, as it is committed
	lost      int64 // records that were deleted before they were judged
	exchanges int64 // records in the tally
	tally     *verify.Tally
	chunks    int // of the tally, as it is committed

	bytes int // of the tally, as it is committed

	delta     *verify.Tally // of the records since
	fresh     int64         // records in delta
	freshLost int64         // of lost
}

// errRemade ends a worker: to go on would mean to ignore all new records below next.
var errRemade = errors.New("the topic was deleted and made anew: delete its topic of tallies, or use another group")

// versions are all tallies of a group in a partition.
type versions struct {
	own    *envelope   // of this version of the documents; nil if there is none
	chunks int         // of own
	others []*envelope // in no order

	next    int64  // the largest of all; -1 if there is none
	topicID string // of the topic in which that is
}

// versions reads the tallies of a partition.
func (s stored) versions(number int32, own key) (versions, error) {
	v := versions{next: -1}
	for k := range s {
		if k.partition != number {
			continue
		}
		e, err := s.envelope(k)
		switch {
		case err != nil:
			return v, err
		case e == nil:
			continue
		case k.version == own.version:
			v.own, v.chunks = e, len(s[k])
		default:
			v.others = append(v.others, e)
		}
		if e.Next > v.next {
			v.next, v.topicID = e.Next, e.TopicID
		}
	}
	return v, nil
}

// load reads the committed state of partitions. It is the only source of where a worker begins, whatever the offsets of the group say:
// an operator may have reset them, or they may have expired.
//
//   - Whoever had the partition before may have an open transaction. The end of the topic of tallies is taken first, and reading up to
//     there with committed records only waits until that transaction has ended.
//   - A transaction that a former owner begins after this cannot be committed: the group refuses its offsets, since it has a new
//     generation by now.
//   - Of several versions of the documents, the one that has come furthest says where to go on, so that no record is counted twice.
//   - A broker that was cut off and still takes itself for the leader does not know the latest tallies. Then the offsets of the group, of
//     which their coordinator knows the latest, are beyond them (judged), and the worker tries again.
//   - Without any tally, or if its topic was deleted, all that the topic of exchanges still has is judged.
func (w *worker) load(ctx context.Context, numbers []int32, judged map[int32]int64) (map[int32]*partition, error) {
	topicID, err := w.connection.prepareTopics(ctx, w.admin)
	if err != nil {
		return nil, err
	}
	tallies, err := w.connection.offsets(ctx, w.admin, w.connection.tallies(), numbers)
	if err != nil {
		return nil, err
	}
	found, err := w.connection.readTallies(ctx, w.group, tallies.starts, tallies.ends)
	if err != nil {
		return nil, err
	}
	// Asked earlier, the end could be below next: others go on judging if this worker has been thrown out of the group.
	exchanges, err := w.connection.offsets(ctx, w.admin, w.connection.Topic, numbers)
	if err != nil {
		return nil, err
	}
	parts := map[int32]*partition{}
	for _, number := range numbers {
		v, err := found.versions(number, w.key(number))
		if err != nil {
			return nil, err
		}
		p := &partition{topicID: topicID, number: number, tally: verify.NewTally(w.judges), chunks: v.chunks}
		start, end := exchanges.starts[number].Offset, exchanges.ends[number].Offset
		if v.own != nil {
			if err := p.tally.UnmarshalJSON(v.own.Tally); err != nil {
				return nil, fmt.Errorf("the tally of partition %d: %w", number, err)
			}
			p.lost, p.exchanges = v.own.Lost, v.own.Exchanges
		}
		switch {
		case v.next < 0:
			p.next = start
		case v.topicID != topicID:
			return nil, fmt.Errorf("%s/%d ends at %d, but was judged up to %d: %w", w.connection.Topic, number, end, v.next, errRemade)
		case v.next > end: // no reason to end: a leader that lags behind gives way
			return nil, fmt.Errorf("%s/%d ends at %d, but was judged up to %d: its leader lags behind, or has lost its end; "+
				"to judge it anew, delete %s", w.connection.Topic, number, end, v.next, w.connection.tallies())
		case v.next < judged[number]:
			return nil, fmt.Errorf("%s/%d was judged up to %d, but %s has its counts up to %d: its leader lags behind, or has lost some; "+
				"to judge from there again, delete the group", w.connection.Topic, number, judged[number], w.connection.tallies(), v.next)
		default:
			p.next = v.next
		}
		p.committed = p.next
		p.skipTo(start)
		parts[number] = p
	}
	w.metrics.loaded(parts, exchanges)
	return parts, nil
}

// skipTo counts records that were deleted before they were judged.
func (p *partition) skipTo(start int64) {
	if start > p.next {
		p.lost += start - p.next
		p.freshLost += start - p.next
		p.next = start
	}
}

// skipBatch counts the records of a batch as lost, and those before it that are below the start of the topic. Between the two is
// nothing, or what was aborted.
func (p *partition) skipBatch(start, first, next int64) {
	p.skipTo(min(start, first))
	p.next = max(p.next, first)
	p.skipTo(next)
}

// add judges records. Those that are counted already are ignored: the client may have begun below next. A gap in the offsets means
// nothing, since transactions leave some, unless what was there is below the start of the topic.
func (p *partition) add(judges []*contract.Judge, topic string, from kgo.FetchPartition) {
	if len(from.Records) == 0 {
		return
	}
	p.skipTo(min(from.LogStartOffset, from.Records[0].Offset))
	list := make([]verify.Record, 0, len(from.Records))
	for _, r := range from.Records {
		if r.Offset < p.next {
			continue
		}
		p.next = r.Offset + 1
		if !r.Attrs.IsControl() {
			list = append(list, recordOf(topic, r))
		}
	}
	if len(list) == 0 {
		return
	}
	if p.delta == nil {
		p.delta = verify.NewTally(judges)
	}
	p.delta.AddRecords(list)
	p.fresh += int64(len(list))
}

// recordOf returns a record with the place that a report shows: that of the file it was sent from, or else partition and offset.
func recordOf(topic string, r *kgo.Record) verify.Record {
	file, number := "", 0
	for _, h := range r.Headers {
		switch h.Key {
		case fileHeader:
			if len(h.Value) <= maxFileName && utf8.Valid(h.Value) {
				file = string(h.Value)
			}
		case numberHeader:
			number, _ = strconv.Atoi(string(h.Value)) // 0 if it is none
		}
	}
	if file == "" || number < 1 {
		file, number = fmt.Sprintf("%s/%d", topic, r.Partition), int(r.Offset)
	}
	return verify.Record{File: file, Number: number, Value: r.Value}
}

// maxFileName bounds what a header may add to the tally.
const maxFileName = 255

// commit moves the delta into the tally, and returns the records that commit it.
func (p *partition) commit(w *worker) ([]*kgo.Record, error) {
	if p.delta != nil {
		if err := p.tally.Merge(p.delta); err != nil {
			return nil, err
		}
	}
	tally, err := p.tally.MarshalJSON()
	if err != nil {
		return nil, err
	}
	e := envelope{
		Format: envelopeFormat, Group: w.group, Topic: w.connection.Topic, TopicID: p.topicID, Partition: p.number,
		Next: p.next, Lost: p.lost, Exchanges: p.exchanges + p.fresh, Tally: tally,
	}
	list, chunks, err := e.records(w.connection.tallies(), w.version, p.chunks)
	p.chunks, p.bytes = chunks, len(tally)
	return list, err
}

// committedAll says that the records of commit are committed.
func (p *partition) committedAll() {
	p.exchanges += p.fresh
	p.committed, p.delta, p.fresh, p.freshLost = p.next, nil, 0, 0
}

// dirty reports whether there is anything to commit.
func (p *partition) dirty() bool { return p.next > p.committed }

// bounds are the start and the end of each partition of a topic. The end is that of all transactions, also of those that are open.
type bounds struct{ starts, ends map[int32]kadm.ListedOffset }

// offsets returns the bounds of the partitions with these numbers, or of all if there are none.
func (c *Connection) offsets(ctx context.Context, admin *kadm.Client, topic string, numbers []int32) (b bounds, err error) {
	starts, err := admin.ListStartOffsets(ctx, topic)
	if err != nil {
		return b, fmt.Errorf("the start of %s: %w", topic, err)
	}
	ends, err := admin.ListEndOffsets(ctx, topic)
	if err != nil {
		return b, fmt.Errorf("the end of %s: %w", topic, err)
	}
	if numbers == nil {
		for number := range ends[topic] {
			numbers = append(numbers, number)
		}
	}
	b = bounds{map[int32]kadm.ListedOffset{}, map[int32]kadm.ListedOffset{}}
	for _, number := range numbers {
		start, hasStart := starts.Lookup(topic, number)
		end, hasEnd := ends.Lookup(topic, number)
		switch {
		case !hasStart || !hasEnd:
			return b, fmt.Errorf("%s has no partition %d", topic, number)
		case start.Err != nil:
			return b, fmt.Errorf("%s/%d: %w", topic, number, start.Err)
		case end.Err != nil:
			return b, fmt.Errorf("%s/%d: %w", topic, number, end.Err)
		}
		b.starts[number], b.ends[number] = start, end
	}
	return b, nil
}
