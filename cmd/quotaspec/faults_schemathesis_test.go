package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// Schemathesis judges the same providers with the same faults, in the same run. To count as found, a fault needs only some
// failure at its operation, of whatever kind; for verify it needs a finding of the right kind. Failures at other operations, and all
// failures of the right provider, are noise.

const (
	schemathesisExamples = 25 // requests of an operation in each phase
	schemathesisSeed     = 1
)

// TestSchemathesis compares, and writes docs/providers.md with -update.
func TestSchemathesis(t *testing.T) {
	if *providersPython == "" {
		t.Skip("needs Python packages: make test-providers")
	}
	t.Setenv("HYPOTHESIS_STORAGE_DIRECTORY", t.TempDir())
	rows := []comparedRow{}
	for _, api := range faultyAPIs() {
		for _, f := range append([]faultKind{""}, allFaults...) {
			on := slices.DeleteFunc([]faultKind{f}, func(f faultKind) bool { return f == "" })
			row := comparedRow{api: api, fault: f, ours: api.byVerify(t, on...), theirs: api.bySchemathesis(t, on...)}
			t.Logf("%s, %s: %+v, %+v", api.name, f, row.ours, row.theirs)
			rows = append(rows, row)
		}
	}
	text := comparedSummary(rows) + "\n" + comparedTable(rows)
	t.Log("\n" + text)
	for _, r := range rows {
		if r.ours.noise > 0 || r.ours.found != (r.fault != "") {
			t.Errorf("%s, %s: found %v, noise %d", r.api.name, r.fault, r.ours.found, r.ours.noise)
		}
	}
	if *update {
		checkBlock(t, filepath.Join("..", "..", "docs", "providers.md"), "providers", text)
	}
}

// compared is what a program reports about one provider.
type compared struct {
	found        bool // the fault
	noise        int  // reports that are not about the fault
	seconds, cpu float64
}

// measure takes the time since the start, and the processor time of a process that has ended.
func (c *compared) measure(cmd *exec.Cmd, start time.Time) {
	c.seconds = time.Since(start).Seconds()
	c.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
}

type comparedRow struct {
	api          faultyAPI
	fault        faultKind // empty: none
	ours, theirs compared
}

// byVerify runs verify as a process.
func (api faultyAPI) byVerify(t *testing.T, on ...faultKind) (c compared) {
	t.Helper()
	args, written := api.args(t, api.start(t, on...))
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Args = append([]string{"quotaspec"}, args...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	c.measure(cmd, start)
	exit := (*exec.ExitError)(nil)
	isVerdict := err == nil || errors.As(err, &exit) && exit.ExitCode() == exitFailed
	if !isVerdict {
		t.Errorf("verify: %v: %s", err, out)
	}
	distinct := map[string]bool{}
	for _, r := range foundIn(t, written) {
		if slices.ContainsFunc(on, func(f faultKind) bool { return api.faults[f].isOf(r) }) {
			c.found = true
		} else {
			distinct[r.operation+" "+r.id] = true
		}
	}
	c.noise = len(distinct)
	return c
}

// bySchemathesis runs Schemathesis with the credential and all its checks and phases.
func (api faultyAPI) bySchemathesis(t *testing.T, on ...faultKind) (c compared) {
	t.Helper()
	url := api.start(t, on...)
	document, err := filepath.Abs(api.document)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(api.document, "/") {
		document = url + api.document
	}
	dir := t.TempDir()
	written := filepath.Join(dir, "report.json")
	cmd := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(*providersPython), "schemathesis"), "run", document, "--url", url,
		"--header", api.header, "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure",
		"--max-examples", fmt.Sprint(schemathesisExamples), "--seed", fmt.Sprint(schemathesisSeed), "--generation-database", "none",
		"--warnings", "off", "--no-color", "--report-json-path", written)
	cmd.Dir = dir
	start := time.Now()
	out, err := cmd.CombinedOutput()
	c.measure(cmd, start)
	var report struct {
		Complete bool
		Failures []struct{ Operations []string }
		Errors   []any
	}
	if _, statErr := os.Stat(written); statErr != nil {
		t.Fatalf("schemathesis: %v: %s", err, out)
	}
	readJSON(t, written, &report)
	if !report.Complete || len(report.Errors) > 0 {
		t.Errorf("schemathesis did not end well: %s", out)
	}
	labels := labelsOf(t, document)
	for _, failure := range report.Failures {
		for _, label := range failure.Operations {
			if slices.ContainsFunc(on, func(f faultKind) bool { return labels[api.faults[f].operation] == label }) {
				c.found = true
			} else {
				c.noise++
			}
		}
	}
	return c
}

// labelsOf names the operations of a document as Schemathesis does: GET /rooms for listRooms.
func labelsOf(t *testing.T, document string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(document)
	if strings.HasPrefix(document, "http") {
		var response *http.Response
		if response, err = http.Get(document); err == nil {
			defer response.Body.Close()
			text, err = io.ReadAll(response.Body)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{}
	for path, item := range parsed.Paths {
		for method, v := range item {
			if operation, ok := v.(map[string]any); ok {
				labels[fmt.Sprint(operation["operationId"])] = strings.ToUpper(method) + " " + path
			}
		}
	}
	return labels
}

// comparedSummary has a line for each provider.
func comparedSummary(rows []comparedRow) string {
	var b bytes.Buffer
	fmt.Fprintln(&b, "| provider | written in | faults | quotaspec: found | noise | seconds a run (CPU) | "+
		"Schemathesis: found | noise | seconds a run (CPU) |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|---|---|---|")
	byAPI := map[string][]comparedRow{}
	for _, r := range rows {
		byAPI[r.api.name] = append(byAPI[r.api.name], r)
	}
	for _, name := range slices.Sorted(maps.Keys(byAPI)) {
		own := byAPI[name]
		ours := total(own, func(r comparedRow) compared { return r.ours })
		theirs := total(own, func(r comparedRow) compared { return r.theirs })
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s |\n", name, own[0].api.framework, len(allFaults), ours, theirs)
	}
	return b.String()
}

// total sums up the runs of one program: faults found, noise, and the means of the seconds.
func total(rows []comparedRow, of func(comparedRow) compared) string {
	found, noise, seconds, cpu := 0, 0, 0.0, 0.0
	for _, r := range rows {
		c := of(r)
		if c.found {
			found++
		}
		noise += c.noise
		seconds += c.seconds
		cpu += c.cpu
	}
	runs := float64(len(rows))
	return fmt.Sprintf("%d | %d | %.1f (%.1f)", found, noise, seconds/runs, cpu/runs)
}

// comparedTable has a line for each run.
func comparedTable(rows []comparedRow) string {
	var b bytes.Buffer
	fmt.Fprintln(&b, "| provider | fault | what is wrong | quotaspec | noise | Schemathesis | noise |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|---|")
	for _, r := range rows {
		fault, what := string(r.fault), r.api.faults[r.fault].what
		if r.fault == "" {
			fault, what = "none", "nothing"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d | %s | %d |\n", r.api.name, fault, what,
			r.word(r.ours), r.ours.noise, r.word(r.theirs), r.theirs.noise)
	}
	return b.String()
}

func (r comparedRow) word(c compared) string {
	switch {
	case r.fault == "":
		return "–"
	case c.found:
		return "found"
	}
	return "not found"
}
