//go:build unix

package fleet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

var (
	soak = flag.Bool("soak", false, "judge two million exchanges with many kills (make soak-fleet)")
	seed = flag.Uint64("seed", 1, "of the moments of the kills")
)

// partitions are those of the topic in each test here, and limit is far more than anything in them takes on a busy machine.
const (
	partitions = 8
	limit      = 5 * time.Minute
)

// TestKilledWorkers kills workers in the middle of their work. The fleet's report must be that of verify --har on the same files,
// and its topic of findings must have each finding once.
func TestKilledWorkers(t *testing.T) {
	if testing.Short() {
		t.Skip("make test-fleet runs it: it starts a Kafka and waits for the sessions of killed workers to end")
	}
	folder := t.TempDir()
	files := numberedTraffic(t, folder, 100_000, 200, 2)
	built := buildCommands(t)
	want := verifyHAR(t, built, folder, files)
	kills{brokers: 1, workers: 2, ofWorkers: 3}.run(t, built, files, want)
}

// TestKilledBrokers kills each of three brokers once, while a worker has a transaction open, and one of these workers, too.
// Without the broker, the fleet must go on by what the others store.
func TestKilledBrokers(t *testing.T) {
	if testing.Short() {
		t.Skip("make test-fleet runs it: it starts three brokers and waits for those that are killed to catch up")
	}
	folder := t.TempDir()
	files := numberedTraffic(t, folder, 60_000, 200, 2)
	built := buildCommands(t)
	want := verifyHAR(t, built, folder, files)
	kills{brokers: 3, workers: 2, ofBrokers: 3}.run(t, built, files, want)
}

// TestSoak does the same with two million exchanges, by one worker and by two, and kills the broker, too.
func TestSoak(t *testing.T) {
	if !*soak {
		t.Skip("make soak-fleet runs it")
	}
	folder := t.TempDir()
	const exchanges = 2_000_000
	files := numberedTraffic(t, folder, exchanges, 1000, 2)
	built := buildCommands(t)
	want := verifyHAR(t, built, folder, files)
	settings, rows := []int{1, 2}, make([]string, 2)
	t.Run("workers", func(t *testing.T) {
		for i, workers := range settings {
			t.Run(fmt.Sprint(workers), func(t *testing.T) {
				t.Parallel() // most of the time goes by until the sessions of dead workers end
				test := kills{brokers: 1, workers: workers, ofWorkers: 30, ofBrokers: 5}
				took := test.run(t, built, files, want)
				result := "equal"
				if t.Failed() {
					result = "**different**"
				}
				rows[i] = fmt.Sprintf("| %s | %d | %d | %d | %d | %v | %s |\n", time.Now().Format(time.DateOnly), exchanges, workers,
					test.ofWorkers, test.ofBrokers, took.Round(time.Second), result)
			})
		}
	})
	fmt.Print("| date | exchanges | workers | SIGKILLs of workers | of the broker | took | report and findings |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n" + strings.Join(rows, ""))
}

// outcome is what a command reports.
type outcome struct {
	exit       int
	text, json string
}

// verifyHAR is the outcome of verify --har.
func verifyHAR(t *testing.T, built commands, folder string, files []string) outcome {
	t.Helper()
	verify := exec.Command(built.quotaspec, "verify")
	verify.Dir = folder
	for _, file := range files {
		verify.Args = append(verify.Args, "--har", filepath.Base(file)) // as records name their file
	}
	return outcomeOf(t, verify)
}

