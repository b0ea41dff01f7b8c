package verify

import "github.com/quotaspec/quotaspec/contract/traffic"

// Record is one record of a queue, such as a topic of Kafka. Its value is an entry of a HAR.
type Record struct {
	File   string // in the report, such as the name of the queue
	Number int    // in the file or queue
	Value  []byte // see traffic.Record
}

// AddRecords judges the exchanges of records on all cores, and returns when all of them are judged. A record that is no entry of
// a HAR is counted and listed as unreadable, at its Number in its File. The tally does not hold the values. The result is the same
// if the records come in several calls, or in another order.
//
// Tallies of the same judges, such as those of several partitions, may get their records at the same time.
func (t *Tally) AddRecords(records []Record) {
	next := records // the next to be accepted: batches keep the order
	batches := newBatcher(t, func(e *traffic.Entry, err error) bool {
		of := next[0]
		next = next[1:]
		if err != nil {
			f := t.file(of.File)
			f.Unread++
			f.unreadable(unreadable{of.Number, err.Error()})
			return false
		}
		e.File = of.File
		return true
	})
	for _, r := range records {
		batches.add(traffic.Record(r.Value, r.Number))
	}
	batches.finish()
}
