package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// The tally of partition 3 is in partition 3 of the topic of tallies, cut into chunks that a broker with default limits takes:
//
//	key                          value
//	quotaspec/3/51f09a…/0        {"format":1,"group":"quotaspec","topic":"exchanges","partition":3,"next":4712,"tal
//	quotaspec/3/51f09a…/1        ly":{…}}
//
// The version (51f09a…) stands for the documents, so that each has a tally of its own. All chunks are written in each transaction, and
// those that are not needed any more are deleted. So the latest record of each key, of which compaction keeps at least that, is from
// the last transaction of its version.

// envelopeFormat is the version of an envelope. A worker refuses any other.
const envelopeFormat = 1

// errFormat ends a worker, which cannot know where to go on.
var errFormat = errors.New("it is of another version of quotaspec-fleet")

// envelope is the state of a partition for one version of the documents.
type envelope struct {
	Format    int             `json:"format"`
	Group     string          `json:"group"`
	Topic     string          `json:"topic"`
	TopicID   string          `json:"topicId"` // another one under the same name has other exchanges at the same offsets
	Partition int32           `json:"partition"`
	Next      int64           `json:"next"`      // the offset after the last record that was counted
	Lost      int64           `json:"lost"`      // records that were deleted before they were judged
	Exchanges int64           `json:"exchanges"` // records that were judged, or found to be no exchange
	Tally     json.RawMessage `json:"tally"`
}

// chunkSize is the largest value of a record, in bytes. Brokers take 1 MiB unless configured otherwise.
const chunkSize = 512 << 10

// key names the tally of a group, a partition and a version. Its text has the number of a chunk, too.
type key struct {
	group     string
	partition int32
	version   string
}

func (k key) chunk(number int) []byte {
	return fmt.Appendf(nil, "%s/%d/%s/%d", k.group, k.partition, k.version, number)
}

// parseKey reads the text of a key from its end, as the name of a group may have slashes.
func parseKey(text string) (k key, chunk int, ok bool) {
	parts := strings.Split(text, "/")
	if len(parts) < 4 {
		return key{}, 0, false
	}
	n := len(parts) - 3
	partition, err := strconv.ParseInt(parts[n], 10, 32)
	if err != nil {
		return key{}, 0, false
	}
	if chunk, err = strconv.Atoi(parts[n+2]); err != nil || chunk < 0 {
		return key{}, 0, false
	}
	return key{strings.Join(parts[:n], "/"), int32(partition), parts[n+1]}, chunk, true
}

// records are those of an envelope. Old is the number of chunks that its predecessor had.
func (e *envelope) records(topic, version string, old int) (list []*kgo.Record, chunks int, err error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, 0, err
	}
	k := key{e.Group, e.Partition, version}
	for ; len(text) > 0; chunks++ {
		n := min(chunkSize, len(text))
		list = append(list, &kgo.Record{Topic: topic, Partition: e.Partition, Key: k.chunk(chunks), Value: text[:n:n]})
		text = text[n:]
	}
	for i := chunks; i < old; i++ {
		list = append(list, &kgo.Record{Topic: topic, Partition: e.Partition, Key: k.chunk(i)})
	}
	return list, chunks, nil
}

// stored are the chunks of all tallies of a group, by their key.
type stored map[key]map[int][]byte

// add takes the latest record of a chunk.
func (s stored) add(group string, r *kgo.Record) {
	k, chunk, ok := parseKey(string(r.Key))
	if !ok || k.group != group || k.partition != r.Partition || r.Attrs.IsControl() {
		return
	}
	if r.Value == nil {
		delete(s[k], chunk)
		return
	}
	if s[k] == nil {
		s[k] = map[int][]byte{}
	}
	s[k][chunk] = r.Value
}

// envelope puts the chunks of a key together. It is nil if there are none.
func (s stored) envelope(k key) (*envelope, error) {
	chunks := s[k]
	if len(chunks) == 0 {
		return nil, nil
	}
	var text bytes.Buffer
	for i := range len(chunks) {
		text.Write(chunks[i])
	}
	e := &envelope{}
	err := json.Unmarshal(text.Bytes(), e)
	if err == nil && e.Format != envelopeFormat {
		err = fmt.Errorf("format %d, want %d: %w", e.Format, envelopeFormat, errFormat)
	}
	if err != nil {
		return nil, fmt.Errorf("the tally %s: %w", k.chunk(0), err)
	}
	return e, nil
}

// readWait is how long a read waits for more. It is longer than a transaction can be open.
const readWait = 2 * transactionTimeout

// readPause is how often to ask for more. A broker does not respond earlier because a transaction has ended.
const readPause = 100 * time.Millisecond

// readTallies reads partitions of the topic of tallies from their beginning up to the ends, as far as transactions are committed. So it
// waits for those that were open at the ends. An end may be between two chunks of a tally: each transaction is added as a whole, when
// the record that ends it is read.
func (c *Connection) readTallies(ctx context.Context, group string, starts, ends map[int32]kadm.ListedOffset) (stored, error) {
	from, open := map[int32]kgo.Offset{}, map[int32]int64{}
	for p, end := range ends {
		if start := starts[p]; end.Offset > start.Offset {
			from[p] = kgo.NewOffset().At(start.Offset)
			open[p] = end.Offset
		}
	}
	found := stored{}
	if len(open) == 0 {
		return found, nil
	}
	client, err := c.Client(
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{c.tallies(): from}),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // they end transactions
		kgo.FetchMaxWait(readPause),
	)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	type writer struct {
		partition int32
		producer  int64
	}
	pending := map[writer][]*kgo.Record{} // whose transactions have not ended yet
	for len(open) > 0 {
		wait, cancel := context.WithTimeout(ctx, readWait)
		fetches := client.PollFetches(wait)
		cancel()
		if err := fetches.Err0(); err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			return nil, fmt.Errorf("%s ends within a transaction that does not end", c.tallies())
		}
		if err := firstError(fetches); err != nil {
			return nil, fmt.Errorf("read %s: %w", c.tallies(), err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			w := writer{r.Partition, r.ProducerID}
			pending[w] = append(pending[w], r)
			if r.Attrs.IsTransactional() && !r.Attrs.IsControl() {
				return
			}
			for _, r := range pending[w] {
				found.add(group, r)
			}
			delete(pending, w)
			if end, isOpen := open[r.Partition]; isOpen && r.Offset+1 >= end {
				delete(open, r.Partition)
			}
		})
	}
	return found, nil
}

func firstError(fetches kgo.Fetches) (first error) {
	fetches.EachError(func(_ string, _ int32, err error) {
		if first == nil {
			first = err
		}
	})
	return first
}

// transactionTimeout is how long a transaction of a worker that was killed holds up others. A commit takes far less.
const transactionTimeout = 20 * time.Second
