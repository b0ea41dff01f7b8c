package mutate

import (
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// Equivalents are mutants that change nothing anybody could notice, each with its reason. A line is a pattern over the
// mutant's name, in which * stands for anything, and behind # the reason.
type Equivalents struct {
	lines []*equivalent
}

type equivalent struct {
	place, pattern, reason string
	matched                bool
}

// ParseEquivalents reads a file of equivalents. Empty lines, and lines that begin with #, say nothing.
func ParseEquivalents(file string, data []byte) (*Equivalents, error) {
	e := &Equivalents{}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		pattern, reason, _ := strings.Cut(line, " # ")
		pattern, reason = strings.TrimSpace(pattern), strings.TrimSpace(reason)
		place := fmt.Sprintf("%s:%d", file, i+1)
		if reason == "" {
			return nil, fmt.Errorf("%s: want a pattern, then # and the reason", place)
		}
		e.lines = append(e.lines, &equivalent{place, pattern, reason, false})
	}
	return e, nil
}

// checkEnds refuses patterns that end in *: .../used* would excuse .../used_before too.
func (e *Equivalents) checkEnds() error {
	for _, l := range e.lines {
		if strings.HasSuffix(l.pattern, "*") {
			return fmt.Errorf("%s: the pattern %q ends in *, and so matches longer names too: write the name to its end, (*) for any change", l.place, l.pattern)
		}
	}
	return nil
}

// Reason is that of the first line that matches a name.
func (e *Equivalents) Reason(name string) (reason string, listed bool) {
	for _, l := range e.lines {
		if text.Matches(l.pattern, name) {
			l.matched = true
			return l.reason, true
		}
	}
	return "", false
}

// Unmatched lists the lines that match no mutant.
func (e *Equivalents) Unmatched() []string {
	list := []string{}
	for _, l := range e.lines {
		if !l.matched {
			list = append(list, fmt.Sprintf("%s: nothing matches %q", l.place, l.pattern))
		}
	}
	return list
}
