package traffic

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestProxyUsedConnection tests that a provider may close a used connection at any time: it is not blamed for that.
func TestProxyUsedConnection(t *testing.T) {
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		head(in)
	})})
	for _, want := range []struct {
		status string
		skip   Reason
	}{
		{status: "200"},
		{status: "502", skip: NoResponse},
	} {
		got := r.send(t, "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
		if e := r.next(t); e.Skip != want.skip || !strings.HasPrefix(got, "HTTP/1.1 "+want.status) {
			t.Errorf("got %q, %q, want %s, %q", got, e.Skip, want.status, want.skip)
		}
	}
}

// TestProxyLate tests that bytes which a provider sends after its response belong to no exchange.
func TestProxyLate(t *testing.T) {
	send, closed := make(chan bool), make(chan bool)
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		<-send
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		_, _ = io.Copy(io.Discard, in)
		close(closed)
	})})
	log.SetOutput(io.Discard) // net/http is surprised
	defer log.SetOutput(os.Stderr)
	r.send(t, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	if e := r.next(t); string(e.Exchange.Response.Body) != "{}" {
		t.Errorf("got %q", e.Exchange.Response.Body)
	}
	for r.buffered.Load() != 0 { // the observer has just got it
		runtime.Gosched()
	}
	close(send)
	<-closed
	if buffered := r.buffered.Load(); buffered != 0 || len(r.observed) > 0 {
		t.Errorf("%d bytes are buffered, %d more exchanges were observed", buffered, len(r.observed))
	}
}

// TestProxyTLS tests that the bytes of a provider behind TLS are captured too, and that HTTP/2 is not used.
func TestProxyTLS(t *testing.T) {
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-A"] = []string{r.Proto, r.Host}
		_, _ = io.WriteString(w, "{}")
	}))
	upstream.EnableHTTP2 = true
	upstream.Config.ErrorLog = log.New(io.Discard, "", 0)
	upstream.StartTLS()
	defer upstream.Close()
	where, _ := url.Parse(upstream.URL)
	roots := x509.NewCertPool()
	roots.AddCert(upstream.Certificate())
	protocols := []string{"h2", "http/1.1"}
	config := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, NextProtos: slices.Clone(protocols)}
	r := start(t, &Proxy{Upstream: where, TLS: config})
	r.send(t, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	if e := r.next(t); e.Skip != "" || fmt.Sprint(e.Exchange.Response.Header["X-A"]) != "[HTTP/1.1 "+where.Host+"]" ||
		e.Origin != upstream.URL {
		t.Errorf("got %q, %v from %s", e.Skip, e.Exchange.Response.Header, e.Origin)
	}
	if !slices.Equal(config.NextProtos, protocols) {
		t.Errorf("the caller's config is changed: %q", config.NextProtos)
	}
	stranger := start(t, &Proxy{Upstream: where})
	if got := stranger.send(t, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 502 ") {
		t.Errorf("an unknown certificate: got %q", got)
	}
	if e := stranger.next(t); e.Skip != NoResponse {
		t.Errorf("an unknown certificate: got %q", e.Skip)
	}
}

func BenchmarkProxy(b *testing.B) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"a":1}`) }))
	defer upstream.Close()
	where, _ := url.Parse(upstream.URL)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	p := &Proxy{Upstream: where, Observe: func(Entry) {}, grace: time.Millisecond}
	go func() { _ = p.Serve(b.Context(), listener) }()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	for b.Loop() {
		response, err := client.Get("http://" + listener.Addr().String() + "/a")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// TestTransport tests how long the proxy waits for a provider, and which services of net/http are off.
func TestTransport(t *testing.T) {
	got := new(Proxy).transport()
	for name, is := range map[string]bool{
		"the head of a response may take two minutes":            got.ResponseHeaderTimeout == 2*time.Minute,
		"a connection is used again within four seconds":         got.IdleConnTimeout == 4*time.Second,
		"an expected 100 may take a second":                      got.ExpectContinueTimeout == time.Second,
		"64 idle connections may stay open":                      got.MaxIdleConnsPerHost == 64,
		"connections are not limited":                            got.MaxConnsPerHost == 0,
		"nothing is unpacked, and the system's proxy is ignored": got.DisableCompression && got.Proxy == nil,
	} {
		if !is {
			t.Errorf("not so: %s", name)
		}
	}
}
