package contract

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// FromHTTP makes an exchange of a request and its response, in a client or in a server. Call it before you read either body:
// it reads both and replaces them, so that you can read them again. The body of a request that was already sent comes from
// Request.GetBody, which [http.NewRequest] sets for a bytes.Buffer, a bytes.Reader and a strings.Reader; set it
// yourself for any other body.
//
// The error is about a body that cannot be read, was read before, or has more than 16 MiB, which the judge would not judge.
// A missing request or response is an error, too: the response of an httptest.ResponseRecorder does not have its request.
//
// Whatever net/http hides is not judged: the framing, and the Content-Encoding of a body that it decoded.
func FromHTTP(req *http.Request, resp *http.Response) (Exchange, error) {
	switch {
	case req == nil:
		return Exchange{}, errors.New("the request is nil")
	case req.URL == nil:
		return Exchange{}, errors.New("the request has no URL")
	case resp == nil:
		return Exchange{}, errors.New("the response is nil")
	}
	sent := req.Body
	if req.GetBody != nil { // the body of a client's request was read when it was sent
		var err error
		if sent, err = req.GetBody(); err != nil {
			return Exchange{}, fmt.Errorf("read the request: %w", err)
		}
	}
	request, err := readBody(&sent)
	if req.GetBody == nil {
		req.Body = sent
	}
	if err != nil {
		return Exchange{}, fmt.Errorf("read the request: %w", err)
	}
	if req.GetBody == nil && req.ContentLength > 0 && len(request) == 0 {
		return Exchange{}, errors.New("read the request: its body was already read, and it has no GetBody to read it again")
	}
	response, err := readBody(&resp.Body)
	if err != nil {
		return Exchange{}, fmt.Errorf("read the response: %w", err)
	}
	ex := Exchange{
		Request: Request{
			Method: cmp.Or(req.Method, http.MethodGet), Target: req.URL.RequestURI(), Header: req.Header, Body: request,
		},
		Response: Response{Status: resp.StatusCode, Header: resp.Header, Body: response},
	}
	if req.URL.IsAbs() {
		ex.Origin = req.URL.Scheme + "://" + req.URL.Host
	}
	if resp.Uncompressed {
		ex.Unrecorded |= UnrecordedFraming
	}
	return ex, nil
}

// readBody reads a body and replaces it by one that can be read from the start. It restores a body that is too large too.
func readBody(body *io.ReadCloser) ([]byte, error) {
	if *body == nil || *body == http.NoBody {
		return nil, nil
	}
	data, err := io.ReadAll(io.LimitReader(*body, maxBody+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBody {
		*body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(data), *body), *body}
		return nil, fmt.Errorf("the body has more than %d MiB", maxBody>>20)
	}
	if err := (*body).Close(); err != nil {
		return nil, err
	}
	*body = io.NopCloser(bytes.NewReader(data))
	return data, nil
}

// CheckHTTP judges a request and its response in a client or in a server. You can read both bodies again. The error is that
// of [FromHTTP]: the exchange was not judged. Use [Result.Err] for the verdict on the provider, and [Result.ErrFor] with
// Consumer for that on the request.
func (j *Judge) CheckHTTP(req *http.Request, resp *http.Response) (Result, error) {
	ex, err := FromHTTP(req, resp)
	if err != nil {
		return Result{}, err
	}
	return j.Check(ex), nil
}
