//go:build linux

package main

import (
	"os"
	"testing"
)

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
	}{
		{"a terminal", terminal, nil, true, false},
		{"a terminal, NO_COLOR", terminal, map[string]string{"NO_COLOR": "1"}, false, false},
		{"a dumb terminal", terminal, map[string]string{"TERM": "dumb"}, false, false},
		{"a file", file, nil, false, false},
		{"a file, UTF-8", file, map[string]string{"LANG": "en_GB.UTF-8"}, false, true},
		{"UTF-8 by another spelling", terminal, map[string]string{"LANG": "C.utf8"}, true, true},
		{"LC_ALL goes before LANG", terminal, map[string]string{"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, true, false},
		{"LC_ALL goes before LC_CTYPE", terminal, map[string]string{"LC_ALL": "C.UTF-8", "LC_CTYPE": "C"}, true, true},
		{"LC_CTYPE goes before LANG", terminal, map[string]string{"LC_CTYPE": "C.UTF-8", "LANG": "C"}, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", "xterm")
			for _, name := range []string{"NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"} {
				t.Setenv(name, "")
			}
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			s := screenOf(&visibleWriter{to: test.to})
			if s.w != test.to || s.width != 80 || s.colours != test.colours || s.utf8 != test.utf8 {
				t.Errorf("got width %d, colours %t, UTF-8 %t; want 80, %t, %t", s.width, s.colours, s.utf8, test.colours, test.utf8)
			}
		})
	}
}
