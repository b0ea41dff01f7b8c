package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// KnownFailing is a check that is known to fail, and must.
type KnownFailing struct {
	ID     string
	Until  time.Time // the last day; zero: no end
	Reason string
	Place  string // file:line
}

// Expired says whether the last day is over, by local time.
func (k KnownFailing) Expired(now time.Time) bool {
	return !k.Until.IsZero() && !now.Before(k.Until.AddDate(0, 0, 1))
}

var knownLine = regexp.MustCompile(`^(\S+)(?:\s+until=(\S+))?\s+#\s*(\S.*)$`)

// ParseKnownFailing reads lines "ID [until=YYYY-MM-DD] # reason". The name is how the file is shown in places. An error is one
// line with the place.
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
			return nil, fmt.Errorf("%s: %s stands here twice", place, k.ID)
		}
		list = append(list, k)
	}
	return list, nil
}
