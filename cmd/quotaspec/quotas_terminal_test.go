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

// TestScreenOf tests where a table has colours and which characters it may use: colours only on a terminal, and not where the
// environment says that it wants none.
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
		colours, utf8 bool
		columns, want uint16
	}{
		{"a terminal", terminal, nil, true, false, 0, 80},
		{"a terminal of some width", terminal, nil, true, false, 132, 132},
		{"a terminal of one column", terminal, nil, true, false, 1, 1},
		{"a file beside a wide terminal", file, nil, false, false, 132, 80},
		{"UTF-16", terminal, map[string]string{"LANG": "C.UTF-16"}, true, false, 0, 80},
		{"a terminal, NO_COLOR", terminal, map[string]string{"NO_COLOR": "1"}, false, false, 0, 80},
		{"a dumb terminal", terminal, map[string]string{"TERM": "dumb"}, false, false, 0, 80},
		{"a file", file, nil, false, false, 0, 80},
		{"a file, UTF-8", file, map[string]string{"LANG": "en_GB.UTF-8"}, false, true, 0, 80},
		{"UTF-8 by another spelling", terminal, map[string]string{"LANG": "C.utf8"}, true, true, 0, 80},
		{"LC_ALL goes before LANG", terminal, map[string]string{"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, true, false, 0, 80},
		{"LC_ALL goes before LC_CTYPE", terminal, map[string]string{"LC_ALL": "C.UTF-8", "LC_CTYPE": "C"}, true, true, 0, 80},
		{"LC_CTYPE goes before LANG", terminal, map[string]string{"LC_CTYPE": "C.UTF-8", "LANG": "C"}, true, true, 0, 80},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", "xterm")
			for _, name := range []string{"NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"} {
				t.Setenv(name, "")
			}
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			setWidth(t, terminal, test.columns)
			s := screenOf(&visibleWriter{to: test.to})
			if s.w != test.to || s.width != int(test.want) || s.colours != test.colours || s.utf8 != test.utf8 {
				t.Errorf("got width %d, colours %t, UTF-8 %t; want %d, %t, %t", s.width, s.colours, s.utf8, test.want, test.colours, test.utf8)
			}
		})
	}
}
