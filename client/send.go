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

// maxBody is how many bytes a body may have: a thousand times those of the documented examples.
const maxBody = 1 << 20

var errTooLong = fmt.Errorf("body of more than %d bytes", maxBody)

// sender is what the generated clients send with: it adds credentials, reads bodies whole, and tries again.
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

// Do sends a request, which must have no body, until there is an answer that another try would not change.
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
		response, read, err := s.once(request)
		if try >= s.retries() || ctx.Err() != nil || !passing(response, err) {
			return response, read, err
		}
		wait, ok := pause(try, response)
		if deadline, limited := ctx.Deadline(); !ok || limited && time.Until(deadline) < wait {
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

func (s *sender) retries() int {
	if s.client.Retries == 0 {
		return 3
	}
	return s.client.Retries
}

// once sends a copy, so that each try is signed anew and no transport reads what the next one writes.
func (s *sender) once(request *http.Request) (*http.Response, *body, error) {
	ctx := request.Context()
	sent := request.Clone(ctx)
	if err := s.client.authenticate(ctx, sent, s.projectID); err != nil {
		return nil, nil, &localError{err}
	}
	response, err := s.http.Do(sent) //nolint:gosec // the caller says where to
	if err != nil {
		return nil, nil, s.client.withoutSecrets(err, sent)
	}
	response.Request = sent
	read := readBody(response)
	_ = response.Body.Close()
	// Of a refusal the status says enough, even where its body broke off.
	if read.err != nil && !errors.Is(read.err, errTooLong) && (response.StatusCode == http.StatusOK || ctx.Err() != nil) {
		return nil, nil, s.client.withoutSecrets(fmt.Errorf("reading the body: %w", read.err), sent)
	}
	return response, read, nil
}

// localError is one that arose here, before anything was sent.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }

// passing tells whether another try may meet something else. All requests are GET, so that none does harm.
func passing(response *http.Response, err error) bool {
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
	lasting := errors.As(err, &local) || errors.As(err, &certificate) || errors.As(err, &name) && name.IsNotFound
	return !lasting
}

// body is one that was read already.
type body struct {
	data []byte
	err  error // what reading ended with in place of the end
}

// end is the end of a body, or what reading it ended with instead.
type end struct{ err error }

func (e end) Read([]byte) (int, error) { return 0, cmp.Or(e.err, io.EOF) }

// readBody reads a body up to the limit. What it could read is there beside its error.
func readBody(response *http.Response) *body {
	b := &body{}
	coded, err := decoded(response)
	if err == nil {
		b.data, err = io.ReadAll(io.LimitReader(coded, maxBody+1))
	}
	if b.err = err; len(b.data) > maxBody {
		b.data, b.err = b.data[:maxBody], errTooLong
	}
	return b
}

// decoded undoes a content coding that net/http left in place: one that it did not ask for.
func decoded(response *http.Response) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(response.Header.Get("Content-Encoding"))) {
	case "gzip", "x-gzip":
		return gzip.NewReader(io.LimitReader(response.Body, maxBody+1))
	case "deflate":
		return zlib.NewReader(io.LimitReader(response.Body, maxBody+1))
	}
	return response.Body, nil
}
