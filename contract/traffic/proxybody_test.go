package traffic

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/iotest"
)

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
