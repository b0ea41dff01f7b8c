package verify

import (
	"runtime"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// ahead judges traffic on all cores while more of it is read. The collector takes the verdicts in the order of the traffic, so
// that a report does not depend on how many cores there are.
//
// One goroutine adds the entries. Those that follow each other make a batch, which a goroutine of its own judges. Only so many
// batches and bytes are under way at once; then the adding goroutine waits for the oldest batch and gives it to the collector.
type ahead struct {
	collector *Collector
	next      *batch
	begun     []*batch // the oldest first
	size      int      // of those that have begun, in bytes of their source
}

// batch is entries that follow each other.
type batch struct {
	entries  []traffic.Entry
	verdicts []verdict // of the entries, when it is judged
	judged   chan struct{}
	size     int // in bytes of their source
}

const (
	maxBatch      = 64      // entries
	maxBatchBytes = 1 << 20 // a batch that has more takes no further entry
	maxAheadBytes = 4 << 20 // a batch that would bring more waits for those before it
)

func newAhead(c *Collector) *ahead { return &ahead{collector: c, next: &batch{}} }

// add takes the next entry.
func (a *ahead) add(e traffic.Entry) {
	a.next.entries = append(a.next.entries, e)
	a.next.size += e.Size
	if len(a.next.entries) == maxBatch || a.next.size > maxBatchBytes {
		a.begin()
	}
}

// begin has the next batch judged.
func (a *ahead) begin() {
	for len(a.begun) > 0 && (len(a.begun) > 2*runtime.GOMAXPROCS(0) || a.size+a.next.size > maxAheadBytes) {
		a.take()
	}
	b := a.next
	b.judged = make(chan struct{})
	a.begun, a.size = append(a.begun, b), a.size+b.size
	a.next = &batch{entries: make([]traffic.Entry, 0, maxBatch)}
	go func() {
		defer close(b.judged)
		b.verdicts = make([]verdict, 0, len(b.entries))
		for _, e := range b.entries {
			b.verdicts = append(b.verdicts, a.collector.judge(e))
		}
	}()
}

// take gives the oldest batch to the collector.
func (a *ahead) take() {
	b := a.begun[0]
	a.begun, a.size = a.begun[1:], a.size-b.size
	<-b.judged
	for i, v := range b.verdicts {
		a.collector.take(b.entries[i], v)
	}
}

// end has the last entries judged and waits for all.
func (a *ahead) end() {
	a.begin()
	for len(a.begun) > 0 {
		a.take()
	}
}
