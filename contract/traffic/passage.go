package traffic

import (
	"cmp"
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

// passage is an exchange on its way through the proxy.
type passage struct {
	proxy   *Proxy
	request contract.Request // without its body
	length  int64            // of the request body, as announced
	asked   *watched         // the request body
	told    *watched         // the response body, as net/http reads it; nil: there was no answer
	answer  *keep            // the bytes of the answer
	status  int
	err     error // why there was no answer
	fresh   bool  // it went over a connection of its own: one that was used before may have been closed rightly
	left    bool  // the consumer did not wait for the end
	started time.Time
	took    time.Duration
}

// ServeHTTP passes one request on.
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
	x := p.newPassage(r)
	// The reverse proxy panics to break a connection off when the provider did.
	defer func() {
		x.took = time.Since(x.started)
		x.left = r.Context().Err() != nil
		p.deliver(x)
	}()
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: x.gotConn}))
	r.Body = x.asked
	reverse := httputil.ReverseProxy{
		Rewrite: p.rewrite, Transport: p.client, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0),
		ModifyResponse: x.answered, ErrorHandler: x.unanswered,
	}
	reverse.ServeHTTP(untouched{w}, r)
}

func (p *Proxy) newPassage(r *http.Request) *passage {
	limit := cmp.Or(p.CaptureLimit, DefaultCaptureLimit)
	x := &passage{proxy: p, length: r.ContentLength, started: time.Now(), answer: &keep{limit: limit, held: &p.held}}
	x.asked = &watched{ReadCloser: r.Body, kept: &keep{limit: limit, held: &p.held}}
	x.request = contract.Request{Method: r.Method, Target: originForm(r.RequestURI), Header: r.Header.Clone()}
	x.request.Header.Set("Host", r.Host)
	if len(r.TransferEncoding) > 0 {
		x.request.Header["Transfer-Encoding"] = r.TransferEncoding
	}
	return x
}

// originForm takes scheme and host away, which some consumers send to a proxy.
func originForm(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	_, _, origin := splitURL(target)
	return origin
}

// rewrite turns the request to the upstream and undoes what the reverse proxy and net/url would change in it.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	target := originForm(r.In.RequestURI)
	out := &url.URL{Scheme: p.Upstream.Scheme, Host: p.Upstream.Host, Opaque: target}
	if target != "*" {
		out.Opaque = strings.TrimSuffix(p.Upstream.EscapedPath(), "/") + target
	}
	if strings.HasPrefix(out.Opaque, "//") {
		// net/url would take its beginning for a host.
		out.Opaque, out.Path, out.RawPath, out.RawQuery, out.ForceQuery = "", r.In.URL.Path, r.In.URL.RawPath, r.In.URL.RawQuery, r.In.URL.ForceQuery
	}
	r.Out.URL, r.Out.Host, r.Out.Trailer = out, p.Upstream.Host, r.In.Trailer
	// Else net/http would ask the consumer for a body that the provider refused, to use the connection again.
	r.Out.Close = r.In.Header.Get("Expect") != ""
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
}

// gotConn is called with the connection that a request goes over; again where the first one turned out to be closed, of
// which nothing was read then.
func (x *passage) gotConn(info httptrace.GotConnInfo) {
	if t, ok := info.Conn.(*tap); ok {
		t.kept.Store(x.answer)
	}
	x.fresh = !info.Reused
}

// answered is called with the head of the answer.
func (x *passage) answered(r *http.Response) error {
	x.status = r.StatusCode
	if r.StatusCode < 100 {
		return fmt.Errorf("status %d", r.StatusCode)
	}
	if r.StatusCode == http.StatusSwitchingProtocols {
		x.answer.seal() // what follows is another protocol
		x.answer.release()
		return nil
	}
	x.told = &watched{ReadCloser: r.Body}
	r.Body = x.told
	return nil
}

// unanswered tells the consumer that the provider gave no answer that can be passed on.
func (x *passage) unanswered(w http.ResponseWriter, _ *http.Request, err error) {
	x.err = err
	status, what := http.StatusBadGateway, "gave no answer that can be passed on"
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case x.asked.broke():
		status, what = http.StatusBadRequest, "was not asked: the body of the request broke off"
	case isTimeout(err):
		status, what = http.StatusGatewayTimeout, "gave no answer in time"
	case isOp && op.Op == "dial":
		what = "cannot be reached"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "quotaspec: %s %s\n", x.proxy.Upstream.Host, what)
}

func isTimeout(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

// seal ends the keeping on both sides, and says whether memory was too short for the exchange.
func (x *passage) seal() (lost bool) {
	x.asked.kept.seal()
	x.answer.seal()
	return x.asked.kept.lost || x.answer.lost
}

func (x *passage) release() {
	x.asked.kept.release()
	x.answer.release()
}

// untouched keeps net/http from adding a Date and a Content-Type that the provider did not send.
type untouched struct{ http.ResponseWriter }

func (w untouched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w untouched) WriteHeader(status int) {
	for _, name := range []string{"Date", "Content-Type"} {
		if _, ok := w.Header()[name]; !ok {
			w.Header()[name] = nil
		}
	}
	w.ResponseWriter.WriteHeader(status)
}
