package pattern

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep groups may nest, so that the recursion cannot exhaust the stack.
const maxDepth = 500

// translator translates an expression in one pass from left to right, by recursive descent: alternatives, terms with a
// quantifier, groups, classes. A first pass counts the groups, since a reference may come before its group. Named groups
// and references become numbered ones, because engines number named groups in different ways. For example:
//
//	^a$               \A[a]\z              in regexp2, $ also matches before a line feed at the end
//	.                 a class               all but the four line ends of ECMA-262; Go's dot matches three of them
//	(?<n>x)\k<n>      ([x])(?:\1)           the first group has the number 1
//	\bx               lookarounds, [x]      if regexp2 is to match it: see boundaries
//	x{2,99999999999}  [x]{2,1073741824}     no text is as long
type translator struct {
	source     string
	at         int // the offset of the next byte in source
	out        strings.Builder
	boundaries [2]string // how to write \b and \B
	depth      int
	groups     int            // the number of capturing groups in the whole expression
	names      map[string]int // the numbers of the named groups
	backtracks bool           // whether it has a lookaround or a backreference
}

// The ways to write \b and \B. Words in ECMA-262 and in Go's regexp are ASCII, but words in regexp2 have the letters of
// all scripts. For regexp2, a boundary is written as lookarounds.
var (
	goBoundaries           = [2]string{`\b`, `\B`}
	backtrackingBoundaries = [2]string{
		`(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))`,
		`(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))`,
	}
)

// translate returns the whole expression, translated. A parenthesis that is left over closes no group.
func (t *translator) translate() (string, error) {
	if err := t.countGroups(); err != nil {
		return "", err
	}
	t.at = 0
	if err := t.alternatives(); err != nil {
		return "", err
	}
	if !t.end() {
		return "", t.errorf("this parenthesis closes no group")
	}
	return t.out.String(), nil
}

// errorf makes an error that names the character at which reading stands, counted from 1.
func (t *translator) errorf(format string, args ...any) error {
	return fmt.Errorf("at character %d: %s", 1+utf8.RuneCountInString(t.source[:t.at]), fmt.Sprintf(format, args...))
}

func (t *translator) rest() string { return t.source[t.at:] }

func (t *translator) end() bool { return t.at >= len(t.source) }

// isNext reports whether text comes next.
func (t *translator) isNext(text string) bool { return strings.HasPrefix(t.rest(), text) }

// accept moves past text if that comes next.
func (t *translator) accept(text string) bool {
	isNext := t.isNext(text)
	if isNext {
		t.at += len(text)
	}
	return isNext
}

// acceptMatch moves past what an expression matches next, and returns the match with its groups; nil if there is none.
func (t *translator) acceptMatch(expression *regexp.Regexp) []string {
	match := expression.FindStringSubmatch(t.rest())
	if match != nil {
		t.at += len(match[0])
	}
	return match
}

// next reads one character.
func (t *translator) next() rune {
	r, size := utf8.DecodeRuneInString(t.rest())
	t.at += size
	return r
}

const groupName = `<([\p{L}$_][\p{L}\p{Nd}$_]*)>`

var (
	namedGroup   = regexp.MustCompile(`^\(\?` + groupName)
	specialGroup = regexp.MustCompile(`^\(\?(?:[:=!]|<[=!])`)
	quantifier   = regexp.MustCompile(`^(?:[*+?]|` + bounds + `)`)
	number       = regexp.MustCompile(`[0-9]+`)
)

const (
	bounds    = `\{([0-9]+)(?:,([0-9]*))?\}` // {2}, {2,} or {2,5}
	wrongName = "a group has a name of letters, digits, _ and $, as in (?<name>…)"
)

