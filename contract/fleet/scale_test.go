package fleet_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var updateScale = flag.Bool("update-scale", false, "write what docs/scale.md computes")

const scalePage = "../../docs/scale.md"

// TestScale computes the table of docs/scale.md for large rates from what make bench-fleet has measured, which the page has too.
func TestScale(t *testing.T) {
	text, err := os.ReadFile(scalePage)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	measured := between(t, page, "bench-fleet")
	value := func(row string) float64 {
		return number(t, measured, `(?m)^\| `+regexp.QuoteMeta(row)+` \| ([\d.]+) `)
	}
	m := measurement{
		judged: value("`judge`, from start to end"), memory: value("`judge`, from start to end, peak of memory"),
		plain: value("an exchange in the topic, uncompressed"), packed: value("an exchange in the topic, zstd"),
		written: number(t, page, `writing an exchange takes Envoy (\d+) µs`),
		broker:  value("broker, while `send` runs") + value("broker, while `judge` runs"),
	}
	const begin, end = "<!-- scale -->\n", "<!-- /scale -->\n"
	want := strings.Replace(page, begin+between(t, page, "scale")+end, begin+m.table(50_000, 500_000)+end, 1)
	switch {
	case want == page:
	case *updateScale:
		if err := os.WriteFile(scalePage, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s does not show what follows from its measurement (-update-scale writes it):\n%s", scalePage, between(t, want, "scale"))
	}
}

// number returns the number that a pattern finds in a text of the page.
func number(t *testing.T, text, pattern string) float64 {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s has nothing like %s", scalePage, pattern)
	}
	value, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// between returns what stands between two marks of a page.
func between(t *testing.T, page, name string) string {
	t.Helper()
	_, after, found := strings.Cut(page, "<!-- "+name+" -->\n")
	text, _, ended := strings.Cut(after, "<!-- /"+name+" -->\n")
	if !found || !ended {
		t.Fatalf("%s has no marks of %s", scalePage, name)
	}
	return text
}

// measurement is what the formulas of the page need.
type measurement struct {
	judged        float64 // exchanges per second of a core
	memory        float64 // of a worker, megabytes
	plain, packed float64 // bytes of an exchange in the topic
	broker        float64 // microseconds of a core for an exchange
	written       float64 // the same of a gateway that writes it
}

// busy is the part of its time that a worker's core judges in the long run.
const busy = 0.6

func (m measurement) table(rates ...float64) string {
	rows := []struct {
		name string
		of   func(rate float64) string
	}{
		{name: "cores of gateways, to write them", of: func(rate float64) string { return rounded(rate * m.written / 1e6) }},
		{name: "cores of workers", of: func(rate float64) string { return rounded(rate / (busy * m.judged)) }},
		{name: "workers of four cores", of: func(rate float64) string { return fmt.Sprint(m.workers(rate)) }},
		{name: "memory of a worker", of: func(float64) string { return fmt.Sprintf("%.0f MB", m.memory) }},
		{name: "partitions", of: func(rate float64) string { return fmt.Sprint(max(8, 4*m.workers(rate))) }},
		{name: "cores of brokers, without replication", of: func(rate float64) string { return rounded(rate * m.broker / 1e6) }},
		{name: "into the brokers, three replicas", of: func(rate float64) string { return m.between(3*rate/1e6, "MB/s") }},
		{name: "out of the brokers to the workers", of: func(rate float64) string { return m.between(rate/1e6, "MB/s") }},
		{name: "disk of a day, three replicas", of: func(rate float64) string { return m.between(3*86400*rate/1e12, "TB") }},
	}
	head, line := "| computed for |", "|---|"
	for _, rate := range rates {
		head += fmt.Sprintf(" %.0f,000 exchanges/s |", rate/1000)
		line += "---|"
	}
	table := head + "\n" + line + "\n"
	for _, row := range rows {
		table += "| " + row.name + " |"
		for _, rate := range rates {
			table += " " + row.of(rate) + " |"
		}
		table += "\n"
	}
	return table
}

func (m measurement) workers(rate float64) int {
	return max(2, int(math.Ceil(rate/(busy*m.judged)/4)))
}

// between shows a size for exchanges with zstd and without compression.
func (m measurement) between(factor float64, unit string) string {
	return rounded(factor*m.packed) + " to " + rounded(factor*m.plain) + " " + unit
}

func rounded(value float64) string {
	if value < 10 {
		return fmt.Sprintf("%.1f", value)
	}
	return fmt.Sprintf("%.0f", value)
}
