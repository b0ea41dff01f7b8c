package probe

import (
	"strings"
	"testing"
)

// TestEnding holds where messages end, however their bytes come: all at once, one by one, and cut in two anywhere.
func TestEnding(t *testing.T) {
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
		{"a chunk without a size", "GET", chunked + "x\r\n\r\n0\r\n\r\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw := []byte(test.text)
			if all := (&ending{method: test.method}); all.reached(raw) != test.ends {
				t.Errorf("at once: got %v", !test.ends)
			}
			bytewise := ending{method: test.method}
			for n := range len(raw) + 1 {
				if got := bytewise.reached(raw[:n]); got != (test.ends && n == len(raw)) {
					t.Fatalf("byte by byte: got %v after %q", got, raw[:n])
				}
				inTwo := ending{method: test.method}
				if reached := inTwo.reached(raw[:n]); !reached && inTwo.reached(raw) != test.ends {
					t.Fatalf("in two: got %v, cut after %q", !test.ends, raw[:n])
				}
			}
		})
	}
}

// TestEndingReadsOnce holds that what is understood is not read again, by taking it away.
func TestEndingReadsOnce(t *testing.T) {
	text := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("3e8\r\n"+strings.Repeat(" ", 1000)+"\r\n", 50)
	raw := []byte(text + "0\r\n\r\n")
	e := ending{method: "GET"}
	if e.reached(raw[:len(text)]) || e.at != len(text) {
		t.Fatalf("at %d, want %d", e.at, len(text))
	}
	clear(raw[:len(text)])
	if !e.reached(raw) {
		t.Error("it was read again")
	}
}
