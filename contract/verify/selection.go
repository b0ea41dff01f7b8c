package verify

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/internal/text"
)

// selection says which checks are made, and which are known to fail.
type selection struct {
	only, skip []string
	known      []KnownFailing

	ids map[string]bool // of all checks, selected or not
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
		if !s.ids[k.ID] {
			return fmt.Errorf("%s: no check has the id %q: verify -v names them", k.Place, k.ID)
		}
	}
	return nil
}

// knownReason is why a check is known to fail, "" if it is not, or not any more.
func (s *selection) knownReason(id string) string {
	for _, k := range s.known {
		if k.ID == id && !k.Expired(time.Now()) {
			return k.Reason
		}
	}
	return ""
}
