package wire

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		if diff := cmp.Diff(test.faults, faultIDs(got.FramingErrors)); diff != "" {
			t.Errorf("%s: faults (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestEmptyChunks holds that a body of no chunk is empty, and not missing.
func TestEmptyChunks(t *testing.T) {
	if body, why := joinChunks([]byte("0\r\n\r\n")); body == nil || len(body) > 0 || why != "" {
		t.Errorf("got %v, %s", body, why)
	}
}
