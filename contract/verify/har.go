package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// HAR is traffic in a file.
type HAR struct {
	Name string // as it is shown in the report
	Open func() (io.ReadCloser, error)
}

// har judges the traffic of a HAR, entry by entry. Of a file that is cut off, as a recording is whose proxy was killed,
// it judges the whole entries and adds a check that says where the file ends.
func (r *run) har(ctx context.Context, har HAR, unmatched *misses) error {
	f, err := har.Open()
	if err != nil {
		return fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	c := newCollector(r.judges, unmatched)
	var whole int // entries
	var cut, stopped error
	unreadable := unreadableEntries{}
	for entry, err := range traffic.ReadHAR(f) {
		if errors.Is(err, io.ErrUnexpectedEOF) && whole > 0 {
			cut = err
			break
		}
		if unreadable.add(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", har.Name, err)
		}
		whole++
		if ctx.Err() != nil {
			stopped = errStopped
			break
		}
		c.Add(entry)
	}
	if unreadable.count > 0 && whole == 0 {
		return fmt.Errorf("%s: read the HAR: nothing in it can be read: %s", har.Name, unreadable.list())
	}
	r.conclusions(c, har.Name+": ")
	if unreadable.count > 0 {
		reason := fmt.Sprintf("%s: not read: %d: %s", har.Name, unreadable.count, unreadable.list())
		r.report.Add(skipped(report.Check{ID: "traffic/unreadable", Source: report.Traffic}, reason))
	}
	if cut != nil {
		reason := fmt.Sprintf("%s: %v; the whole entries were read", har.Name, cut)
		r.report.Add(skipped(report.Check{ID: "traffic/cut-off", Source: report.Traffic}, reason))
	}
	return stopped
}

// unreadableEntries counts the entries of a file that could not be read, and keeps the first.
type unreadableEntries struct {
	count int
	first []string
}

// add counts an error that is about one entry, and says whether it is.
func (u *unreadableEntries) add(err error) bool {
	var entry *traffic.EntryError
	if !errors.As(err, &entry) {
		return false
	}
	if u.count++; u.count <= 3 {
		u.first = append(u.first, entry.Error())
	}
	return true
}

// list names the first, and how many more there are.
func (u *unreadableEntries) list() string {
	text := strings.Join(u.first, "; ")
	if more := u.count - len(u.first); more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}
