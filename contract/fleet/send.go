package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// Sender makes a record of each entry of HAR files. It sends an entry as soon as it is found, so that the file may be a pipe from a
// proxy that is still recording:
//
//	r → scan → decode (is it an entry?) → buffers of the client → topic
//
// When the buffers are full it waits, and reads no more of the file. All replicas in sync must have a record before it counts as
// sent, and a record that is sent again after an error is stored once.
type Sender struct {
	client *kgo.Client
	topic  string
	limit  int32 // of a batch of records, and so of one record, in bytes
	waits  waits // for brokers to take records

	grace time.Duration // sendGrace; tests shorten it
}

const (
	// maxWaiting is how many bytes wait to be sent. It is enough for the largest entry, of which there can be one then.
	maxWaiting = 64 << 20
	// sendGrace is how long, after the context has ended, a pipe may take to end, and then what was read to be sent. It is longer
	// than a proxy takes.
	sendGrace = 10 * time.Second
	// defaultLimit is how many bytes a batch may have in a topic with the default configuration.
	defaultLimit = 1_000_012
)

// The headers of a record say which entry of which file it is.
const (
	fileHeader   = "file"
	numberHeader = "number"
)

// NewSender returns a sender to the topic of a connection. The log gets a line if brokers are away for long, and one when it goes on.
func NewSender(ctx context.Context, c *Connection, log io.Writer) (*Sender, error) {
	s := &Sender{topic: c.Topic, limit: defaultLimit, grace: sendGrace}
	client, err := c.Client(
		kgo.DefaultProduceTopic(c.Topic), kgo.MaxBufferedBytes(maxWaiting),
		kgo.ProducerBatchMaxBytesFn(func(string) int32 { return s.limit }), // it is called for the first record
	)
	if err != nil {
		return nil, err
	}
	s.client = client
	s.waits = waits{connection: c, admin: kadm.NewClient(client), log: func(line string) { fmt.Fprintln(log, line) }}
	s.setLimit(ctx)
	return s, nil
}

// setLimit asks for the limit of the topic. A user that may not know it has the default one.
func (s *Sender) setLimit(ctx context.Context) {
	for range 20 { // a topic that was made just now is known a moment later
		configs, err := s.waits.admin.DescribeTopicConfigs(ctx, s.topic)
		if err != nil {
			return
		}
		config, _ := configs.On(s.topic, nil)
		for _, c := range config.Configs {
			if n, err := strconv.Atoi(c.MaybeValue()); c.Key == "max.message.bytes" && err == nil {
				s.limit = int32(max(1000, min(n, maxWaiting)))
			}
		}
		if !errors.Is(config.Err, kerr.UnknownTopicOrPartition) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Close ends the sender. What Send has not reported as sent is lost.
func (s *Sender) Close() { s.client.Close() }

// Send sends the entries of a HAR, in any form that traffic.ScanHAR takes but a Pact file. If there is a name, each record says that
// it is an entry of this file. Send returns when all entries are in the topic, and how many that are.
//
// What is no entry, and what the topic refuses because it is too large, is left out. The error names it, in a line for each of the
// first ten. Any other error of the topic ends the sending.
//
// So does the end of the context; then what was read before has ten seconds. A file without a name may be a pipe: Ctrl-C ends the
// proxy that writes to it, too, which first writes its last exchanges. So it is read to its end if that comes within ten seconds.
func (s *Sender) Send(ctx context.Context, name string, r io.Reader) (sent int, err error) {
	reading, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		if name == "" {
			time.AfterFunc(s.grace, func() { stop(errStopped) })
		} else {
			stop(errStopped)
		}
	})()
	defer context.AfterFunc(reading, func() { time.AfterFunc(s.grace, cancel) })()
	f := sentFile{name: name, stop: stop}
	for raw := range f.scan(reading, r) {
		f.read++
		number := f.read
		if record := f.record(raw); record != nil {
			s.waits.begin()
			s.client.Produce(sending, record, func(record *kgo.Record, err error) {
				s.waits.end(err)
				f.produced(s, record, number, err)
			})
		}
	}
	_ = s.client.Flush(sending) // what it leaves is counted
	return f.result(cmp.Or(context.Cause(reading), f.ended))
}

