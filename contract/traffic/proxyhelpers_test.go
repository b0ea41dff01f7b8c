package traffic

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

const patience = time.Minute // enough for a loaded machine

// provider listens on loopback. The function serve handles each connection, byte by byte.
func provider(t *testing.T, serve func(conn net.Conn, in *bufio.Reader)) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	t.Cleanup(func() { listener.Close(); group.Wait() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(patience))
				serve(conn, bufio.NewReader(conn))
			})
		}
	}()
	return &url.URL{Scheme: "http", Host: listener.Addr().String()}
}

// head reads the head of a request as it was sent.
func head(in *bufio.Reader) string {
	lines := ""
	for {
		line, err := in.ReadString('\n')
		if lines += line; err != nil || line == "\r\n" {
			return lines
		}
	}
}

// always responds to the first request of a connection with the same bytes and closes it.
func always(raw string) func(net.Conn, *bufio.Reader) {
	return func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, raw)
	}
}

// running is a proxy that serves.
type running struct {
	*Proxy
	address  string
	observed chan Entry
	stop     func() error // ends it and waits
}

func start(t *testing.T, p *Proxy) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Proxy: p, address: listener.Addr().String(), observed: make(chan Entry, 5000)}
	if p.Observe == nil {
		p.Observe = func(e Entry) { r.observed <- e }
	}
	if p.grace == 0 {
		p.grace = 100 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, listener) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("serve: %v", err)
		}
		if buffered := p.buffered.Load(); buffered != 0 {
			t.Errorf("%d bytes are still buffered", buffered)
		}
	})
	return r
}

// send sends raw bytes and returns everything up to the end of the connection.
func (r *running) send(t *testing.T, raw string) string {
	t.Helper()
	conn := r.dial(t)
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	response, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("read the response: %v; got %q", err, response)
	}
	return string(response)
}

func (r *running) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// next returns the next exchange that the observer gets.
func (r *running) next(t *testing.T) Entry {
	t.Helper()
	select {
	case e := <-r.observed:
		return e
	case <-time.After(patience):
		t.Fatal("the observer got no exchange")
		return Entry{}
	}
}
