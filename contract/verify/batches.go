package verify

import (
	"runtime"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// batcher decodes and judges traffic on all cores while more of it is found in the file. The tally still gets the results in the order
// of the traffic, so that a report does not depend on the number of cores:
//
//	scan → [e1 … e64] [e65 … e128] [e129 …   ← the next batch
//	        a goroutine a goroutine
//	        decodes and judges each
//	            ↓ oldest first
//	        tally
//
// One goroutine adds the entries. Each full batch is judged by a goroutine of its own. If too many batches or bytes are under
// way, the adding goroutine waits for the oldest batch and hands it to the tally, which bounds memory.
type batcher struct {
	tally *Tally
	// accept takes each entry in the order of the traffic, or the error that it cannot be decoded. The tally gets the entry if
	// accept returns true.
	accept  func(*traffic.Entry, error) bool
	next    *batch
	running []*batch // the oldest first
	idle    []*batch // for later batches
	size    int      // of the running batches, in bytes of the HAR
}

// batch is a run of consecutive entries.
type batch struct {
	decoder traffic.Decoder
	raw     []traffic.RawEntry
	results []result      // of the entries; valid once judged is closed
	judged  chan struct{} // closed when all entries are judged
	size    int           // in bytes of the HAR
}

// result is a decoded entry with its verdict, or the error that it cannot be decoded.
type result struct {
	entry   traffic.Entry
	err     error
	verdict verdict
}

const (
	maxBatch        = 64      // entries
	maxBatchBytes   = 1 << 20 // a batch with more bytes is full
	maxRunningBytes = 4 << 20 // a batch that would exceed them waits for those before it
)

func newBatcher(t *Tally, accept func(*traffic.Entry, error) bool) *batcher {
	return &batcher{tally: t, accept: accept, next: &batch{}}
}

// add takes the next entry.
func (b *batcher) add(raw traffic.RawEntry) {
	b.next.raw = append(b.next.raw, raw)
	b.next.size += raw.Size
	if len(b.next.raw) == maxBatch || b.next.size > maxBatchBytes {
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
	b.next = b.empty()
	go started.judge(b.tally)
}

// empty returns an empty batch.
func (b *batcher) empty() *batch {
	if last := len(b.idle) - 1; last >= 0 {
		reused := b.idle[last]
		b.idle = b.idle[:last]
		return reused
	}
	return &batch{raw: make([]traffic.RawEntry, 0, maxBatch), results: make([]result, 0, maxBatch)}
}

// judge decodes and judges the entries of a batch.
func (b *batch) judge(t *Tally) {
	defer close(b.judged)
	for _, raw := range b.raw {
		var r result
		if r.entry, r.err = b.decoder.Decode(raw); r.err == nil {
			r.verdict = t.judge(r.entry)
		}
		b.results = append(b.results, r)
	}
}

// collectOldest waits for the oldest batch and hands it to the tally.
func (b *batcher) collectOldest() {
	oldest := b.running[0]
	b.running, b.size = b.running[1:], b.size-oldest.size
	<-oldest.judged
	for i := range oldest.results {
		if r := &oldest.results[i]; b.accept(&r.entry, r.err) {
			b.tally.collect(r.entry, r.verdict)
		}
	}
	clear(oldest.raw) // for the garbage collector
	clear(oldest.results)
	oldest.raw, oldest.results, oldest.size = oldest.raw[:0], oldest.results[:0], 0
	b.idle = append(b.idle, oldest)
}

// finish judges the last entries and waits for all batches.
func (b *batcher) finish() {
	b.start()
	for len(b.running) > 0 {
		b.collectOldest()
	}
}
