package contract

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
)

// FromHTTP makes an exchange of a request and its response, at a client or at a server. Both bodies are read and put back,
// so that the caller can read them again. A body of more than 16 MiB is an error: it would not be judged.
//
// What net/http has changed already is not judged: the framing, and the coding of a body that it has decoded.
func FromHTTP(req *http.Request, resp *http.Response) (Exchange, error) {
	sent := req.Body
	if req.GetBody != nil { // of a client: its body was read when it was sent
		var err error
		if sent, err = req.GetBody(); err != nil {
			return Exchange{}, fmt.Errorf("read the request: %w", err)
		}
	}
	asked, err := readBody(&sent)
	if req.GetBody == nil {
		req.Body = sent
	}
	if err != nil {
		return Exchange{}, fmt.Errorf("read the request: %w", err)
	}
	answered, err := readBody(&resp.Body)
	if err != nil {
		return Exchange{}, fmt.Errorf("read the response: %w", err)
	}
	ex := Exchange{
		Request: Request{
			Method: cmp.Or(req.Method, http.MethodGet), Target: req.URL.RequestURI(), Header: req.Header, Body: asked,
		},
		Response: Response{Status: resp.StatusCode, Header: resp.Header, Body: answered},
	}
	if req.URL.IsAbs() {
		ex.Origin = req.URL.Scheme + "://" + req.URL.Host
	}
	if resp.Uncompressed {
		ex.Unrecorded |= UnrecordedFraming
	}
	return ex, nil
}

// readBody reads a body and puts what was read in its place.
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

// CheckHTTP judges a request and its response, as FromHTTP makes an exchange of them. The error is FromHTTP's.
func (j *Judge) CheckHTTP(req *http.Request, resp *http.Response) (Result, error) {
	ex, err := FromHTTP(req, resp)
	if err != nil {
		return Result{}, err
	}
	return j.Check(ex), nil
}
