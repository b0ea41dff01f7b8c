package contract

import "github.com/quotaspec/quotaspec/contract/internal/wire"

// ErrNotHTTP is the error of ParseRequest and ParseResponse for bytes that do not begin like an HTTP/1 message.
var ErrNotHTTP = wire.ErrNotHTTP

// ParseRequest parses the bytes of one HTTP/1 request, up to the end of the connection. Framing errors do not stop it: the
// judge reports them as findings. The only error is ErrNotHTTP.
func ParseRequest(raw []byte) (Request, error) {
	r, err := wire.ParseRequest(raw)
	if err != nil {
		return Request{}, err
	}
	return Request{Method: r.Method, Target: r.Target, Header: r.Header, Body: r.Body, framingErrors: r.FramingErrors}, nil
}

// ParseResponse parses the bytes of one HTTP/1 response, up to the end of the connection, and skips interim responses.
// Framing errors do not stop it: the judge reports them as findings. The only error is ErrNotHTTP.
func ParseResponse(raw []byte) (Response, error) {
	r, err := wire.ParseResponse(raw)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: r.Status, Header: r.Header, Body: r.Body, framingErrors: r.FramingErrors}, nil
}
