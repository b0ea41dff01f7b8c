// Package pattern matches texts against the regular expressions of a document, which are those of ECMA-262 with the flag u.
//
// An expression is translated once. Most translations go to Go's regexp, which is linear in the length of the text. One with a
// lookaround or a backreference, or with repetitions that Go's regexp refuses, goes to a backtracking engine with a time limit.
// The translation writes every class as ranges of code points and every character as itself, so that both engines read the same.
package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
)

// Timeout is how long the backtracking engine may work on one text.
const Timeout = time.Second

// ErrTimeout is the error of a match that took longer than Timeout: whether the text matches is not known.
var ErrTimeout = errors.New("the pattern takes too long on this text")

// Pattern is a compiled regular expression. Many goroutines may use it at once.
type Pattern struct {
	linear       *regexp.Regexp // nil where only the other can match
	backtracking *regexp2.Regexp
}

// Compile reads an expression of ECMA-262 without delimiters and flags, such as `^\p{Lu}\d{3}$`. Its errors name the character
// at which the expression goes wrong, counted from 1.
//
// Three things that browsers read only without the flag u are read here too, since they have one meaning only: a bracket or
// brace that opens or closes nothing (`a]`, `{x}`), the escape of a character that needs none (`\@`), and a hyphen beside a class
// (`[\w-.]`).
//
// One thing differs: a backreference to a group of an earlier turn of a repetition, as in `(?:\1a|(b))+`, still has its text.
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

// Backtracks reports whether a match may take much longer than to read the text, up to Timeout.
func (p *Pattern) Backtracks() bool { return p.backtracking != nil }

// Match says whether the expression matches somewhere in the text. Its only error is ErrTimeout.
func (p *Pattern) Match(text string) (bool, error) {
	if p.linear != nil {
		return p.linear.MatchString(text), nil
	}
	matched, err := p.backtracking.MatchString(text)
	if err != nil {
		return false, ErrTimeout
	}
	return matched, nil
}
