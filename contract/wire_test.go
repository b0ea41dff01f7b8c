package contract

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
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
		{name: "a request", raw: "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", want: Request{Method: "GET", Target: "/a?b=c", Header: http.Header{"Host": {"x"}}, Body: []byte{}}},
		{name: "with a body", raw: "POST /a HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n{}", want: Request{Method: "POST", Target: "/a", Header: http.Header{"A": {"1", "2"}}, Body: []byte("{}")}},
		{name: "in chunks", raw: "POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", want: Request{Method: "POST", Target: "/a", Header: http.Header{"Transfer-Encoding": {"Chunked"}}, Body: []byte("x")}},
		{name: "HTTP/1.0, and no header", raw: "GET / HTTP/1.0\r\n\r\n", want: Request{Method: "GET", Target: "/", Header: http.Header{}, Body: []byte{}}},
		{name: "a method that nobody knows", raw: "brew /pot HTTP/1.1\r\n\r\n", want: Request{Method: "brew", Target: "/pot", Header: http.Header{}, Body: []byte{}}},
		{name: "a target that is not decoded", raw: "GET /%zz?%zz;& HTTP/1.1\r\n\r\n", want: Request{Method: "GET", Target: "/%zz?%zz;&", Header: http.Header{}, Body: []byte{}}},
		{name: "cut off in the head", raw: "GET / HTTP/1.1\r\nA: 1\r\nB", want: Request{Method: "GET", Target: "/", Header: http.Header{"A": {"1"}}, faults: []framingFault{{"framing/truncated", "the message ends within its head"}}}},
		{name: "bare line feeds", raw: "GET / HTTP/1.1\n\n", want: Request{Method: "GET", Target: "/", Header: http.Header{}, Body: []byte{}, faults: []framingFault{
			{"framing/line-ending", "a line that ends without a carriage return"}, {"framing/line-ending", "a line that ends without a carriage return"}}}},

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
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(Request{}, framingFault{})); diff != "" {
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
		faults    []string
	}{
		{"a response", ok + "A: 1\r\n\r\nbody", 200, "body", nil},
		{"no reason", "HTTP/1.1 200\r\n\r\n", 200, "", nil},
		{"an empty reason", "HTTP/1.1 200 \r\n\r\n", 200, "", nil},
		{"a status that nobody knows", "HTTP/1.1 999 Odd\r\n\r\n", 999, "", nil},
		{"HTTP/1.0", "HTTP/1.0 404 No\r\n\r\nx", 404, "x", nil},
		{"more than was announced", ok + "Content-Length: 1\r\n\r\nxyz", 200, "xyz", nil},
		{"only the head, cut off", ok + "A: 1", 200, "", []string{"framing/truncated"}},
		{"only a line, cut off", "HTTP/1.1 200 OK", 200, "", []string{"framing/truncated"}},
		{"a bare line feed", "HTTP/1.1 200 OK\nA: 1\r\n\r\nx", 200, "x", []string{"framing/line-ending"}},
		{"a folded header", ok + "A: 1\r\n 2\r\n\r\nx", 200, "x", []string{"framing/header-syntax"}},
		{"a header without a name", ok + ": 1\r\n\r\nx", 200, "x", []string{"framing/header-syntax"}},
		{"DEL in a header's name", ok + "A\x7f: 1\r\n\r\nx", 200, "x", []string{"framing/header-syntax"}},
		{"a carriage return in a header", ok + "A: 1\r2\r\n\r\nx", 200, "x", []string{"framing/header-syntax"}},
		{"a tab and Latin-1 in a header", ok + "A: 1\t\xe9\r\n\r\nx", 200, "x", nil},

		// Interim responses are not the answer.
		{"after an interim response", "HTTP/1.1 100 Continue\r\n\r\n" + ok + "\r\nx", 200, "x", nil},
		{"after many", strings.Repeat("HTTP/1.1 103 Early\r\nLink: </>\r\n\r\n", 1000) + ok + "\r\nx", 200, "x", nil},
		{"as many as may be", strings.Repeat("HTTP/1.1 100 C\r\n\r\n", maxInterim) + ok + "\r\nx", 200, "x", nil},
		{"more than anybody sends", strings.Repeat("HTTP/1.1 100 C\r\n\r\n", maxInterim+1) + ok + "\r\nx", 0, "", nil},
		{"after one with bare line feeds", "HTTP/1.1 100 Continue\n\n" + ok + "\r\nx", 200, "x", []string{"framing/line-ending", "framing/line-ending"}},
		{"an interim response alone", "HTTP/1.1 100 Continue\r\n\r\n", 0, "", nil},
		{"no HTTP after it", "HTTP/1.1 100 Continue\r\n\r\nwhat?", 0, "", nil},
		{"switching protocols is the answer", "HTTP/1.1 101 Switching\r\n\r\n\x00\x01", 101, "\x00\x01", nil},

		{"nothing", "", 0, "", nil},
		{"an empty line first", "\r\n" + ok + "\r\n", 0, "", nil},
		{"a page", "<html>", 0, "", nil},
		{"HTTP/2", "HTTP/2 200\r\n\r\n", 0, "", nil},
		{"HTTP/1.2", "HTTP/1.2 200\r\n\r\n", 0, "", nil},
		{"HTTP in lower case", "http/1.1 200 OK\r\n\r\n", 0, "", nil},
		{"no status", "HTTP/1.1\r\n\r\n", 0, "", nil},
		{"two digits", "HTTP/1.1 20 OK\r\n\r\n", 0, "", nil},
		{"four digits", "HTTP/1.1 2000 OK\r\n\r\n", 0, "", nil},
		{"signed digits", "HTTP/1.1 +20 OK\r\n\r\n", 0, "", nil},
		{"below one hundred", "HTTP/1.1 099 OK\r\n\r\n", 0, "", nil},
		{"letters", "HTTP/1.1 two OK\r\n\r\n", 0, "", nil},
	} {
		got, err := ParseResponse([]byte(test.raw))
		if (test.status == 0) != errors.Is(err, ErrNotHTTP) {
			t.Errorf("%s: got error %v", test.name, err)
		}
		if got.Status != test.status || string(got.Body) != test.body {
			t.Errorf("%s: got status %d and body %q, want %d and %q", test.name, got.Status, got.Body, test.status, test.body)
		}
		if diff := cmp.Diff(test.faults, faultIDs(got.faults)); diff != "" {
			t.Errorf("%s: faults (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestFaultsAreBounded holds that no message makes the list of its faults grow, in one head or in many.
func TestFaultsAreBounded(t *testing.T) {
	const end = "HTTP/1.1 200 OK\r\n\r\n"
	for _, raw := range []string{
		"HTTP/1.1 200 OK\r\n" + strings.Repeat("nonsense\r\n", 3*maxFaults) + "\r\n",
		strings.Repeat("HTTP/1.1 100 C\n\n", 3*maxFaults) + end,
		strings.Repeat("HTTP/1.1 100 C\r\n"+strings.Repeat("nonsense\r\n", maxFaults)+"\r\n", 2) + end,
	} {
		if got, err := ParseResponse([]byte(raw)); err != nil || len(got.faults) != maxFaults {
			t.Errorf("%.30q…: got %d faults and %v, want %d", raw, len(got.faults), err, maxFaults)
		}
	}
}

// TestChunkFaults holds the words, which say more than the id.
func TestChunkFaults(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{"1\r\nx\r\n", "the chunks end without the last one"},
		{"1\r\nx\r", "a chunk is cut off"},
		{"1\r\nxy\r\n0\r\n\r\n", "a chunk is longer than its size"},
		{"z\r\n", "a chunk without a size"},
		{"0\r\nA: 1\r\n", "no empty line after the last chunk"},
		{"0\r\n\r\nab", "2 more bytes after the last chunk"},
	} {
		if _, why := joinChunks([]byte(test.raw)); why != test.want {
			t.Errorf("%q: got %q, want %q", test.raw, why, test.want)
		}
	}
}

func TestChunks(t *testing.T) {
	const broken = "framing/chunked"
	for _, test := range []struct {
		name, raw, body string
		faults          []string
	}{
		{"none but the last", "0\r\n\r\n", "", nil},
		{"many", strings.Repeat("1\r\nx\r\n", 500) + "0\r\n\r\n", strings.Repeat("x", 500), nil},
		{"sizes in both cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a", nil},
		{"zeros before a size", "0001\r\nx\r\n000\r\n\r\n", "x", nil},
		{"a blank behind a size", "1 \r\nx\r\n0\t\r\n\r\n", "x", nil},
		{"extensions", "1;a;b=c;d=\"e\"\r\nx\r\n0;f\r\n\r\n", "x", nil},
		{"trailers", "1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", "x", nil},
		{"line ends in a chunk", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n", nil},
		{"what looks like the end in a chunk", "7\r\nx0\r\n\r\nx\r\n0\r\n\r\n", "x0\r\n\r\nx", nil},

		{"nothing", "", "", []string{broken}},
		{"no end", "1\r\nx\r\n", "x", []string{broken}},
		{"no empty line at the end", "1\r\nx\r\n0\r\n", "x", []string{broken}},
		{"trailers without an end", "1\r\nx\r\n0\r\nA: 1\r\n", "x", []string{broken}},
		{"bytes behind the end", "1\r\nx\r\n0\r\n\r\n0\r\n\r\n", "x", []string{broken}},
		{"longer than its size", "1\r\nxy\r\n0\r\n\r\n", "x", []string{broken}},
		{"shorter than its size", "3\r\nx\r\n", "x\r\n", []string{broken}},
		{"cut off within its size", "1", "", []string{broken}},
		{"cut off behind its bytes", "1\r\nx", "x", []string{broken}},
		{"an enormous size", "ffffffffffffffffffff\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"a size that overflows with its line end", "ffffffffffffffff\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"a size beyond the bytes", "7fffffff\r\nx\r\n0\r\n\r\n", "x\r\n0\r\n\r\n", []string{broken}},
		{"no size", "\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"only an extension", ";a=b\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"a negative size", "-1\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"a signed size", "+1\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"a size as Go would write it", "0x1\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"a blank before a size", " 1\r\nx\r\n0\r\n\r\n", "", []string{broken}},
		{"bare line feeds", "1\nx\n0\n\n", "", []string{broken}},
	} {
		got, err := ParseResponse([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + test.raw))
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Body) != test.body {
			t.Errorf("%s: got body %q, want %q", test.name, got.Body, test.body)
		}
		if diff := cmp.Diff(test.faults, faultIDs(got.faults)); diff != "" {
			t.Errorf("%s: faults (-want +got):\n%s", test.name, diff)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST /a?b=c HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", "GET /%zz?%zz;& HTTP/1.0\n\n", "get * HTTP/1.1\r\n: x\r\nA : 1\r\n\r\n",
		"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n", "GET http://h/a HTTP/1.1\r\n a\r\n\r\n", "GET / HTTP/1.1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ParseRequest(raw)
		if err != nil {
			if !errors.Is(err, ErrNotHTTP) || r.Header != nil || r.Body != nil || r.faults != nil {
				t.Fatalf("%q: got %v beside %+v", raw, err, r)
			}
			return
		}
		if r.Method == "" || r.Target == "" || strings.ContainsAny(r.Method+r.Target, " \n") || len(r.Body) > len(raw) {
			t.Errorf("%q: got method %q, target %q and %d bytes of %d", raw, r.Method, r.Target, len(r.Body), len(raw))
		}
		for name := range r.Header {
			if !isToken(name) || name != http.CanonicalHeaderKey(name) {
				t.Errorf("%q: got a header %q", raw, name)
			}
		}
		for _, fault := range r.faults {
			if !strings.HasPrefix(fault.id, "framing/") {
				t.Errorf("%q: got %+v", raw, fault)
			}
		}
		if len(r.faults) == 0 && r.Header.Get("Transfer-Encoding") == "" && !bytes.HasSuffix(raw, append([]byte("\r\n\r\n"), r.Body...)) {
			t.Errorf("%q: got body %q", raw, r.Body)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.0 100\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\nA:1\n\n", "HTTP/1.1 204 No\r\n: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 103",
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
			if !isToken(name) || name != http.CanonicalHeaderKey(name) {
				t.Errorf("%q: got a header %q", raw, name)
			}
		}
		for _, fault := range r.faults {
			if !strings.HasPrefix(fault.id, "framing/") {
				t.Errorf("%q: got %+v", raw, fault)
			}
		}
		if len(r.faults) > 0 {
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

func faultIDs(faults []framingFault) []string {
	var ids []string
	for _, f := range faults {
		ids = append(ids, f.id)
	}
	return ids
}
