//go:build unix

package command

import (
	"errors"
	"io"
	"io/fs"
	"os"
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
	list, err := NewOutputs([]string{"text=" + file}, []string{"text"}, "")
	if err != nil {
		return err
	}
	return list.Write(write)
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
			list, err := NewOutputs(values, names, "")
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
			if err := list.Write(write); err != nil {
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
