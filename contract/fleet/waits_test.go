package fleet

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// lines is a log. It may be read while it is written.
type lines struct {
	mu   sync.Mutex
	list []string
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, string(line))
	return len(line), nil
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

// await returns once a line has the text.
func (l *lines) await(t *testing.T, text string) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 2*time.Minute; time.Sleep(10 * time.Millisecond) {
		if slices.ContainsFunc(l.all(), func(line string) bool { return strings.Contains(line, text) }) {
			return
		}
	}
	t.Fatalf("no line with %q after two minutes: %q", text, l.all())
}

// value is that of a counter or a gauge, the first with this name.
func (m *Metrics) value(name string) float64 {
	families, _ := m.registry.Gather()
	for _, family := range families {
		if family.GetName() == name {
			metric := family.GetMetric()[0]
			return metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
		}
	}
	return 0
}

// TestBrokerAway kills the only broker while a worker judges, a report waits, and a pipe is sent. Each says so: one line that it waits
// for a broker and why, and one when it goes on. Nothing is lost or sent twice.
func TestBrokerAway(t *testing.T) {
	if testing.Short() {
		t.Skip("it restarts a broker of its own")
	}
	doc, err := spec.Read("h.yaml", []byte("{openapi: 3.0.3, info: {title: h, version: '1'}, servers: [{url: 'http://h'}], paths: {}}"), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	judges := []*contract.Judge{judge}
	kafka := broker.Start(t)
	var sending, judging, reporting lines
	open := func(topic string, log io.Writer) Options {
		return Options{
			Connection: Connection{Brokers: []string{kafka.Addr()}, Topic: topic}, Group: "g", Judges: judges,
			Every: 3 * time.Second, Log: log, Metrics: NewMetrics(""),
		}
	}
	topic := kafka.Topic(t, 1)
	reported, worked := open(topic, &reporting), open(topic, &judging)
	client, err := reported.Client()
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	version, err := versionOf(judges, nil)
	if err != nil {
		t.Fatal(err)
	}

	s, err := NewSender(t.Context(), &Connection{Brokers: worked.Brokers, Topic: topic}, &sending)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, w := io.Pipe()
	ended := make(chan result, 1)
	go func() { ended <- sendTo(t.Context(), s, "", r) }()
	const before, after = 50, 50
	for i := range before {
		_, _ = fmt.Fprintln(w, sendEntry(fmt.Sprint(i), 1))
	}
	received(t, kafka.Client(t, kgo.ConsumeTopics(topic)), before)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	worker := make(chan error, 1)
	go func() { worker <- Judge(ctx, worked) }()
	judging.await(t, "has 1 partition")
	for worked.Metrics.value("quotaspec_fleet_lag") > 0 {
		time.Sleep(time.Millisecond)
	}
	kafka.Kill()
	isCommitted := worked.Metrics.value("quotaspec_fleet_exchanges_total") == before // seldom: it takes three seconds until it commits
	for i := range after {
		_, _ = fmt.Fprintln(w, sendEntry(fmt.Sprint(before+i), 1))
	}
	merged := make(chan error, 1)
	go func() {
		target := bounds{ends: map[int32]kadm.ListedOffset{0: {Offset: before + after}}}
		m, err := reported.mergeUntil(t.Context(), admin, version, target, time.Now().Add(5*time.Minute))
		if err == nil && (m.Exchanges != before+after || m.Behind != 0) {
			err = fmt.Errorf("%d exchanges are judged and %d not, want %d", m.Exchanges, m.Behind, before+after)
		}
		merged <- err
	}()
	away := "cannot reach a broker at " + kafka.Addr() + ": "
	for _, log := range []*lines{&sending, &judging, &reporting} {
		log.await(t, away)
	}
	if !isCommitted {
		judging.await(t, "; waiting\n")
	}
	kafka.Restart(t)
	_ = w.Close()
	if got := <-ended; got.sent != before+after || got.err != nil {
		t.Errorf("sent %d, %v", got.sent, got.err)
	}
	if err := <-merged; err != nil {
		t.Error(err)
	}
	stop()
	if err := <-worker; err != nil {
		t.Error(err)
	}
	for _, log := range []*lines{&sending, &reporting} {
		got := log.all()
		if len(got) != 2 || !strings.HasPrefix(got[0], away) || !strings.HasSuffix(got[0], "; waiting\n") || got[1] != "goes on\n" {
			t.Errorf("got %q, want a line that it waits and one that it goes on", got)
		}
	}
}

// TestReplicasAway kills one broker of three: a topic that has its only replica there has no leader, and one that needs both of its
// replicas takes no records. Who sends to them sees that.
func TestReplicasAway(t *testing.T) {
	if testing.Short() {
		t.Skip("it restarts a broker of three")
	}
	nodes := broker.StartCluster(t, 3)
	admin := kadm.NewClient(nodes[0].Client(t))
	both, made := "2", 0
	create := func(replicas int16) (topic string, on []int32) {
		made++
		topic = fmt.Sprint("topic-", made)
		if _, err := admin.CreateTopic(t.Context(), 1, replicas, map[string]*string{"min.insync.replicas": &both}, topic); err != nil {
			t.Fatal(err)
		}
		for len(on) == 0 { // a broker lists it later
			details, err := admin.ListTopics(t.Context(), topic)
			if err != nil {
				t.Fatal(err)
			}
			on = details[topic].Partitions[0].Replicas
		}
		return topic, on
	}
	single, on := create(1)
	double, pair := create(2)
	for !slices.Contains(pair, on[0]) {
		double, pair = create(2)
	}

	type sending struct {
		topic, waits string
		log          lines
		ended        chan result
		w            *io.PipeWriter
	}
	all := []*sending{{topic: single, waits: "/0 has no leader; waiting\n"}, {topic: double, waits: "/0 has 1 of 2 replicas in sync; waiting\n"}}
	for _, to := range all {
		s, err := NewSender(t.Context(), &Connection{Brokers: nodes[0].Addrs(), Topic: to.topic}, &to.log)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		r, w := io.Pipe()
		to.w, to.ended = w, make(chan result, 1)
		go func() { to.ended <- sendTo(t.Context(), s, "", r) }()
		_, _ = fmt.Fprintln(w, sendEntry("before", 1))
		received(t, nodes[0].Client(t, kgo.ConsumeTopics(to.topic)), 1)
	}
	dead := nodes[on[0]-1]
	dead.Kill()
	for _, to := range all {
		_, _ = fmt.Fprintln(to.w, sendEntry("after", 1))
	}
	for _, to := range all {
		to.log.await(t, "; waiting")
	}
	dead.Restart(t)
	for _, to := range all {
		_ = to.w.Close()
		if got := <-to.ended; got.sent != 2 || got.err != nil {
			t.Errorf("sent %d, %v", got.sent, got.err)
		}
		if got, want := to.log.all(), []string{to.topic + to.waits, "goes on\n"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