// countGroups counts and names the capturing groups of the whole expression.
func (t *translator) countGroups() error {
	t.names = map[string]int{}
	inClass := false
	for ; !t.end(); t.at++ {
		switch c := t.source[t.at]; {
		case c == '\\':
			t.at++
		case inClass:
			inClass = c != ']'
		case c == '[':
			inClass = true
		case c == '(' && !t.isNext("(?"):
			t.groups++
		case t.isNext("(?<") && !specialGroup.MatchString(t.rest()):
			t.groups++
			name := namedGroup.FindStringSubmatch(t.rest())
			if name == nil {
				return t.errorf(wrongName)
			}
			if _, taken := t.names[name[1]]; taken {
				return t.errorf("the name %s is taken by another group", name[1])
			}
			t.names[name[1]] = t.groups
		}
	}
	return nil
}

// alternatives translates terms up to the end of the expression or of the group: a|b*. A term and its quantifier are read
// together, since only a term knows whether it may be repeated.
func (t *translator) alternatives() error {
	for !t.end() && !t.isNext(")") {
		if t.accept("|") {
			t.out.WriteByte('|')
			continue
		}
		repeatable, err := t.term()
		if err != nil {
			return err
		}
		if err := t.quantifier(repeatable); err != nil {
			return err
		}
	}
	return nil
}

// term translates an assertion, which cannot be repeated, or an atom, which can.
func (t *translator) term() (repeatable bool, err error) {
	switch c := t.source[t.at]; {
	case t.accept("^"):
		t.out.WriteString(`\A`)
		return false, nil
	case t.accept("$"):
		t.out.WriteString(`\z`)
		return false, nil
	case t.accept("."):
		lines.complement().write(&t.out)
		return true, nil
	case c == '(':
		return t.group()
	case c == '[':
		return true, t.class()
	case c == '\\':
		return t.escape()
	case quantifier.MatchString(t.rest()):
		return false, t.errorf("%c has nothing to repeat", c)
	}
	only(t.next()).write(&t.out)
	return true, nil
}

// group translates what stands between parentheses. Lookarounds keep their opening, and named groups become numbered ones:
//
//	(a)  (?:a)  (?=a)  (?<!a)  (?<name>a)    become    ([a])  (?:[a])  (?=[a])  (?<![a])  ([a])
func (t *translator) group() (repeatable bool, err error) {
	if t.depth++; t.depth > maxDepth {
		return false, t.errorf("groups nest deeper than %d", maxDepth)
	}
	defer func() { t.depth-- }()
	opened, opening := t.at, "("
	if special := t.acceptMatch(specialGroup); special != nil {
		opening = special[0]
	} else if t.acceptMatch(namedGroup) == nil {
		if t.isNext("(?") {
			return false, t.errorf("ECMA-262 has no group that begins with %.3s", t.rest())
		}
		t.at++
	}
	isLookaround := opening != "(" && opening != "(?:"
	t.backtracks = t.backtracks || isLookaround
	t.out.WriteString(opening)
	if err := t.alternatives(); err != nil {
		return false, err
	}
	if !t.accept(")") {
		t.at = opened
		return false, t.errorf("this group is not closed")
	}
	t.out.WriteByte(')')
	return !isLookaround, nil
}

// maxRepeat replaces all larger numbers of a quantifier, since no text is as long.
const maxRepeat = 1 << 30

// quantifier copies the quantifier of a term, if there is one: *, +, ?, {2}, {2,} or {2,5}, and a ? after it. Both engines read
// these alike; numbers are limited to maxRepeat.
func (t *translator) quantifier(repeatable bool) error {
	match := quantifier.FindStringSubmatch(t.rest())
	if match == nil {
		return nil
	}
	if !repeatable {
		return t.errorf("%c repeats an assertion", match[0][0])
	}
	if low, high := match[1], match[2]; high != "" && repeat(high) < repeat(low) {
		return t.errorf("{%s,%s} ends before it begins", low, high)
	}
	t.at += len(match[0])
	t.out.WriteString(number.ReplaceAllStringFunc(match[0], func(n string) string { return strconv.Itoa(repeat(n)) }))
	if t.accept("?") {
		t.out.WriteByte('?')
	}
	return nil
}

// repeat returns the number of a quantifier, or maxRepeat if it is larger.
func repeat(number string) int {
	n, err := strconv.Atoi(number)
	if err != nil || n > maxRepeat {
		return maxRepeat
	}
	return n
}
