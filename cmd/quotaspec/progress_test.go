package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quotaspec/quotaspec/internal/command"
)

// TestProgress tests, with a fake clock, that the count and the operation are shown at most ten times a second and erased at
// the end.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := progress{out: &out, isTerminal: true, pause: terminalPause}
		for i, pause := range []time.Duration{0, 0, 100 * time.Millisecond, time.Millisecond, 0} {
			time.Sleep(pause)
			p.showCheck(i+1, 5, fmt.Sprintf("op%d/plain", i+1))
		}
		p.end()
		if got, want := out.String(), "\r\x1b[K1 of 5  op1\r\x1b[K3 of 5  op3\r\x1b[K"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// TestProgressInLog tests that outside a terminal there is a line every ten seconds, and none in a short run.
func TestProgressInLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := newProgress(&out, "checks")
		p.pause = logPause
		for i := range 25 {
			time.Sleep(time.Second)
			p.showCheck(i+1, 25, "GET /things/plain")
		}
		p.end()
		want := "quotaspec: 10 of 25 checks done, the last of GET /things\nquotaspec: 20 of 25 checks done, the last of GET /things\n"
		if out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}

// TestProgressKnowsTerminal tests that only a device is a terminal, also behind a VisibleWriter.
func TestProgressKnowsTerminal(t *testing.T) {
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
		want bool
	}{
		{name: "no file", to: io.Discard},
		{name: "a file", to: file},
		{name: "a device", to: device, want: true},
		{name: "a device behind a VisibleWriter", to: command.NewVisibleWriter(device), want: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if p := newProgress(test.to, "checks"); p.isTerminal != test.want {
				t.Errorf("got %v", p.isTerminal)
			}
		})
	}
}
