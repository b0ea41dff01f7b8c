package report_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
)

func write(t *testing.T, format string, r *report.Report) string {
	t.Helper()
	f, err := report.ParseFormat(format)
	if err != nil {
		t.Fatal(err)
	}
	b := &bytes.Buffer{}
	if err := f.Write(b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGoldens compares each format byte by byte with its golden file; -update writes the files. The pages of all reports
// but the first two are stored without their head, which is always the same.
func TestGoldens(t *testing.T) {
	for _, name := range report.FormatNames() {
		for _, kind := range []string{"green", "red", "empty", "stopped", "mixed", "consumer"} {
			if name == "text" && kind != "mixed" && kind != "consumer" {
				continue // text_test.go has its own
			}
			t.Run(name+"/"+kind, func(t *testing.T) {
				r := samples(t)[kind]
				got := write(t, name, r)
				if again := write(t, name, r); again != got {
					t.Error("the same report gives other bytes")
				}
				if _, page, ok := strings.Cut(got, `<header class="head">`); ok && kind != "green" && kind != "red" {
					got = page
				}
				file := filepath.Join("testdata", "formats", kind+"."+name)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// TestEverythingIsNamed checks that each format lists every check, and every part of the documents with its place.
func TestEverythingIsNamed(t *testing.T) {
	r := redReport(t)
	for _, name := range report.FormatNames() {
		out := write(t, name, r)
		for _, c := range r.Checks {
			id := c.ID
			if name == "html" && !strings.Contains(out, id) {
				_, id, _ = strings.Cut(c.ID, "showParcel/")
			}
			if !strings.Contains(out, id) {
				t.Errorf("%s does not name %s", name, c.ID)
			}
		}
		for _, p := range r.Coverage() {
			if name == "text" && p.State != report.NotObserved {
				continue // the text counts what was seen, and names what was not
			}
			if !strings.Contains(out, p.Place) || !strings.Contains(out, p.Label) {
				t.Errorf("%s does not list the %s %s at %s", name, p.Kind, p.Label, p.Place)
			}
		}
	}
}

// TestRunError checks that each format says why a run ended early, and never calls such a run a pass.
func TestRunError(t *testing.T) {
	for _, name := range report.FormatNames() {
		r := stoppedReport(t)
		if out := write(t, name, r); !strings.Contains(out, r.Error) || !strings.Contains(strings.ToLower(out), "not judged") {
			t.Errorf("%s does not give the error of the run:\n%s", name, out)
		}
	}
	partly := greenReport(t)
	partly.Error = "stopped"
	if got := partly.Conclusion(); got != "kept, as far as it could be judged" {
		t.Errorf("a run that was stopped concludes %q", got)
	}
	if run := readSARIF(t, partly).Runs[0]; run.Invocations[0].ExecutionSuccessful {
		t.Error("SARIF calls a run that was stopped successful")
	}
}

// TestParseFormat checks that the error lists the formats.
func TestParseFormat(t *testing.T) {
	_, err := report.ParseFormat("yaml")
	if want := `unknown format "yaml": want text, json, junit, markdown, sarif or html`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestWriteErrors checks that each format returns the error of its writer.
func TestWriteErrors(t *testing.T) {
	for _, f := range report.Formats() {
		if err := f.Write(full{}, redReport(t)); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want %v", f.Name, err, errFull)
		}
	}
}
