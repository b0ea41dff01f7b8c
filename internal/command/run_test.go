package command

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestRun tests that the exit code and the lines on stderr of any command say what happened, and begin with its name.
func TestRun(t *testing.T) {
	expired := filepath.Join(t.TempDir(), "known.txt")
	if err := os.WriteFile(expired, []byte("a/b until=2020-01-01 # old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		args   []string
		status report.Status // of the only check
		err    error         // that judging ends with
		code   int
		errs   string
	}{
		{name: "passed", args: []string{"judge"}, status: report.Pass, code: ExitPassed},
		{name: "failed", args: []string{"judge"}, status: report.Fail, code: ExitFailed},
		{
			name: "not judged", args: []string{"judge"}, err: errors.New("two\nlines"), code: ExitNotJudged,
			errs: "other: two lines\n",
		},
		{
			name: "wrong flag", args: []string{"judge", "--sid", "both"}, code: ExitNotJudged,
			errs: "other: unknown flag --sid: did you mean --side? See other judge --help\n",
		},
		{
			name: "wrong value", args: []string{"judge", "--side", "it"}, code: ExitNotJudged,
			errs: "other: unknown side \"it\": want provider, consumer or both. See other judge --help\n",
		},
		{
			name: "empty value", args: []string{"judge", "--document="}, code: ExitNotJudged,
			errs: "other: --document is empty: want FILE. See other judge --help\n",
		},
		{
			name: "argument", args: []string{"judge", "it"}, code: ExitNotJudged,
			errs: "other: judge takes no arguments, got \"it\". See other judge --help\n",
		},
		{
			name: "unknown verb", args: []string{"jugde"}, code: ExitNotJudged,
			errs: "other: unknown command \"jugde\": did you mean judge? See other --help\n",
		},
		{
			name: "unknown topic", args: []string{"help", "it"}, code: ExitNotJudged,
			errs: "other: unknown command \"it\". See other --help\n",
		},
		{
			name: "expired known failure", args: []string{"judge", "--known-failing", expired}, status: report.Pass, code: ExitPassed,
			errs: "other: " + expired + ":1: the known failure has expired and is ignored\n",
		},
		{
			name: "report", args: []string{"judge", "--report", "text=" + filepath.Dir(expired)}, code: ExitNotJudged,
			errs: "other: write the report: " + filepath.Dir(expired) + ": is a directory\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var j Judging
			r := &report.Report{}
			verb := &cobra.Command{Use: "judge", Short: "Judge", Args: NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
				return j.Report(cmd, "", func() (*report.Report, error) {
					if err := j.Prepare(); err != nil {
						return r, err
					}
					j.Known.LogExpired(cmd)
					r.Add(report.Check{Suite: report.Traffic, Status: test.status})
					return r, test.err
				})
			}}
			j.AddFlags(verb)
			var out, errs strings.Builder
			root := AddVerbs(&cobra.Command{Use: "other", Version: "1.2.3"}, verb)
			code := Run(t.Context(), root, test.args, &out, &errs, Fail)
			if code != test.code || errs.String() != test.errs {
				t.Errorf("got exit %d, want %d, and\n%swant\n%s", code, test.code, errs.String(), test.errs)
			}
			if test.code == ExitPassed && (r.Version != "1.2.3" || !strings.Contains(out.String(), "kept: 1 check")) {
				t.Errorf("got a report of version %q:\n%s", r.Version, out.String())
			}
		})
	}
}
