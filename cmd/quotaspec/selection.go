package main

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/internal/text"
)

// selection says which checks are made, and which are known to fail.
type selection struct {
	only, skip []string
	known      []knownFailing

	ids map[string]bool // of all checks, selected or not
}

// knownFailing is a line of --known-failing.
type knownFailing struct {
	id     string
	until  time.Time // the last day; zero: no end
	reason string
	place  string // file:line
}

// wanted says whether a check is to be made, and notes its id.
func (s *selection) wanted(id string) bool {
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	s.ids[id] = true
	matching := func(glob string) bool { return text.Matches(glob, id) }
	if slices.ContainsFunc(s.skip, matching) {
		return false
	}
	return len(s.only) == 0 || slices.ContainsFunc(s.only, matching)
}

// unmatched is an error about what no check had: a misspelt word must not make a run green.
func (s *selection) unmatched() error {
	ids := slices.Collect(maps.Keys(s.ids))
	for _, glob := range slices.Concat(s.only, s.skip) {
		if !slices.ContainsFunc(ids, func(id string) bool { return text.Matches(glob, id) }) {
			return fmt.Errorf("no check matches %q: verify -v names them", glob)
		}
	}
	for _, k := range s.known {
		if !s.ids[k.id] {
			return fmt.Errorf("%s: no check has the id %q: verify -v names them", k.place, k.id)
		}
	}
	return nil
}

// knownReason is why a check is known to fail, "" if it is not, or not any more.
func (s *selection) knownReason(id string) string {
	for _, k := range s.known {
		if k.id == id && !k.expired(time.Now()) {
			return k.reason
		}
	}
	return ""
}

// expired says whether the last day is over, by local time.
func (k knownFailing) expired(now time.Time) bool {
	return !k.until.IsZero() && !now.Before(k.until.AddDate(0, 0, 1))
}

var knownLine = regexp.MustCompile(`^(\S+)(?:\s+until=(\S+))?\s+#\s*(\S.*)$`)

// readKnownFailing reads lines "ID [until=YYYY-MM-DD] # reason".
func readKnownFailing(file string) ([]knownFailing, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the known failures: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	list := []knownFailing{}
	lines, n := bufio.NewScanner(f), 1
	for ; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		place := fmt.Sprintf("%s:%d", file, n)
		m := knownLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("%s: want ID [until=YYYY-MM-DD] # reason", place)
		}
		k := knownFailing{id: m[1], reason: m[3], place: place}
		if m[2] != "" {
			if k.until, err = time.ParseInLocation(time.DateOnly, m[2], time.Local); err != nil {
				return nil, fmt.Errorf("%s: until=%s: want YYYY-MM-DD", place, m[2])
			}
		}
		if slices.ContainsFunc(list, func(other knownFailing) bool { return other.id == k.id }) {
			return nil, fmt.Errorf("%s: %s stands here twice", place, k.id)
		}
		list = append(list, k)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: the line is longer than %d bytes", file, n, bufio.MaxScanTokenSize)
	case err != nil:
		return nil, fmt.Errorf("read the known failures: %w", err)
	}
	return list, nil
}
