package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// HAR is a file of recorded traffic, or a Pact file.
type HAR struct {
	Name string // in the report
	Open func() (io.ReadCloser, error)
}

// maxUnreadable is how many unreadable entries the report lists.
const maxUnreadable = 3

// har judges the traffic of a HAR while it is read. If the file is cut off, for example because the recording proxy was killed,
// it judges the entries before and adds a skipped check that names the place. The same goes for unreadable entries.
func (r *run) har(ctx context.Context, har HAR, unmatched *misses) error {
	f, err := har.Open()
	if err != nil {
		return fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	c := newCollector(r.judges, har.Name, unmatched)
	batches := newBatcher(c)
	read, unread := 0, 0 // entries
	unreadable, cut := []string{}, ""
	var stopped error
	for entry, err := range traffic.ReadHAR(f) {
		if entryErr, ok := errors.AsType[*traffic.EntryError](err); ok {
			if unread++; unread <= maxUnreadable {
				unreadable = append(unreadable, entryErr.Error())
			}
			continue
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && read > 0 {
			cut = fmt.Sprintf("%s: %v; the whole entries were read", har.Name, err)
			break
		}
		if err != nil {
			batches.finish()
			return fmt.Errorf("%s: %w", har.Name, err)
		}
		read++
		if ctx.Err() != nil {
			stopped = errStopped
			break
		}
		if r.Record != nil && !entry.Exchange.Expected {
			r.Record(entry, "")
		}
		batches.add(entry)
	}
	batches.finish()
	if unread > maxUnreadable {
		unreadable = append(unreadable, fmt.Sprintf("and %d more", unread-maxUnreadable))
	}
	list := strings.Join(unreadable, "; ")
	if unread > 0 && read == 0 {
		return fmt.Errorf("%s: read the HAR: none of its entries can be read: %s", har.Name, list)
	}
	r.addTraffic(c)
	if unread > 0 {
		r.skipTraffic("unreadable", fmt.Sprintf("%s: not read: %d: %s", har.Name, unread, list))
	}
	if cut != "" {
		r.skipTraffic("cut-off", cut)
	}
	return stopped
}
