package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// decoder holds what decoding needs: the windows of the most common formats, and a buffer as large as the largest body so
// far. The next body reuses them, so that only the result of Decode is allocated. A window has 32 kB; that of zstd grows
// to the size that a body requires, at most 8 MB. A brotli reader is made for each body, with a window of at most 16 MB.
type decoder struct {
	in   bytes.Reader
	gzip gzip.Reader
	zstd *zstd.Decoder // nil until first needed
	out  bytes.Buffer
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// decode undoes one coding. It holds no reference to the body or to the result.
func (d *decoder) decode(coding string, body []byte, limit int) ([]byte, error) {
	defer d.in.Reset(nil)
	r, err := d.open(coding, body)
	if err != nil {
		return nil, err
	}
	d.out.Reset()
	switch _, err := d.out.ReadFrom(io.LimitReader(r, int64(limit)+1)); {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errCorrupt, err)
	case d.out.Len() > limit:
		return nil, ErrTooLarge
	}
	return bytes.Clone(d.out.Bytes()), nil
}

// open returns a reader of the decoded body.
func (d *decoder) open(coding string, body []byte) (io.Reader, error) {
	d.in.Reset(body)
	switch coding {
	case "gzip", "x-gzip":
		if err := d.gzip.Reset(&d.in); err != nil {
			return nil, fmt.Errorf("%w: %w", errCorrupt, err)
		}
		return &d.gzip, nil
	case "deflate":
		if r, err := zlib.NewReader(&d.in); err == nil {
			return r, nil
		}
		d.in.Reset(body)
		return flate.NewReader(&d.in), nil
	case "br":
		return brotli.NewReader(&d.in), nil
	case "zstd":
		if len(body) == 0 {
			return nil, fmt.Errorf("%w: no frame", errCorrupt)
		}
		return d.openZstd(), nil
	}
	return nil, ErrUnknown
}

// maxWindow is the largest window of zstd in HTTP (RFC 9659, 3).
const maxWindow = 8 << 20

func (d *decoder) openZstd() io.Reader {
	if d.zstd == nil {
		// With a concurrency of 1 it starts no goroutine that would have to be stopped. Its only error is an invalid option.
		one, lowMemory := zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true)
		d.zstd, _ = zstd.NewReader(nil, one, lowMemory, zstd.WithDecoderMaxWindow(maxWindow))
	}
	_ = d.zstd.Reset(&d.in) // it only fails for a closed decoder
	return d.zstd
}