// outcomeOf runs a command that reports.
func outcomeOf(t *testing.T, command *exec.Cmd) outcome {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	command.Args = append(command.Args, "--report", "json="+file)
	text, exit := output(t, command)
	if exit > 1 {
		t.Fatalf("%s: exit %d\n%s", strings.Join(command.Args, " "), exit, text)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return outcome{exit: exit, text: text, json: string(data)}
}

// kills is a run of a fleet of which processes are killed.
type kills struct{ brokers, workers, ofWorkers, ofBrokers int }

// events are what is killed, in a random order: workers, one in three in the middle of a commit and one in three while the group gets
// over the event before, and brokers.
func (k kills) events(random *rand.Rand) (list []string) {
	for i := range k.ofWorkers {
		list = append(list, []string{killCommitting, killWorker, killSoon}[i%3])
	}
	for i := range k.ofBrokers {
		if k.brokers == 1 {
			list = append(list, killBroker)
		} else {
			list = append(list, []string{killOneBroker, killBoth}[i%2])
		}
	}
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

const (
	killWorker     = "a worker"
	killCommitting = "a worker with a transaction open"
	killSoon       = "a worker soon after the start or the last kill"
	killBroker     = "the only broker"
	killOneBroker  = "a broker while a worker has a transaction open"
	killBoth       = "a broker, and a worker with a transaction open"
)

// run sends the files in as many parts as there are events and one more, and lets an event happen while each part is sent and
// judged. It returns how long the fleet took, and fails unless its report and its findings are those of want.
func (k kills) run(t *testing.T, built commands, files []string, want outcome) (took time.Duration) {
	brokers := broker.StartCluster(t, k.brokers)
	kafka := brokers[0]
	f := &deployment{commands: built, kafka: kafka, topic: kafka.Topic(t, partitions)}
	// Only by new metadata does the client learn that a dead broker is no coordinator any more.
	client := kafka.Client(t, kgo.MetadataMinAge(time.Second), kgo.MetadataMaxAge(time.Second))
	of := observer{fleet: f, client: kadm.NewClient(client)}
	random := rand.New(rand.NewPCG(*seed, uint64(k.workers)))
	start := time.Now()
	workers := []*process{}
	for range k.workers {
		workers = append(workers, f.start(t, "judge", "--every", every))
	}
	feed, events := &feed{t: t, fleet: f, files: files}, k.events(random)
	for i, event := range events {
		before, end := feed.sent, (i+1)*len(files)/(len(events)+1)
		sending := feed.start(end - feed.next)
		if event == killSoon {
			time.Sleep(time.Duration(random.Int64N(int64(3 * time.Second))))
		} else {
			of.waitUntilJudged(t, before+int64(random.Float64()*0.8*float64(feed.sent-before)))
		}
		victim := random.IntN(len(workers))
		if event == killCommitting || event == killOneBroker || event == killBoth {
			victim = of.stopCommitting(t, workers, random, feed)
		}
		t.Logf("after %v: %d judged of %d; kill %s", time.Since(start).Round(time.Second/10), of.judged(t), feed.sent, event)
		replace := func() {
			workers[victim].kill()
			workers[victim] = f.start(t, "judge", "--every", every)
		}
		switch event {
		case killBroker:
			kafka.Kill()
			kafka.Restart(t)
		case killOneBroker, killBoth:
			at := of.coordinator(t, brokers)
			dead := brokers[at]
			brokers = slices.Delete(brokers, at, at+1) // each is killed once
			dead.Kill()
			if event == killBoth {
				replace()
			} else {
				_ = workers[victim].Process.Signal(syscall.SIGCONT)
			}
			feed.wait(sending)
			of.waitUntilJudged(t, feed.sent) // by the others
			dead.Restart(t)
		default:
			replace()
		}
		feed.wait(sending)
	}
	feed.wait(feed.start(len(files) - feed.next))
	got := outcomeOf(t, f.command("report", "--wait", limit.String()))
	took = time.Since(start)
	compareOutcomes(t, want, got)
	f.checkFindings(t, got)
	of.checkReplicas(t, k.brokers)
	for _, worker := range workers {
		if err := worker.terminate(); err != nil {
			t.Errorf("a worker ends upon SIGTERM with: %v\n%s", err, f.failed())
		}
	}
	return took
}

// feed sends files to the topic, one after the other.
type feed struct {
	t     *testing.T
	fleet *deployment
	files []string
	next  int   // of files, the next one to be sent
	sent  int64 // the entries of files before next
}

// start begins to send the next files.
func (f *feed) start(files int) *process {
	f.t.Helper()
	files = min(files, len(f.files)-f.next)
	if files <= 0 {
		return nil
	}
	names := f.files[f.next : f.next+files]
	f.next += files
	for _, name := range names {
		f.sent += numberedEntries(f.t, name)
	}
	return f.fleet.start(f.t, "send", names...)
}

// wait returns when all that start has begun to send is in the topic.
func (f *feed) wait(sender *process) {
	f.t.Helper()
	if sender == nil {
		return
	}
	if err := sender.wait(limit); err != nil {
		f.t.Fatalf("%v\n%s", err, f.fleet.failed())
	}
}

// every is how often a worker commits: so often that many commits are in the middle when it is killed.
const every = "200ms"

// numberedEntries counts the entries of a file of numberedTraffic: one a line, between the first and the last.
func numberedEntries(t *testing.T, file string) (entries int64) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return int64(bytes.Count(text, []byte("\n"))) - 2
}

// observer asks the broker what the workers have done.
type observer struct {
	fleet  *deployment
	client *kadm.Client
}

// judged is the sum of the group's committed offsets.
func (o observer) judged(t *testing.T) (sum int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	offsets, err := o.client.FetchOffsets(ctx, group)
	if err != nil {
		return 0 // there is no such group yet, or the broker is on its way
	}
	offsets.Each(func(offset kadm.OffsetResponse) {
		if offset.Topic == o.fleet.topic {
			sum += max(0, offset.At)
		}
	})
	return sum
}

// group is that of workers without --group.
const group = "quotaspec"

func (o observer) waitUntilJudged(t *testing.T, count int64) {
	t.Helper()
	for end := time.Now().Add(limit); o.judged(t) < count; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the fleet has judged %d after %v, want %d\n%s", o.judged(t), limit, count, o.fleet.failed())
		}
	}
}

