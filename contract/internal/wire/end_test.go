package wire

import (
	"strings"
	"testing"
)

// TestEnd holds where responses end, however their bytes come: all at once, one by one, and cut in two anywhere.
func TestEnd(t *testing.T) {
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, test := range []struct {
		name, method, text string
		ends               bool // at its last byte; else nowhere
	}{
		{"no head", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", false},
		{"a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true},
		{"no body", "GET", "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", true},
		{"less than the length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", false},
		{"a length that is none", "GET", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}", false},
		{"a length beyond any number", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{}", false},
		{"bare line feeds", "GET", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", true},
		{"an empty line first", "GET", "\r\nContent-Length: 0\r\n\r\n", true},
		{"many interim answers", "GET", strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 200) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true},
		{"nothing said", "GET", "HTTP/1.1 200 OK\r\n\r\n{}", false},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", true},
		{"no content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", true},
		{"an interim answer", "GET", "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true},
		{"only interim answers", "GET", strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 200), false},
		{"another protocol", "GET", "HTTP/1.1 101 Switching\r\n\r\n\r\n\r\n", false},
		{"chunks", "GET", chunked + "2\r\n{}\r\n3;x=y\r\nabc\r\n0\r\n\r\n", true},
		{"chunks that hold what looks like an end", "GET", chunked + "B\r\n\r\n0\r\n\r\n\r\n\r\n\r\n0\r\n\r\n", true},
		{"chunks with trailers", "GET", chunked + "1\r\nx\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n", true},
		{"no last chunk", "GET", chunked + "1\r\nx\r\n", false},
		{"half a chunk", "GET", chunked + "ff\r\nx\r\n0\r\n\r\n", false},
		{"a blank before the size of a chunk", "GET", chunked + " 1\r\nx\r\n0\r\n\r\n", false},
		{"a chunk longer than its size", "GET", chunked + "1\r\nxy\r\n0\r\n\r\n", false},
		{"a chunk without a size", "GET", chunked + "x\r\n\r\n0\r\n\r\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw := []byte(test.text)
			if all := (&End{Method: test.method}); all.Reached(raw) != test.ends {
				t.Errorf("at once: got %v", !test.ends)
			}
			bytewise := End{Method: test.method}
			for n := range len(raw) + 1 {
				if got := bytewise.Reached(raw[:n]); got != (test.ends && n == len(raw)) {
					t.Fatalf("byte by byte: got %v after %q", got, raw[:n])
				}
				inTwo := End{Method: test.method}
				if reached := inTwo.Reached(raw[:n]); !reached && inTwo.Reached(raw) != test.ends {
					t.Fatalf("in two: got %v, cut after %q", !test.ends, raw[:n])
				}
			}
		})
	}
}

// TestEndReadsOnce holds that what is understood is not read again, by taking it away.
func TestEndReadsOnce(t *testing.T) {
	text := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("3e8\r\n"+strings.Repeat(" ", 1000)+"\r\n", 50)
	raw := []byte(text + "0\r\n\r\n")
	e := End{Method: "GET"}
	if e.Reached(raw[:len(text)]) || e.chunks.at != len(text) {
		t.Fatalf("at %d, want %d", e.chunks.at, len(text))
	}
	clear(raw[:len(text)])
	if !e.Reached(raw) {
		t.Error("it was read again")
	}
}
