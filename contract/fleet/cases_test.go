package fleet_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestOffsetsReset tests that the tally wins over the offsets of the group, which operators can set and brokers forget.
func TestOffsetsReset(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 1), newJudges(t, things), newEntries(400)
	o := optionsFor(kafka, topic, judges)
	admin := kadm.NewClient(kafka.Client(t))
	for i, offset := range []int64{0, 200, 30} { // 200 is the end then: the group has what the worker will commit
		produce(t, kafka, topic, i*100+1, entries[i*100:(i+1)*100]...)
		if i > 0 {
			set := kadm.Offsets{}
			set.AddOffset(topic, 0, offset, -1)
			if err := admin.CommitAllOffsets(t.Context(), o.Group, set); err != nil {
				t.Fatal(err)
			}
		}
		stop := judging(t, o)
		merge(t, o)
		stop()
		// A transaction has ended before its offsets are those of the group.
		committed, err := admin.FetchOffsets(kadm.RequireStable(t.Context()), o.Group)
		if err != nil {
			t.Fatal(err)
		}
		ends, err := admin.ListEndOffsets(t.Context(), topic)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := committed.Lookup(topic, 0)
		end, _ := ends.Lookup(topic, 0)
		if at.At != end.Offset {
			t.Errorf("the group's offset is %d, want the end %d", at.At, end.Offset)
		}
	}
	if _, err := admin.DeleteGroup(t.Context(), o.Group); err != nil {
		t.Fatal(err)
	}
	produce(t, kafka, topic, 301, entries[300:]...)
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

// TestStaleTally tests that a worker does not begin at a tally that is older than what workers have committed, of which the group has the
// offset. A broker that was stopped for so long that another one leads gives such a tally, until it knows.
func TestStaleTally(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 1), newJudges(t, things), newEntries(200)
	o := optionsFor(kafka, topic, judges)
	produce(t, kafka, topic, 1, entries[:100]...)
	stop := judging(t, o)
	merge(t, o)
	stop()
	produce(t, kafka, topic, 101, entries[100:]...)
	admin := kadm.NewClient(kafka.Client(t))
	committed, err := admin.FetchOffsets(kadm.RequireStable(t.Context()), o.Group)
	must(t, err)
	by, _ := committed.Lookup(topic, 0)
	by.At = 150
	set := kadm.Offsets{}
	set.Add(by.Offset)
	must(t, admin.CommitAllOffsets(t.Context(), o.Group, set))
	logged := make(logLines, 100)
	o.Log = logged
	stop = judging(t, o)
	logged.await(t, "judged up to 150, but "+topic+"-tallies has its counts up to 100: ")
	stop()
	if merged, err := fleet.Merge(t.Context(), o, 0); err != nil || merged.Exchanges != 100 {
		t.Errorf("got %+v (%v), want the 100 of before", merged, err)
	}
	_, err = admin.DeleteGroup(t.Context(), o.Group)
	must(t, err)
	o.Log = io.Discard
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

type logLines chan string

