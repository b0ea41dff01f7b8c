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

// decoder holds what decoding needs: the window of each format and a buffer that grows to the largest body it had. Both are
// used again by the next body, so that only what Undo returns is allocated. A window has 32 kB; that of zstd grows to 8 MB as
// the body asks for, and that of brotli, which is made for each body, to 16 MB.
type decoder struct {
	in     bytes.Reader
	gzip   gzip.Reader
	zlib   io.Reader // nil: none was needed yet
	raw    io.Reader // deflate without the head of zlib; nil as well
	brotli *brotli.Reader
	zstd   *zstd.Decoder
	some   io.LimitedReader
	out    bytes.Buffer
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

func undo(coding string, body []byte, limit int) ([]byte, error) {
	d := decoders.Get().(*decoder)
	defer decoders.Put(d)
	return d.undo(coding, body, limit)
}

// undo undoes one coding. It keeps no reference to the body, nor to what it returns.
func (d *decoder) undo(coding string, body []byte, limit int) ([]byte, error) {
	defer d.in.Reset(nil)
	r, err := d.open(coding, body)
	if err != nil {
		return nil, err
	}
	d.some = io.LimitedReader{R: r, N: int64(limit) + 1}
	d.out.Reset()
	switch _, err := d.out.ReadFrom(&d.some); {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	case d.out.Len() > limit:
		return nil, ErrTooLarge
	}
	return bytes.Clone(d.out.Bytes()), nil
}

// open returns what reads a body without its coding.
func (d *decoder) open(coding string, body []byte) (io.Reader, error) {
	d.in.Reset(body)
	switch coding {
	case "gzip", "x-gzip":
		if err := d.gzip.Reset(&d.in); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		return &d.gzip, nil
	case "deflate":
		if d.openZlib() == nil {
			return d.zlib, nil
		}
		d.in.Reset(body)
		return d.openRaw(), nil
	case "br":
		return d.openBrotli(), nil
	case "zstd":
		if len(body) == 0 {
			return nil, fmt.Errorf("%w: no frame", ErrCorrupt)
		}
		return d.openZstd(), nil
	}
	return nil, ErrUnknown
}

func (d *decoder) openZlib() (err error) {
	if d.zlib == nil {
		d.zlib, err = zlib.NewReader(&d.in)
		return err
	}
	return d.zlib.(zlib.Resetter).Reset(&d.in, nil)
}

func (d *decoder) openRaw() io.Reader {
	if d.raw == nil {
		d.raw = flate.NewReader(&d.in)
		return d.raw
	}
	_ = d.raw.(flate.Resetter).Reset(&d.in, nil) // its error is always nil
	return d.raw
}

func (d *decoder) openBrotli() io.Reader {
	if d.brotli == nil {
		d.brotli = brotli.NewReader(&d.in)
		return d.brotli
	}
	_ = d.brotli.Reset(&d.in) // its error is always nil
	return d.brotli
}

// maxWindow is the largest window of zstd in HTTP (RFC 9659, 3).
const maxWindow = 8 << 20

func (d *decoder) openZstd() io.Reader {
	if d.zstd == nil {
		// Without concurrency it starts no goroutine that would have to be ended. Its error is that of a wrong option.
		d.zstd, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	}
	_ = d.zstd.Reset(&d.in) // its error is that of a closed decoder
	return d.zstd
}
