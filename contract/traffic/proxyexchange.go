package traffic

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// proxiedExchange is an exchange on its way through the proxy. httputil.ReverseProxy forwards it and calls its methods:
// gotConn when a connection is chosen, then gotResponse for the head of a response or failed if there is none. Afterwards entry
// makes of it what the observer gets, and skip decides whether it can be judged:
//
//	ServeHTTP → rewrite → gotConn → gotResponse or failed → bodies are copied → deliver      the consumer's goroutine
//	                                                                              ↓
//	                                                             entry → Observe             the observer's goroutine
type proxiedExchange struct {
	proxy         *Proxy
	request       contract.Request // without its body
	requestLength int64            // of the body, as announced; -1: unknown
	requestBody   *trackedBody
	response      *capture     // the bytes of the response
	responseBody  *trackedBody // as net/http decodes it; nil: there was no response
	status        int
	err           error // why there was no response
	newConn       bool  // the connection served no exchange before: a used one may have been closed rightly
	consumerLeft  bool  // before the exchange ended
	started       time.Time
	took          time.Duration
}

// ServeHTTP forwards one request and delivers the exchange to the observer.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		http.Error(w, "quotaspec: this proxy makes no tunnels", http.StatusNotImplemented)
		return
	case !p.open.TryRLock():
		http.Error(w, "quotaspec: the proxy is closing", http.StatusServiceUnavailable)
		return
	}
	defer p.open.RUnlock()
	x := p.newExchange(r)
	// Deferred: the reverse proxy panics to close the consumer's connection when the provider closed its own early.
	defer func() {
		x.took = time.Since(x.started)
		x.consumerLeft = r.Context().Err() != nil
		p.deliver(x)
	}()
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: x.gotConn}))
	r.Body = x.requestBody
	reverse := httputil.ReverseProxy{
		Rewrite: p.rewrite, Transport: p.client, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0),
		ModifyResponse: x.gotResponse, ErrorHandler: x.failed,
	}
	reverse.ServeHTTP(plainResponseWriter{w}, r)
}

func (p *Proxy) newExchange(r *http.Request) *proxiedExchange {
	limit := cmp.Or(p.CaptureLimit, defaultCaptureLimit)
	x := &proxiedExchange{
		proxy: p, requestLength: r.ContentLength, started: time.Now(), response: &capture{limit: limit, buffered: &p.buffered},
		requestBody: &trackedBody{ReadCloser: r.Body, capture: &capture{limit: limit, buffered: &p.buffered}},
		request:     contract.Request{Method: r.Method, Target: originForm(r.RequestURI), Header: r.Header.Clone()},
	}
	x.request.Header.Set("Host", r.Host)
	if len(r.TransferEncoding) > 0 {
		x.request.Header["Transfer-Encoding"] = r.TransferEncoding
	}
	return x
}

// originForm removes scheme and host, which some consumers send to a proxy.
func originForm(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	_, _, origin := splitURL(target)
	return origin
}

// rewrite directs the request to the upstream and undoes what the reverse proxy and net/url would change in it.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	target := originForm(r.In.RequestURI)
	out := &url.URL{Scheme: p.Upstream.Scheme, Host: p.Upstream.Host, Opaque: target}
	if target != "*" {
		out.Opaque = strings.TrimSuffix(p.Upstream.EscapedPath(), "/") + target
	}
	if strings.HasPrefix(out.Opaque, "//") {
		// net/url would take the first segment for a host.
		in := r.In.URL
		out.Opaque, out.Path, out.RawPath, out.RawQuery, out.ForceQuery = "", in.Path, in.RawPath, in.RawQuery, in.ForceQuery
	}
	r.Out.URL, r.Out.Host, r.Out.Trailer = out, p.Upstream.Host, r.In.Trailer
	// To reuse the connection, net/http would request a body from the consumer that the provider refused.
	r.Out.Close = r.In.Header.Get("Expect") != ""
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
}

// gotConn attaches the capture to the connection that the request uses. net/http calls it again if the first connection turned
// out to be closed; nothing was read from that one.
func (x *proxiedExchange) gotConn(info httptrace.GotConnInfo) {
	if conn, ok := info.Conn.(*captureConn); ok {
		conn.capture.Store(x.response)
	}
	x.newConn = !info.Reused
}

