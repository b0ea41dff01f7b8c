package server

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// replay is a connection in memory that sends the same request again and again and discards the responses.
type replay struct {
	net.Conn // for the methods that are not called

	request []byte
	times   int
	next    int // byte of the request
	closed  chan struct{}
}

func (c *replay) Read(p []byte) (int, error) {
	if c.times == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.request[c.next:])
	if c.next += n; c.next == len(c.request) {
		c.next = 0
		c.times--
	}
	return n, nil
}

func (c *replay) Write(p []byte) (int, error)      { return len(p), nil }
func (c *replay) Close() error                     { close(c.closed); return nil }
func (c *replay) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *replay) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *replay) SetDeadline(time.Time) error      { return nil }
func (c *replay) SetReadDeadline(time.Time) error  { return nil }
func (c *replay) SetWriteDeadline(time.Time) error { return nil }

// one is a listener for one connection.
type one chan net.Conn

func (l one) Accept() (net.Conn, error) {
	if conn, ok := <-l; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (one) Close() error   { return nil }
func (one) Addr() net.Addr { return &net.TCPAddr{} }

// BenchmarkMemory is BenchmarkServers without a network: what the code costs in time and allocations.
func BenchmarkMemory(b *testing.B) {
	answer := []byte(resources(seed003...) + "\n")
	ours, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, test := range []struct {
		name, headers string
		handler       http.Handler
	}{
		{name: "net-http", headers: reader, handler: benchServers["net/http"](answer)},
		{name: "echo", headers: reader, handler: benchServers["echo"](answer)},
		{name: "by-token", headers: reader, handler: ours},
		{name: "signed", headers: benchSignature(b), handler: ours},
	} {
		b.Run(test.name, func(b *testing.B) {
			text := "GET " + iamPath + " HTTP/1.1\r\nHost: quotas.test\r\n" + test.headers + "\r\n\r\n"
			conn, listener := &replay{request: []byte(text), times: b.N, closed: make(chan struct{})}, make(one, 1)
			listener <- conn
			b.ReportAllocs()
			b.ResetTimer()
			go func() { _ = HTTPServer(test.handler).Serve(listener) }()
			<-conn.closed
			b.StopTimer()
			close(listener)
		})
	}
}
