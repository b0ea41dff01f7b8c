package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

func TestMain(m *testing.M) { os.Exit(broker.Main(m)) }

// runs runs the command to its end.
func runs(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runsIn(t.Context(), stdin, args...)
}

func runsIn(ctx context.Context, stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

const document = `openapi: 3.0.3
info: {title: things, version: "1"}
servers: [{url: "http://127.0.0.1"}]
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: all
          content: {application/json: {schema: {type: object, properties: {kind: {enum: [a, b]}}}}}
`

func entry(kind string) string {
	return fmt.Sprintf(`{"request":{"method":"GET","url":"http://127.0.0.1/things","headers":[]},"response":{"status":200,`+
		`"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":%q}}}`, `{"kind":"`+kind+`"}`)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestFleet sends, judges and reports as a platform team would: the report is that of verify --har.
func TestFleet(t *testing.T) {
	kafka := broker.Shared(t)
	topic, file := kafka.Topic(t, 3), write(t, "things.yaml", document)
	at := []string{"--brokers", kafka.Addr(), "--topic", topic}
	judged := slices.Concat(at, []string{"--document", file})

	code, _, stderr := runs(t, "", append([]string{"report"}, judged...)...)
	if want := "start quotaspec-fleet judge"; code != 2 || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
		t.Errorf("report without workers: exit %d with %q, want 2 and one line with %q", code, stderr, want)
	}

	entries := strings.Repeat(entry("a")+",", 200) + entry("c")
	har := write(t, "a.har", `{"log":{"entries":[`+entries+`]}}`)
	if code, _, stderr := runs(t, "", append([]string{"send", har}, at...)...); code != 0 || !strings.Contains(stderr, "201 entries sent to "+topic) {
		t.Fatalf("send: exit %d with %q", code, stderr)
	}

	ctx, stop := context.WithCancel(t.Context())
	var worker sync.WaitGroup
	worker.Go(func() {
		code, stdout, stderr := runsIn(ctx, "", append([]string{"judge", "--every", "0.2", "--metrics", "127.0.0.1:0"}, judged...)...)
		if code != 0 || stdout != "" || !strings.Contains(stderr, "metrics at http://127.0.0.1:") || !strings.Contains(stderr, "has 3 partitions: [0 1 2]\n") {
			t.Errorf("judge: exit %d with %q and %q", code, stdout, stderr)
		}
	})
	defer worker.Wait()
	defer stop()

	result := filepath.Join(t.TempDir(), "fleet.json")
	code, stdout, stderr := runs(t, "", append([]string{"report", "--wait", "60s", "--report", "json=" + result}, judged...)...)
	if code != 1 || !strings.Contains(stdout, "listThings/traffic=200:schema/enum") || stderr != "" {
		t.Errorf("report: exit %d with %q on stderr and\n%s", code, stderr, stdout)
	}
	if diff := cmp.Diff(single(t, file, har), decode(t, result)); diff != "" {
		t.Errorf("the report (-verify --har +quotaspec-fleet report):\n%s", diff)
	}

	code, _, stderr = runs(t, entry("b")+"\n{}\nnope\n", append([]string{"send"}, at...)...)
	lines := regexp.MustCompile(`^quotaspec-fleet: 1 entry sent to .*\nquotaspec-fleet: stdin: entry 2, .*\nquotaspec-fleet: stdin: .*\n$`)
	if code != 2 || !lines.MatchString(stderr) {
		t.Errorf("send from stdin: exit %d with %q, want 2 and lines as %s", code, stderr, lines)
	}
	code, stdout, _ = runs(t, "", append([]string{"report", "--wait", "60s", "--skip", "*:schema/enum"}, judged...)...)
	if code != 0 || !strings.Contains(stdout, "1 passed") {
		t.Errorf("report without the finding: exit %d with\n%s", code, stdout)
	}

	other := write(t, "things.yaml", strings.Replace(document, `"1"`, `"2"`, 1))
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--document", other}, "202 records of " + topic + " by others: give the --document and --server of the workers"},
		{
			[]string{"--document", file, "--group", "other"},
			"group other has judged none of the 202 records of " + topic + ": start quotaspec-fleet judge",
		},
	} {
		code, _, stderr = runs(t, "", slices.Concat([]string{"report"}, at, test.args)...)
		if code != 2 || !strings.Contains(stderr, test.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("report %v: exit %d with %q, want 2 and one line with %q", test.args, code, stderr, test.want)
		}
	}
	spaced := kafka.Addr() + ", " + kafka.Addr()
	if code, _, stderr := runs(t, entry("a"), "send", "--brokers", spaced, "--topic", topic); code != 0 {
		t.Errorf("send to %q: exit %d with %q", spaced, code, stderr)
	}
	if code, _, stderr := runs(t, entry("a"), "send", "--brokers", kafka.Addr(), "--topic", topic+".not"); code != 2 ||
		!strings.Contains(stderr, "there is no topic "+topic+".not: create it") {
		t.Errorf("send to a topic that is not there: exit %d with %q", code, stderr)
	}

	if code, stdout, stderr := runs(t, "", append([]string{"report", "--wait", "60s", "--skip", "*:schema/enum"}, judged...)...); code != 0 {
		t.Errorf("report of all that was sent: exit %d with %q and\n%s", code, stderr, stdout)
	}
	stop()
	worker.Wait()
	if code, _, stderr := runs(t, entry("a"), append([]string{"send"}, at...)...); code != 0 {
		t.Fatalf("send: exit %d with %q", code, stderr)
	}
	code, stdout, stderr = runs(t, "", append([]string{"report", "--wait", "10ms", "--skip", "*:schema/enum"}, judged...)...)
	if want := "1 record is not judged after --wait 10ms\n"; code != 2 || !strings.HasSuffix(stderr, want) || !strings.Contains(stdout, "1 passed") {
		t.Errorf("report that waits in vain: exit %d with %q, want 2 and %q\n%s", code, stderr, want, stdout)
	}
}

