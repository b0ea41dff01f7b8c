package wire

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChunkErrors compares the words, since all have the same id.
func TestChunkErrors(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{raw: "1\r\nx\r\n", want: "the chunks end without the last one"},
		{raw: "1\r\nx\r", want: "a chunk is cut off"},
		{raw: "1\r\nxy\r\n0\r\n\r\n", want: "a chunk is longer than its size"},
		{raw: "z\r\n", want: "a chunk without a size"},
		{raw: "0\r\nA: 1\r\n", want: "no empty line after the last chunk"},
		{raw: "0\r\n\r\nab", want: "2 more bytes after the last chunk"},
	} {
		if _, why := decodeChunks([]byte(test.raw)); why != test.want {
			t.Errorf("%q: got %q, want %q", test.raw, why, test.want)
		}
	}
}

func TestChunks(t *testing.T) {
	const broken = "framing/chunked"
	for _, test := range []struct {
		name, raw, body string
		errs            []string
	}{
		{name: "none but the last", raw: "0\r\n\r\n", body: ""},
		{name: "many", raw: strings.Repeat("1\r\nx\r\n", 500) + "0\r\n\r\n", body: strings.Repeat("x", 500)},
		{name: "sizes in both cases", raw: "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", body: "01234567890123456789a"},
		{name: "zeros before a size", raw: "0001\r\nx\r\n000\r\n\r\n", body: "x"},
		{name: "a blank behind a size", raw: "1 \r\nx\r\n0\t\r\n\r\n", body: "x"},
		{name: "extensions", raw: "1;a;b=c;d=\"e\"\r\nx\r\n0;f\r\n\r\n", body: "x"},
		{name: "trailers", raw: "1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", body: "x"},
		{name: "line ends in a chunk", raw: "4\r\n\r\n\r\n\r\n0\r\n\r\n", body: "\r\n\r\n"},
		{name: "what looks like the end in a chunk", raw: "7\r\nx0\r\n\r\nx\r\n0\r\n\r\n", body: "x0\r\n\r\nx"},

		{name: "nothing", raw: "", body: "", errs: []string{broken}},
		{name: "no end", raw: "1\r\nx\r\n", body: "x", errs: []string{broken}},
		{name: "no empty line at the end", raw: "1\r\nx\r\n0\r\n", body: "x", errs: []string{broken}},
		{name: "trailers without an end", raw: "1\r\nx\r\n0\r\nA: 1\r\n", body: "x", errs: []string{broken}},
		{name: "bytes behind the end", raw: "1\r\nx\r\n0\r\n\r\n0\r\n\r\n", body: "x", errs: []string{broken}},
		{name: "longer than its size", raw: "1\r\nxy\r\n0\r\n\r\n", body: "x", errs: []string{broken}},
		{name: "shorter than its size", raw: "3\r\nx\r\n", body: "x\r\n", errs: []string{broken}},
		{name: "cut off within its size", raw: "1", body: "", errs: []string{broken}},
		{name: "cut off behind its bytes", raw: "1\r\nx", body: "x", errs: []string{broken}},
		{name: "an enormous size", raw: "ffffffffffffffffffff\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "a size that overflows with its line end", raw: "ffffffffffffffff\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "a size beyond the bytes", raw: "7fffffff\r\nx\r\n0\r\n\r\n", body: "x\r\n0\r\n\r\n", errs: []string{broken}},
		{name: "no size", raw: "\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "only an extension", raw: ";a=b\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "a negative size", raw: "-1\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "a signed size", raw: "+1\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "a size as Go would write it", raw: "0x1\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "a blank before a size", raw: " 1\r\nx\r\n0\r\n\r\n", body: "", errs: []string{broken}},
		{name: "bare line feeds", raw: "1\nx\n0\n\n", body: "", errs: []string{broken}},
	} {
		got, err := ParseResponse([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + test.raw))
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Body) != test.body {
			t.Errorf("%s: got body %q, want %q", test.name, got.Body, test.body)
		}
		if diff := cmp.Diff(test.errs, errorIDs(got.FramingErrors)); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestEmptyChunks tests that a body without chunks is empty and not nil.
func TestEmptyChunks(t *testing.T) {
	if body, why := decodeChunks([]byte("0\r\n\r\n")); body == nil || len(body) > 0 || why != "" {
		t.Errorf("got %v, %s", body, why)
	}
}
