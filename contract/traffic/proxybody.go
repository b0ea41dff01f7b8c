package traffic

import (
	"errors"
	"io"
	"sync/atomic"
)

// trackedBody is a body that records how its reading ended.
type trackedBody struct {
	io.ReadCloser
	capture *capture              // of a request; nil: a captureConn captures the bytes
	end     atomic.Pointer[error] // the first error of Read; nil: none yet
}

func (b *trackedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.capture != nil {
		b.capture.add(p[:n])
	}
	if err != nil {
		b.end.CompareAndSwap(nil, &err)
	}
	return n, err
}

// ended returns the error that ended the reading: io.EOF for a whole body, nil if the reading has not ended.
func (b *trackedBody) ended() error {
	if end := b.end.Load(); end != nil {
		return *end
	}
	return nil
}

// brokenOff reports whether the reading ended before the body did.
func (b *trackedBody) brokenOff() bool { return b.ended() != nil && !errors.Is(b.ended(), io.EOF) }
