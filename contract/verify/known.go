package verify

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
)

// KnownFailing is a failure that is expected: of a whole check, or one finding of a check or of any check of an operation.
//
//	showThing/plain # ticket 4711                                         the check may fail in any way
//	showThing/plain schema/type /response/body/items/*/name # old data    only in this way
//	showThing schema/type until=2026-12-31 # old data                     all checks of the operation, anywhere
//
// In a place, * stands for one name or index.
//
// If it does not occur any more, it fails the run.
type KnownFailing struct {
	ID      string    // of a check; if Finding is set, of a check or an operation
	Finding string    // the id of a finding; empty: any
	Pointer string    // the place of the finding, in which * stands for any name or index; empty: anywhere
	Until   time.Time // the last day of the expectation; zero: no end
	Reason  string
	Place   string // file:line
	Line    int    // from 1
}

// Expired reports whether the last day is over, in local time.
func (k KnownFailing) Expired(now time.Time) bool {
	return !k.Until.IsZero() && !now.Before(k.Until.AddDate(0, 0, 1))
}

// String is the line of the file.
func (k KnownFailing) String() string {
	words := []string{}
	for _, word := range []string{k.ID, k.Finding, k.Pointer} {
		if word != "" {
			words = append(words, quoteWord(word))
		}
	}
	if !k.Until.IsZero() {
		words = append(words, "until="+k.Until.Format(time.DateOnly))
	}
	return strings.Join(words, " ") + " # " + k.Reason
}

// same reports whether two lines expect the same.
func (k KnownFailing) same(other KnownFailing) bool {
	return k.ID == other.ID && k.Finding == other.Finding && k.Pointer == other.Pointer
}

// isAbout reports whether the line is about a check.
func (k KnownFailing) isAbout(c report.Check) bool {
	return k.ID == c.ID || k.Finding != "" && c.Operation != "" && k.ID == c.Operation
}

// expects reports whether the line expects a finding of a check.
func (k KnownFailing) expects(c report.Check, f contract.Finding) bool {
	return k.Finding == f.ID && k.isAbout(c) && (k.Pointer == "" || k.isAt(folded(f.Pointer)))
}

// isAt reports whether a folded pointer is the place of the line.
func (k KnownFailing) isAt(pointer string) bool {
	if k.Pointer == pointer || !strings.Contains(k.Pointer, "*") {
		return k.Pointer == pointer
	}
	want, got := strings.Split(k.Pointer, "/"), strings.Split(pointer, "/")
	return slices.EqualFunc(want, got, func(want, got string) bool { return want == "*" || want == got })
}

// ParseKnownFailing parses the lines of a file. A word with a space, a quote or a # stands in double quotes, as Go writes it:
//
//	"GET /things/{id}" schema/type /response/body until=2026-12-31 # ticket 4711
//
// Only the id and the reason are needed. Empty lines and comments are ignored. The name of the file stands in places. An error is
// one line with its place.
func ParseKnownFailing(name, text string) ([]KnownFailing, error) {
	list := []KnownFailing{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		place := fmt.Sprintf("%s:%d", name, i+1)
		k, err := parseKnownLine(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		k.Place, k.Line = place, i+1
		if slices.ContainsFunc(list, k.same) {
			return nil, fmt.Errorf("%s: %s is listed twice", place, strings.Join(k.words(), " "))
		}
		list = append(list, k)
	}
	return list, nil
}

func (k KnownFailing) words() []string {
	return slices.DeleteFunc([]string{k.ID, k.Finding, k.Pointer}, func(word string) bool { return word == "" })
}

var errKnownLine = errors.New("want ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason")

func parseKnownLine(line string) (k KnownFailing, err error) {
	words := []string{}
	for !strings.HasPrefix(line, "#") {
		var word string
		if word, line, err = cutWord(line); err != nil {
			return k, err
		}
		words = append(words, word)
	}
	if k.Reason = strings.TrimSpace(line[1:]); k.Reason == "" {
		return k, errKnownLine
	}
	if day, isUntil := strings.CutPrefix(words[len(words)-1], "until="); isUntil {
		words = words[:len(words)-1]
		if k.Until, err = time.ParseInLocation(time.DateOnly, day, time.Local); err != nil {
			return k, fmt.Errorf("until=%s: want YYYY-MM-DD", day)
		}
	}
	for i, into := range []*string{&k.ID, &k.Finding, &k.Pointer} {
		if i < len(words) {
			*into = words[i]
		}
	}
	k.Pointer = folded(k.Pointer)
	isPlace := k.Pointer == "" || strings.HasPrefix(k.Pointer, "/")
	if k.ID == "" || len(words) > 3 || !isPlace {
		return k, errKnownLine
	}
	return k, nil
}

// cutWord returns the first word of a line, and what follows it.
func cutWord(line string) (word, rest string, err error) {
	if !strings.HasPrefix(line, `"`) {
		i := strings.IndexFunc(line, unicode.IsSpace)
		if i < 0 {
			return "", "", errKnownLine // no reason follows
		}
		return line[:i], strings.TrimSpace(line[i:]), nil
	}
	prefix, err := strconv.QuotedPrefix(line)
	if err == nil {
		word, err = strconv.Unquote(prefix)
	}
	rest = strings.TrimSpace(strings.TrimPrefix(line, prefix))
	if err != nil || rest == "" {
		return "", "", errKnownLine
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
