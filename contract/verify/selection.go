package verify

import (
	"fmt"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/internal/text"
)

// wanted says whether a check is to be made, and notes its id.
func (r *run) wanted(id string) bool {
	r.ids[id] = true
	matching := func(glob string) bool { return text.Matches(glob, id) }
	if slices.ContainsFunc(r.Skip, matching) {
		return false
	}
	return len(r.Only) == 0 || slices.ContainsFunc(r.Only, matching)
}

// unmatched is an error about what no check had: a misspelt word must not make a run green.
func (r *run) unmatched() error {
	ids := slices.Collect(maps.Keys(r.ids))
	for _, glob := range slices.Concat(r.Only, r.Skip) {
		if !slices.ContainsFunc(ids, func(id string) bool { return text.Matches(glob, id) }) {
			return fmt.Errorf("no check matches %q: verify -v names them", glob)
		}
	}
	for _, k := range r.Known {
		if !r.ids[k.ID] {
			return fmt.Errorf("%s: no check has the id %q: verify -v names them", k.Place, k.ID)
		}
	}
	return nil
}
