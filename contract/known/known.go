// Package known reads, matches and writes the file of --known-failing: the failures that a team tolerates, one a line.
//
// The lines are the same for each verb. What they do to a run is up to the verb: it says which checks and findings it has, and
// what becomes of a line that matches none of them.
package known

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Line is a failure that is expected: of a whole check, or one finding of a check or of any check of an operation.
//
//	showThing/plain # ticket 4711                                         the check may fail in any way
//	showThing/plain schema/type /response/body/items/*/name # old data    only in this way
//	showThing schema/type until=2026-12-31 # old data                     all checks of the operation, anywhere
//
// In a place, * stands for one name or index.
//
// If it does not occur any more, it fails the run.
type Line struct {
	ID      string    // of a check; if Finding is set, of a check or an operation
	Finding string    // the id of a finding; empty: any
	Pointer string    // the place of the finding, in which * stands for any name or index; empty: anywhere
	Until   time.Time // the last day of the expectation; zero: no end
	Reason  string
	Place   string // file:line
	Number  int    // of the line, from 1
}

// Expired reports whether the last day is over, in local time.
func (l Line) Expired(now time.Time) bool {
	return !l.Until.IsZero() && !now.Before(l.Until.AddDate(0, 0, 1))
}

// String is the line of the file.
func (l Line) String() string {
	words := []string{}
	for _, word := range l.words() {
		words = append(words, quoteWord(word))
	}
	if !l.Until.IsZero() {
		words = append(words, "until="+l.Until.Format(time.DateOnly))
	}
	return strings.Join(words, " ") + " # " + l.Reason
}

// same reports whether two lines expect the same.
func (l Line) same(other Line) bool {
	return l.ID == other.ID && l.Finding == other.Finding && l.Pointer == other.Pointer
}

// What returns what the line expects, without its last day and reason: showThing schema/type /response/body
func (l Line) What() string { return strings.Join(l.words(), " ") }

func (l Line) words() []string {
	return slices.DeleteFunc([]string{l.ID, l.Finding, l.Pointer}, func(word string) bool { return word == "" })
}

// IsAbout reports whether the line is about a check. Only a line with a finding may name the operation of the check instead,
// which is "" for a check of no operation.
func (l Line) IsAbout(check, operation string) bool {
	return l.ID == check || l.Finding != "" && operation != "" && l.ID == operation
}

// Expects reports whether the line expects a finding of a check that it is about, at a pointer into an exchange.
func (l Line) Expects(finding, at string) bool {
	return l.Finding == finding && (l.Pointer == "" || l.isAt(pointer.Folded(at)))
}

// isAt reports whether a folded pointer is the place of the line.
func (l Line) isAt(place string) bool {
	if l.Pointer == place || !strings.Contains(l.Pointer, "*") {
		return l.Pointer == place
	}
	want, got := strings.Split(l.Pointer, "/"), strings.Split(place, "/")
	return slices.EqualFunc(want, got, func(want, got string) bool { return want == "*" || want == got })
}

// Parse parses the lines of a file. A word with a space, a quote or a # stands in double quotes, as Go writes it:
//
//	"GET /things/{id}" schema/type /response/body until=2026-12-31 # ticket 4711
//
// A method and a path, as reports write the operation, need no quotes: GET /things/{id} schema/type # ticket 4711
//
// Only the id and the reason are needed. Empty lines and comments are ignored. The name of the file stands in places. An error
// is one line with its place.
func Parse(name, text string) ([]Line, error) {
	list := []Line{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		place := fmt.Sprintf("%s:%d", name, i+1)
		l, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		l.Place, l.Number = place, i+1
		if slices.ContainsFunc(list, l.same) {
			return nil, fmt.Errorf("%s: %s is listed twice", place, l.What())
		}
		list = append(list, l)
	}
	return list, nil
}

var errLine = errors.New("want ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason")

func parseLine(line string) (l Line, err error) {
	words := []string{}
	for !strings.HasPrefix(line, "#") {
		var word string
		if word, line, err = cutWord(line); err != nil {
			return l, err
		}
		words = append(words, word)
	}
	if len(words) > 1 && isMethod(words[0]) && strings.HasPrefix(words[1], "/") {
		words = append([]string{words[0] + " " + words[1]}, words[2:]...)
	}
	if l.Reason = strings.TrimSpace(line[1:]); l.Reason == "" {
		return l, errLine
	}
	if day, isUntil := strings.CutPrefix(words[len(words)-1], "until="); isUntil {
		words = words[:len(words)-1]
		if l.Until, err = time.ParseInLocation(time.DateOnly, day, time.Local); err != nil {
			return l, fmt.Errorf("until=%s: want YYYY-MM-DD", day)
		}
	}
	for i, into := range []*string{&l.ID, &l.Finding, &l.Pointer} {
		if i < len(words) {
			*into = words[i]
		}
	}
	l.Pointer = pointer.Folded(l.Pointer)
	isPlace := l.Pointer == "" || strings.HasPrefix(l.Pointer, "/")
	if l.ID == "" || len(words) > 3 || !isPlace {
		return l, errLine
	}
	return l, nil
}

// isMethod reports whether a word is a method of HTTP, as documents have them: GET, QUERY.
func isMethod(word string) bool {
	return len(word) > 2 && !strings.ContainsFunc(word, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// cutWord returns the first word of a line, and what follows it.
func cutWord(line string) (word, rest string, err error) {
	if !strings.HasPrefix(line, `"`) {
		i := strings.IndexFunc(line, unicode.IsSpace)
		if i < 0 {
			return "", "", errLine // no reason follows
		}
		return line[:i], strings.TrimSpace(line[i:]), nil
	}
	prefix, err := strconv.QuotedPrefix(line)
	if err == nil {
		word, err = strconv.Unquote(prefix)
	}
	rest = strings.TrimSpace(strings.TrimPrefix(line, prefix))
	if err != nil || rest == "" {
		return "", "", errLine
	}
	return word, rest, nil
}

// quoteWord quotes a word if cutWord would not read it as it is.
func quoteWord(word string) string {
	needs := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '"' || r == '#' }
	if strings.ContainsFunc(word, needs) || strings.HasPrefix(word, "until=") {
		return strconv.Quote(word)
	}
	return word
}