func (l logLines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func (l logLines) await(t *testing.T, want string) {
	t.Helper()
	found := false
	await(t, "a line has "+want, func() bool {
		for len(l) > 0 {
			found = strings.Contains(<-l, want) || found
		}
		return found
	})
}

// TestStaleEnd tests that a worker waits if its partition ends before what was judged: a leader that lags behind says so, until another
// one is known.
func TestStaleEnd(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	o := optionsFor(kafka, topic, newJudges(t, things))
	produce(t, kafka, topic, 1, newEntries(10)...)
	admin := kadm.NewClient(kafka.Client(t))
	_, err := admin.CreateTopic(t.Context(), 1, 1, map[string]*string{"cleanup.policy": kadm.StringPtr("compact")}, topic+"-tallies")
	must(t, err)
	details, err := admin.ListTopics(t.Context(), topic)
	must(t, err)
	tally := fmt.Sprintf(`{"format":1,"topicId":"%s","next":15,"exchanges":15}`, details[topic].ID)
	must(t, kafka.Client(t).ProduceSync(t.Context(), &kgo.Record{
		Topic: topic + "-tallies", Key: []byte(o.Group + "/0/f00d/0"), Value: []byte(tally),
	}).FirstErr())
	logged := make(logLines, 100)
	o.Log = logged
	judging(t, o)
	logged.await(t, topic+"/0 ends at 10, but was judged up to 15: its leader lags behind")
	produce(t, kafka, topic, 11, newEntries(10)...)
	if merged := merge(t, o); merged.Exchanges != 5 || merged.Others != 15 {
		t.Errorf("got %+v, want 5 and 15 of another version", merged)
	}
}

// TestLost tests that records that retention deletes before they are judged are counted, while no worker runs and while one does, and
// also by a report alone.
func TestLost(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 1), newJudges(t, things), newEntries(100)
	o := optionsFor(kafka, topic, judges)
	deleteUpTo := func(offset int64) {
		t.Helper()
		upTo := kadm.Offsets{}
		upTo.AddOffset(topic, 0, offset, -1)
		if _, err := kadm.NewClient(kafka.Client(t)).DeleteRecords(t.Context(), upTo); err != nil {
			t.Fatal(err)
		}
	}
	produce(t, kafka, topic, 1, entries...)
	deleteUpTo(10) // before anything was judged: not lost, only not there
	stop := judging(t, o)
	merge(t, o)
	stop()
	produce(t, kafka, topic, 101, entries...)
	deleteUpTo(107)
	merged, err := fleet.Merge(t.Context(), o, 0)
	if err != nil {
		t.Fatal(err)
	}
	if merged.Lost != 7 || merged.Behind != 93 || merged.Exchanges != 90 {
		t.Errorf("before a worker knows: got %+v, want 7 lost, 93 behind, 90 judged", merged)
	}
	judging(t, o)
	merged = merge(t, o)
	if merged.Lost != 7 || merged.Exchanges != 183 {
		t.Errorf("got %+v, want 7 lost and 183 judged", merged)
	}
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if err != nil || r.Count("", "error") != 1 {
		t.Errorf("the report has %d errors (%v), want one", r.Count("", "error"), err)
	}
}

// TestNewPartitions tests that a topic may get more partitions.
func TestNewPartitions(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 1), newJudges(t, things), newEntries(400)
	o := optionsFor(kafka, topic, judges)
	produce(t, kafka, topic, 1, entries[:200]...)
	stop := judging(t, o)
	merge(t, o)
	admin := kadm.NewClient(kafka.Client(t))
	_, err := admin.UpdatePartitions(t.Context(), 4, topic)
	must(t, err)
	awaitPartitions(t, admin, topic, 4)
	stop() // a running worker finds them within a minute
	produce(t, kafka, topic, 201, entries[200:]...)
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" || merged.Partitions != 4 {
		t.Errorf("the report of %d partitions (-single +fleet):\n%s", merged.Partitions, diff)
	}
}

// TestTalliesDeleted tests that all is judged again if the topic of tallies is deleted, and then counted once.
func TestTalliesDeleted(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 2), newJudges(t, things), newEntries(300)
	o := optionsFor(kafka, topic, judges)
	produce(t, kafka, topic, 1, entries[:200]...)
	stop := judging(t, o)
	merge(t, o)
	stop()
	deleteTopic(t, kafka, topic+"-tallies")
	produce(t, kafka, topic, 201, entries[200:]...)
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

