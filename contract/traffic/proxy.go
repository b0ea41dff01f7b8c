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
	// DefaultCaptureLimit is how many bytes of a request body, and of a whole answer, are kept for the observer.
	DefaultCaptureLimit = 16 << 20
	// maxHeld is how many bytes are kept at once, of exchanges under way and of those that wait for the observer.
	maxHeld = 16 * DefaultCaptureLimit
	// maxWaiting is how many exchanges may wait for the observer.
	maxWaiting = 1024

	dialTimeout   = 10 * time.Second
	headTimeout   = 30 * time.Second // for the head of a request
	answerTimeout = 2 * time.Minute  // for the head of an answer; its body may take for ever
	idleTimeout   = 2 * time.Minute  // between two requests of a consumer
	reuseTimeout  = 4 * time.Second  // for a connection to the provider: many close theirs after five
	shutdownGrace = 5 * time.Second
)

// Proxy passes traffic on to a provider and shows every exchange to an observer.
//
// The observer sees what the provider sent, byte for byte: the answer is read off the connection, not out of what net/http
// makes of it. The consumer gets status, headers with their doubles, body bytes with their Content-Encoding, interim answers,
// trailers and aborts as the provider sent them; no redirect is followed, nothing is unpacked and nothing added. What
// net/http does not let through unchanged:
//
//   - the order of headers and the case of their names, both ways; the reason phrase; HTTP/1.0 and HTTP/2 become HTTP/1.1
//   - what belongs to one connection: Connection and what it names, Keep-Alive, Proxy-*, TE, Transfer-Encoding, Upgrade; where
//     chunks begin and end; Host, which becomes the provider's
//   - an expected 100 that the provider does not send: after a second the consumer gets ours
//   - a Content-Length of 0 in a request whose method has no body; Content-Length and Content-Type beside a 304, Content-Length beside a 204
//   - an answer that is no HTTP or has a malformed head becomes a 502, and what follows the end of an answer is lost
//   - a request that net/http refuses is answered 400 by it and passed to nobody; so is CONNECT, with 501
//   - a path that begins with two slashes and has characters that should be escaped is escaped
type Proxy struct {
	Upstream     *url.URL    // scheme and host, and a base path that the document does not know
	Observe      func(Entry) // gets one exchange at a time, after it ended. Traffic never waits for it.
	CaptureLimit int         // how many bytes are kept for the observer; 0: DefaultKeep. What is larger passes all the same.
	TLS          *tls.Config // for the upstream; nil: as the system has it

	grace time.Duration // of the shutdown, where a test is in a hurry

	dropped atomic.Int64
	held    atomic.Int64
	number  atomic.Int64
	waiting chan *passage
	client  *http.Transport

	open sync.RWMutex // held for reading by each exchange under way, and for ever by a proxy that has closed
}

// Dropped says how many exchanges passed that the observer never saw, since it was too slow or memory too short.
func (p *Proxy) Dropped() int64 { return p.dropped.Load() }

// Serve passes traffic until the context ends. Then it lets what was begun end, for some seconds, and the observer see all of it.
// A Proxy serves once.
func (p *Proxy) Serve(ctx context.Context, listener net.Listener) error {
	p.waiting = make(chan *passage, maxWaiting)
	p.client = p.transport()
	defer p.client.CloseIdleConnections()
	// Exchanges outlive the context by the grace, and no longer.
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
	p.open.Lock() // none begins any more, and those that began have ended
	close(p.waiting)
	<-observed
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// deliver gives an exchange to the observer, or drops it: traffic goes before.
func (p *Proxy) deliver(x *passage) {
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

// transport reaches the provider by HTTP/1.1 only: the observer is shown bytes, and those of HTTP/2 are another language.
func (p *Proxy) transport() *http.Transport {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if p.TLS != nil {
		config = p.TLS.Clone()
	}
	config.NextProtos = []string{"http/1.1"}
	plain := &net.Dialer{Timeout: dialTimeout}
	secure := &tls.Dialer{NetDialer: plain, Config: config}
	return &http.Transport{
		DialContext: tapped(plain.DialContext), DialTLSContext: tapped(secure.DialContext),
		DisableCompression: true, MaxIdleConnsPerHost: 64, IdleConnTimeout: reuseTimeout,
		ResponseHeaderTimeout: answerTimeout, ExpectContinueTimeout: time.Second,
	}
}
