package traffic

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/iotest"
)

// TestCapture tests that bytes are captured up to the limit of the message and the limit of all messages together, until the
// capture is sealed.
func TestCapture(t *testing.T) {
	const all = 256 << 20 // bytes of all messages together
	for _, tt := range []struct {
		name     string
		others   int64 // bytes of other messages
		parts    []string
		data     string
		tooLarge bool
		lost     bool
		total    int
	}{
		{name: "nothing"},
		{name: "parts", parts: []string{"ab", "", "cd"}, data: "abcd", total: 4},
		{name: "the limit", parts: []string{"abcd", "efgh"}, data: "abcdefgh", total: 8},
		{name: "one byte more", parts: []string{"abcdefgh", "i"}, tooLarge: true, total: 9},
		{name: "more after that", parts: []string{"abcdefghi", "j", "k"}, tooLarge: true, total: 11},
		{name: "just enough memory", others: all - 4, parts: []string{"ab", "cd"}, data: "abcd", total: 4},
		{name: "memory one byte short", others: all - 3, parts: []string{"ab", "cd"}, lost: true, total: 4},
		{name: "memory short once", others: all - 1, parts: []string{"ab", "c", ""}, lost: true, total: 3},
		{name: "short, and later too large", others: all, parts: []string{"ab", "cdefghijk"}, lost: true, total: 11},
	} {
		t.Run(tt.name, func(t *testing.T) {
			buffered := new(atomic.Int64)
			buffered.Store(tt.others)
			c := &capture{limit: 8, buffered: buffered}
			for _, part := range tt.parts {
				c.add([]byte(part))
			}
			c.seal()
			c.add([]byte("late"))
			if string(c.data) != tt.data || c.tooLarge != tt.tooLarge || c.lost != tt.lost || c.total != tt.total {
				t.Errorf("got %q, too large %v, lost %v, %d in total", c.data, c.tooLarge, c.lost, c.total)
			}
			if got := buffered.Load() - tt.others; got != int64(len(tt.data)) {
				t.Errorf("%d bytes are buffered, want %d", got, len(tt.data))
			}
			c.release()
			c.release()
			if got := buffered.Load() - tt.others; got != 0 {
				t.Errorf("%d bytes are buffered after the release", got)
			}
		})
	}
}

// TestTrackedBody tests that the first error of Read counts, even if reading goes on, and which errors mean that the body broke off.
func TestTrackedBody(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ends  []error
		want  error
		broke bool
	}{
		{name: "not read to its end"},
		{name: "its end", ends: []error{io.EOF}, want: io.EOF},
		{name: "its end, and then closed", ends: []error{io.EOF, http.ErrBodyReadAfterClose}, want: io.EOF},
		{name: "broken off", ends: []error{io.ErrUnexpectedEOF, io.EOF}, want: io.ErrUnexpectedEOF, broke: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &trackedBody{capture: &capture{limit: 10, buffered: new(atomic.Int64)}}
			for _, end := range append([]error{nil}, tt.ends...) {
				b.ReadCloser = io.NopCloser(iotest.ErrReader(end))
				_, _ = b.Read(make([]byte, 5))
			}
			if got := b.ended(); !errors.Is(got, tt.want) || b.brokenOff() != tt.broke {
				t.Errorf("got %v, broken %v, want %v, %v", got, b.brokenOff(), tt.want, tt.broke)
			}
		})
	}
}