// TestTransactionalProducer tests that a topic is judged to its end if that is no exchange but the end of a transaction, and that what
// was aborted does not count.
func TestTransactionalProducer(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 1), newJudges(t, things), newEntries(60)
	client := kafka.Client(t, kgo.TransactionalID(topic), kgo.DefaultProduceTopic(topic))
	for i, end := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort, kgo.TryCommit, kgo.TryAbort} {
		if err := client.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for j, text := range entries[i/2*30 : i/2*30+30] {
			headers := []kgo.RecordHeader{{Key: "file", Value: []byte("a.har")}, {Key: "number", Value: fmt.Append(nil, i/2*30+j+1)}}
			client.Produce(t.Context(), &kgo.Record{Value: []byte(text), Headers: headers}, nil)
		}
		if err := client.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := client.EndTransaction(t.Context(), end); err != nil {
			t.Fatal(err)
		}
	}
	o := optionsFor(kafka, topic, judges)
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

// TestRemade tests that a worker ends if its topic was deleted and made again, with other exchanges at the same offsets: while it was
// stopped, and while it runs. To sit there in silence would be wrong, and so would be to go on at an offset of the old topic, or to report
// what that had.
func TestRemade(t *testing.T) {
	kafka := broker.Shared(t)
	for name, test := range map[string]struct {
		running   bool
		exchanges int // in the new topic; the old one had 50
	}{
		"fewer": {false, 10}, "more": {false, 100}, "running": {true, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := kafka.Topic(t, 1)
			o := optionsFor(kafka, topic, newJudges(t, things))
			o.Log = &testLog{t}
			produce(t, kafka, topic, 1, newEntries(50)...)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			ended := make(chan error, 1)
			running, stop := context.WithCancel(ctx)
			defer stop()
			judge := func() { ended <- fleet.Judge(running, o) }
			go judge()
			merge(t, o)
			if !test.running {
				stop()
				must(t, <-ended)
				running = ctx
			}
			remake(t, kafka, topic)
			produce(t, kafka, topic, 1, newEntries(test.exchanges)...)
			if !test.running {
				go judge()
			}
			const want = "made anew"
			if err := <-ended; err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, want)
			}
			if _, err := fleet.Merge(ctx, o, time.Minute); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("report: got %v, want one line with %q", err, want)
			}
		})
	}
}

// remake deletes a topic and makes it again.
func remake(t *testing.T, kafka *broker.Broker, topic string) {
	t.Helper()
	deleteTopic(t, kafka, topic)
	admin := kadm.NewClient(kafka.Client(t))
	_, err := admin.CreateTopic(t.Context(), 1, 1, nil, topic)
	must(t, err)
	awaitPartitions(t, admin, topic, 1)
}

// TestCannotStart tests that what cannot work ends with one line that names the brokers and the cause.
func TestCannotStart(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	for name, test := range map[string]struct {
		change func(*fleet.Connection)
		want   string
	}{
		"no broker":       {func(c *fleet.Connection) { c.Brokers = []string{"127.0.0.1:1"} }, "cannot reach a broker at 127.0.0.1:1: "},
		"no topic":        {func(c *fleet.Connection) { c.Topic = "absent" }, kafka.Addr() + ": there is no topic absent"},
		"no such file":    {func(c *fleet.Connection) { c.CA = "absent.pem" }, "open absent.pem: "},
		"TLS to no TLS":   {func(c *fleet.Connection) { c.TLS = true }, "cannot reach a broker at " + kafka.Addr() + ": "},
		"no TLS to TLS":   {func(c *fleet.Connection) { c.Brokers = []string{kafka.SASLAddr()} }, "cannot reach a broker at " + kafka.SASLAddr()},
		"wrong authority": {func(c *fleet.Connection) { c.Brokers, c.TLS = []string{kafka.SASLAddr()}, true }, "certificate"},
		"wrong password": {func(c *fleet.Connection) {
			*c = fleet.Connection{
				Brokers: []string{kafka.SASLAddr()}, Topic: topic, CA: kafka.CA(), SASL: "scram-sha-256", User: broker.User, Password: "s3cret",
			}
		}, kafka.SASLAddr() + `: authentication of user "gateway" by scram-sha-256 failed: `},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := optionsFor(kafka, topic, newJudges(t, things))
			test.change(&o.Connection)
			for verb, run := range map[string]func() error{
				"judge":  func() error { return fleet.Judge(t.Context(), o) },
				"report": func() error { _, err := fleet.Merge(t.Context(), o, 0); return err },
			} {
				err := run()
				if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") ||
					strings.Contains(err.Error(), "s3cret") {
					t.Errorf("%s: got %v, want one line with %q", verb, err, test.want)
				}
			}
		})
	}
	o := optionsFor(kafka, topic, newJudges(t, things))
	if _, err := fleet.Merge(t.Context(), o, 0); err == nil || !strings.Contains(err.Error(), "start quotaspec-fleet judge") {
		t.Errorf("without a worker: got %v", err)
	}
}