// TestStopped tests that a command that is stopped does not seem to have done all.
func TestStopped(t *testing.T) {
	kafka := broker.Shared(t)
	topic := kafka.Topic(t, 1)
	at := []string{"--brokers", kafka.Addr(), "--topic", topic}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, verb := range []string{"report", "send"} {
		code, _, stderr := runsIn(ctx, "", append([]string{verb}, at...)...)
		if code != 2 || !strings.Contains(stderr, "stopped before the end") || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: exit %d with %q, want 2 and one line that it was stopped", verb, code, stderr)
		}
	}

	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	admin := kadm.NewClient(kafka.Client(t))
	go func() {
		defer stop()
		for range 600 { // until the first file is sent
			if ends, err := admin.ListEndOffsets(t.Context(), topic); err != nil || ends[topic][0].Offset > 0 {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	many := slices.Repeat([]string{write(t, "a.har", entry("a"))}, 100_000)
	code, _, stderr := runsIn(ctx, "", slices.Concat([]string{"send"}, at, many)...)
	if code != 2 || !strings.Contains(stderr, "files: not sent, from "+many[0]+" on") {
		t.Errorf("send of many files: exit %d with %q, want 2 and how many files were not sent", code, stderr)
	}
}

// single is the report of verify --har, without what differs between any two runs.
func single(t *testing.T, document, har string) map[string]any {
	t.Helper()
	d := newReportJudges(t, document)
	r, err := verify.Run(t.Context(), d, verify.Inputs{HAR: []verify.HAR{harOf(har)}}, verify.Options{Side: "provider", FailOn: spec.Recorded})
	if err != nil {
		t.Fatal(err)
	}
	format, err := report.ParseFormat("json")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := format.Write(&text, r); err != nil {
		t.Fatal(err)
	}
	return withoutRun(t, text.Bytes())
}

func decode(t *testing.T, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return withoutRun(t, text)
}

func withoutRun(t *testing.T, text []byte) (fields map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"subject", "version", "started", "seconds", "folder", "tool"} {
		delete(fields, name)
	}
	return fields
}

// TestUsage tests that wrong flags get one line that says what is wanted.
func TestUsage(t *testing.T) {
	at := []string{"--brokers", "127.0.0.1:1", "--topic", "exchanges"}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"judge"}, "want --brokers"},
		{[]string{"judge", "--brokers", "127.0.0.1:1"}, "want --topic"},
		{[]string{"send", "--brokers", "kafka", "--topic", "x"}, "--brokers kafka: want HOST:PORT"},
		{[]string{"send", "--brokers", "kafka:", "--topic", "x"}, "--brokers kafka:: want HOST:PORT"},
		{[]string{"send", "--brokers", "kafka:99999", "--topic", "x"}, "--brokers kafka:99999: want HOST:PORT"},
		{[]string{"send", "--brokers", ":9092", "--topic", "x"}, "--brokers :9092: want HOST:PORT"},
		{[]string{"send", "--brokers", "::1:9092", "--topic", "x"}, "--brokers ::1:9092: want HOST:PORT"},
		{[]string{"send", "--brokers", "[::1]:1", "--topic", "x"}, "cannot reach a broker at [::1]:1: "},
		{[]string{"send", "--brokers", "127.0.0.1:1", "--topic", "a/b"}, "--topic a/b: want at most 240 letters"},
		{[]string{"send", "--brokers", "127.0.0.1:1", "--topic", strings.Repeat("x", 241)}, "want at most 240 letters"},
		{append([]string{"report", "--wait", "-3s"}, at...), "--wait -3s: want 0s or more"},
		{append([]string{"judge", "--sasl", "plian", "--sasl-user", "me"}, at...), "did you mean"},
		{append([]string{"judge", "--sasl", "plain"}, at...), "want --sasl and --sasl-user together"},
		{append([]string{"judge", "--sasl", "plain", "--sasl-user", "me"}, at...), "QUOTASPEC_FLEET_PASSWORD"},
		{append([]string{"judge", "--tls-cert", "a.pem"}, at...), "want --tls-cert and --tls-key together"},
		{append([]string{"judge", "--every", "1h"}, at...), "--every 1h0m0s: want 100ms to 30s"},
		{append([]string{"judge", "file"}, at...), "takes no arguments"},
		{append([]string{"report", "--fail-on", "nothing"}, at...), "grade"},
		{append([]string{"report", "--document", "absent.yaml"}, at...), "absent.yaml"},
		{append([]string{"judge", "--document", "a.yaml", "--document", "b.yaml"}, at...), "--document b.yaml: want it once, got a.yaml, too"},
		{append([]string{"judge", "--metrics", "nowhere"}, at...), "--metrics: "},
		{append([]string{"send"}, at...), "cannot reach a broker at 127.0.0.1:1: "},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Setenv(passwordVariable, "")
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			code, _, stderr := runsIn(ctx, "", test.args...)
			if code != 2 || !strings.Contains(stderr, test.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit %d with %q, want 2 and one line with %q", code, stderr, test.want)
			}
		})
	}
}

func newReportJudges(t *testing.T, document string) []*contract.Judge {
	t.Helper()
	d := command.Documents{Document: document}
	judges, err := d.Judges(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return judges
}

func harOf(file string) verify.HAR {
	return verify.HAR{Name: filepath.Base(file), Open: func() (io.ReadCloser, error) { return os.Open(file) }}
}
