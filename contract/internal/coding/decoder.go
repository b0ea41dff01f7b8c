package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"sync"
)

// decoder holds what decoding needs: the window of each format, some 40 kB, and a buffer that grows to the largest body it
// had. Both are used again by the next body, so that only what Undo returns is allocated.
type decoder struct {
	in   bytes.Reader
	gzip gzip.Reader
	zlib io.Reader // nil: none was needed yet
	raw  io.Reader // deflate without the head of zlib; nil as well
	some io.LimitedReader
	out  bytes.Buffer
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
