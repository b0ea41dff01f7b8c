package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
)

// noTemporaries tests that reports have left no temporary file in a folder.
func noTemporaries(t *testing.T, folder string) {
	t.Helper()
	if left, err := filepath.Glob(filepath.Join(folder, ".quotaspec-*")); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

// TestReportOfErrorHidesSecrets tests that no report shows a password of the arguments in the error of the run.
func TestReportOfErrorHidesSecrets(t *testing.T) {
	at := "http://me:" + planted + "@127.0.0.1:1"
	for _, test := range []struct {
		name string
		args []string
	}{
		{name: "verify", args: []string{"verify", at}},
		{name: "proxy", args: []string{"proxy", "--upstream", at}},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder, args := t.TempDir(), test.args
			for _, format := range report.FormatNames() {
				args = append(args, "--report", format+"="+filepath.Join(folder, format))
			}
			if code, _, errs := quotaspec(t, args...); code != exitNotJudged {
				t.Errorf("exit %d: %s", code, errs)
			}
			for _, format := range report.FormatNames() {
				text, err := os.ReadFile(filepath.Join(folder, format))
				if err != nil {
					t.Fatal(err)
				}
				if found := leaked(string(text)); found != "" || !strings.Contains(string(text), "REDACTED") {
					t.Errorf("%s shows %q, or no place of a secret: %s", format, found, text)
				}
			}
		})
	}
}
