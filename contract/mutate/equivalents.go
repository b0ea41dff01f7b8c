package mutate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// Equivalents are the mutants that behave like the original, each with its reason. A line is a pattern for mutant names, in
// which * matches any text, and a reason:
//
//	document *: null allowed or not at /components/headers/*/schema/nullable (true) # a header is never null
type Equivalents struct {
	lines []*equivalent
}

type equivalent struct {
	place, pattern, reason string
	matched                bool
}

// ParseEquivalents reads a file of equivalents. Empty lines and lines that begin with # are ignored. Errors name file and line.
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

// checkEnds refuses patterns that end in *, since .../used* would match .../used_before too.
func (e *Equivalents) checkEnds() error {
	i := slices.IndexFunc(e.lines, func(l *equivalent) bool { return strings.HasSuffix(l.pattern, "*") })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s: the pattern %q ends in *, which matches longer names too: write the whole name, (*) for any change",
		e.lines[i].place, e.lines[i].pattern)
}

// Reason returns the reason of the first line that matches a name, and marks the line as used.
func (e *Equivalents) Reason(name string) (reason string, listed bool) {
	for _, l := range e.lines {
		if text.Matches(l.pattern, name) {
			l.matched = true
			return l.reason, true
		}
	}
	return "", false
}

// Unmatched lists the lines that have matched nothing so far, with file and line.
func (e *Equivalents) Unmatched() []string {
	list := []string{}
	for _, l := range e.lines {
		if !l.matched {
			list = append(list, fmt.Sprintf("%s: nothing matches %q", l.place, l.pattern))
		}
	}
	return list
}
