package sample

import (
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
)

// A text that matches a pattern is made from the tree of the expression: of alternatives the shortest, of repetitions the
// fewest, of a class a favourite character. Boundaries have no text. To be of some length, repetitions have more of the same.
//
//	^[a-z]+-\d{2,4}$        x-11    of 7 characters: xxxx-11
//	^(horse|cat)s?$         cat
//	^(?!x)[a-z]+$           a       x, the first favourite, does not match
//	^(?=.*\d)[a-z0-9]{4}$   1111    of the second favourites; xxxx does not match
//
// The tree has no lookarounds, so what is made from it is matched with the pattern.

// Matching makes a text that matches a pattern of ECMA-262, of at least length characters if the pattern allows that. ok is false
// if this simple way finds none, such as for a backreference.
func Matching(source string, length int) (text string, ok bool) {
	matches, err := pattern.Compile(source)
	if err != nil {
		return "", false
	}
	translated, err := pattern.Translate(source)
	if err != nil {
		return "", false
	}
	tree, err := syntax.Parse(withoutLargeNumbers(withoutLookarounds(translated)), syntax.Perl)
	if err != nil {
		return "", false
	}
	for _, first := range favourites {
		g := generator{first: first}
		least, ok := g.text(tree)
		if !ok {
			continue
		}
		longer := generator{first: first, more: length - utf8.RuneCountInString(least)}
		text, _ = longer.text(tree)
		padding := strings.Repeat(first[:1], max(0, length-utf8.RuneCountInString(text)))
		for _, candidate := range []string{text + padding, padding + text} { // a pattern without an anchor matches a part
			if matched, err := matches.Match(candidate); matched && err == nil {
				return candidate, true
			}
		}
	}
	return "", false
}

// favourites are the characters that a text has where a class allows them, the best first. Each list gives another text, until
// one matches.
var favourites = []string{"xa1A0-_./: ", "1a", "a1", "A1", "z9Z"}

// generator makes one text.
type generator struct {
	first string // the favourite characters
	more  int    // characters that repetitions shall add
}

func (g *generator) text(tree *syntax.Regexp) (string, bool) {
	switch tree.Op {
	case syntax.OpNoMatch:
		return "", false
	case syntax.OpLiteral:
		return string(tree.Rune), true
	case syntax.OpCharClass:
		return g.of(tree.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return g.first[:1], true
	case syntax.OpCapture:
		return g.text(tree.Sub[0])
	case syntax.OpConcat:
		return g.sequence(tree.Sub)
	case syntax.OpAlternate:
		return g.alternative(tree.Sub)
	case syntax.OpStar:
		return g.repeated(tree.Sub[0], 0, -1)
	case syntax.OpPlus:
		return g.repeated(tree.Sub[0], 1, -1)
	case syntax.OpQuest:
		return g.repeated(tree.Sub[0], 0, 1)
	case syntax.OpRepeat:
		return g.repeated(tree.Sub[0], tree.Min, tree.Max)
	}
	return "", true // boundaries
}

// of is the simplest character of a class, whose ranges are pairs: a favourite, or the first that can be seen.
func (g *generator) of(ranges []rune) (string, bool) {
	contains := func(r rune) bool {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= r && r <= ranges[i+1] {
				return true
			}
		}
		return false
	}
	for _, r := range g.first {
		if contains(r) {
			return string(r), true
		}
	}
	for r := '!'; r <= unicode.MaxLatin1; r++ {
		if contains(r) && unicode.IsPrint(r) {
			return string(r), true
		}
	}
	if len(ranges) == 0 {
		return "", false
	}
	return string(ranges[0]), true
}

func (g *generator) sequence(all []*syntax.Regexp) (string, bool) {
	var b strings.Builder
	for _, tree := range all {
		text, ok := g.text(tree)
		if !ok {
			return "", false
		}
		b.WriteString(text)
	}
	return b.String(), true
}

// alternative is the text of the shortest alternative or, if characters are to be added, of the one that comes nearest to the
// length: of a|b+ to be five characters long, bbbbb.
func (g *generator) alternative(all []*syntax.Regexp) (string, bool) {
	texts, ends := []string{}, []generator{}
	wanted := 0
	for _, tree := range all {
		end := *g
		text, ok := end.text(tree)
		if !ok {
			continue
		}
		texts, ends = append(texts, text), append(ends, end)
		least := text
		if g.more > 0 {
			least, _ = (&generator{first: g.first}).text(tree)
		}
		if length := utf8.RuneCountInString(least); len(texts) == 1 || length < wanted {
			wanted = length
		}
	}
	if len(texts) == 0 {
		return "", false
	}
	wanted += max(0, g.more)
	best, distance := 0, math.MaxInt
	for i, text := range texts {
		if d := utf8.RuneCountInString(text) - wanted; max(d, -d) < distance {
			best, distance = i, max(d, -d)
		}
	}
	g.more = ends[best].more
	return texts[best], true
}

// repeated repeats a text as often as needed. most is -1 for any number.
func (g *generator) repeated(tree *syntax.Regexp, least, most int) (string, bool) {
	var b strings.Builder
	for i := 0; b.Len() < maxText; i++ {
		isMore := i >= least
		if isMore && (g.more <= 0 || i == most) {
			break
		}
		if isMore {
			once, ok := (&generator{first: g.first}).text(tree)
			if !ok || once == "" {
				break
			}
			g.more -= utf8.RuneCountInString(once)
		}
		text, ok := g.text(tree)
		if !ok {
			return "", false
		}
		b.WriteString(text)
	}
	return b.String(), true
}

// maxText is about the most bytes of a text that is made for a pattern.
const maxText = 10_000

// withoutLookarounds removes the groups that look ahead or behind from a translated pattern.
func withoutLookarounds(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		size := token(text)
		if isLookaround(text) {
			size = group(text)
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

func isLookaround(text string) bool {
	hasPrefix := func(start string) bool { return strings.HasPrefix(text, start) }
	return slices.ContainsFunc([]string{"(?=", "(?!", "(?<=", "(?<!"}, hasPrefix)
}

// group is the length of the group that a pattern begins with.
func group(text string) int {
	for i, depth := 0, 0; i < len(text); i += token(text[i:]) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// token is the length of the escape or class that a translated pattern begins with, or of one byte. A parenthesis in a class is
// no group.
func token(text string) int {
	size := 1
	switch text[0] {
	case '\\':
		size = 2
	case '[':
		for size < len(text) && text[size] != ']' {
			size += token(text[size:])
		}
		size++
	}
	return min(size, len(text))
}

// withoutLargeNumbers limits repetitions to what Go's parser takes.
func withoutLargeNumbers(text string) string {
	return quantifier.ReplaceAllStringFunc(text, func(q string) string {
		return largeNumber.ReplaceAllString(q, "1000")
	})
}

var (
	quantifier  = regexp.MustCompile(`\{[0-9]+(,[0-9]*)?\}`)
	largeNumber = regexp.MustCompile(`[1-9][0-9]{3,}`)
)
