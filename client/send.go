package client

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"compress/zlib"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxBody is the limit of a body in bytes, a thousand times the size of the documented examples.
const maxBody = 1 << 20

var errTooLong = fmt.Errorf("body of more than %d bytes", maxBody)

// sender sends the requests of the generated clients (their HttpRequestDoer). For each try it clones the request, adds
// credentials, and reads the body of the response whole. It repeats the request until the response is final or the retries are
// used up:
//
//	send: try 503, wait 0.5 s, try 503, wait 1 s, try 200
type sender struct {
	client    *Client
	http      *http.Client
	projectID string // for a signed request
}

func (c *Client) sender() (*sender, error) {
	if err := c.checkCredentials(); err != nil {
		return nil, err
	}
	return &sender{client: c, http: c.httpClient()}, nil
}

// Do sends a request, which must have no body, with retries. The body of the response is read already.
func (s *sender) Do(request *http.Request) (*http.Response, error) {
	response, read, err := s.send(request)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(read.data), end{read.err}))
	return response, nil
}

func (s *sender) send(request *http.Request) (*http.Response, *body, error) {
	ctx := request.Context()
	for try := 0; ; try++ {
		response, read, err := s.try(request)
		if try >= cmp.Or(s.client.Retries, 3) || ctx.Err() != nil || !temporary(response, err) {
			return response, read, err
		}
		wait, ok := pause(try, response)
		deadline, limited := ctx.Deadline()
		tooLate := limited && time.Until(deadline) < wait
		if !ok || tooLate {
			return response, read, err
		}
		if sleep(ctx, wait) != nil {
			if err == nil {
				err = fmt.Errorf("status %d", response.StatusCode)
			}
			return nil, nil, fmt.Errorf("%w, while waiting after %s", ctx.Err(), err.Error())
		}
	}
}

// try sends a clone of the request, so that each try has its own signature, and a transport that still reads the headers of one
// try does not see those of the next.
func (s *sender) try(request *http.Request) (*http.Response, *body, error) {
	ctx := request.Context()
	sent := request.Clone(ctx)
	if err := s.client.authenticate(ctx, sent, s.projectID); err != nil {
		return nil, nil, &localError{err}
	}
	response, err := s.http.Do(sent) //nolint:gosec // the caller chooses the URL
	if err != nil {
		return nil, nil, s.client.redactError(err, sent)
	}
	response.Request = sent
	read := readBody(response)
	_ = response.Body.Close()
	incomplete := read.err != nil && !errors.Is(read.err, errTooLong)
	needed := response.StatusCode == http.StatusOK || ctx.Err() != nil // an error status is enough without its body
	if incomplete && needed {
		return nil, nil, s.client.redactError(fmt.Errorf("reading the body: %w", read.err), sent)
	}
	return response, read, nil
}

// localError is an error from before the request was sent. A retry would meet it again.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }

// temporary reports whether a retry may succeed. All requests are GET, so repeating one does no harm.
func temporary(response *http.Response, err error) bool {
	if err == nil {
		switch response.StatusCode {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var (
		local       *localError
		certificate *tls.CertificateVerificationError
		name        *net.DNSError
	)
	unknownHost := errors.As(err, &name) && name.IsNotFound
	return !unknownHost && !errors.As(err, &local) && !errors.As(err, &certificate)
}

// body is the body of a response, read whole or up to an error.
type body struct {
	data []byte
	err  error // of reading; nil: the body is complete
}

// end is a reader without bytes. It ends with the error, or with io.EOF if that is nil.
type end struct{ err error }

func (e end) Read([]byte) (int, error) { return 0, cmp.Or(e.err, io.EOF) }

// readBody reads and decodes a body up to the limit. With an error it returns the bytes before the error.
func readBody(response *http.Response) *body {
	b := &body{}
	reader, err := decoder(response)
	if err == nil {
		b.data, err = io.ReadAll(io.LimitReader(reader, maxBody+1))
	}
	if b.err = err; len(b.data) > maxBody {
		b.data, b.err = b.data[:maxBody], errTooLong
	}
	return b
}

// decoder decodes gzip and deflate. net/http decodes only a gzip that it requested itself, but some gateways compress without
// a request for it.
func decoder(response *http.Response) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(response.Header.Get("Content-Encoding"))) {
	case "gzip", "x-gzip":
		return gzip.NewReader(io.LimitReader(response.Body, maxBody+1))
	case "deflate":
		return zlib.NewReader(io.LimitReader(response.Body, maxBody+1))
	}
	return response.Body, nil
}
