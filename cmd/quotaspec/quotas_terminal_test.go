//go:build linux

package main

import (
	"os"
	"syscall"
	"testing"
	"unsafe"

	"github.com/quotaspec/quotaspec/internal/command"
)

// setWidth sets the width of a terminal.
func setWidth(t *testing.T, terminal *os.File, columns uint16) {
	t.Helper()
	size := struct{ rows, columns, x, y uint16 }{rows: 24, columns: columns}
	if _, _, err := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size))); err != 0 {
		t.Skip(err)
	}
}

// TestScreenOf tests the width and the colours of a table on terminals and files, with NO_COLOR and TERM.
func TestScreenOf(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer terminal.Close()
	file, err := os.Create(writeFile(t, "table", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, test := range []struct {
		name          string
		to            *os.File
		env           map[string]string
		colours       bool
		columns, want uint16
	}{
		{name: "a terminal", to: terminal, colours: true, want: 80},
		{name: "a terminal of some width", to: terminal, colours: true, columns: 132, want: 132},
		{name: "a terminal of one column", to: terminal, colours: true, columns: 1, want: 1},
		{name: "a file beside a wide terminal", to: file, columns: 132, want: 80},
		{name: "a terminal, NO_COLOR", to: terminal, env: map[string]string{"NO_COLOR": "1"}, want: 80},
		{name: "a dumb terminal", to: terminal, env: map[string]string{"TERM": "dumb"}, want: 80},
		{name: "a file", to: file, want: 80},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", "xterm")
			t.Setenv("NO_COLOR", "")
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			setWidth(t, terminal, test.columns)
			s := screenOf(command.NewVisibleWriter(test.to))
			if s.w != test.to || s.width != int(test.want) || s.colours != test.colours {
				t.Errorf("got width %d, colours %t; want %d, %t", s.width, s.colours, test.want, test.colours)
			}
		})
	}
}
