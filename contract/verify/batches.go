package verify

import (
	"runtime"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// batcher judges traffic on all cores while more of it is read. The tally still gets the results in the order of the
// traffic, so that a report does not depend on the number of cores:
//
//	read → [e1 … e64] [e65 … e128] [e129 …   ← the next batch
//	        judged by   judged by
//	        a goroutine a goroutine
//	            ↓ oldest first
//	        tally
//
// One goroutine adds the entries. Each full batch is judged by a goroutine of its own. If too many batches or bytes are under
// way, the adding goroutine waits for the oldest batch and hands it to the tally, which bounds memory.
type batcher struct {
	tally   *Tally
	next    *batch
	running []*batch // the oldest first
	size    int      // of the running batches, in bytes of the HAR
}

// batch is a run of consecutive entries.
type batch struct {
	entries  []traffic.Entry
	verdicts []verdict     // of the entries; valid once judged is closed
	judged   chan struct{} // closed when all entries are judged
	size     int           // in bytes of the HAR
}

const (
	maxBatch        = 64      // entries
	maxBatchBytes   = 1 << 20 // a batch with more bytes is full
	maxRunningBytes = 4 << 20 // a batch that would exceed them waits for those before it
)

func newBatcher(c *Tally) *batcher { return &batcher{tally: c, next: &batch{}} }

// add takes the next entry.
func (b *batcher) add(e traffic.Entry) {
	b.next.entries = append(b.next.entries, e)
	b.next.size += e.Size
	if len(b.next.entries) == maxBatch || b.next.size > maxBatchBytes {
		b.start()
	}
}

// isFull reports whether the next batch has to wait: there are two batches for each core, or too many bytes are held.
func (b *batcher) isFull() bool {
	return len(b.running) > 2*runtime.GOMAXPROCS(0) || b.size+b.next.size > maxRunningBytes
}

// start judges the next batch in a goroutine, after waiting for older batches if too much is under way.
func (b *batcher) start() {
	for len(b.running) > 0 && b.isFull() {
		b.collectOldest()
	}
	started := b.next
	started.judged = make(chan struct{})
	b.running, b.size = append(b.running, started), b.size+started.size
	b.next = &batch{entries: make([]traffic.Entry, 0, maxBatch)}
	go func() {
		defer close(started.judged)
		started.verdicts = make([]verdict, 0, len(started.entries))
		for _, e := range started.entries {
			started.verdicts = append(started.verdicts, b.tally.judge(e))
		}
	}()
}

// collectOldest waits for the oldest batch and hands it to the tally.
func (b *batcher) collectOldest() {
	oldest := b.running[0]
	b.running, b.size = b.running[1:], b.size-oldest.size
	<-oldest.judged
	for i, v := range oldest.verdicts {
		b.tally.collect(oldest.entries[i], v)
	}
}

// finish judges the last entries and waits for all batches.
func (b *batcher) finish() {
	b.start()
	for len(b.running) > 0 {
		b.collectOldest()
	}
}
