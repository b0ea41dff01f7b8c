package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// HAR is traffic in a file.
type HAR struct {
	Name string // as it is shown in the report
	Open func() (io.ReadCloser, error)
}

// maxUnreadable is how many of the entries that could not be read are named.
const maxUnreadable = 3

// har judges the traffic of a HAR while it is read. Of a file that is cut off, as a recording is whose proxy was killed,
// it judges the whole entries and adds a check that says where the file ends.
func (r *run) har(ctx context.Context, har HAR, unmatched *misses) error {
	f, err := har.Open()
	if err != nil {
		return fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	c := newCollector(r.judges, unmatched)
	judging := newAhead(c)
	whole, unread := 0, 0 // entries
	unreadable, cut := []string{}, ""
	var stopped error
	for entry, err := range traffic.ReadHAR(f) {
		if wrong, ok := errors.AsType[*traffic.EntryError](err); ok {
			if unread++; unread <= maxUnreadable {
				unreadable = append(unreadable, wrong.Error())
			}
			continue
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && whole > 0 {
			cut = fmt.Sprintf("%s: %v; the whole entries were read", har.Name, err)
			break
		}
		if err != nil {
			judging.end()
			return fmt.Errorf("%s: %w", har.Name, err)
		}
		whole++
		if ctx.Err() != nil {
			stopped = errStopped
			break
		}
		judging.add(entry)
	}
	judging.end()
	if unread > maxUnreadable {
		unreadable = append(unreadable, fmt.Sprintf("and %d more", unread-maxUnreadable))
	}
	list := strings.Join(unreadable, "; ")
	if unread > 0 && whole == 0 {
		return fmt.Errorf("%s: read the HAR: nothing in it can be read: %s", har.Name, list)
	}
	r.conclusions(c, har.Name+": ")
	if unread > 0 {
		r.skipTraffic("unreadable", fmt.Sprintf("%s: not read: %d: %s", har.Name, unread, list))
	}
	if cut != "" {
		r.skipTraffic("cut-off", cut)
	}
	return stopped
}
