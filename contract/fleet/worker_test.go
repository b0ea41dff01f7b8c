package fleet_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const things = `openapi: 3.0.3
info: {title: things, version: "1"}
servers: [{url: "http://127.0.0.1"}]
paths:
  /things:
    get:
      operationId: listThings
      parameters: [{name: a, in: query, schema: {type: integer}}]
      responses:
        "200":
          description: all
          content: {application/json: {schema: {type: object, properties: {kind: {enum: [a, b]}, n: {type: integer}}}}}
  /things/{id}:
    get:
      operationId: showThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: one}}
`

func newJudges(t *testing.T, document string, servers ...string) []*contract.Judge {
	t.Helper()
	doc, err := spec.Read("things.yaml", []byte(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc, servers...)
	if err != nil {
		t.Fatal(err)
	}
	return []*contract.Judge{judge}
}

// newEntries returns entries of a HAR of many kinds: right ones, findings of both sides, near misses, unknown paths, cut off ones.
func newEntries(count int) (entries []string) {
	for i := range count {
		path := []string{"/things", "/things?a=x", fmt.Sprint("/things/", i), "/Things", fmt.Sprint("/x/", i%7)}[i%5]
		body := fmt.Sprintf(`{"kind":"%c","n":%d}`, "abc"[i%3], i)
		text := fmt.Sprintf(`{"request":{"method":"GET","url":"http://127.0.0.1%s","headers":[{"name":"Host","value":"127.0.0.1"}]},`+
			`"response":{"status":%d,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":%q}}}`,
			path, 200+i%4/3*4, body)
		if i%11 == 0 {
			text = `{"_skip":"cut off",` + text[1:]
		}
		entries = append(entries, text)
	}
	return entries
}

// produce writes entries to the topic as those of the file a.har with these numbers, from first.
func produce(t *testing.T, kafka *broker.Broker, topic string, first int, entries ...string) {
	t.Helper()
	records := []*kgo.Record{}
	for i, text := range entries {
		records = append(records, &kgo.Record{Topic: topic, Value: []byte(text), Headers: []kgo.RecordHeader{
			{Key: "file", Value: []byte("a.har")}, {Key: "number", Value: []byte(strconv.Itoa(first + i))},
		}})
	}
	client := kafka.Client(t, kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	if err := client.ProduceSync(t.Context(), records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// optionsFor are those of a worker with short cycles.
func optionsFor(kafka *broker.Broker, topic string, judges []*contract.Judge) fleet.Options {
	return fleet.Options{
		Connection: fleet.Connection{Brokers: []string{kafka.Addr()}, Topic: topic},
		Group:      "group/of " + topic, Judges: judges, Every: 200 * time.Millisecond, Log: io.Discard,
	}
}

// judging starts a worker. Stop ends it, and fails the test if it has an error.
func judging(t *testing.T, o fleet.Options) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	if o.Log == io.Discard {
		o.Log = &testLog{t: t}
	}
	go func() { ended <- fleet.Judge(ctx, o) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ended <- nil
	}
	t.Cleanup(stop)
	return stop
}

type testLog struct{ t *testing.T }

func (l *testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimSpace(p))
	return len(p), nil
}

// merge returns what is judged once everything is, and fails the test otherwise.
func merge(t *testing.T, o fleet.Options) *fleet.Merged {
	t.Helper()
	merged, err := fleet.Merge(t.Context(), o, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if merged.Behind > 0 {
		t.Fatalf("%d records are not judged after a minute", merged.Behind)
	}
	return merged
}

// textOf returns a report as JSON.
func textOf(t *testing.T, r *report.Report, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	r.Subject = ""
	format, err := report.ParseFormat("json")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := format.Write(&text, r); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

var bothSides = verify.Options{Side: contract.Both, FailOn: spec.Recorded}

// single returns the report of verify --har on the same entries.
func single(t *testing.T, judges []*contract.Judge, entries []string) string {
	t.Helper()
	har := verify.HAR{Name: "a.har", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(`{"log":{"entries":[` + strings.Join(entries, ",") + `]}}`)), nil
	}}
	r, err := verify.Run(t.Context(), judges, verify.Inputs{HAR: []verify.HAR{har}}, bothSides)
	return textOf(t, r, err)
}

// TestJudge compares the report of two workers, one of which comes later and leaves earlier, with that of a single run.
func TestJudge(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 5), newJudges(t, things), newEntries(3000)
	o := optionsFor(kafka, topic, judges)
	judging(t, o)
	produce(t, kafka, topic, 1, entries[:1000]...)
	merge(t, o)
	stop := judging(t, o)
	produce(t, kafka, topic, 1001, entries[1000:2000]...)
	merge(t, o)
	stop()
	produce(t, kafka, topic, 2001, entries[2000:]...)
	merged := merge(t, o)
	if merged.Exchanges != 3000 || merged.Lost != 0 || merged.Others != 0 || merged.Partitions != 5 {
		t.Errorf("got %+v", merged)
	}
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

// TestFindingsAndMetrics tests that both count what the report counts.
func TestFindingsAndMetrics(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 2), newJudges(t, things), newEntries(600)
	o := optionsFor(kafka, topic, judges)
	o.Metrics = fleet.NewMetrics("1.2.3")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go o.Metrics.Serve(t.Context(), listener) // if it fails, the request below does
	produce(t, kafka, topic, 1, entries...)
	produce(t, kafka, topic, 601, "nope", "", `{"log":{"entries":[]}}`)
	stop := judging(t, o)
	merged := merge(t, o)
	stop() // the worker counts after the commit that merge saw
	want, wantIDs := 0, 0
	for _, found := range merged.Tally.Found() {
		ids := map[string]bool{}
		for _, f := range found.Findings {
			ids[f.ID] = true
		}
		want, wantIDs = want+found.Times, wantIDs+len(ids)*found.Times
	}
	got := map[string]int{}
	for _, f := range readFindings(t, kafka, topic) {
		if f.Check == "traffic/unreadable" {
			got["unreadable"] += f.Times
			continue
		}
		got["times"] += f.Times
		if len(f.Findings) == 0 || f.Findings[0].Place == "" || f.File != "a.har" || f.Number == 0 {
			t.Errorf("a finding lacks something: %+v", f)
		}
	}
	if diff := cmp.Diff(map[string]int{"times": want, "unreadable": 3}, got); diff != "" || want == 0 {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	page := get(t, "http://"+listener.Addr().String()+"/metrics")
	sums := map[string]float64{}
	for _, line := range regexp.MustCompile(`(?m)^quotaspec_fleet_(\w+)(?:\{.*\})? (\S+)$`).FindAllStringSubmatch(page, -1) {
		value, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		sums[line[1]] += value
	}
	for name, want := range map[string]float64{
		"exchanges_total": 603, "unreadable_total": 3, "findings_total": float64(wantIDs), "lag": 0, "lost_total": 0, "rebalances_total": 1,
		"build_info": 1,
	} {
		if got, has := sums[name]; !has || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if sums["commits_total"] < 1 || sums["tally_bytes"] < 1000 || sums["commit_seconds_count"] != sums["commits_total"] {
		t.Errorf("unlikely metrics: %v", sums)
	}
	if t.Failed() {
		t.Log(page)
	}
}

// TestPartitionsTaken tests that a worker that loses all its partitions to others forgets them: it would report their lag for ever. The
// cycles are so long that many rebalances fall into one.
func TestPartitionsTaken(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	o := optionsFor(kafka, topic, newJudges(t, things))
	o.Every = time.Minute
	admin, pages := kadm.NewClient(kafka.Client(t)), []string{}
	for range 5 { // who gets the partition is a matter of luck, each time
		o.Metrics = fleet.NewMetrics("")
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		go o.Metrics.Serve(t.Context(), listener)
		pages = append(pages, "http://"+listener.Addr().String()+"/metrics")
		judging(t, o)
		await(t, "all are members", func() bool {
			groups, err := admin.DescribeGroups(t.Context(), o.Group)
			return err == nil && groups[o.Group].State == "Stable" && len(groups[o.Group].Members) == len(pages)
		})
		await(t, "one has the partition", func() bool {
			having := 0
			for _, page := range pages {
				having += strings.Count(get(t, page), `quotaspec_fleet_lag{partition="0"}`)
			}
			return having == 1
		})
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readFindings reads the topic of findings.
func readFindings(t *testing.T, kafka *broker.Broker, topic string) (list []fleet.Finding) {
	t.Helper()
	for _, r := range readTopic(t, kafka, topic+"-findings") {
		list = append(list, decode[fleet.Finding](t, r.Value))
	}
	return list
}
