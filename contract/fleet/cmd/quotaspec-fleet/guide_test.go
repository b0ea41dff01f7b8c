package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestGuide runs the two commands that the guide begins with, on the record and on the document that it shows, and compares the report.
func TestGuide(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a Kafka")
	}
	page := textOf(t, guide)
	block := regexp.MustCompile("<!-- run: report -->\n```console\n\\$ (.*)\n((?:.*\n)*?)```\n").FindStringSubmatchIndex(page)
	record := regexp.MustCompile("<!-- file: record.json -->\n```json\n((?:.*\n)*?)```\n").FindStringSubmatch(page)
	document := regexp.MustCompile("<!-- file: openapi.yaml -->\n```yaml\n((?:.*\n)*?)```\n").FindStringSubmatch(textOf(t, "docs/tutorial.md"))
	if block == nil || record == nil || document == nil {
		t.Fatal("the report, the record or the document is missing")
	}
	shown := filepath.Join(repository, guide)
	if path, err := filepath.Abs(shown); err == nil {
		shown = path
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("openapi.yaml", []byte(document[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	kafka := broker.Shared(t)
	client := kafka.Client(t)
	admin := kadm.NewClient(client)
	if _, err := admin.CreateTopic(t.Context(), 1, 1, nil, "exchanges"); err != nil {
		t.Fatal(err)
	}
	sent := &kgo.Record{Topic: "exchanges", Value: []byte(record[1])}
	if err := client.ProduceSync(t.Context(), sent).FirstErr(); err != nil {
		t.Fatal(err)
	}

	at := strings.NewReplacer("kafka-1:9092,kafka-2:9092", kafka.Addr())
	args := strings.Fields(at.Replace(strings.TrimPrefix(page[block[2]:block[3]], "quotaspec-fleet report ")))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log, out, errs bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"judge", "--every", "100ms"}, args...), strings.NewReader(""), &log, &log)
	}()
	for range 600 { // until the worker has made its topics
		if topics, err := admin.ListTopics(t.Context()); err == nil && topics.Has("exchanges-tallies") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	code := run(t.Context(), append([]string{"report", "--wait", "60s"}, args...), strings.NewReader(""), &out, &errs)
	stop()
	select {
	case judged := <-ended:
		if code != 1 || judged != 0 {
			t.Errorf("report has exit code %d, want 1; judge %d, want 0\n%s\n%s", code, judged, &errs, &log)
		}
	case <-time.After(time.Minute):
		t.Fatal("judge does not end")
	}
	switch got := out.String(); {
	case got == page[block[4]:block[5]]:
	case *update:
		if err := os.WriteFile(shown, []byte(page[:block[4]]+got+page[block[5]:]), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the guide shows another report, -update writes it (-page +got):\n%s", cmp.Diff(page[block[4]:block[5]], got))
	}
}

// textOf reads a page of the repository.
func textOf(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
