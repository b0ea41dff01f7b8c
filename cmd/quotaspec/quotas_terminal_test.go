//go:build linux

package main

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// setWidth sets how many columns a terminal says that it has.
func setWidth(t *testing.T, terminal *os.File, columns uint16) {
	t.Helper()
	size := struct{ rows, columns, x, y uint16 }{rows: 24, columns: columns}
	if _, _, err := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size))); err != 0 {
		t.Skip(err)
	}
}

// TestScreenOf tests how wide a table is and where it has colours: only on a terminal, and not where the environment says
// that it wants none.
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
		{"a terminal", terminal, nil, true, 0, 80},
		{"a terminal of some width", terminal, nil, true, 132, 132},
		{"a terminal of one column", terminal, nil, true, 1, 1},
		{"a file beside a wide terminal", file, nil, false, 132, 80},
		{"a terminal, NO_COLOR", terminal, map[string]string{"NO_COLOR": "1"}, false, 0, 80},
		{"a dumb terminal", terminal, map[string]string{"TERM": "dumb"}, false, 0, 80},
		{"a file", file, nil, false, 0, 80},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", "xterm")
			t.Setenv("NO_COLOR", "")
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			setWidth(t, terminal, test.columns)
			s := screenOf(&visibleWriter{to: test.to})
			if s.w != test.to || s.width != int(test.want) || s.colours != test.colours {
				t.Errorf("got width %d, colours %t; want %d, %t", s.width, s.colours, test.want, test.colours)
			}
		})
	}
}
