package contract

import "github.com/quotaspec/quotaspec/contract/internal/wire"

// ErrNotHTTP is given for bytes that are no HTTP/1 message.
var ErrNotHTTP = wire.ErrNotHTTP

// ParseRequest reads the bytes of one HTTP/1 request up to the end of the connection. Faults of its framing are kept for
// the judge; only bytes that do not begin like a request are an error.
func ParseRequest(raw []byte) (Request, error) {
	r, err := wire.ParseRequest(raw)
	if err != nil {
		return Request{}, err
	}
	return Request{Method: r.Method, Target: r.Target, Header: r.Header, Body: r.Body, framingErrors: r.FramingErrors}, nil
}

// ParseResponse reads the bytes of one HTTP/1 response up to the end of the connection. Faults of its framing are kept for
// the judge; only bytes that do not begin like a response are an error.
func ParseResponse(raw []byte) (Response, error) {
	r, err := wire.ParseResponse(raw)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: r.Status, Header: r.Header, Body: r.Body, faults: r.FramingErrors}, nil
}
