package contracttest

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/quotaspec/quotaspec/contract"
)

// Handler returns a handler that passes each request to h and judges the response when h returns. What h reads and writes
// passes unchanged and at once; flushing, hijacking and http.ResponseController work as before. A panic of h passes on, and
// such an exchange is not judged; nor is a connection that h hijacks. One thing is beyond a wrapper: after http.MaxBytesReader
// has refused a body, net/http keeps the connection open if it can.
func (c *Check) Handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.begin()
		defer c.done()
		ex := contract.Exchange{Request: contract.Request{
			Method: cmp.Or(r.Method, http.MethodGet), Target: r.URL.RequestURI(), // as h gets it: http.StripPrefix may have changed it
			Header: headerOf(r.Header, r.Host),
		}}
		var request capture
		hasBody := r.Body != nil && r.Body != http.NoBody
		inner := *r // net/http looks at the type of r.Body: it would drop the rest of a body of ours at the first flush
		if hasBody {
			inner.Body = &tee{ReadCloser: r.Body, copy: &request}
		}
		length := r.ContentLength
		recorded, outer := newWriter(w, r)
		h.ServeHTTP(outer, &inner)
		inner.Body = r.Body
		*r = inner // what h has parsed: the pattern for a log, the files of a form for net/http to remove
		if recorded.isHijacked {
			return
		}
		if body, isWhole := request.take(length, ex.Request.Header.Get("Content-Type")); hasBody && isWhole {
			ex.Request.Body = body
			if int64(len(body)) < length { // h did not read the white space at its end
				ex.Request.Header.Set("Content-Length", strconv.Itoa(len(body)))
			}
		} else if hasBody {
			ex.Unrecorded |= contract.UnrecordedRequestBody
		}
		recorded.finish(&ex)
		c.judge(ex, contract.Provider, false)
	})
}
