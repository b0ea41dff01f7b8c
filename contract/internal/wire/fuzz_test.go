package wire

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
)

func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST /a?b=c HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", "GET /%zz?%zz;& HTTP/1.0\n\n",
		"get * HTTP/1.1\r\n: x\r\nA : 1\r\n\r\n",
		"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
		"GET http://h/a HTTP/1.1\r\n a\r\n\r\n", "GET / HTTP/1.1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ParseRequest(raw)
		if err != nil {
			if !errors.Is(err, ErrNotHTTP) || r.Header != nil || r.Body != nil || r.FramingErrors != nil {
				t.Fatalf("%q: got %v beside %+v", raw, err, r)
			}
			return
		}
		if r.Method == "" || r.Target == "" || strings.ContainsAny(r.Method+r.Target, " \n") || len(r.Body) > len(raw) {
			t.Errorf("%q: got method %q, target %q and %d bytes of %d", raw, r.Method, r.Target, len(r.Body), len(raw))
		}
		for name := range r.Header {
			if !IsToken(name) || name != http.CanonicalHeaderKey(name) {
				t.Errorf("%q: got a header %q", raw, name)
			}
		}
		for _, e := range r.FramingErrors {
			if !strings.HasPrefix(e.ID, "framing/") {
				t.Errorf("%q: got %+v", raw, e)
			}
		}
		if len(r.FramingErrors) == 0 && r.Header.Get("Transfer-Encoding") == "" && !bytes.HasSuffix(raw, append([]byte("\r\n\r\n"), r.Body...)) {
			t.Errorf("%q: got body %q", raw, r.Body)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.0 100\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\nA:1\n\n",
		"HTTP/1.1 204 No\r\n: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 103",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ParseResponse(raw)
		if err != nil {
			if !errors.Is(err, ErrNotHTTP) || r.Header != nil || r.Body != nil {
				t.Fatalf("%q: got %v beside %+v", raw, err, r)
			}
			return
		}
		if len(r.Body) > len(raw) || r.Status < 100 || r.Status > 999 {
			t.Errorf("%q: got status %d and %d bytes of %d", raw, r.Status, len(r.Body), len(raw))
		}
		for name := range r.Header {
			if !IsToken(name) || name != http.CanonicalHeaderKey(name) {
				t.Errorf("%q: got a header %q", raw, name)
			}
		}
		for _, e := range r.FramingErrors {
			if !strings.HasPrefix(e.ID, "framing/") {
				t.Errorf("%q: got %+v", raw, e)
			}
		}
		if len(r.FramingErrors) > 0 {
			return
		}
		if r.Header.Get("Transfer-Encoding") == "" {
			if !bytes.HasSuffix(raw, append([]byte("\r\n\r\n"), r.Body...)) {
				t.Errorf("%q: got body %q", raw, r.Body)
			}
			return
		}
		if bytes.Count(raw, []byte("HTTP/1.")) > 1 {
			return
		}
		_, chunks, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		if want, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(chunks))); err == nil && !bytes.Equal(want, r.Body) {
			t.Errorf("%q: got body %q of chunks, net/http reads %q", raw, r.Body, want)
		}
	})
}

// FuzzEnd tests that ParseResponse reads everything up to the end as a complete response, and that the end does not
// depend on how the bytes arrive: byte by byte, or in reads of the sizes in split, plus one.
func FuzzEnd(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 103 Early\n\nHTTP/1.1 200 OK\ncontent-length:0\n\n",
		"HTTP/1.1 204 No\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n",
	} {
		f.Add([]byte(seed), []byte{0, 17, 3, 45, 0, 1})
		f.Add([]byte(seed+"HTTP/1.1 200"), []byte{9}) // the second read goes beyond the end
	}
	f.Fuzz(func(t *testing.T, raw, split []byte) {
		if len(raw) > 4<<10 {
			return
		}
		var bytewise End
		n, reached := 0, false
		for ; n < len(raw) && !reached; n++ {
			reached = bytewise.Reached(raw[:n+1])
		}
		var inReads End
		for at := range prefixes(len(raw), split) {
			got := inReads.Reached(raw[:at])
			if want := reached && at >= n; got != want {
				t.Fatalf("%q: at %d in reads of %v: reached %t; byte by byte %t at %d", raw, at, split, got, reached, n)
			}
			if got {
				break
			}
		}
		if !reached {
			return
		}
		r, err := ParseResponse(raw[:n])
		if err != nil {
			return
		}
		for _, e := range r.FramingErrors {
			isOther := r.Header.Get("Transfer-Encoding") != "" && !strings.EqualFold(r.Header.Get("Transfer-Encoding"), "chunked")
			isBadChunk := e.ID == "framing/chunked" && !isOther
			if isBadChunk || e.ID == "framing/truncated" {
				t.Errorf("%q: reached its end with %+v", raw[:n], e)
			}
		}
	})
}

// prefixes yields how many of n bytes have arrived after each read. The last read brings the rest.
func prefixes(n int, split []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		at := 0
		for _, size := range split {
			if at += int(size) + 1; at >= n {
				break
			}
			if !yield(at) {
				return
			}
		}
		yield(n)
	}
}