// coordinator is the index of the broker that coordinates the group, or 0 if it is none of these.
func (o observer) coordinator(t *testing.T, brokers []*broker.Broker) int {
	t.Helper()
	found := o.client.FindGroupCoordinators(t.Context(), group)[group]
	if found.Err != nil {
		t.Fatal(found.Err)
	}
	return max(0, slices.IndexFunc(brokers, func(b *broker.Broker) bool { return b.ID() == found.NodeID }))
}

// checkReplicas checks that each topic has as many replicas as there are brokers. Of three, a worker must have asked for two in
// sync: the brokers' own setting may be any.
func (o observer) checkReplicas(t *testing.T, brokers int) {
	t.Helper()
	names := []string{o.fleet.topic + "-tallies", o.fleet.topic + "-findings"}
	topics, err := o.client.ListTopics(t.Context(), append(names, o.fleet.topic)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		if got := topic.Partitions.NumReplicas(); got != brokers {
			t.Errorf("%s has %d replicas, want %d", topic.Topic, got, brokers)
		}
	}
	configs, err := o.client.DescribeTopicConfigs(t.Context(), names...)
	if err != nil {
		t.Fatal(err)
	}
	inSync := map[string]string{}
	for _, topic := range configs {
		for _, config := range topic.Configs {
			if config.Key == "min.insync.replicas" && config.Source == kmsg.ConfigSourceDynamicTopicConfig {
				inSync[topic.Name] = config.MaybeValue()
			}
		}
	}
	want := map[string]string{}
	if brokers >= 3 {
		want = map[string]string{names[0]: "2", names[1]: "2"}
	}
	if diff := cmp.Diff(want, inSync); diff != "" {
		t.Errorf("min.insync.replicas (-want +got):\n%s", diff)
	}
}

// stopCommitting stops one of the workers, by SIGSTOP, while it has a transaction open, and returns its index. It sends a file to
// make the workers commit, and stops one as soon as the broker has any transaction open. If that was another's, or has ended before
// the signal came, it tries again with the next file.
func (o observer) stopCommitting(t *testing.T, workers []*process, random *rand.Rand, feed *feed) (victim int) {
	t.Helper()
	for feed.next < len(feed.files) {
		feed.wait(feed.start(1))
		for end := time.Now().Add(time.Second); len(o.open(t)) == 0 && time.Now().Before(end); {
			continue // as a commit takes milliseconds, any pause would miss most
		}
		victim = random.IntN(len(workers))
		_ = workers[victim].Process.Signal(syscall.SIGSTOP)
		before := o.open(t)
		time.Sleep(300 * time.Millisecond)
		for transaction := range o.open(t) {
			if before[transaction] {
				return victim
			}
		}
		_ = workers[victim].Process.Signal(syscall.SIGCONT)
	}
	t.Fatalf("no worker was seen with a transaction open\n%s", o.fleet.failed())
	return 0
}

