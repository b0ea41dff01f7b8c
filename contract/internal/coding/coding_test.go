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
		{"no coding", nil, "{}", "{}", nil},
		{"an empty one", []string{""}, "{}", "{}", nil},
		{"identity, of any length", []string{"Identity"}, full + "x", full + "x", nil},
		{"gzip", []string{"gzip"}, zip("{}"), "{}", nil},
		{"gzip by its old name, in upper case", []string{"X-GZIP"}, zip("{}"), "{}", nil},
		{"gzip in two members", []string{"gzip"}, zip("{") + zip("}"), "{}", nil},
		{"gzip of nothing", []string{"gzip"}, zip(""), "", nil},
		{"deflate", []string{"deflate"}, deflate("{}"), "{}", nil},
		{"deflate without the head of zlib", []string{"Deflate"}, raw("{}"), "{}", nil},
		{"as much as may be", []string{"gzip"}, zip(full), full, nil},

		{"two codings in one value", []string{"deflate, gzip"}, zip(deflate("{}")), "{}", nil},
		{"two codings in two values", []string{"gzip", "deflate"}, deflate(zip("{}")), "{}", nil},
		{"identity and empty elements between", []string{"gzip,identity,, ,\tgzip"}, zip(zip("{}")), "{}", nil},
		{"as many as may be", []string{"gzip,gzip,gzip,gzip"}, zip(zip(zip(zip("")))), "", nil},
		{"one more", []string{"gzip,gzip,gzip,gzip,gzip"}, zip(zip(zip(zip(zip(""))))), "", ErrUnknown},
		{"two codings in the wrong order", []string{"gzip, deflate"}, zip(deflate("{}")), "", ErrCorrupt},
		{"the inner one is too large", []string{"gzip, gzip"}, zip(zip(full + "x")), "", ErrTooLarge},
		{"the inner one is unknown", []string{"zap, gzip"}, zip("{}"), "", ErrUnknown},

		{"brotli", []string{"br"}, br("{}"), "{}", nil},
		{"brotli in upper case", []string{"BR"}, br("{}"), "{}", nil},
		{"brotli of nothing", []string{"br"}, br(""), "", nil},
		{"brotli, as much as may be", []string{"br"}, br(full), full, nil},
		{"brotli, a byte too many", []string{"br"}, br(full + "x"), "", ErrTooLarge},
		{"brotli in gzip", []string{"br, gzip"}, zip(br("{}")), "{}", nil},
		{"not brotli", []string{"br"}, "{}", "", ErrCorrupt},
		{"no brotli", []string{"br"}, "", "", ErrCorrupt},
		{"brotli cut off", []string{"br"}, br(full)[:len(br(full))-1], "", ErrCorrupt},
		{"bytes after brotli", []string{"br"}, br("{}") + "{}", "", ErrCorrupt},
		{"many bytes after brotli", []string{"br"}, br("{}") + strings.Repeat("x", 1<<17), "", ErrCorrupt},

		{"zstd", []string{"zstd"}, zst("{}"), "{}", nil},
		{"zstd in two frames", []string{"zstd"}, zst("{") + zst("}"), "{}", nil},
		{"zstd, as much as may be", []string{"zstd"}, zst(full), full, nil},
		{"zstd, a byte too many", []string{"zstd"}, zst(full + "x"), "", ErrTooLarge},
		{"zstd, a window of 8 MB", []string{"zstd"}, zstder(t, 8<<20)("{}"), "{}", nil},
		{"zstd, a window that HTTP does not have", []string{"zstd"}, "\x28\xb5\x2f\xfd\x00\x70\x11\x00\x00{}", "", ErrCorrupt},
		{"not zstd", []string{"zstd"}, "{}", "", ErrCorrupt},
		{"no zstd", []string{"zstd"}, "", "", ErrCorrupt},
		{"zstd cut off", []string{"zstd"}, zst("{}")[:10], "", ErrCorrupt},
		{"bytes after zstd", []string{"zstd"}, zst("{}") + "{}", "", ErrCorrupt},

		{"unknown", []string{"zap"}, "{}", "", ErrUnknown},
		{"two words", []string{"gzip x"}, zip("{}"), "", ErrUnknown},
		{"a byte too many", []string{"gzip"}, zip(full + "x"), "", ErrTooLarge},
		{"a byte too many in deflate", []string{"deflate"}, deflate(full + "x"), "", ErrTooLarge},
		{"a byte too many in raw deflate", []string{"deflate"}, raw(full + "x"), "", ErrTooLarge},
		{"nothing", []string{"gzip"}, "", "", ErrCorrupt},
		{"not gzip", []string{"gzip"}, "{}", "", ErrCorrupt},
		{"not deflate", []string{"deflate"}, "{}", "", ErrCorrupt},
		{"cut off", []string{"gzip"}, zip("{}")[:20], "", ErrCorrupt},
		{"a wrong checksum", []string{"gzip"}, zip("{}")[:20] + "12345678", "", ErrCorrupt},
		{"bytes after its end", []string{"gzip"}, zip("{}") + "{}", "", ErrCorrupt},
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

// TestDecodeRetainsNothing tests that what was returned stays as it was when the decoder is used again.
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

// TestTooLargeIsCheap holds that a body that is too large costs next to no memory, but the first time. What is left are tables
// of zstd's, of some kilobytes, which it makes anew when a collection of garbage, or the race detector, empties their pool. The
// reader of brotli makes its window for each body, of at most 16 MB.
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

// FuzzDecode holds that whatever bytes come in, what comes out has at most its limit.
func FuzzDecode(f *testing.F) {
	const limit = 1000
	codings := []string{"gzip", "deflate", "br", "zstd"}
	for i, pack := range []func(string) string{gzipper(f), gzipper(f), brotlier(f), zstder(f, 0)} {
		f.Add(uint8(i), []byte(pack("{}")))
		f.Add(uint8(i), []byte(pack(strings.Repeat("x", 2*limit))))
	}
	f.Fuzz(func(t *testing.T, coding uint8, body []byte) {
		got, err := Decode([]string{codings[int(coding)%len(codings)]}, body, limit)
		if len(got) > limit || err != nil && got != nil {
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
