package traffic

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// ReadHAR yields the entries of a HAR one after the other and keeps none, so that its size does not matter. A byte order
// mark and gzip are undone. What is wrong with the file is the last that is yielded, as an error of one line; the entries
// before the fault were yielded. Of a file that is cut off, as by the end of the process that wrote it, the error is an
// io.ErrUnexpectedEOF. Which members come first does not matter, and unknown ones are passed over.
//
// A HAR says nothing of framing, and its bodies are decoded. So framing is unseen and the Content-Encoding left out;
// credentials are unseen where there are none, since browsers clean them out of what they export.
func ReadHAR(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		h := harReader{yield: yield}
		if err := h.file(r); err != nil && !errors.Is(err, errStopped) {
			yield(Entry{}, fmt.Errorf("read the HAR: %w", err))
		}
	}
}

// errStopped ends the reading when whoever asked has enough.
var errStopped = errors.New("stopped")

// harReader walks through a HAR by tokens; only a single entry is ever decoded as a whole.
type harReader struct {
	yield  func(Entry, error) bool
	dec    *json.Decoder
	found  bool
	number int
}

func (h *harReader) file(r io.Reader) error {
	plain, err := unpack(r)
	if err != nil {
		return err
	}
	h.dec = json.NewDecoder(plain)
	h.dec.UseNumber()
	err = h.object(func(name string) error {
		if name != "log" {
			return h.skip()
		}
		return h.object(func(name string) error {
			if name != "entries" {
				return h.skip()
			}
			return h.entries()
		})
	})
	if err != nil {
		return h.placed(err)
	}
	if !h.found {
		return errors.New("no log.entries in it")
	}
	if _, err := h.dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("more after its end, at byte %d", h.dec.InputOffset())
	}
	return nil
}

// unpack undoes gzip and takes away a byte order mark.
func unpack(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := b.Peek(len(gzipMagic)); string(magic) == gzipMagic {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		b = bufio.NewReaderSize(z, 64<<10)
	}
	const mark = "\ufeff"
	if head, _ := b.Peek(len(mark)); string(head) == mark {
		_, _ = b.Discard(len(mark))
	}
	return b, nil
}

const gzipMagic = "\x1f\x8b"

// object reads an object and hands each name on to a function that reads the value.
func (h *harReader) object(member func(name string) error) error {
	if err := h.open('{', "an object"); err != nil {
		return err
	}
	for h.dec.More() {
		token, err := h.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := h.dec.Token()
	return err
}

func (h *harReader) open(want json.Delim, kind string) error {
	token, err := h.dec.Token()
	if err != nil {
		return err
	}
	if token != want {
		return fault{text: fmt.Sprintf("not a HAR: want %s before byte %d", kind, h.dec.InputOffset())}
	}
	return nil
}

// skip passes over a value without holding more than one token of it.
func (h *harReader) skip() error {
	for depth := 0; ; {
		token, err := h.dec.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func (h *harReader) entries() error {
	if err := h.open('[', "a list of entries"); err != nil {
		return err
	}
	h.found = true
	for h.dec.More() {
		h.number++
		offset := h.dec.InputOffset()
		var raw harEntry
		err := h.dec.Decode(&raw)
		if err == nil || isMember(err) {
			err = raw.check()
		}
		if err != nil {
			return fault{fmt.Sprintf("entry %d, after byte %d: %s", h.number, offset, plain(err)), err}
		}
		e := raw.entry()
		e.Number, e.Offset = h.number, offset
		if !h.yield(e, nil) {
			return errStopped
		}
	}
	_, err := h.dec.Token()
	return err
}
