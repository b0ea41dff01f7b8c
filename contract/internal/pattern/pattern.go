// Package pattern matches texts against the regular expressions of OpenAPI documents, which are those of ECMA-262 with
// the flag u.
//
// No Go engine reads that dialect, and where the syntax is the same, the meaning often differs: \d, \s, the dot and $
// match other texts. So [Compile] parses an expression and translates it to a small common subset of two engines. Every
// class becomes ranges of code points, every character stands for itself, and named groups become numbered ones:
//
//	^\d(?<n>[a-z])\k<n>$   becomes   \A[0-9]([a-z])(?:\1)\z
//
// Most translations go to Go's regexp, whose time is linear in the length of the text. Those with a lookaround or a
// backreference, or with more repetitions than Go's regexp accepts, go to a backtracking engine with a time limit.
//
// The package does not know schemas, and it does not cache.
package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
)

// Timeout is the time limit of the backtracking engine for one text.
const Timeout = time.Second

// errTimeout is the error of a match that takes longer than [Timeout]. Whether the text matches is then unknown.
var errTimeout = errors.New("the pattern takes too long on this text")

// Pattern is a compiled regular expression. It is safe for concurrent use.
type Pattern struct {
	linear       *regexp.Regexp // nil if only backtracking can match
	backtracking *regexp2.Regexp
}

// Compile compiles an expression of ECMA-262 without delimiters and flags, such as `^\p{Lu}\d{3}$`. An error names the
// character at which the expression is invalid, counted from 1.
//
// Three forms that browsers accept only without the flag u are accepted here too, because their meaning is clear: a
// bracket or brace that opens or closes nothing (`a]`, `{x}`), the escape of a character that needs none (`\@`), and a
// hyphen beside a class (`[\w-.]`).
//
// There is one difference from ECMA-262: a backreference to a group of an earlier iteration, as in `(?:\1a|(b))+`, still
// has its text.
func Compile(source string) (*Pattern, error) {
	t := translator{source: source, boundaries: goBoundaries}
	text, err := t.translate()
	if err != nil {
		return nil, err
	}
	if !t.backtracks {
		if linear, err := regexp.Compile(text); err == nil {
			return &Pattern{linear: linear}, nil
		}
	}
	t = translator{source: t.source, boundaries: backtrackingBoundaries}
	if text, err = t.translate(); err != nil {
		return nil, err
	}
	full, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		return nil, fmt.Errorf("cannot compile the pattern: %w", err)
	}
	full.MatchTimeout = Timeout
	return &Pattern{backtracking: full}, nil
}

// Translate returns an expression of ECMA-262 in the syntax of Go's regexp, except for lookarounds, backreferences and large
// numbers of repetitions, which that does not have. Each character is a class: a(b)? becomes [a]([b])?
func Translate(source string) (string, error) {
	t := translator{source: source, boundaries: goBoundaries}
	return t.translate()
}

// Backtracks reports whether a match may take more than linear time, up to [Timeout].
func (p *Pattern) Backtracks() bool { return p.backtracking != nil }

// Match reports whether the expression matches anywhere in the text. Its only error is that the match
// takes longer than [Timeout].
func (p *Pattern) Match(text string) (bool, error) {
	if p.linear != nil {
		return p.linear.MatchString(text), nil
	}
	matched, err := p.backtracking.MatchString(text)
	if err != nil {
		return false, errTimeout
	}
	return matched, nil
}
