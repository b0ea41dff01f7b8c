//go:build unix

package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// newPipe makes a named pipe and opens its reading end.
func newPipe(t *testing.T) (name string, reader *os.File) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(name, os.O_RDWR, 0) // opening does not wait for a writer
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	return name, reader
}

// writeReport writes a report to a file with a function of the test.
func writeReport(file string, write func(w io.Writer, format string) error) error {
	list, err := newOutputs([]string{"text=" + file}, []string{"text"}, "")
	if err != nil {
		return err
	}
	return list.write(write)
}

// TestReportFileErrors tests that an incomplete report is an error that names the file.
func TestReportFileErrors(t *testing.T) {
	pipe, _ := newPipe(t)
	file := filepath.Join(t.TempDir(), "report")
	folder := filepath.Join(t.TempDir(), "folder")
	broken := errors.New("broken")
	fails := func(io.Writer, string) error { return broken }
	closes := func(w io.Writer, _ string) error {
		return w.(io.Closer).Close() // closing it again is then an error
	}
	for _, test := range []struct {
		name, file string
		write      func(w io.Writer, format string) error
		want       error
	}{
		{name: "no folder", file: filepath.Join(file, "missing"), want: syscall.ENOENT},
		{name: "the format fails", file: file, write: fails, want: broken},
		{name: "the format fails on a pipe", file: pipe, write: fails, want: broken},
		{name: "closing fails", file: file, write: closes, want: os.ErrClosed},
		{name: "closing a pipe fails", file: pipe, write: closes, want: os.ErrClosed},
		{
			name: "a folder takes its place", file: folder,
			write: func(io.Writer, string) error { return os.Mkdir(folder, 0o700) }, want: syscall.EEXIST,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := writeReport(test.file, test.write); !errors.Is(err, test.want) ||
				err.Error() != "write the report: "+test.file+": "+test.want.Error() {
				t.Errorf("got error %v, want write the report: %s: %v", err, test.file, test.want)
			}
			if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a report is there: %v", err)
			}
		})
	}
}

// TestReportErrorsOfSeveral tests that the error names each report that could not be written, and that the others are written.
func TestReportErrorsOfSeveral(t *testing.T) {
	folder := t.TempDir()
	for _, test := range []struct {
		name   string
		broken []string // of the files a, b and c
	}{
		{name: "none"},
		{name: "the first", broken: []string{"a"}},
		{name: "the last", broken: []string{"c"}},
		{name: "two", broken: []string{"a", "c"}},
		{name: "all", broken: []string{"a", "b", "c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			values, names := []string{}, []string{"a", "b", "c"}
			for _, name := range names {
				values = append(values, name+"="+filepath.Join(folder, test.name+" "+name)) // the format has the name of the file
			}
			list, err := newOutputs(values, names, "")
			if err != nil {
				t.Fatal(err)
			}
			write := func(_ io.Writer, format string) error {
				if slices.Contains(test.broken, format) {
					return errors.New("broken")
				}
				return nil
			}
			text := ""
			if err := list.write(write); err != nil {
				text = err.Error()
			}
			for i, name := range names {
				broken := slices.Contains(test.broken, name)
				if strings.Contains(text, list[i].file+": broken") != broken {
					t.Errorf("%s broken: %t; the error is %q", name, broken, text)
				}
				if _, err := os.Stat(list[i].file); (err == nil) == broken {
					t.Errorf("%s broken: %t; its file: %v", name, broken, err)
				}
			}
		})
	}
}

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

// TestReportToPipe tests that a pipe, such as >(command) of a shell, receives the report and is not replaced.
func TestReportToPipe(t *testing.T) {
	pipe, reader := newPipe(t)
	err := writeReport(pipe, func(w io.Writer, _ string) error {
		_, err := io.WriteString(w, "text")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Fatalf("the pipe is now %v, %v", info, err)
	}
	_, _ = reader.WriteString("|") // Read returns even if no report was written
	got := make([]byte, 100)
	if n, err := reader.Read(got); err != nil || string(got[:n]) != "text|" {
		t.Errorf("got %q, %v", got[:n], err)
	}
}
