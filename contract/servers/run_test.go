package servers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// run is what one run of quotaspec gave.
type run struct {
	exit    int
	lines   int // of the text report
	seconds float64
	report  report
}

// report has the members of the JSON report that the page needs.
type report struct {
	Error  string
	Counts struct{ Checks, Pass, Fail, Skip, Error, Warnings int }
	Checks []check
}

type check struct {
	ID, Operation, Status, Reason, Repeat string
	HTTPStatus                            int `json:"http_status"`
	Failures, Warnings                    []finding
}

type finding struct{ ID, Pointer, Want, Got string }

// judge starts a server in a new folder and judges it. With KEEP=DIR in the environment the reports stay there.
func judge(t *testing.T, command string, s server) run {
	t.Helper()
	folder := t.TempDir()
	config, err := os.ReadFile(filepath.Join("testdata", s.folder, "quotaspec.yaml"))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "quotaspec.yaml"), config, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	at := s.start(t, folder)
	args := []string{"verify", at.url, "--document", at.document, "--allow-changes"}
	for _, report := range []string{"json=report.json", "markdown=report.md"} {
		args = append(args, "--report", report)
	}
	started := time.Now()
	verify := exec.Command(command, args...)
	verify.Dir = folder
	verify.Env = append(os.Environ(), "SHOP_TOKEN="+shopToken)
	errs := &bytes.Buffer{}
	verify.Stderr = errs
	out, err := verify.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "report.txt"), out, 0o600); err != nil {
		t.Fatal(err)
	}
	r := run{exit: verify.ProcessState.ExitCode(), lines: bytes.Count(out, []byte("\n")), seconds: time.Since(started).Seconds()}
	written, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err == nil {
		err = json.Unmarshal(written, &r.report)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, errs)
	}
	keep(t, folder, s.folder)
	return r
}

// keep copies the reports of a run, so that somebody can read them.
func keep(t *testing.T, folder, name string) {
	t.Helper()
	to := os.Getenv("KEEP")
	if to == "" {
		return
	}
	reports, err := filepath.Glob(filepath.Join(folder, "report.*"))
	for _, file := range reports {
		var text []byte
		if text, err = os.ReadFile(file); err == nil {
			err = os.WriteFile(filepath.Join(to, name+filepath.Ext(file)), text, 0o600)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// operations counts the operations that a run judged or skipped.
func (r run) operations() int {
	names := map[string]bool{}
	for _, c := range r.report.Checks {
		if c.Operation != "" {
			names[c.Operation] = true
		}
	}
	return len(names)
}

func (r run) skipped() float64 {
	return float64(r.report.Counts.Skip) / float64(max(1, r.report.Counts.Checks))
}

// skipReasons lists why checks were skipped, the most frequent reason first.
func (r run) skipReasons() string {
	times := map[string]int{}
	for _, c := range r.report.Checks {
		if c.Status == "skip" {
			times[c.Reason]++
		}
	}
	reasons := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		if times[a] != times[b] {
			return times[b] - times[a]
		}
		return strings.Compare(a, b)
	})
	list := ""
	for _, reason := range reasons {
		list += fmt.Sprintf("%6d  %s\n", times[reason], reason)
	}
	return list
}
