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

const patience = time.Minute // of a loaded machine

// provider listens on loopback and answers each connection by hand, byte by byte.
func provider(t *testing.T, answer func(conn net.Conn, in *bufio.Reader)) *url.URL {
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
				answer(conn, bufio.NewReader(conn))
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

// always answers every request on a connection with the same bytes, and closes it.
func always(raw string) func(net.Conn, *bufio.Reader) {
	return func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, raw)
	}
}

// running is a proxy at work.
type running struct {
	*Proxy
	address string
	seen    chan Entry
	stop    func() error // ends it and waits
}

func start(t *testing.T, p *Proxy) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Proxy: p, address: listener.Addr().String(), seen: make(chan Entry, 5000)}
	if p.Observe == nil {
		p.Observe = func(e Entry) { r.seen <- e }
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
		if held := p.held.Load(); held != 0 {
			t.Errorf("%d bytes are still held", held)
		}
	})
	return r
}

// ask sends raw bytes and reads all that comes back, to the end of the connection.
func (r *running) ask(t *testing.T, raw string) string {
	t.Helper()
	conn := r.dial(t)
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("read the answer: %v; got %q", err, answer)
	}
	return string(answer)
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

// next is the next exchange that the observer sees.
func (r *running) next(t *testing.T) Entry {
	t.Helper()
	select {
	case e := <-r.seen:
		return e
	case <-time.After(patience):
		t.Fatal("the observer sees nothing")
		return Entry{}
	}
}
