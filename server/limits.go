package server

import (
	"crypto/sha256"
	"io"
	"net/http"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The limits of the vendor's gateway in bytes (API Gateway, error codes, rows of APIGW.0201). The documents have one status for
// all of them.
const (
	maxURI     = 32 << 10
	maxHeader  = 32 << 10  // one header, name and value
	maxHeaders = 128 << 10 // all of them
	maxBody    = 12 << 20
)

func checkSize(r *http.Request) error {
	uri := r.RequestURI
	if uri == "" { // the request was made in this process
		uri = r.URL.RequestURI()
	}
	if len(uri) > maxURI || r.ContentLength > maxBody {
		return fail(spec.TooLarge)
	}
	sum := 0
	for name, values := range r.Header {
		for _, value := range values {
			size := len(name) + len(value)
			if size > maxHeader {
				return fail(spec.TooLarge)
			}
			sum += size
		}
	}
	if sum > maxHeaders {
		return fail(spec.TooLarge)
	}
	return nil
}

// readBody reads a body up to the limit and returns its SHA-256 hash, which may be signed. No operation needs the body itself.
func readBody(r *http.Request) (hash [sha256.Size]byte, err error) {
	if r.Body == nil || r.Body == http.NoBody {
		return sha256.Sum256(nil), nil
	}
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r.Body, maxBody+1))
	if n > maxBody || err != nil { // the gateway reports both as "request error"
		return hash, fail(spec.TooLarge)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