// gotResponse is called with the head of the response.
func (x *proxiedExchange) gotResponse(r *http.Response) error {
	x.status = r.StatusCode
	if r.StatusCode < 100 {
		return fmt.Errorf("status %d", r.StatusCode)
	}
	if r.StatusCode == http.StatusSwitchingProtocols {
		x.response.seal() // what follows is another protocol
		x.response.release()
		return nil
	}
	x.responseBody = &trackedBody{ReadCloser: r.Body}
	r.Body = x.responseBody
	return nil
}

// failed responds to the consumer where the provider sent nothing that can be forwarded.
func (x *proxiedExchange) failed(w http.ResponseWriter, _ *http.Request, err error) {
	x.err = err
	status, problem := http.StatusBadGateway, "sent no response that can be forwarded"
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case x.requestBody.brokenOff():
		status, problem = http.StatusBadRequest, "got no request: its body broke off"
	case isTimeout(err):
		status, problem = http.StatusGatewayTimeout, "did not respond in time"
	case isOp && op.Op == "dial":
		problem = "cannot be reached"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "quotaspec: %s %s\n", x.proxy.Upstream.Host, problem)
}

func isTimeout(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

// seal ends both captures and reports whether memory was too short for one of them.
func (x *proxiedExchange) seal() (lost bool) {
	x.requestBody.capture.seal()
	x.response.seal()
	return x.requestBody.capture.lost || x.response.lost
}

func (x *proxiedExchange) release() {
	x.requestBody.capture.release()
	x.response.release()
}

// entry is the exchange as the observer gets it.
func (x *proxiedExchange) entry() Entry {
	e := Entry{
		Exchange: contract.Exchange{Request: x.request, Response: contract.Response{Status: x.status}},
		Origin:   x.proxy.Upstream.Scheme + "://" + x.proxy.Upstream.Host, Number: int(x.proxy.number.Add(1)),
		Started: x.started, Took: x.took,
	}
	ex := &e.Exchange
	ex.Request.Body = x.requestBody.capture.data
	if end := x.requestBody.ended(); !errors.Is(end, io.EOF) && int64(x.requestBody.capture.total) != x.requestLength {
		ex.Unrecorded |= contract.UnrecordedRequestBody // the provider responded before it had read the whole body
	}
	if e.Skip = x.skip(); e.Skip != "" {
		return e
	}
	if x.response.total == 0 {
		ex.Response.AddFramingError(contract.NoResponse, "the connection closed")
	} else {
		response, err := contract.ParseResponse(x.response.data)
		if err != nil {
			e.Skip = NotHTTP
			return e
		}
		ex.Response = response
	}
	if ex.Request.IsPreflight() {
		e.Skip = Preflight
	}
	return e
}

// skip returns why the exchange cannot be judged, "" if it can. A response that the provider broke off is judged as far as it
// came. The provider is not blamed for what the consumer broke off.
func (x *proxiedExchange) skip() Reason {
	byConsumer := func(err error) bool { return errors.Is(err, context.Canceled) || x.consumerLeft }
	tooLarge := x.requestBody.capture.tooLarge || x.response.tooLarge
	if x.err != nil {
		closedBefore := x.response.total == 0 && !x.newConn
		switch {
		case byConsumer(x.err), x.requestBody.brokenOff():
			return CutOff
		case closedBefore, isTimeout(x.err):
			return NoResponse
		case tooLarge:
			return TooLarge
		}
		return "" // a head that net/http does not accept, or a connection that the provider closed without a response
	}
	switch {
	case x.status == http.StatusSwitchingProtocols:
		return Upgraded
	case tooLarge:
		return TooLarge
	case x.responseBody == nil, x.responseBody.ended() == nil, x.responseBody.brokenOff() && byConsumer(x.responseBody.ended()):
		return CutOff
	}
	return ""
}

// plainResponseWriter keeps net/http from adding a Date and a Content-Type that the provider did not send.
type plainResponseWriter struct{ http.ResponseWriter }

func (w plainResponseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w plainResponseWriter) WriteHeader(status int) {
	for _, name := range []string{"Date", "Content-Type"} {
		if _, ok := w.Header()[name]; !ok {
			w.Header()[name] = nil
		}
	}
	w.ResponseWriter.WriteHeader(status)
}
