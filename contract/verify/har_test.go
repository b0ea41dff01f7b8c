package verify

import (
	"context"
	"io"
	"strings"
	"testing"
)

// stopsAfter is a context that ends after a number of calls of Err.
type stopsAfter struct {
	context.Context
	left int
}

func (s *stopsAfter) Err() error {
	if s.left--; s.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestStoppedTraffic tests that a run which is stopped while reading traffic reports what it has judged.
func TestStoppedTraffic(t *testing.T) {
	const one = `{"request":{"method":"GET","url":"https://api.example.com/things/latest"},"response":{"status":200,"content":{}}}`
	har := HAR{Name: "traffic.har", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(`{"log":{"entries":[` + one + "," + one + "," + one + `]}}`)), nil
	}}
	for _, test := range []struct {
		name string
		left int // entries before the run is stopped
		want int // that are reported
		err  string
	}{
		{name: "at once", err: errStopped.Error()},
		{name: "before the last", left: 2, want: 2, err: errStopped.Error()},
		{name: "not at all", left: 3, want: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(newTestJudges(t), Options{})
			text, got := "", 0
			tally := NewTally(r.judges)
			if err := r.har(&stopsAfter{t.Context(), test.left}, har, tally); err != nil {
				text = err.Error()
			}
			r.addTraffic(tally)
			for _, c := range r.report.Checks {
				got += c.Times
			}
			if text != test.err || got != test.want {
				t.Errorf("got %d exchanges and %q, want %d and %q", got, text, test.want, test.err)
			}
		})
	}
}
