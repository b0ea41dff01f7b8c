package wire

import (
	"strings"
	"testing"
)

// TestEnd finds the end of responses whose bytes arrive at once, one by one, or in two parts cut anywhere.
func TestEnd(t *testing.T) {
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, test := range []struct {
		name, method, text string
		ends               bool // at its last byte; else nowhere
	}{
		{name: "no head", method: "GET", text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", ends: false},
		{name: "a length", method: "GET", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", ends: true},
		{name: "no body", method: "GET", text: "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", ends: true},
		{name: "less than the length", method: "GET", text: "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", ends: false},
		{name: "a length that is none", method: "GET", text: "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}", ends: false},
		{
			name: "a length beyond any number", method: "GET",
			text: "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{}", ends: false,
		},
		{name: "bare line feeds", method: "GET", text: "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", ends: true},
		{name: "an empty line first", method: "GET", text: "\r\nContent-Length: 0\r\n\r\n", ends: true},
		{
			name: "many interim responses", method: "GET",
			text: strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 200) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
			ends: true,
		},
		{name: "no end announced", method: "GET", text: "HTTP/1.1 200 OK\r\n\r\n{}", ends: false},
		{name: "HEAD", method: "HEAD", text: "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", ends: true},
		{name: "no content", method: "GET", text: "HTTP/1.1 204 No Content\r\n\r\n", ends: true},
		{
			name: "an interim response", method: "GET",
			text: "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", ends: true,
		},
		{name: "only interim responses", method: "GET", text: strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 200), ends: false},
		{name: "another protocol", method: "GET", text: "HTTP/1.1 101 Switching\r\n\r\n\r\n\r\n", ends: false},
		{name: "chunks", method: "GET", text: chunked + "2\r\n{}\r\n3;x=y\r\nabc\r\n0\r\n\r\n", ends: true},
		{name: "chunks that hold what looks like an end", method: "GET", text: chunked + "B\r\n\r\n0\r\n\r\n\r\n\r\n\r\n0\r\n\r\n", ends: true},
		{name: "chunks with trailers", method: "GET", text: chunked + "1\r\nx\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n", ends: true},
		{name: "no last chunk", method: "GET", text: chunked + "1\r\nx\r\n", ends: false},
		{name: "half a chunk", method: "GET", text: chunked + "ff\r\nx\r\n0\r\n\r\n", ends: false},
		{name: "a blank before the size of a chunk", method: "GET", text: chunked + " 1\r\nx\r\n0\r\n\r\n", ends: false},
		{name: "a chunk longer than its size", method: "GET", text: chunked + "1\r\nxy\r\n0\r\n\r\n", ends: false},
		{name: "a chunk without a size", method: "GET", text: chunked + "x\r\n\r\n0\r\n\r\n", ends: false},
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

// TestEndReadsOnce clears the bytes that were read, to test that End does not read them again.
func TestEndReadsOnce(t *testing.T) {
	text := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("3e8\r\n"+strings.Repeat(" ", 1000)+"\r\n", 50)
	raw := []byte(text + "0\r\n\r\n")
	e := End{Method: "GET"}
	if e.Reached(raw[:len(text)]) || e.chunks.at != len(text) {
		t.Fatalf("at %d, want %d", e.chunks.at, len(text))
	}
	clear(raw[:len(text)])
	if !e.Reached(raw) {
		t.Error("End read a byte again")
	}
}