// sentFile is what Send knows of a file.
type sentFile struct {
	name    string
	stop    context.CancelCauseFunc // ends the reading
	decoder traffic.Decoder
	read    int   // entries
	whole   bool  // all of the file was read
	ended   error // why not, if that is an error of the file

	mu      sync.Mutex // for what follows, which the goroutines of the client change
	sent    int
	out     int     // entries that were left out
	reasons []error // of the first of them, and the error that ended the file
}

// maxReasons is how many entries that were left out Send lists.
const maxReasons = 10

// scan yields the entries of a file until the context ends. Another goroutine reads, since a pipe may have nothing to read for as
// long as its writer lives.
func (f *sentFile) scan(ctx context.Context, r io.Reader) iter.Seq[traffic.RawEntry] {
	type found struct {
		raw traffic.RawEntry
		err error
	}
	entries := make(chan found)
	go func() {
		defer close(entries)
		for raw, err := range traffic.ScanHAR(r) {
			select {
			case entries <- found{raw, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func(yield func(traffic.RawEntry) bool) {
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case e, more := <-entries:
				if !more {
					f.whole = ctx.Err() == nil
					return
				}
				if f.ended = e.err; f.ended != nil || !yield(e.raw) {
					return
				}
			}
		}
	}
}

var (
	errPact    = errors.New("a Pact file has no exchanges to send; judge it by quotaspec verify --har")
	errStopped = errors.New("stopped before the end")
)

// record returns the record of the entry that was read last, or nil if it is none.
func (f *sentFile) record(raw traffic.RawEntry) *kgo.Record {
	if _, err := f.decoder.Decode(raw); err != nil {
		f.leaveOut(err)
		return nil
	}
	record := &kgo.Record{Value: []byte(raw.Text())}
	if len(record.Value) == 0 {
		f.read = 0
		f.stop(errPact)
		return nil
	}
	if f.name != "" {
		record.Headers = []kgo.RecordHeader{
			{Key: fileHeader, Value: []byte(f.name)}, {Key: numberHeader, Value: []byte(strconv.Itoa(f.read))},
		}
	}
	return record
}

// produced counts a record that was sent or was refused.
func (f *sentFile) produced(s *Sender, record *kgo.Record, number int, err error) {
	switch {
	case err == nil:
		f.mu.Lock()
		f.sent++
		f.mu.Unlock()
	case errors.Is(err, kerr.MessageTooLarge), errors.Is(err, kerr.RecordListTooLarge):
		f.leaveOut(fmt.Errorf("entry %d: %d bytes, more than topic %s takes: see its max.message.bytes",
			number, len(record.Value), s.topic))
	case errors.Is(err, kerr.InvalidRecord), errors.Is(err, kerr.PolicyViolation):
		f.leaveOut(fmt.Errorf("entry %d: topic %s refuses it: %w", number, s.topic, err))
	default: // all others would fail, too
		f.stop(fmt.Errorf("topic %s: %w", s.topic, err))
	}
}

func (f *sentFile) leaveOut(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.out++; f.out <= maxReasons {
		f.reasons = append(f.reasons, f.named(err))
	}
}

// named adds the name of the file to an error.
func (f *sentFile) named(err error) error {
	if f.name == "" {
		return err
	}
	return fmt.Errorf("%s: %w", f.name, err)
}

// result returns how many entries were sent, and what went wrong. The cause is why the reading ended; nil: the file did.
func (f *sentFile) result(cause error) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reasons := slices.Clone(f.reasons)
	if more := f.out - len(reasons); more > 0 {
		reasons = append(reasons, f.named(fmt.Errorf("and %d more entries", more)))
	}
	if unknown := f.read - f.sent - f.out; unknown > 0 {
		cause = fmt.Errorf("%w; the last %d entries that were read may not be in the topic", cause, unknown)
	} else if f.whole && errors.Is(cause, errStopped) { // too late to matter
		cause = nil
	}
	if cause != nil {
		reasons = append(reasons, f.named(cause))
	}
	return f.sent, errors.Join(reasons...)
}
