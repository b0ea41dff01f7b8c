package traffic

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// defaultCaptureLimit is how many bytes of a request body, and of a whole response, are captured for the observer.
	defaultCaptureLimit = 16 << 20
	// maxBuffered is how many bytes are captured at once, of exchanges under way and of those that wait for the observer.
	maxBuffered = 16 * defaultCaptureLimit
	// maxWaiting is how many exchanges may wait for the observer.
	maxWaiting = 1024

	dialTimeout     = 10 * time.Second
	headTimeout     = 30 * time.Second // for the head of a request
	responseTimeout = 2 * time.Minute  // for the head of a response; its body has no limit
	idleTimeout     = 2 * time.Minute  // between two requests of a consumer
	reuseTimeout    = 4 * time.Second  // for an idle connection to the provider: many close theirs after five
	shutdownGrace   = 5 * time.Second
)

// Proxy forwards traffic to a provider and shows every exchange to an observer.
//
// The observer sees what the provider sent, byte for byte: the response is copied from the connection (capture.go), not made
// from what net/http understood. The consumer gets status, headers with their duplicates, body bytes with their
// Content-Encoding, interim responses, trailers and aborts as the provider sent them. The proxy follows no redirect, unpacks
// nothing and adds nothing. net/http changes the following all the same:
//
//   - the order of headers and the case of their names, both ways; the reason phrase; HTTP/1.0 and HTTP/2 become HTTP/1.1
//   - what belongs to one connection: Connection and what it names, Keep-Alive, Proxy-*, TE, Transfer-Encoding, Upgrade; where
//     chunks begin and end; Host, which becomes the provider's
//   - an expected 100 that the provider does not send: after a second the proxy sends one to the consumer
//   - a Content-Length of 0 in a request whose method has no body; Content-Length and Content-Type with a 304,
//     Content-Length with a 204
//   - a response that is not HTTP or has a malformed head becomes a 502, and bytes after the end of a response are lost
//   - a request that net/http refuses gets a 400 and is not forwarded; CONNECT gets a 501
//   - a path that begins with two slashes and has characters that should be escaped is escaped
//
// One goroutine calls the observer. Exchanges wait for it in a channel; if the channel is full or memory is short, the exchange
// is forwarded but not observed, and Dropped counts it.
type Proxy struct {
	Upstream     *url.URL    // scheme and host, and a base path that the document does not know
	Observe      func(Entry) // gets one exchange at a time, after it ended; traffic never waits for it
	CaptureLimit int         // bytes per message; 0: 16 MiB. Larger messages are forwarded but not judged.
	TLS          *tls.Config // for the upstream; nil: the system's defaults

	grace time.Duration // of the shutdown; 0: shutdownGrace. Tests shorten it.

	dropped  atomic.Int64
	buffered atomic.Int64 // bytes in all captures
	number   atomic.Int64
	waiting  chan *proxiedExchange
	client   *http.Transport

	open sync.RWMutex // read-locked by each exchange under way, locked for good by a proxy that has closed
}

// Dropped returns how many exchanges were forwarded but not observed, because the observer was too slow or memory too short.
func (p *Proxy) Dropped() int64 { return p.dropped.Load() }

// Serve forwards traffic until the context ends. Then it waits some seconds for the exchanges under way, and until the observer
// has got all of them. A Proxy serves once. The error is that of the listener; it is nil if the context ended the serving.
func (p *Proxy) Serve(ctx context.Context, listener net.Listener) error {
	p.waiting = make(chan *proxiedExchange, maxWaiting)
	p.client = p.transport()
	defer p.client.CloseIdleConnections()
	// Exchanges may outlive the context by the grace.
	alive, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	server := &http.Server{
		Handler: p, ReadHeaderTimeout: headTimeout, IdleTimeout: idleTimeout, DisableGeneralOptionsHandler: true,
		ErrorLog: log.New(io.Discard, "", 0), BaseContext: func(net.Listener) context.Context { return alive },
	}
	observed := make(chan struct{})
	go func() {
		defer close(observed)
		for x := range p.waiting {
			p.Observe(x.entry())
			x.release()
		}
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(alive, cmp.Or(p.grace, shutdownGrace))
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close()
		}
		err = <-served
	}
	end()
	p.open.Lock() // from here on no exchange begins, and all that began have ended
	close(p.waiting)
	<-observed
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// deliver hands an exchange to the observer, or drops it rather than make traffic wait.
func (p *Proxy) deliver(x *proxiedExchange) {
	if lost := x.seal(); !lost {
		select {
		case p.waiting <- x:
			return
		default:
		}
	}
	p.dropped.Add(1)
	x.release()
}

// transport speaks only HTTP/1.1 to the provider: the judge parses the captured bytes, and cannot parse those of HTTP/2.
func (p *Proxy) transport() *http.Transport {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if p.TLS != nil {
		config = p.TLS.Clone()
	}
	config.NextProtos = []string{"http/1.1"}
	plain := &net.Dialer{Timeout: dialTimeout}
	secure := &tls.Dialer{NetDialer: plain, Config: config}
	return &http.Transport{
		DialContext: capturing(plain.DialContext), DialTLSContext: capturing(secure.DialContext),
		DisableCompression: true, MaxIdleConnsPerHost: 64, IdleConnTimeout: reuseTimeout,
		ResponseHeaderTimeout: responseTimeout, ExpectContinueTimeout: time.Second,
	}
}
