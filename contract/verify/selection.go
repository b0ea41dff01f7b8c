package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// selected reports whether a check is to be run, and records its id for unmatchedPatterns. Skip wins over Only.
func (r *run) selected(id string) bool {
	r.ids[id] = true
	matches := func(pattern string) bool { return r.matches(pattern, id) }
	if slices.ContainsFunc(r.Skip, matches) {
		return false
	}
	return len(r.Only) == 0 || slices.ContainsFunc(r.Only, matches)
}

// matches reports whether a pattern is a glob that matches the id of a check, or names a tag of its operation.
func (r *run) matches(pattern, id string) bool {
	if tag, isTag := strings.CutPrefix(pattern, "tag:"); isTag {
		return slices.Contains(r.tags[r.operationID(id)], tag)
	}
	return text.Matches(pattern, id)
}

// operationID returns the operation of a check: the longest id of one that the check's id begins with, up to a slash. It is "" for
// a check of no operation.
func (r *run) operationID(id string) string {
	for end := strings.LastIndexByte(id, '/'); end > 0; end = strings.LastIndexByte(id[:end], '/') {
		if _, known := r.tags[id[:end]]; known {
			return id[:end]
		}
	}
	return ""
}

// unmatchedPatterns is an error if a pattern or a known failing id matches no check. Otherwise a typing error could make a run
// pass without checking anything.
func (r *run) unmatchedPatterns() error {
	ids := slices.Sorted(maps.Keys(r.ids))
	for _, pattern := range slices.Concat(r.Only, r.Skip) {
		if slices.ContainsFunc(ids, func(id string) bool { return r.matches(pattern, id) }) {
			continue
		}
		if tag, isTag := strings.CutPrefix(pattern, "tag:"); isTag && !r.hasTag(tag) {
			return fmt.Errorf("no operation has the tag %q%s", tag, didYouMean(tag, r.allTags(), "the document has no tags"))
		}
		return fmt.Errorf("no check matches %q%s", pattern, didYouMean(pattern, r.patterns(ids), "-v lists them"))
	}
	for _, k := range r.Known {
		if _, isOperation := r.tags[k.ID]; r.ids[k.ID] || isOperation && k.Finding != "" {
			continue
		}
		return fmt.Errorf("%s: no check has the id %q%s", k.Place, k.ID, didYouMean(k.ID, ids, "-v lists them"))
	}
	return nil
}

func (r *run) hasTag(tag string) bool { return slices.Contains(r.allTags(), tag) }

// allTags lists the tags of all operations.
func (r *run) allTags() []string {
	list := slices.Concat(slices.Collect(maps.Values(r.tags))...)
	slices.Sort(list)
	return slices.Compact(list)
}

// patterns lists what a pattern may have meant: all checks of an operation, a kind of check of all operations, or a single check.
func (r *run) patterns(ids []string) []string {
	list := []string{}
	for _, id := range ids {
		if op := r.operationID(id); op != "" {
			list = append(list, op+"/*", "*"+strings.TrimPrefix(id, op))
		}
	}
	slices.Sort(list)
	return append(slices.Compact(list), ids...)
}

// didYouMean ends an error about an unknown name with the near ones, at most three; without any, with a hint or, if there are
// few names, with all of them.
func didYouMean(name string, known []string, hint string) string {
	near := []string{}
	isNear := []func(string) bool{
		func(k string) bool { return text.Edits(name, k) < text.Far },
		func(k string) bool { return text.Matches(strings.ToLower(name), strings.ToLower(k)) },
	}
	for _, is := range isNear {
		for _, k := range known {
			if is(k) && !slices.Contains(near, k) {
				near = append(near, k)
			}
		}
	}
	switch {
	case len(near) > 0:
		return fmt.Sprintf(": did you mean %s?", quoted(near[:min(len(near), maxFew)]))
	case hint == "-v lists them" || len(known) == 0:
		return ": " + hint
	case len(known) > maxNames:
		return fmt.Sprintf(": want one of %s, …", strings.Join(known[:maxNames], ", "))
	}
	return ": want one of " + strings.Join(known, ", ")
}

// maxNames is how many names an error lists.
const maxNames = 10

func quoted(names []string) string {
	list := []string{}
	for _, name := range names {
		list = append(list, fmt.Sprintf("%q", name))
	}
	return strings.Join(list, " or ")
}
