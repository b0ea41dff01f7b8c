package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
)

// Merged is what all partitions show together.
type Merged struct {
	Tally      *verify.Tally
	Partitions int
	Exchanges  int64 // records in the tally
	Lost       int64 // records that were deleted before they were judged
	Behind     int64 // records that are not judged yet
	Awaited    int64 // of Behind: those that the topic had when Merge began
	Others     int64 // records that were judged by other versions of the documents, or with other servers
}

// Dropped says how many records are lost, for Tally.Report. It is empty if none is.
func (m *Merged) Dropped() string {
	if m.Lost == 0 {
		return ""
	}
	return text.Count(int(m.Lost), "record was", "records were") + " deleted from the topic before a worker came to judge"
}

// Merge reads the tallies of all partitions and merges those of the documents of the judges. With a wait above 0 it waits up to that
// long until all is judged that the topic has now; after that it returns what there is. Meanwhile brokers may go away and come back,
// which it logs.
func Merge(ctx context.Context, o Options, wait time.Duration) (*Merged, error) {
	if err := o.Check(ctx); err != nil {
		return nil, err
	}
	version, err := versionOf(o.Judges, o.Servers)
	if err != nil {
		return nil, err
	}
	client, err := o.Client()
	if err != nil {
		return nil, err
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	target, err := o.offsets(ctx, admin, o.Topic, nil)
	if err != nil {
		return nil, o.Explain(err)
	}
	return o.mergeUntil(ctx, admin, version, target, time.Now().Add(wait))
}

// mergeUntil merges until all up to the target is judged, or until it is late.
func (o *Options) mergeUntil(ctx context.Context, admin *kadm.Client, version string, target bounds, until time.Time) (*Merged, error) {
	waits := waits{connection: &o.Connection, admin: admin, log: func(line string) { fmt.Fprintln(o.Log, line) }}
	for {
		waits.begin()
		m, err := o.merge(ctx, admin, version, target)
		waits.end(err)
		_, isNone := errors.AsType[noTopicError](err)
		late := time.Now().After(until)
		switch {
		case isNone && late:
			return nil, o.Explain(fmt.Errorf("nothing is judged yet, start quotaspec-fleet judge: %w", err))
		case err == nil && (m.Awaited == 0 || late):
			return m, nil
		case err == nil || isNone || ctx.Err() != nil:
		case late || isFatal(err):
			return nil, o.Explain(err)
		default:
			waits.waitsFor(o.Explain(err))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(time.Second, time.Until(until)+time.Millisecond)):
		}
	}
}

// merge reads and merges the tallies as they are now. It awaits all that the topic had at the target.
func (o *Options) merge(ctx context.Context, admin *kadm.Client, version string, target bounds) (*Merged, error) {
	if _, err := o.describe(ctx, admin, o.tallies()); err != nil {
		return nil, err
	}
	tallies, err := o.offsets(ctx, admin, o.tallies(), nil)
	if err != nil {
		return nil, err
	}
	found, err := o.readTallies(ctx, o.Group, tallies.starts, tallies.ends)
	if err != nil {
		return nil, err
	}
	topic, err := o.describe(ctx, admin, o.Topic)
	if err != nil {
		return nil, err
	}
	now, err := o.offsets(ctx, admin, o.Topic, nil)
	if err != nil {
		return nil, err
	}
	m := &Merged{Tally: verify.NewTally(o.Judges), Partitions: len(now.ends)}
	for number, end := range now.ends {
		v, err := found.versions(number, key{o.Group, number, version})
		if err != nil {
			return nil, err
		}
		start := now.starts[number].Offset
		next := v.next
		switch {
		case next < 0:
			next = start // nothing is judged yet
		case v.topicID != topic.ID.String():
			return nil, fmt.Errorf("%s/%d: %w", o.Topic, number, errRemade)
		}
		if start > next { // no worker has noticed yet
			m.Lost += start - next
			next = start
		}
		m.Behind += max(0, end.Offset-next)
		m.Awaited += max(0, target.ends[number].Offset-next)
		for _, other := range v.others {
			m.Others += other.Exchanges
			m.Lost += other.Lost
		}
		if v.own == nil {
			continue
		}
		tally := verify.NewTally(o.Judges)
		if err := tally.UnmarshalJSON(v.own.Tally); err != nil {
			return nil, fmt.Errorf("the tally of partition %d: %w", number, err)
		}
		if err := m.Tally.Merge(tally); err != nil {
			return nil, err
		}
		m.Exchanges += v.own.Exchanges
		m.Lost += v.own.Lost
	}
	return m, nil
}
