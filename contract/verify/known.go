package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// KnownFailing is a check that is expected to fail. One that passes fails the run.
type KnownFailing struct {
	ID     string
	Until  time.Time // the last day of the expectation; zero: no end
	Reason string
	Place  string // file:line
}

// Expired reports whether the last day is over, in local time.
func (k KnownFailing) Expired(now time.Time) bool {
	return !k.Until.IsZero() && !now.Before(k.Until.AddDate(0, 0, 1))
}

var knownLine = regexp.MustCompile(`^(\S+)(?:\s+until=(\S+))?\s+#\s*(\S.*)$`)

// ParseKnownFailing parses lines like "showThing/plain until=2026-12-31 # ticket 4711"; until is optional, the reason is not.
// Empty lines and comments are ignored. The name of the file stands in places. An error is one line with its place.
func ParseKnownFailing(name, text string) ([]KnownFailing, error) {
	list := []KnownFailing{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		place := fmt.Sprintf("%s:%d", name, i+1)
		m := knownLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("%s: want ID [until=YYYY-MM-DD] # reason", place)
		}
		k := KnownFailing{ID: m[1], Reason: m[3], Place: place}
		if m[2] != "" {
			until, err := time.ParseInLocation(time.DateOnly, m[2], time.Local)
			if err != nil {
				return nil, fmt.Errorf("%s: until=%s: want YYYY-MM-DD", place, m[2])
			}
			k.Until = until
		}
		if slices.ContainsFunc(list, func(other KnownFailing) bool { return other.ID == k.ID }) {
			return nil, fmt.Errorf("%s: %s is listed twice", place, k.ID)
		}
		list = append(list, k)
	}
	return list, nil
}
