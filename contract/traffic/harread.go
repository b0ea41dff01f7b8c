package traffic

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
)

// maxEntry is how many bytes of one entry are read, unpacked.
const maxEntry = 64 << 20

// ReadHAR yields the entries of a HAR one after the other and keeps none, so that its size does not matter. A byte order
// mark and gzip are undone. Which members come first does not matter, and unknown ones are passed over. A file that begins
// with an entry, not with an object that has a log, has one entry on each line:
//
//	{"request":{"method":"GET","url":"https://example.com/a"},"response":{"status":200}}
//	{"request":{"method":"GET","url":"https://example.com/b"},"response":{"status":404}}
//
// An entry that cannot be read is yielded as an *EntryError, and the reading goes on. Any other error is one line, and the
// last that is yielded. Of a file that is cut off, as by the end of the process that wrote it, it is an io.ErrUnexpectedEOF.
//
// A HAR says nothing of framing, and its bodies are decoded. So framing is unseen and the Content-Encoding left out;
// credentials are unseen where there are none, since browsers clean them out of what they export.
func ReadHAR(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		h := harReader{yield: yield, raw: harEntry{names: headerNames{}}}
		if err := h.file(r); err != nil && !errors.Is(err, errStopped) {
			yield(Entry{}, fmt.Errorf("read the HAR: %w", err))
		}
	}
}

// errStopped ends the reading when the caller has enough.
var errStopped = errors.New("stopped")

// harReader walks through a HAR; only a single entry is ever held and decoded as a whole.
type harReader struct {
	scanner
	yield  func(Entry, error) bool
	found  bool
	number int
	raw    harEntry // of the entry that was read last: its lists are used again
}

func (h *harReader) file(r io.Reader) error {
	plain, err := unpack(r)
	if err != nil {
		return h.placed(fmt.Errorf("unpack: %w", err))
	}
	h.r = plain
	const mark = "\ufeff"
	if head, _ := h.r.Peek(len(mark)); string(head) == mark {
		h.take(len(mark))
	}
	if _, err := h.next(); errors.Is(err, io.EOF) {
		return errors.New("it is empty")
	}
	if head, _ := h.r.Peek(h.r.Size()); isEntry(head) {
		return h.lines()
	}
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
	switch _, err := h.next(); {
	case err == nil:
		return fmt.Errorf("more after its end, at byte %d", h.offset)
	case !errors.Is(err, io.EOF):
		return h.placed(err)
	}
	return nil
}

// unpack undoes gzip.
func unpack(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := b.Peek(len(gzipMagic)); string(magic) == gzipMagic {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		b = bufio.NewReaderSize(z, 64<<10)
	}
	return b, nil
}

const gzipMagic = "\x1f\x8b"

// isEntry says whether a file begins with an entry, not with a HAR around it.
func isEntry(head []byte) bool {
	s := scanner{r: bufio.NewReader(bytes.NewReader(head))}
	found := false
	_ = s.object(func(name string) error {
		switch name {
		case "request", "response":
			found = true
			return errStopped
		case "log":
			return errStopped
		}
		return s.skip()
	})
	return found
}

// entries reads the list of entries.
func (h *harReader) entries() error {
	h.found = true
	return h.each("[]", "a list of entries", func() error {
		_, _ = h.next() // for the offset; value returns the error
		return h.entry(h.value)
	})
}

// lines reads a file that has one entry on each line.
func (h *harReader) lines() error {
	for {
		if _, err := h.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return h.placed(err)
		}
		if err := h.entry(h.line); err != nil {
			return err
		}
	}
}

// entry takes an entry, decodes it and yields it, or why it cannot be read.
func (h *harReader) entry(take func(limit int) (whole bool, err error)) error {
	h.number++
	offset := h.offset
	whole, err := take(maxEntry)
	if err != nil {
		return h.broken(offset, whole, err)
	}
	if err = errTooLarge; whole {
		err = h.raw.read(h.held)
	}
	var e Entry
	if err != nil {
		err = &EntryError{h.number, offset, plain(err)}
	} else {
		e = h.raw.entry()
		e.Number, e.Size = h.number, len(h.held)
	}
	if !h.yield(e, err) {
		return errStopped
	}
	return nil
}
