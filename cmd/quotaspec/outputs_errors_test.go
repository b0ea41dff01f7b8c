//go:build unix

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestReportToOwnOutput tests that a report to /dev/stdout or /dev/stderr is appended to the file behind it and does not
// replace it.
func TestReportToOwnOutput(t *testing.T) {
	const earlier = "of an earlier command\n"
	for _, name := range []string{"stdout", "stderr"} {
		t.Run(name, func(t *testing.T) {
			file := writeFile(t, "log", earlier)
			log, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer log.Close()
			cmd := exec.Command(os.Args[0])
			cmd.Args = []string{"quotaspec", "verify", "--document", "missing.yaml", "--report", "json=/dev/" +
				name} // TestMain runs the command under this name
			if name == "stdout" {
				cmd.Stdout = log
			} else {
				cmd.Stderr = log
			}
			if err := cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != exitNotJudged {
				t.Errorf("got %v, want exit %d", err, exitNotJudged)
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rest, ok := strings.CutPrefix(string(got), earlier)
			if !ok || !strings.HasPrefix(rest, "{") {
				t.Errorf("want what was there, then the report, got %s", got)
			}
		})
	}
}

// TestReportToFullDisk tests that a run whose report could not be written ends with exit code 2 and one line, whatever else
// happened.
func TestReportToFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	const full = "write the report: /dev/full: no space left on device"
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{name: "a run that passes", args: []string{"--only", "showImageQuota/*"}, want: full},
		{
			name: "a run that fails",
			args: []string{startProvider(t, behaviourOf(t, "ignores type")), "--only", "showDomainQuota/type=user"}, want: full,
		},
		{
			name: "nothing was judged", args: []string{"http://127.0.0.1:1"},
			want: "http://127.0.0.1:1: unreachable: connect: connection refused: is the server running? " +
				"If it is still starting, put wait: 30s into quotaspec.yaml " + full,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, append([]string{"verify", "--report", "json=/dev/full"}, test.args...)...)
			if want := "quotaspec: " + test.want + "\n"; code != exitNotJudged || errs != want {
				t.Errorf("got exit %d: %q, want %q\n%s", code, errs, want, out)
			}
		})
	}
}