// TestNotCompacted tests that a worker does not keep its counts in a topic that forgets them.
func TestNotCompacted(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	o := optionsFor(kafka, topic, newJudges(t, things))
	admin := kadm.NewClient(kafka.Client(t))
	for _, policy := range []string{"delete", "compact,delete"} {
		_, err := admin.CreateTopic(t.Context(), 1, 1, map[string]*string{"cleanup.policy": &policy}, topic+"-tallies")
		must(t, err)
		if err := fleet.Judge(t.Context(), o); err == nil || !strings.Contains(err.Error(), "cleanup.policy="+policy+",") {
			t.Errorf("%s: got %v", policy, err)
		}
		deleteTopic(t, kafka, topic+"-tallies")
	}
}

// TestOtherFormat tests that a worker ends, and says why, if a newer one has written the tally of its partition.
func TestOtherFormat(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	o := optionsFor(kafka, topic, newJudges(t, things))
	produce(t, kafka, topic, 1, newEntries(10)...)
	stop := judging(t, o)
	merge(t, o)
	stop()
	client := kafka.Client(t, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	must(t, client.ProduceSync(t.Context(), &kgo.Record{
		Topic: topic + "-tallies", Key: []byte(o.Group + "/0/f00d/0"), Value: []byte(`{"format":2,"next":5}`),
	}).FirstErr())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err, want := fleet.Judge(ctx, o), "format 2, want 1: it is of another version of quotaspec-fleet"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

// TestSecureConnection judges and reports through TLS, with a password and with a certificate.
func TestSecureConnection(t *testing.T) {
	kafka := broker.Shared(t)
	certificate, clientKey := kafka.ClientCertificate()
	for name, c := range map[string]fleet.Connection{
		"password": {Brokers: []string{kafka.SASLAddr()}, SASL: "plain", User: broker.User, Password: broker.Password},
		"SCRAM":    {Brokers: []string{kafka.SASLAddr()}, SASL: "scram-sha-512", User: broker.User, Password: broker.Password},
		"TLS":      {Brokers: []string{kafka.TLSAddr()}, Certificate: certificate, Key: clientKey},
	} {
		t.Run(name, func(t *testing.T) {
			topic := kafka.Topic(t, 1)
			produce(t, kafka, topic, 1, newEntries(20)...)
			o := optionsFor(kafka, topic, newJudges(t, things))
			c.Topic, c.CA = topic, kafka.CA()
			o.Connection = c
			judging(t, o)
			if merged := merge(t, o); merged.Exchanges != 20 {
				t.Errorf("%d exchanges are judged, want 20", merged.Exchanges)
			}
		})
	}
}

// TestBrokerRestarts tests that a worker goes on when the broker comes back.
func TestBrokerRestarts(t *testing.T) {
	kafka := broker.Start(t)
	topic, judges, entries := kafka.Topic(t, 2), newJudges(t, things), newEntries(600)
	o := optionsFor(kafka, topic, judges)
	judging(t, o)
	for i := range 3 {
		if i > 0 {
			merge(t, o)
			kafka.Kill()
			kafka.Restart(t)
		}
		produce(t, kafka, topic, i*200+1, entries[i*200:(i+1)*200]...)
	}
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}
