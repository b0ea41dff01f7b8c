package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestReportReplaces tests that a report replaces an older one only when it is complete, has mode 0600, and leaves no
// temporary file.
func TestReportReplaces(t *testing.T) {
	full := errors.New("the disk is full")
	for _, test := range []struct {
		name, file string
		write      func(w io.Writer, format string) error // nil: as the format does
		want       string                                 // the content of report.txt afterwards, "" for the new report
		mode       os.FileMode
	}{
		{name: "new", file: "new.txt", want: "old", mode: 0o644},
		{name: "in place of an old one", file: "report.txt", mode: 0o600},
		{name: "behind a symbolic link", file: "link.txt", mode: 0o600},
		{name: "cut short", file: "report.txt", write: func(w io.Writer, _ string) error {
			_, err := io.WriteString(w, "half of")
			return errors.Join(err, full)
		}, want: "old", mode: 0o644},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			old, link := filepath.Join(folder, "report.txt"), filepath.Join(folder, "link.txt")
			if err := errors.Join(os.WriteFile(old, []byte("old"), 0o644), os.Symlink("report.txt", link)); err != nil {
				t.Fatal(err)
			}
			list, err := newOutputs([]string{"text=" + filepath.Join(folder, test.file)}, report.FormatNames(), "")
			if err != nil {
				t.Fatal(err)
			}
			write, wantErr := inFormat(&report.Report{}), error(nil)
			if test.write != nil {
				write, wantErr = test.write, full
			}
			if err := list.write(write); !errors.Is(err, wantErr) {
				t.Errorf("got error %v, want %v", err, wantErr)
			}
			got, err := os.ReadFile(old)
			if err != nil {
				t.Fatal(err)
			}
			isNew := string(got) != "old"
			if wantNew := test.want == ""; isNew != wantNew {
				t.Errorf("got %q, want a new report: %t", got, wantNew)
			}
			for name, want := range map[string]os.FileMode{"report.txt": test.mode, "new.txt": 0o600} {
				if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Mode() != want {
					t.Errorf("%s: got mode %v, want %v", name, info.Mode(), want)
				}
			}
			if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
				t.Errorf("the symbolic link is gone: %v, %v", info, err)
			}
			noTemporaries(t, folder)
		})
	}
}

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
