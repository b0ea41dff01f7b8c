package main

import (
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestProgress tests, with a fake clock, that the count is shown at most ten times a second and erased at the end.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file, err := os.Create(writeFile(t, "terminal", ""))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		p := progress{out: file}
		for i, pause := range []time.Duration{0, 0, 100 * time.Millisecond, time.Millisecond, 0} {
			time.Sleep(pause)
			p.show(i+1, 5, "")
		}
		p.end()
		got, err := os.ReadFile(file.Name())
		if want := "\r1 of 5\r4 of 5\r\x1b[K"; err != nil || string(got) != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	})
}

// TestProgressIsForPeople tests that the count is shown only on a terminal, also behind a visibleWriter.
func TestProgressIsForPeople(t *testing.T) {
	file, err := os.Create(writeFile(t, "log", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	for _, test := range []struct {
		name string
		to   io.Writer
		want *os.File
	}{
		{name: "no file", to: io.Discard},
		{name: "a file", to: file},
		{name: "a device", to: device, want: device},
		{name: "a device behind a visibleWriter", to: &visibleWriter{to: device}, want: device},
	} {
		t.Run(test.name, func(t *testing.T) {
			if p := newProgress(test.to); p.out != test.want {
				t.Errorf("got %v", p.out)
			}
		})
	}
}
