package command

import (
	"errors"
	"io"
	"os"
	"path/filepath"
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
			list, err := NewOutputs([]string{"text=" + filepath.Join(folder, test.file)}, report.FormatNames(), "")
			if err != nil {
				t.Fatal(err)
			}
			write, wantErr := inFormat(&report.Report{}), error(nil)
			if test.write != nil {
				write, wantErr = test.write, full
			}
			if err := list.Write(write); !errors.Is(err, wantErr) {
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
			if left, err := filepath.Glob(filepath.Join(folder, temporary)); err != nil || len(left) > 0 {
				t.Errorf("temporary files are left: %v, %v", left, err)
			}
		})
	}
}
