package fleet

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// newTestSender returns a sender to a new topic.
func newTestSender(t *testing.T, kafka *broker.Broker, configs ...string) *Sender {
	t.Helper()
	c := Connection{Brokers: []string{kafka.Addr()}, Topic: kafka.Topic(t, 3, configs...)}
	s, err := NewSender(t.Context(), &c, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// received returns the next records of a topic with their headers, in the order of these.
func received(t *testing.T, client *kgo.Client, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	list := []string{}
	for len(list) < n {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("after %d records: %v", len(list), err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			text := ""
			for _, h := range r.Headers {
				text += fmt.Sprintf("%s=%s ", h.Key, h.Value)
			}
			list = append(list, text+string(r.Value))
		})
	}
	slices.Sort(list)
	return list
}

// result is that of Send.
type result struct {
	sent int
	err  error
}

func sendTo(ctx context.Context, s *Sender, name string, r io.Reader) result {
	sent, err := s.Send(ctx, name, r)
	return result{sent, err}
}

// sendEntry is an entry of a HAR; the response has n bytes.
func sendEntry(path string, n int) string {
	return fmt.Sprintf(`{"request": {"method":"GET","url":"http://h/%s\u00e4"},"response":{"status":200,"content":{"text":%q}}}`,
		path, strings.Repeat("x", n))
}

// TestSend sends files of all forms: each record has the bytes of an entry, and says which entry of which file it is.
func TestSend(t *testing.T) {
	kafka := broker.Shared(t)
	one, two, three := sendEntry("1", 1), sendEntry("2", 2), sendEntry("3", 3)
	har := `{"log":{"entries":[ ` + one + " ,\n" + two + ",\n" + three + "\n]}}"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, har)
	_ = z.Close()
	for _, test := range []struct{ name, file, text string }{
		{name: "a HAR", file: "a.har", text: har},
		{name: "packed", file: "a.har.gz", text: packed.String()},
		{name: "lines", file: "a.jsonl", text: one + "\n" + two + "\r\n\n" + three},
		{name: "no name", text: har},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTestSender(t, kafka)
			sent, err := s.Send(t.Context(), test.file, strings.NewReader(test.text))
			if sent != 3 || err != nil {
				t.Fatalf("got %d, %v", sent, err)
			}
			want := []string{one, two, three}
			if test.file != "" {
				for i := range want {
					want[i] = fmt.Sprintf("file=%s number=%d %s", test.file, i+1, want[i])
				}
			}
			if got := received(t, kafka.Client(t, kgo.ConsumeTopics(s.topic)), 3); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// TestSendLeavesOut tests that what is no entry and what is too large for the topic is named, and that the rest is sent.
func TestSendLeavesOut(t *testing.T) {
	kafka := broker.Shared(t)
	const limit = "max.message.bytes=2000"
	good, large := sendEntry("1", 1), sendEntry("1", 3000)
	har := func(entries ...string) string { return `{"log":{"entries":[` + strings.Join(entries, ",") + `]}}` }
	for _, test := range []struct {
		name, text, config string
		sent               int
		err                string
	}{
		{
			name: "what is no entry", text: har(good, "{}", good, "7", good), sent: 3,
			err: "a.har: entry 2, after byte 123: no request in it\na.har: entry 4, after byte 230: want an object, got number",
		},
		{
			name: "larger than the topic takes", text: har(good, large, good), config: limit, sent: 2,
			err: "a.har: entry 2: 3102 bytes, more than topic TOPIC takes: see its max.message.bytes",
		},
		{name: "larger than most topics take", text: har(good, sendEntry("1", 3<<20)), config: "max.message.bytes=4000000", sent: 2},
		{
			name: "many", text: har(slices.Repeat([]string{"{}"}, 12)...),
			err: strings.Join(slices.Collect(func(yield func(string) bool) {
				for i := range 10 {
					yield(fmt.Sprintf("a.har: entry %d, after byte %d: no request in it", i+1, 19+3*i))
				}
			}), "\n") + "\na.har: and 2 more entries",
		},
		{name: "cut off", text: har(good, good)[:130], sent: 1, err: "a.har: read the HAR: entry 2, after byte 123: cut off"},
		{name: "no HAR", text: "nope", err: "a.har: read the HAR: not a HAR: want an object after byte 0"},
		{name: "empty", err: "a.har: read the HAR: it is empty"},
		{
			name: "a Pact file", text: `{"interactions":[{"request":{"method":"GET","path":"/p"}},{"request":{"method":"GET","path":"/p"}}]}`,
			err: "a.har: a Pact file has no exchanges to send; judge it by quotaspec verify --har",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			configs := []string{}
			if test.config != "" {
				configs = append(configs, test.config)
			}
			s := newTestSender(t, kafka, configs...)
			sent, err := s.Send(t.Context(), "a.har", strings.NewReader(test.text))
			got := ""
			if err != nil {
				got = strings.ReplaceAll(err.Error(), s.topic, "TOPIC")
			}
			if sent != test.sent || got != test.err {
				t.Errorf("got %d sent\n%s\nwant %d\n%s", sent, got, test.sent, test.err)
			}
			received(t, kafka.Client(t, kgo.ConsumeTopics(s.topic)), test.sent)
		})
	}
}

// TestSendLargest tests that the largest record that a topic takes is sent, and that one more byte is too large.
func TestSendLargest(t *testing.T) {
	kafka := broker.Shared(t)
	s := newTestSender(t, kafka, "max.message.bytes=2000", "compression.type=uncompressed")
	largest := 0
	for n := 1500; n < 2000; n++ {
		sent, err := s.Send(t.Context(), "", strings.NewReader(sendEntry("1", n)))
		switch {
		case sent == 1 && err == nil && largest == n-1 || largest == 0:
			largest = n
		case sent == 0 && err != nil && strings.HasSuffix(err.Error(), "takes: see its max.message.bytes"):
		default:
			t.Fatalf("%d bytes after %d: got %d, %v", n, largest, sent, err)
		}
	}
	if largest < 1700 || largest == 1999 {
		t.Errorf("the largest response has %d bytes", largest)
	}
}

// TestSendStreams tests that each entry of a pipe is in the topic before more is written. After the end of the context, what comes
// until the end of the pipe is sent, too; a pipe that does not end has a grace, and a file is not read to its end.
func TestSendStreams(t *testing.T) {
	kafka := broker.Shared(t)
	for _, test := range []struct {
		name, file string
		grace      time.Duration
		ends       bool
	}{
		{name: "a pipe that ends", grace: time.Hour, ends: true},
		{name: "a pipe that does not end", grace: time.Millisecond},
		{name: "a file that does not end", file: "a.har", grace: time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTestSender(t, kafka)
			s.grace = test.grace
			streams(t, kafka, s, test.file, test.ends)
		})
	}
}

