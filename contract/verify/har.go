package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// HAR is a file of recorded traffic, or a Pact file.
type HAR struct {
	Name string // in the report
	Open func() (io.ReadCloser, error)
}

// readAll judges the traffic of all files, in the order of their names: if one cannot be read, the report of those before it does
// not depend on the order in which they were given.
func (r *run) readAll(ctx context.Context, files []HAR, t *Tally) error {
	byName := func(a, b HAR) int { return strings.Compare(a.Name, b.Name) }
	for _, file := range slices.SortedStableFunc(slices.Values(files), byName) {
		if err := r.har(ctx, file, t); err != nil {
			return err
		}
	}
	return nil
}

// har adds the traffic of a HAR to a tally. A file that cannot be read adds nothing.
func (r *run) har(ctx context.Context, har HAR, t *Tally) error {
	own := NewTally(r.judges)
	own.Allow = r.Allow
	err := r.readInto(ctx, har, own)
	if err != nil && !errors.Is(err, errStopped) {
		return err
	}
	return cmp.Or(t.Merge(own), err)
}

// readInto judges the traffic of a HAR while it is read. If the file is cut off, for example because the recording proxy was killed,
// it judges the entries before and adds a skipped check that names the place. The same goes for unreadable entries.
func (r *run) readInto(ctx context.Context, har HAR, t *Tally) error {
	f, err := har.Open()
	if err != nil {
		return fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	read := 0       // entries
	var broken fileSummary
	batches := newBatcher(t, func(e *traffic.Entry, err error) bool {
		if entryErr, ok := errors.AsType[*traffic.EntryError](err); ok {
			broken.Unread++
			broken.unreadable(unreadable{entryErr.Number, entryErr.Error()})
			return false
		}
		read++
		if r.Record != nil && !e.Exchange.Expected {
			r.Record(*e, "")
		}
		e.File = har.Name
		return true
	})
	var end error
	for raw, err := range traffic.ScanHAR(f) {
		switch {
		case err != nil:
			end = err
		case ctx.Err() != nil:
			batches.finish()
			return errStopped
		default:
			batches.add(raw)
		}
	}
	batches.finish()
	switch {
	case errors.Is(end, io.ErrUnexpectedEOF) && read > 0:
		broken.Cut = fmt.Sprintf("%v; the whole entries were read", end)
	case end != nil:
		return fmt.Errorf("%s: %w", har.Name, end)
	}
	if broken.Unread > 0 && read == 0 {
		return fmt.Errorf("%s: read the HAR: none of its entries can be read: %s", har.Name, broken.unread())
	}
	t.file(har.Name).absorb(&broken)
	return nil
}