// transaction is one that a worker has begun.
type transaction struct {
	id    string // the worker's, the same for all its transactions
	began int64  // Unix time in milliseconds, by the broker
}

// open are the transactions that are open now.
func (o observer) open(t *testing.T) map[transaction]bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	listed, err := o.client.ListTransactions(ctx, nil, []string{"Ongoing"})
	if err != nil || len(listed) == 0 {
		return nil
	}
	described, err := o.client.DescribeTransactions(ctx, listed.TransactionalIDs()...)
	if err != nil {
		return nil
	}
	open := map[transaction]bool{}
	for _, one := range described {
		if one.State == "Ongoing" {
			open[transaction{one.TxnID, one.StartTimestamp}] = true
		}
	}
	return open
}

// compareOutcomes compares everything but times, and what the two say that they have judged: files, and a topic.
func compareOutcomes(t *testing.T, want, got outcome) {
	t.Helper()
	if want.exit != got.exit {
		t.Errorf("got exit %d, want %d", got.exit, want.exit)
	}
	for _, form := range []struct{ name, want, got string }{
		{"JSON", plainJSON(t, want.json), plainJSON(t, got.json)},
		{"text", plainText(want.text), plainText(got.text)},
	} {
		if len(form.want) < 5000 {
			t.Errorf("the %s of verify --har has %d bytes only:\n%s", form.name, len(form.want), form.want)
		}
		if form.want != form.got {
			diff := strings.SplitAfter(cmp.Diff(strings.Split(form.want, "\n"), strings.Split(form.got, "\n")), "\n")
			t.Errorf("the %s of the fleet (+) is not that of verify --har (-):\n%s", form.name, strings.Join(diff[:min(200, len(diff))], ""))
		}
	}
}

// plainJSON is a report without times and subject, with sorted members.
func plainJSON(t *testing.T, text string) string {
	t.Helper()
	var report map[string]any
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatal(err)
	}
	delete(report, "started")
	delete(report, "seconds")
	delete(report, "subject")
	for _, check := range report["checks"].([]any) {
		delete(check.(map[string]any), "seconds")
	}
	plain, err := json.MarshalIndent(report, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// plainText is a report without its first line, which has the subject and as much of the documents as there is room for.
func plainText(text string) string {
	_, rest, _ := strings.Cut(text, "\n")
	return rest
}

// checkFindings adds up the committed records of the topic of findings: each check must have been found as often as the report says.
func (f *deployment) checkFindings(t *testing.T, got outcome) {
	t.Helper()
	var reported struct {
		Checks []struct {
			ID                 string
			Times              int
			Failures, Warnings []any
		}
	}
	if err := json.Unmarshal([]byte(got.json), &reported); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, check := range reported.Checks {
		if len(check.Failures)+len(check.Warnings) > 0 {
			want[check.ID] += check.Times
		}
	}
	found, partitionsOf := map[string]int{}, map[int32]bool{}
	for _, record := range f.read(t, f.topic+"-findings") {
		var finding struct {
			Check string
			Times int
		}
		if err := json.Unmarshal(record.Value, &finding); err != nil {
			t.Fatalf("%s: %v", record.Value, err)
		}
		found[finding.Check] += finding.Times
		partitionsOf[record.Partition] = true
	}
	if diff := cmp.Diff(want, found); diff != "" || len(want) < 100 {
		t.Errorf("the topic of findings (+) is not the report (-), which has %d checks with findings:\n%s", len(want), diff)
	}
	if len(partitionsOf) != partitions {
		t.Errorf("%d partitions have findings, want all %d", len(partitionsOf), partitions)
	}
}

// read returns the committed records of a topic.
func (f *deployment) read(t *testing.T, topic string) (records []*kgo.Record) {
	t.Helper()
	client := f.kafka.Client(t, kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.KeepControlRecords())
	ends, err := kadm.NewClient(client).ListEndOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	open := map[int32]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if end.Offset > 0 {
			open[end.Partition] = end.Offset
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for len(open) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			if !record.Attrs.IsControl() {
				records = append(records, record)
			}
			if record.Offset+1 >= open[record.Partition] {
				delete(open, record.Partition)
			}
		})
	}
	return records
}
