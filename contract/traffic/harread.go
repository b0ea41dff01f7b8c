package traffic

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
)

// maxEntry is how many bytes of one entry are read, unpacked.
const maxEntry = 64 << 20

// ReadHAR yields the entries of a HAR one by one and holds only the current one, so that files of any size can be read. It
// removes a byte order mark and unpacks gzip. Members may come in any order, and unknown ones are skipped. A file that begins
// with an entry, not with an object that has a log, has one entry on each line:
//
//	{"request":{"method":"GET","url":"https://example.com/a"},"response":{"status":200}}
//	{"request":{"method":"GET","url":"https://example.com/b"},"response":{"status":404}}
//
// A Pact file is read too, with an entry for each interaction (pact.go).
//
// An entry that cannot be read is yielded as an *EntryError, and the reading goes on. Any other error is one line and ends the
// sequence. It wraps io.ErrUnexpectedEOF if the file is cut off, for example because the process that wrote it was killed.
//
// A HAR has no framing, and its bodies are decoded. So framing counts as unrecorded, and Content-Encoding is removed. Missing
// credentials count as unrecorded too, because browsers remove them on export.
//
// Two passes read an entry. The scanner (harscan.go) finds where it ends and buffers it; the decoder (harjson.go) then takes
// the members that matter (harmember.go). So a malformed entry costs only itself, and the rest of the file is never in memory.
//
// The texts of an entry lie in memory that it shares with its neighbours in the file. Clone those that outlive the entry.
func ReadHAR(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		var d Decoder
		for raw, err := range ScanHAR(r) {
			var e Entry
			if err == nil {
				e, err = d.Decode(raw)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// ScanHAR is the first pass of ReadHAR. Several goroutines can then share the second, which takes longer, each with a Decoder
// of its own:
//
//	scan → raw entries → Decode → entries, or each an *EntryError
//	                   → Decode →
//
// ScanHAR yields only errors that end the sequence.
func ScanHAR(r io.Reader) iter.Seq2[RawEntry, error] {
	return func(yield func(RawEntry, error) bool) {
		h := harReader{yield: yield, kind: "HAR"}
		if err := h.file(r); err != nil && !errors.Is(err, errStopped) {
			yield(RawEntry{}, fmt.Errorf("read the %s: %w", h.kind, err))
		}
	}
}

// RawEntry is an entry of a HAR that was found and not yet decoded.
type RawEntry struct {
	Size int // in bytes of the HAR, unpacked

	number   int
	offset   int64
	text     string
	tooLarge bool
	entry    *Entry // decoded already
}

// Decoded returns the raw entry from which Decode makes this entry. Those of a Pact file are such: it is decoded as a whole.
func Decoded(e Entry) RawEntry { return RawEntry{Size: e.Size, entry: &e} }

// Decoder decodes the entries that ScanHAR yields. The zero value is ready. It uses its memory again from entry to entry, so
// that one goroutine at a time may use it.
type Decoder struct {
	raw harEntry
}

// Decode returns an entry, or the *EntryError that says why it cannot be read. Decode each entry once.
func (d *Decoder) Decode(raw RawEntry) (Entry, error) {
	if raw.entry != nil {
		return *raw.entry, nil
	}
	if d.raw.names == nil {
		d.raw.names = headerNames{}
	}
	err := errTooLarge
	switch {
	case raw.tooLarge:
	case raw.offset == noOffset:
		err = d.raw.readRecord(raw.text)
	default:
		err = d.raw.read(raw.text)
	}
	if err != nil {
		return Entry{}, &EntryError{raw.number, raw.offset, reasonOf(err)}
	}
	e := d.raw.entry()
	e.Number, e.Size = raw.number, raw.Size
	return e, nil
}

// errStopped ends the reading when the caller stops the iteration.
var errStopped = errors.New("stopped")

// harReader reads a HAR for one iteration.
type harReader struct {
	scanner
	yield  func(RawEntry, error) bool
	kind   string // of the file, for errors
	found  bool   // log.entries
	number int
}

func (h *harReader) file(r io.Reader) error {
	unpacked, err := unpack(r)
	if err != nil {
		return h.withPlace(fmt.Errorf("unpack: %w", err))
	}
	h.r = unpacked
	const mark = "\ufeff"
	if head, _ := h.r.Peek(len(mark)); string(head) == mark {
		h.take(len(mark))
	}
	if _, err := h.next(); errors.Is(err, io.EOF) {
		return errors.New("it is empty")
	}
	switch kindOf(&peeker{r: h.r}) {
	case linesKind:
		return h.lines()
	case pactKind:
		h.kind = "Pact file"
		return h.pact()
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
		return h.withPlace(err)
	}
	if !h.found {
		return errors.New("no log.entries in it")
	}
	switch _, err := h.next(); {
	case err == nil:
		return fmt.Errorf("more after its end, at byte %d", h.offset)
	case !errors.Is(err, io.EOF):
		return h.withPlace(err)
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

// fileKind is what a text is, by its beginning.
type fileKind int

const (
	unknownKind fileKind = iota // it has no member that tells, or none near enough
	harKind
	linesKind // an entry on each line
	pactKind
)

// kindOf returns the kind of a text by the names in its first object: a request or response is one of an entry, a log before them
// that of a HAR. It reads no more than it needs, so that the beginning of a file that is still being written is enough.
func kindOf(r io.Reader) fileKind {
	s, kind := scanner{r: bufio.NewReader(r)}, unknownKind
	_ = s.object(func(name string) error {
		switch name {
		case "request", "response":
			kind = linesKind
			return errStopped
		case "log":
			kind = max(kind, harKind)
			return errStopped
		case "consumer", "provider", "interactions", "messages": // in any order, and most writers sort them
			kind = pactKind
		}
		return s.skip()
	})
	return kind
}

// peeker reads what a reader has buffered or can buffer, and consumes nothing of it. It waits for one more byte at most, since
// the next ones may come much later if the reader is a pipe.
type peeker struct {
	r  *bufio.Reader
	at int
}

func (p *peeker) Read(to []byte) (int, error) {
	if _, err := p.r.Peek(p.at + 1); err != nil {
		return 0, err
	}
	head, _ := p.r.Peek(p.r.Buffered())
	n := copy(to, head[p.at:])
	p.at += n
	return n, nil
}

// entries reads the list of entries.
func (h *harReader) entries() error {
	h.found = true
	return h.each("[]", "a list of entries", func() error {
		_, _ = h.next() // sets the offset; value returns the error
		return h.entry(h.value)
	})
}

// lines reads a file that has one entry on each line.
func (h *harReader) lines() error {
	for {
		if _, err := h.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return h.withPlace(err)
		}
		if err := h.entry(h.line); err != nil {
			return err
		}
	}
}

// entry consumes an entry and yields it.
func (h *harReader) entry(consume func(limit int) (whole bool, err error)) error {
	h.number++
	offset := h.offset
	whole, err := consume(maxEntry)
	if err != nil {
		return h.unended(offset, whole, err)
	}
	text := h.buffered()
	if !h.yield(RawEntry{Size: len(text), number: h.number, offset: offset, text: text, tooLarge: !whole}, nil) {
		return errStopped
	}
	return nil
}
