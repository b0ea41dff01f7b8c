package wire

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRequest(t *testing.T) {
	for _, test := range []struct {
		name, raw string
		want      Request
		wantErr   error
	}{
		{
			name: "a request", raw: "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n",
			want: Request{Method: "GET", Target: "/a?b=c", Header: http.Header{"Host": {"x"}}, Body: []byte{}},
		},
		{
			name: "with a body", raw: "POST /a HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n{}",
			want: Request{Method: "POST", Target: "/a", Header: http.Header{"A": {"1", "2"}}, Body: []byte("{}")},
		},
		{
			name: "in chunks", raw: "POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
			want: Request{Method: "POST", Target: "/a", Header: http.Header{"Transfer-Encoding": {"Chunked"}}, Body: []byte("x")},
		},
		{
			name: "HTTP/1.0, and no header", raw: "GET / HTTP/1.0\r\n\r\n",
			want: Request{Method: "GET", Target: "/", Header: http.Header{}, Body: []byte{}},
		},
		{
			name: "HTTP/1.0 in chunks", raw: "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
			want: Request{Method: "POST", Target: "/a", Header: http.Header{"Transfer-Encoding": {"chunked"}}, Body: []byte("x"),
				FramingErrors: []FramingError{{"framing/transfer-encoding", "chunked in HTTP/1.0"}}},
		},
		{
			name: "HTTP/1.0 in the target alone", raw: "POST /HTTP/1.0 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			want: Request{Method: "POST", Target: "/HTTP/1.0", Header: http.Header{"Transfer-Encoding": {"chunked"}}, Body: []byte{}},
		},
		{
			name: "an unknown method", raw: "brew /pot HTTP/1.1\r\n\r\n",
			want: Request{Method: "brew", Target: "/pot", Header: http.Header{}, Body: []byte{}},
		},
		{
			name: "a target that is not decoded", raw: "GET /%zz?%zz;& HTTP/1.1\r\n\r\n",
			want: Request{Method: "GET", Target: "/%zz?%zz;&", Header: http.Header{}, Body: []byte{}},
		},
		{
			name: "cut off in the head", raw: "GET / HTTP/1.1\r\nA: 1\r\nB",
			want: Request{
				Method: "GET", Target: "/", Header: http.Header{"A": {"1"}},
				FramingErrors: []FramingError{{"framing/truncated", "the message ends within its head"}},
			},
		},
		{
			name: "bare line feeds", raw: "GET / HTTP/1.1\n\n",
			want: Request{
				Method: "GET", Target: "/", Header: http.Header{}, Body: []byte{},
				FramingErrors: []FramingError{
					{"framing/line-ending", "a line that ends without a carriage return"},
					{"framing/line-ending", "a line that ends without a carriage return"},
				},
			},
		},

		{name: "nothing", raw: "", wantErr: ErrNotHTTP},
		{name: "an empty line", raw: "\r\n\r\n", wantErr: ErrNotHTTP},
		{name: "a word", raw: "GET", wantErr: ErrNotHTTP},
		{name: "no version", raw: "GET /\r\n\r\n", wantErr: ErrNotHTTP},
		{name: "HTTP/2", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", wantErr: ErrNotHTTP},
		{name: "two blanks", raw: "GET  / HTTP/1.1\r\n\r\n", wantErr: ErrNotHTTP},
		{name: "a blank in the target", raw: "GET /a b HTTP/1.1\r\n\r\n", wantErr: ErrNotHTTP},
		{name: "no method", raw: " / HTTP/1.1\r\n\r\n", wantErr: ErrNotHTTP},
		{name: "a response", raw: "HTTP/1.1 200 OK\r\n\r\n", wantErr: ErrNotHTTP},
	} {
		got, err := ParseRequest([]byte(test.raw))
		if !errors.Is(err, test.wantErr) {
			t.Errorf("%s: got error %v, want %v", test.name, err, test.wantErr)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestParseResponse(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, test := range []struct {
		name, raw string
		status    int // 0: no HTTP
		body      string
		errs      []string
	}{
		{name: "a response", raw: ok + "A: 1\r\n\r\nbody", status: 200, body: "body"},
		{
			name: "no reason, and no space before it", raw: "HTTP/1.1 200\r\n\r\n", status: 200, body: "",
			errs: []string{"framing/status-line"},
		},
		{
			name: "a control character in the reason", raw: "HTTP/1.1 200 O\bK\r\n\r\n", status: 200, body: "",
			errs: []string{"framing/status-line"},
		},
		{name: "a tab and Latin-1 in the reason", raw: "HTTP/1.1 200 O\t\xe9\r\n\r\n", status: 200, body: ""},
		{name: "an empty reason", raw: "HTTP/1.1 200 \r\n\r\n", status: 200, body: ""},
		{name: "an unknown status", raw: "HTTP/1.1 999 Odd\r\n\r\n", status: 999, body: ""},
		{name: "HTTP/1.0", raw: "HTTP/1.0 404 No\r\n\r\nx", status: 404, body: "x"},
		{
			name: "HTTP/1.0 in chunks", raw: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", status: 200,
			body: "x", errs: []string{"framing/transfer-encoding"},
		},
		{
			name: "HTTP/1.0 in chunks beside a length",
			raw:  "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 11\r\n\r\n1\r\nx\r\n0\r\n\r\n", status: 200,
			body: "x", errs: []string{"framing/transfer-encoding", "framing/content-length"},
		},
		{
			name: "HTTP/1.0 in a coding of its own", raw: "HTTP/1.0 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx", status: 200,
			body: "x", errs: []string{"framing/transfer-encoding"},
		},
		{
			name: "HTTP/1.0 in chunks without a body", raw: "HTTP/1.0 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
			status: 304, body: "", errs: []string{"framing/transfer-encoding", "framing/chunked"},
		},
		{name: "more than was announced", raw: ok + "Content-Length: 1\r\n\r\nxyz", status: 200, body: "xyz"},
		{name: "only the head, cut off", raw: ok + "A: 1", status: 200, body: "", errs: []string{"framing/truncated"}},
		{name: "only a line, cut off", raw: "HTTP/1.1 200 OK", status: 200, body: "", errs: []string{"framing/truncated"}},
		{name: "a bare line feed", raw: "HTTP/1.1 200 OK\nA: 1\r\n\r\nx", status: 200, body: "x", errs: []string{"framing/line-ending"}},
		{name: "a folded header", raw: ok + "A: 1\r\n 2\r\n\r\nx", status: 200, body: "x", errs: []string{"framing/header-syntax"}},
		{name: "a header without a name", raw: ok + ": 1\r\n\r\nx", status: 200, body: "x", errs: []string{"framing/header-syntax"}},
		{name: "DEL in a header's name", raw: ok + "A\x7f: 1\r\n\r\nx", status: 200, body: "x", errs: []string{"framing/header-syntax"}},
		{
			name: "a carriage return in a header", raw: ok + "A: 1\r2\r\n\r\nx", status: 200, body: "x",
			errs: []string{"framing/header-syntax"},
		},
		{name: "a tab and Latin-1 in a header", raw: ok + "A: 1\t\xe9\r\n\r\nx", status: 200, body: "x"},

		// Interim responses are skipped.
		{name: "after an interim response", raw: "HTTP/1.1 100 Continue\r\n\r\n" + ok + "\r\nx", status: 200, body: "x"},
		{name: "after 1000 of them", raw: strings.Repeat("HTTP/1.1 103 Early\r\nLink: </>\r\n\r\n", 1000) + ok + "\r\nx", status: 200, body: "x"},
		{name: "as many as allowed", raw: strings.Repeat("HTTP/1.1 100 C\r\n\r\n", maxInterim) + ok + "\r\nx", status: 200, body: "x"},
		{name: "more than the limit", raw: strings.Repeat("HTTP/1.1 100 C\r\n\r\n", maxInterim+1) + ok + "\r\nx", status: 0, body: ""},
		{
			name: "after one with a length", raw: "HTTP/1.1 103 Early\r\nContent-Length: 0\r\n\r\n" + ok + "\r\nx", status: 200,
			body: "x", errs: []string{"framing/content-length"},
		},
		{
			name: "after one in chunks", raw: "HTTP/1.1 102 Wait\r\nTransfer-Encoding: chunked\r\n\r\n" + ok + "\r\nx", status: 200,
			body: "x", errs: []string{"framing/transfer-encoding"},
		},
		{
			name: "after one without a reason", raw: "HTTP/1.1 100\r\n\r\n" + ok + "\r\nx", status: 200, body: "x",
			errs: []string{"framing/status-line"},
		},
		{
			name: "after one with bare line feeds", raw: "HTTP/1.1 100 Continue\n\n" + ok + "\r\nx", status: 200, body: "x",
			errs: []string{"framing/line-ending", "framing/line-ending"},
		},
		{name: "an interim response alone", raw: "HTTP/1.1 100 Continue\r\n\r\n", status: 0, body: ""},
		{name: "no HTTP after it", raw: "HTTP/1.1 100 Continue\r\n\r\nwhat?", status: 0, body: ""},
		{name: "switching protocols is final", raw: "HTTP/1.1 101 Switching\r\n\r\n\x00\x01", status: 101, body: "\x00\x01"},

		{name: "nothing", raw: "", status: 0, body: ""},
		{name: "an empty line first", raw: "\r\n" + ok + "\r\n", status: 0, body: ""},
		{name: "a page", raw: "<html>", status: 0, body: ""},
		{name: "HTTP/2", raw: "HTTP/2 200\r\n\r\n", status: 0, body: ""},
		{name: "HTTP/1.2", raw: "HTTP/1.2 200\r\n\r\n", status: 0, body: ""},
		{name: "HTTP in lower case", raw: "http/1.1 200 OK\r\n\r\n", status: 0, body: ""},
		{name: "no status", raw: "HTTP/1.1\r\n\r\n", status: 0, body: ""},
		{name: "two digits", raw: "HTTP/1.1 20 OK\r\n\r\n", status: 0, body: ""},
		{name: "four digits", raw: "HTTP/1.1 2000 OK\r\n\r\n", status: 0, body: ""},
		{name: "signed digits", raw: "HTTP/1.1 +20 OK\r\n\r\n", status: 0, body: ""},
		{name: "below one hundred", raw: "HTTP/1.1 099 OK\r\n\r\n", status: 0, body: ""},
		{name: "letters", raw: "HTTP/1.1 two OK\r\n\r\n", status: 0, body: ""},
	} {
		got, err := ParseResponse([]byte(test.raw))
		if (test.status == 0) != errors.Is(err, ErrNotHTTP) {
			t.Errorf("%s: got error %v", test.name, err)
		}
		if got.Status != test.status || string(got.Body) != test.body {
			t.Errorf("%s: got status %d and body %q, want %d and %q", test.name, got.Status, got.Body, test.status, test.body)
		}
		if diff := cmp.Diff(test.errs, errorIDs(got.FramingErrors)); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestErrorsAreBounded tests the limit of listed errors, for one head and for many.
func TestErrorsAreBounded(t *testing.T) {
	const end = "HTTP/1.1 200 OK\r\n\r\n"
	for _, raw := range []string{
		"HTTP/1.1 200 OK\r\n" + strings.Repeat("nonsense\r\n", 3*maxFramingErrors) + "\r\n",
		strings.Repeat("HTTP/1.1 100 C\n\n", 3*maxFramingErrors) + end,
		strings.Repeat("HTTP/1.1 100 C\r\n"+strings.Repeat("nonsense\r\n", maxFramingErrors)+"\r\n", 2) + end,
	} {
		if got, err := ParseResponse([]byte(raw)); err != nil || len(got.FramingErrors) != maxFramingErrors {
			t.Errorf("%.30q…: got %d errors and %v, want %d", raw, len(got.FramingErrors), err, maxFramingErrors)
		}
	}
}

func errorIDs(errs []FramingError) []string {
	var ids []string
	for _, f := range errs {
		ids = append(ids, f.ID)
	}
	return ids
}
