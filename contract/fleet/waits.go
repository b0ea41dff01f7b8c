package fleet

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// waits logs what a command waits for. Brokers come back, so that a wait for them has no end, and the client waits in silence. So
// whoever looks at the terminal sees one line with the cause when nothing has ended for patience, and one when it goes on:
//
//	cannot reach a broker at kafka-1:9092: unable to dial: dial tcp 10.0.0.1:9092: connect: connection refused; waiting
//	goes on
//
// It counts what has begun and not ended: a commit, a record to be sent. The cause is what the cluster itself says at that time, since
// the client keeps its errors.
type waits struct {
	connection *Connection
	admin      *kadm.Client
	log        func(line string)

	mu    sync.Mutex
	open  int         // what has begun and not ended
	since time.Time   // when the first of them began, or the last one ended well
	timer *time.Timer // calls explain
	said  bool        // that it waits
}

// patience is far longer than brokers take that are well.
const patience = 5 * time.Second

// begin says that a broker has something to do.
func (w *waits) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open++; w.open == 1 {
		w.restart()
	}
}

// end says that it has done it, or how that has failed.
func (w *waits) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open--
	switch {
	case err == nil:
		w.goesOn()
		w.restart()
	case w.open == 0:
		w.restart()
	}
}

// restart begins the wait anew, or ends it if nothing is open.
func (w *waits) restart() {
	w.since = time.Now()
	switch {
	case w.open == 0:
		if w.timer != nil {
			w.timer.Stop()
		}
	case w.timer == nil:
		w.timer = time.AfterFunc(patience, w.explain)
	default:
		w.timer.Reset(patience)
	}
}

// explain finds the cause and logs it.
func (w *waits) explain() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cause := w.connection.unwell(ctx, w.admin)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.open == 0 || time.Since(w.since) < patience: // it has gone on meanwhile
	case cause == nil:
		w.timer.Reset(patience)
	default:
		w.waitsFor(cause)
	}
}

func (w *waits) waitsFor(cause error) {
	if !w.said {
		w.said = true
		w.log(cause.Error() + "; waiting")
	}
}

func (w *waits) goesOn() {
	if w.said {
		w.said = false
		w.log("goes on")
	}
}

// unwell returns what keeps a cluster from responding or from taking records, in one line, or nil if it is well.
func (c *Connection) unwell(ctx context.Context, admin *kadm.Client) error {
	topics, err := admin.ListTopics(ctx, c.Topic, c.tallies(), c.findings())
	if err != nil {
		return c.Explain(err)
	}
	for _, topic := range topics.Sorted() {
		for _, p := range topic.Partitions.Sorted() {
			switch {
			case p.Leader < 0:
				return fmt.Errorf("%s/%d has no leader", p.Topic, p.Partition)
			case len(p.ISR) < len(p.Replicas):
				return fmt.Errorf("%s/%d has %d of %d replicas in sync", p.Topic, p.Partition, len(p.ISR), len(p.Replicas))
			}
		}
	}
	return nil
}
