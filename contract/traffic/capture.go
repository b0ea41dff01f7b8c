package traffic

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// The observer gets the bytes that crossed the wire, not what net/http makes of them. The response is read where it arrives,
// from the connection to the provider, and the request body where the transport reads it:
//
//	provider → captureConn → net/http → consumer
//	                ↓ copy
//	             capture → contract.ParseResponse → observer
//
// A connection serves several exchanges, one after the other. Each exchange attaches its own capture and seals it when it ends.

// captureConn is a connection to the provider that copies what the provider sends into the capture of the current exchange.
type captureConn struct {
	net.Conn
	capture atomic.Pointer[capture] // nil before the first exchange
}

func (c *captureConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if k := c.capture.Load(); k != nil {
		k.add(b[:n])
	}
	return n, err
}

// dialFunc connects to an address.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// capturing returns a dialFunc whose connections are captureConns.
func capturing(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &captureConn{Conn: conn}, nil
	}
}

// capture is a copy of the bytes of one message. Two limits apply: a message longer than limit is tooLarge, and if all captures
// together would exceed maxBuffered the message is lost. Either way its bytes are freed at once.
type capture struct {
	limit    int
	buffered *atomic.Int64 // bytes in all captures of the proxy

	mu       sync.Mutex
	data     []byte
	total    int // bytes that passed, captured or not
	tooLarge bool
	lost     bool
	sealed   bool
}

func (c *capture) add(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sealed {
		return
	}
	c.total += len(b)
	switch {
	case c.tooLarge || c.lost:
	case c.total > c.limit:
		c.tooLarge = true
		c.free()
	case c.buffered.Add(int64(len(b))) > maxBuffered:
		c.buffered.Add(-int64(len(b)))
		c.lost = true
		c.free()
	default:
		c.data = append(c.data, b...)
	}
}

// seal ends the capture. Bytes that arrive later belong to the next exchange of the connection, or to none.
func (c *capture) seal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sealed = true
}

// free drops the bytes. The caller holds mu.
func (c *capture) free() {
	c.buffered.Add(-int64(len(c.data)))
	c.data = nil
}

func (c *capture) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free()
}

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
