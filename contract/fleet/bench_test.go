//go:build linux

package fleet_test

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

var (
	benchFleet = flag.Bool("bench-fleet", false, "measure a worker, its topics and its broker (make bench-fleet)")
	benched    = flag.Int("entries", 500_000, "how many exchanges TestBench judges")
)

// TestBench measures the way of exchanges through a fleet of one worker, beside verify --har of the same file in the same run, and
// prints the table of docs/scale.md. One exchange in a hundred is wrong.
func TestBench(t *testing.T) {
	if !*benchFleet {
		t.Skip("make bench-fleet runs it")
	}
	folder := t.TempDir()
	file := numberedTraffic(t, folder, *benched, 1, 100)[0]
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, count: float64(*benched)}
	built := buildCommands(t)
	b.row("an entry in a HAR", "%.0f bytes", float64(info.Size())/b.count)

	single := exec.Command(built.quotaspec, "verify", "--har", file)
	start := time.Now()
	if out, err := single.CombinedOutput(); single.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	b.process("`verify --har`", time.Since(start), single.ProcessState)

	kafka := broker.Start(t)
	for _, codec := range []struct {
		name  string
		codec kgo.CompressionCodec
	}{{"uncompressed", kgo.NoCompression()}, {"snappy", kgo.SnappyCompression()}, {"zstd", kgo.ZstdCompression()}} {
		topic := kafka.Topic(t, partitions)
		produceLines(t, kafka, topic, file, codec.codec)
		b.row("an exchange in the topic, "+codec.name, "%.0f bytes", topicBytes(t, kafka, topic)/b.count)
	}

	f := &deployment{commands: built, kafka: kafka, topic: kafka.Topic(t, partitions)}
	before := processorTime(t, kafka)
	start = time.Now()
	sender := f.start(t, "send", file)
	if err := sender.wait(limit); err != nil {
		t.Fatalf("%v\n%s", err, f.failed())
	}
	b.process("`send`", time.Since(start), sender.ProcessState)
	b.row("broker, while `send` runs", "%.1f µs of a core per exchange", b.perExchange(processorTime(t, kafka)-before))

	of := observer{fleet: f, client: kadm.NewClient(kafka.Client(t))}
	before = processorTime(t, kafka)
	worker := f.start(t, "judge", "--every", "1s", "--metrics", "127.0.0.1:0")
	of.waitUntilJudged(t, 1)
	first, begin := of.judged(t), time.Now()
	of.waitUntilJudged(t, int64(*benched))
	rate := (b.count - float64(first)) / time.Since(begin).Seconds()
	brokerTime := processorTime(t, kafka) - before
	page := metricsPage(t, f)
	if err := worker.terminate(); err != nil {
		t.Fatalf("%v\n%s", err, f.failed())
	}
	b.row("`judge`, between its first and its last commit", "%.0f exchanges/s", rate)
	b.process("`judge`, from start to end", 0, worker.ProcessState)
	b.row("broker, while `judge` runs", "%.1f µs of a core per exchange", b.perExchange(brokerTime))
	b.row("tallies of "+strconv.Itoa(partitions)+" partitions", "%.0f kB", metric(t, page, `quotaspec_fleet_tally_bytes\{[^}]*\}`)/1000)
	commits := metric(t, page, "quotaspec_fleet_commit_seconds_count")
	b.row("a commit", "%.0f ms", 1000*metric(t, page, "quotaspec_fleet_commit_seconds_sum")/commits)
	b.row("a commit writes to the topics of tallies and findings", "%.0f kB",
		(topicBytes(t, kafka, f.topic+"-tallies")+topicBytes(t, kafka, f.topic+"-findings"))/1000/commits)
	fmt.Printf("%s, %d exchanges, %s\n\n| what | measured |\n| --- | --- |\n%s", time.Now().Format(time.DateOnly), *benched, processor(), b.rows.String())
}

// bench collects the rows of the table.
type bench struct {
	t     *testing.T
	count float64 // of exchanges
	rows  strings.Builder
}

func (b *bench) row(what, format string, value float64) {
	fmt.Fprintf(&b.rows, "| %s | "+format+" |\n", what, value)
}

// process adds what an ended process took: by the clock unless that is 0, of the processor, and of memory.
func (b *bench) process(what string, took time.Duration, state *os.ProcessState) {
	b.t.Helper()
	if took > 0 {
		b.row(what, "%.0f exchanges/s", b.count/took.Seconds())
	}
	b.row(what, "%.0f exchanges per second of a core", b.count/(state.UserTime()+state.SystemTime()).Seconds())
	if used, ok := state.SysUsage().(*syscall.Rusage); ok {
		b.row(what+", peak of memory", "%.0f MB", float64(used.Maxrss)/1024)
	}
}

// perExchange returns microseconds.
func (b *bench) perExchange(took time.Duration) float64 { return took.Seconds() * 1e6 / b.count }

// produceLines sends the entries of a file of numberedTraffic.
func produceLines(t *testing.T, kafka *broker.Broker, topic, name string, codec kgo.CompressionCodec) {
	t.Helper()
	client := kafka.Client(t, kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(codec))
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if text := strings.TrimSuffix(lines.Text(), ","); strings.HasSuffix(text, "}") && strings.HasPrefix(text, `{"cache"`) {
			client.Produce(t.Context(), kgo.StringRecord(text), func(_ *kgo.Record, err error) {
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// topicBytes is what the segments of a topic take on the broker's disk.
func topicBytes(t *testing.T, kafka *broker.Broker, topic string) float64 {
	t.Helper()
	all, err := kadm.NewClient(kafka.Client(t)).DescribeAllLogDirs(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	bytes := int64(0)
	all.Each(func(folder kadm.DescribedLogDir) {
		folder.Topics.Each(func(p kadm.DescribedLogDirPartition) {
			if p.Topic == topic {
				bytes += p.Size
			}
		})
	})
	if bytes == 0 {
		t.Fatalf("topic %s has no bytes", topic)
	}
	return float64(bytes)
}

// processorTime is what the broker's process has used of the processor since its start.
func processorTime(t *testing.T, kafka *broker.Broker) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", kafka.PID()))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields, ticks := strings.Fields(after), 0
	for _, field := range fields[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// metricsPage reads the metrics of the worker, from where its log says that they are.
func metricsPage(t *testing.T, f *deployment) string {
	t.Helper()
	f.mu.Lock()
	at := regexp.MustCompile(`http://\S+/metrics`).FindString(f.log.String())
	f.mu.Unlock()
	response, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// metric is the sum of all series that match.
func metric(t *testing.T, page, series string) (sum float64) {
	t.Helper()
	lines := regexp.MustCompile(`(?m)^`+series+` (\S+)$`).FindAllStringSubmatch(page, -1)
	if len(lines) == 0 {
		t.Fatalf("no metric matches %s:\n%s", series, page)
	}
	for _, line := range lines {
		value, err := strconv.ParseFloat(line[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += value
	}
	return sum
}

// processor is the processor's name and how many cores there are.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	name := "unknown processor"
	if found := regexp.MustCompile(`model name\s*: (.*)`).FindSubmatch(text); found != nil {
		name = string(found[1])
	}
	return fmt.Sprintf("%d cores of %s", strings.Count(string(text), "processor\t:"), name)
}
