package verify

import (
	"fmt"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/internal/text"
)

// selected reports whether a check is to be run, and records its id for unmatchedPatterns. Skip wins over Only.
func (r *run) selected(id string) bool {
	r.ids[id] = true
	matches := func(pattern string) bool { return text.Matches(pattern, id) }
	if slices.ContainsFunc(r.Skip, matches) {
		return false
	}
	return len(r.Only) == 0 || slices.ContainsFunc(r.Only, matches)
}

// unmatchedPatterns is an error if a pattern or a known failing id matches no check. Otherwise a typing error could make a run
// pass without checking anything.
func (r *run) unmatchedPatterns() error {
	ids := slices.Collect(maps.Keys(r.ids))
	for _, pattern := range slices.Concat(r.Only, r.Skip) {
		if !slices.ContainsFunc(ids, func(id string) bool { return text.Matches(pattern, id) }) {
			return fmt.Errorf("no check matches %q: -v lists them", pattern)
		}
	}
	for _, k := range r.Known {
		if !r.ids[k.ID] {
			return fmt.Errorf("%s: no check has the id %q: -v lists them", k.Place, k.ID)
		}
	}
	return nil
}
