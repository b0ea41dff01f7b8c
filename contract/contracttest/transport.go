package contracttest

import (
	"cmp"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/quotaspec/quotaspec/contract"
)

// Transport returns a transport that sends requests by base, or by http.DefaultTransport if base is nil, and judges both
// sides of each exchange. A response is judged when its body was read to its end or closed, at the latest when the test ends.
//
// Requests are judged as base gets them. If a transport adds credentials, give it this one as its base. The result of a
// request that has no response is the error of base, and nothing is judged.
func (c *Check) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{check: c, base: base}
}

type transport struct {
	check *Check
	base  http.RoundTripper
}

// CloseIdleConnections is what [http.Client.CloseIdleConnections] calls.
func (t *transport) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// RoundTrip sends a request. A body without GetBody is copied while base reads it; of any other the judge gets a copy of its
// own when the response is there, before the consumer can use the buffer for the next request. So the request stays as it is:
// its type of body, its length, what base does with Expect and with a second attempt.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	call := &call{check: t.check, getBody: req.GetBody, length: req.ContentLength, isRedirect: req.Response != nil}
	call.ex.Request = contract.Request{
		Method: cmp.Or(req.Method, http.MethodGet), Target: req.URL.RequestURI(),
		Header: headerOf(req.Header, cmp.Or(req.Host, req.URL.Host)),
	}
	if _, isSet := req.Header["User-Agent"]; !isSet {
		call.ex.Request.Header.Set("User-Agent", "Go-http-client/1.1") // as net/http sends it
	}
	setLength(call.ex.Request.Header, req)
	call.ex.Origin = req.URL.Scheme + "://" + req.URL.Host
	sent := req
	call.hasBody = req.Body != nil && req.Body != http.NoBody
	if call.hasBody && req.GetBody == nil {
		copied := *req // a transport must not change the request
		copied.Body = &tee{ReadCloser: req.Body, copy: &call.request}
		sent = &copied
	}
	resp, err := t.base.RoundTrip(sent)
	if err != nil || resp == nil {
		return resp, err
	}
	if resp.Request == sent {
		resp.Request = req
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return resp, nil // what follows is not HTTP, and the body must stay a writer
	}
	call.readRequest()
	call.answered(resp)
	return resp, nil
}

// call is an exchange of a consumer, from its request to the end of its response.
type call struct {
	check      *Check
	ex         contract.Exchange
	hasBody    bool // of the request, as are getBody, length and request
	getBody    func() (io.ReadCloser, error)
	length     int64
	request    capture
	response   capture
	announced  int64 // the length of the response; -1: unknown
	isRedirect bool
	once       sync.Once
}

// answered notes a response, and judges it at once if it has no body.
func (c *call) answered(resp *http.Response) {
	c.ex.Response = contract.Response{Status: resp.StatusCode, Header: canonical(resp.Header)}
	if resp.Uncompressed {
		c.ex.Unrecorded |= contract.UnrecordedFraming
	}
	c.announced = resp.ContentLength
	if c.ex.Request.Method == http.MethodHead || resp.Body == nil || resp.Body == http.NoBody {
		c.response.end()
		c.finish()
		return
	}
	c.check.mu.Lock()
	c.check.pending[c] = true
	c.check.mu.Unlock()
	resp.Body = &tee{ReadCloser: resp.Body, copy: &c.response, atEnd: c.finish}
}

// finish judges the exchange with what was read of its bodies. Only the first call counts.
func (c *call) finish() {
	c.once.Do(func() {
		c.check.mu.Lock()
		delete(c.check.pending, c)
		c.check.mu.Unlock()
		var isWhole bool
		if c.ex.Response.Body, isWhole = c.response.take(c.announced, c.ex.Response.Header.Get("Content-Type")); !isWhole {
			c.ex.Unrecorded |= contract.UnrecordedResponseBody
		}
		if int64(len(c.ex.Response.Body)) < c.announced { // nobody read the white space at its end
			c.ex.Unrecorded |= contract.UnrecordedFraming
		}
		if c.hasBody && c.getBody == nil {
			if c.ex.Request.Body, isWhole = c.request.take(c.length, c.ex.Request.Header.Get("Content-Type")); !isWhole {
				c.ex.Unrecorded |= contract.UnrecordedRequestBody
			}
		}
		c.check.judge(c.ex, contract.Both, c.isRedirect)
	})
}

// readRequest reads a body that has GetBody.
func (c *call) readRequest() {
	if !c.hasBody || c.getBody == nil {
		return
	}
	body, err := c.getBody()
	if err == nil {
		c.ex.Request.Body, err = io.ReadAll(io.LimitReader(body, maxBody+1))
		_ = body.Close()
	}
	if isWhole := err == nil && len(c.ex.Request.Body) <= maxBody; !isWhole {
		c.ex.Request.Body = nil
		c.ex.Unrecorded |= contract.UnrecordedRequestBody
	}
}

// setLength sets the Content-Length that net/http sends, whatever the header of the request says.
func setLength(header http.Header, req *http.Request) {
	hasBody := req.Body != nil && req.Body != http.NoBody
	isUsual := req.Method == http.MethodPost || req.Method == http.MethodPut || req.Method == http.MethodPatch
	delete(header, "Content-Length")
	switch {
	case hasBody && req.ContentLength > 0:
		header.Set("Content-Length", strconv.FormatInt(req.ContentLength, 10))
	case !hasBody && isUsual:
		header.Set("Content-Length", "0")
	}
}

// headerOf returns the header of a request as it is sent: net/http has the Host in a field of its own.
func headerOf(header http.Header, host string) http.Header {
	sent := canonical(header)
	if host != "" {
		sent["Host"] = []string{host}
	}
	return sent
}

// canonical returns a copy of a header with the names that the judge looks for. A program may write them otherwise, in HTTP
// their case means nothing: header["ETag"] has the place of header["Etag"].
func canonical(header http.Header) http.Header {
	sent := make(http.Header, len(header)+1)
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		sent[name] = append(sent[name], values...)
	}
	return sent
}
