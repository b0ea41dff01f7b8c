package coding

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// packer returns a function that packs a text in one format.
func packer(t testing.TB, open func(io.Writer) io.WriteCloser) func(string) string {
	return func(text string) string {
		var b strings.Builder
		w := open(&b)
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
}

func gzipper(t testing.TB) func(string) string {
	return packer(t, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func brotlier(t testing.TB) func(string) string {
	return packer(t, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

// zstder returns a function that packs with a window; 0: as the text needs it.
func zstder(t testing.TB, window int) func(string) string {
	return packer(t, func(w io.Writer) io.WriteCloser {
		options := []zstd.EOption{zstd.WithEncoderConcurrency(1)}
		if window > 0 {
			options = append(options, zstd.WithWindowSize(window))
		}
		encoder, err := zstd.NewWriter(w, options...)
		if err != nil {
			t.Fatal(err)
		}
		return encoder
	})
}

func TestDecode(t *testing.T) {
	zip := gzipper(t)
	br, zst := brotlier(t), zstder(t, 0)
	deflate := packer(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	raw := packer(t, func(w io.Writer) io.WriteCloser {
		deflater, _ := flate.NewWriter(w, flate.BestSpeed)
		return deflater
	})
	const limit = 100
	full := strings.Repeat("x", limit)
	for _, test := range []struct {
		name      string
		encodings []string
		body      string
		want      string
		err       error
	}{
		{name: "no coding", body: "{}", want: "{}"},
		{name: "an empty one", encodings: []string{""}, body: "{}", want: "{}"},
		{name: "identity, of any length", encodings: []string{"Identity"}, body: full + "x", want: full + "x"},
		{name: "gzip", encodings: []string{"gzip"}, body: zip("{}"), want: "{}"},
		{name: "gzip by its old name, in upper case", encodings: []string{"X-GZIP"}, body: zip("{}"), want: "{}"},
		{name: "gzip in two members", encodings: []string{"gzip"}, body: zip("{") + zip("}"), want: "{}"},
		{name: "gzip of nothing", encodings: []string{"gzip"}, body: zip(""), want: ""},
		{name: "deflate", encodings: []string{"deflate"}, body: deflate("{}"), want: "{}"},
		{name: "deflate without a zlib header", encodings: []string{"Deflate"}, body: raw("{}"), want: "{}"},
		{name: "exactly the limit", encodings: []string{"gzip"}, body: zip(full), want: full},

		{name: "two codings in one value", encodings: []string{"deflate, gzip"}, body: zip(deflate("{}")), want: "{}"},
		{name: "two codings in two values", encodings: []string{"gzip", "deflate"}, body: deflate(zip("{}")), want: "{}"},
		{name: "identity and empty elements between", encodings: []string{"gzip,identity,, ,\tgzip"}, body: zip(zip("{}")), want: "{}"},
		{name: "as many codings as allowed", encodings: []string{"gzip,gzip,gzip,gzip"}, body: zip(zip(zip(zip("")))), want: ""},
		{name: "five codings", encodings: []string{"gzip,gzip,gzip,gzip,gzip"}, body: zip(zip(zip(zip(zip(""))))), want: "", err: ErrUnknown},
		{name: "two codings in the wrong order", encodings: []string{"gzip, deflate"}, body: zip(deflate("{}")), want: "", err: errCorrupt},
		{name: "the inner one is too large", encodings: []string{"gzip, gzip"}, body: zip(zip(full + "x")), want: "", err: ErrTooLarge},
		{name: "the inner one is unknown", encodings: []string{"zap, gzip"}, body: zip("{}"), want: "", err: ErrUnknown},

		{name: "brotli", encodings: []string{"br"}, body: br("{}"), want: "{}"},
		{name: "brotli in upper case", encodings: []string{"BR"}, body: br("{}"), want: "{}"},
		{name: "brotli of nothing", encodings: []string{"br"}, body: br(""), want: ""},
		{name: "brotli, exactly the limit", encodings: []string{"br"}, body: br(full), want: full},
		{name: "brotli, one byte too many", encodings: []string{"br"}, body: br(full + "x"), want: "", err: ErrTooLarge},
		{name: "brotli in gzip", encodings: []string{"br, gzip"}, body: zip(br("{}")), want: "{}"},
		{name: "not brotli", encodings: []string{"br"}, body: "{}", want: "", err: errCorrupt},
		{name: "no brotli", encodings: []string{"br"}, body: "", want: "", err: errCorrupt},
		{name: "brotli cut off", encodings: []string{"br"}, body: br(full)[:len(br(full))-1], want: "", err: errCorrupt},
		{name: "bytes after brotli", encodings: []string{"br"}, body: br("{}") + "{}", want: "", err: errCorrupt},
		{name: "many bytes after brotli", encodings: []string{"br"}, body: br("{}") + strings.Repeat("x", 1<<17), want: "", err: errCorrupt},

		{name: "zstd", encodings: []string{"zstd"}, body: zst("{}"), want: "{}"},
		{name: "zstd in two frames", encodings: []string{"zstd"}, body: zst("{") + zst("}"), want: "{}"},
		{name: "zstd, exactly the limit", encodings: []string{"zstd"}, body: zst(full), want: full},
		{name: "zstd, one byte too many", encodings: []string{"zstd"}, body: zst(full + "x"), want: "", err: ErrTooLarge},
		{name: "zstd, a window of 8 MB", encodings: []string{"zstd"}, body: zstder(t, 8<<20)("{}"), want: "{}"},
		{
			name: "zstd, a window that HTTP does not have", encodings: []string{"zstd"},
			body: "\x28\xb5\x2f\xfd\x00\x70\x11\x00\x00{}", want: "", err: errCorrupt,
		},
		{name: "not zstd", encodings: []string{"zstd"}, body: "{}", want: "", err: errCorrupt},
		{name: "no zstd", encodings: []string{"zstd"}, body: "", want: "", err: errCorrupt},
		{name: "zstd cut off", encodings: []string{"zstd"}, body: zst("{}")[:10], want: "", err: errCorrupt},
		{name: "bytes after zstd", encodings: []string{"zstd"}, body: zst("{}") + "{}", want: "", err: errCorrupt},

		{name: "unknown", encodings: []string{"zap"}, body: "{}", want: "", err: ErrUnknown},
		{name: "two words", encodings: []string{"gzip x"}, body: zip("{}"), want: "", err: ErrUnknown},
		{name: "one byte too many", encodings: []string{"gzip"}, body: zip(full + "x"), want: "", err: ErrTooLarge},
		{name: "one byte too many in deflate", encodings: []string{"deflate"}, body: deflate(full + "x"), want: "", err: ErrTooLarge},
		{name: "one byte too many in raw deflate", encodings: []string{"deflate"}, body: raw(full + "x"), want: "", err: ErrTooLarge},
		{name: "nothing", encodings: []string{"gzip"}, body: "", want: "", err: errCorrupt},
		{name: "not gzip", encodings: []string{"gzip"}, body: "{}", want: "", err: errCorrupt},
		{name: "not deflate", encodings: []string{"deflate"}, body: "{}", want: "", err: errCorrupt},
		{name: "cut off", encodings: []string{"gzip"}, body: zip("{}")[:20], want: "", err: errCorrupt},
		{name: "a wrong checksum", encodings: []string{"gzip"}, body: zip("{}")[:20] + "12345678", want: "", err: errCorrupt},
		{name: "bytes after its end", encodings: []string{"gzip"}, body: zip("{}") + "{}", want: "", err: errCorrupt},
	} {
		// The decoder of the first round is used again in the second.
		for range 2 {
			got, err := Decode(test.encodings, []byte(test.body), limit)
			if string(got) != test.want || !errors.Is(err, test.err) {
				t.Errorf("%s: got %q and %v, want %q and %v", test.name, got, err, test.want, test.err)
			}
		}
	}
}

// TestDecodeRetainsNothing tests that a result does not change when the decoder is used again.
func TestDecodeRetainsNothing(t *testing.T) {
	zip := gzipper(t)
	first, err := Decode([]string{"gzip"}, []byte(zip("first")), 100)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := Decode([]string{"gzip"}, []byte(zip("other")), 100); err != nil {
			t.Fatal(err)
		}
	}
	if string(first) != "first" {
		t.Errorf("got %q", first)
	}
}

// TestTooLargeIsCheap tests that a body above the limit allocates little memory, except the first time. What remains are
// tables of zstd of a few kilobytes, which it makes again after the garbage collector or the race detector has emptied
// their pool. Brotli is left out, since its reader allocates a window of up to 16 MB for each body.
func TestTooLargeIsCheap(t *testing.T) {
	const limit, runs = 1 << 20, 10
	for coding, pack := range map[string]func(string) string{"gzip": gzipper(t), "zstd": zstder(t, 0)} {
		bomb := []byte(pack(strings.Repeat("x", limit+1)))
		var d decoder
		var before, after runtime.MemStats
		for run := range runs + 1 {
			if run == 1 {
				runtime.ReadMemStats(&before)
			}
			if _, err := d.decode(coding, bomb, limit); !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / runs; got > limit/16 {
			t.Errorf("%s: got %d bytes a run", coding, got)
		}
	}
}

// FuzzDecode tests that whatever bytes come in, what comes out has at most its limit.
func FuzzDecode(f *testing.F) {
	const limit = 1000
	codings := []string{"gzip", "deflate", "br", "zstd"}
	for i, pack := range []func(string) string{gzipper(f), gzipper(f), brotlier(f), zstder(f, 0)} {
		f.Add(uint8(i), []byte(pack("{}")))
		f.Add(uint8(i), []byte(pack(strings.Repeat("x", 2*limit))))
	}
	f.Fuzz(func(t *testing.T, coding uint8, body []byte) {
		got, err := Decode([]string{codings[int(coding)%len(codings)]}, body, limit)
		hasBoth := err != nil && got != nil
		if hasBoth || len(got) > limit {
			t.Errorf("got %d bytes and %v", len(got), err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	zip := gzipper(b)
	const limit = 16 << 20
	for name, body := range map[string][]byte{"small": []byte(zip("{}")), "bomb": []byte(zip(strings.Repeat("x", limit+1)))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				_, _ = Decode([]string{"gzip"}, body, limit)
			}
		})
	}
}