func streams(t *testing.T, kafka *broker.Broker, s *Sender, file string, ends bool) {
	t.Helper()
	consumer := kafka.Client(t, kgo.ConsumeTopics(s.topic))
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	t.Cleanup(func() { _ = w.Close() })
	ended := make(chan result, 1)
	go func() { ended <- sendTo(ctx, s, file, r) }()
	for i, before := range []string{`{"log":{"version":"1.2","entries":[` + "\n", ",\n", ",\n"} {
		entry := sendEntry(fmt.Sprint(i), i)
		if _, err := io.WriteString(w, before+entry); err != nil {
			t.Fatal(err)
		}
		if got := received(t, consumer, 1); !strings.HasSuffix(got[0], entry) {
			t.Errorf("got %q, want %q", got[0], entry)
		}
	}
	for s.client.BufferedProduceRecords() > 0 { // the sender knows later than the consumer that the last one is in the topic
		time.Sleep(time.Millisecond)
	}
	cancel()
	want := result{3, errStopped}
	if ends {
		_, _ = io.WriteString(w, ",\n"+sendEntry("last", 1)+"\n]}}\n")
		_ = w.Close()
		want = result{4, nil}
	}
	if got := <-ended; got.sent != want.sent || !errors.Is(got.err, want.err) {
		t.Errorf("got %d, %v, want %d, %v", got.sent, got.err, want.sent, want.err)
	}
}

// TestSendBrokerKilled kills the broker while a file of 100 MB is sent, which is more than waits in memory: no entry is lost or
// doubled.
func TestSendBrokerKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	const entries = 2000
	kafka := broker.Start(t)
	s := newTestSender(t, kafka)
	r, w := io.Pipe()
	go func() {
		for i := range entries {
			if i == entries/10 {
				kafka.Kill()
			}
			_, _ = fmt.Fprintln(w, sendEntry(fmt.Sprint(i), 50_000))
		}
		_ = w.Close()
	}()
	ended := make(chan result, 1)
	go func() { ended <- sendTo(t.Context(), s, "a.jsonl", r) }()
	for s.client.BufferedProduceBytes() < maxWaiting*9/10 {
		time.Sleep(time.Millisecond)
	}
	kafka.Restart(t)
	if got := <-ended; got.sent != entries || got.err != nil {
		t.Errorf("got %d, %v", got.sent, got.err)
	}
	times := map[string]int{}
	for _, text := range received(t, kafka.Client(t, kgo.ConsumeTopics(s.topic)), entries) {
		before, _, _ := strings.Cut(text, "{")
		times[before]++
	}
	if len(times) != entries {
		t.Errorf("got %d different entries, want %d: %v", len(times), entries, slices.Collect(maps.Values(times))[:10])
	}
}

// TestSendNoTopic tests that an error of the topic ends the sending.
func TestSendNoTopic(t *testing.T) {
	kafka := broker.Shared(t)
	s := newTestSender(t, kafka)
	s.client.Close()
	client := kafka.Client(t, kgo.DefaultProduceTopic("absent"), kgo.UnknownTopicRetries(0))
	s = &Sender{client: client, topic: "absent", limit: defaultLimit}
	entry := sendEntry("1", 1)
	sent, err := s.Send(t.Context(), "a.har", io.MultiReader(strings.NewReader(entry+"\n"+entry+"\n"), endless{}))
	if sent != 0 || err == nil || !strings.HasPrefix(err.Error(), "a.har: topic absent: UNKNOWN_TOPIC_OR_PARTITION") {
		t.Errorf("got %d, %v", sent, err)
	}
}

// endless is a file that never ends and has no more.
type endless struct{}

func (endless) Read([]byte) (int, error) { select {} }
