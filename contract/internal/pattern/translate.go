package pattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// maxDepth bounds how deep groups may nest, so that reading them cannot exhaust the stack.
const maxDepth = 500

// translator reads an expression of ECMA-262 from left to right and writes it in the syntax that both engines have.
// Every group that captures is written as a plain one, and references by name as numbers, since engines number groups with
// names in their own ways.
type translator struct {
	source     []rune
	at         int // the next rune of source
	out        strings.Builder
	boundaries [2]string // how to write \b and \B
	depth      int
	groups     int            // groups that capture, in the whole expression
	names      map[string]int // the numbers of those with names
	backtracks bool           // has a lookaround or a backreference
}

// The ways to write \b and \B. The words of ECMA-262 and of Go's regexp are ASCII, those of regexp2 have all letters.
var (
	goBoundaries   = [2]string{`\b`, `\B`}
	lookBoundaries = [2]string{
		`(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))`,
		`(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))`,
	}
)

func (t *translator) translate() (string, error) {
	if err := t.countGroups(); err != nil {
		return "", err
	}
	t.at = 0
	if err := t.alternatives(); err != nil {
		return "", err
	}
	if !t.end() {
		return "", t.fault("this parenthesis closes no group")
	}
	return t.out.String(), nil
}

func (t *translator) fault(format string, args ...any) error {
	return fmt.Errorf("at character %d: %s", t.at+1, fmt.Sprintf(format, args...))
}

func (t *translator) end() bool { return t.at >= len(t.source) }

// ahead says whether text comes next.
func (t *translator) ahead(text string) bool {
	at := t.at
	for _, r := range text {
		if at >= len(t.source) || t.source[at] != r {
			return false
		}
		at++
	}
	return true
}

// take moves behind text if it comes next.
func (t *translator) take(text string) bool {
	if !t.ahead(text) {
		return false
	}
	t.at += len([]rune(text))
	return true
}

// countGroups finds the groups that capture before anything is translated: a reference may stand before its group.
func (t *translator) countGroups() error {
	t.names = map[string]int{}
	inClass := false
	for ; !t.end(); t.at++ {
		switch r := t.source[t.at]; {
		case r == '\\':
			t.at++
		case inClass:
			inClass = r != ']'
		case r == '[':
			inClass = true
		case r == '(' && !t.ahead("(?"):
			t.groups++
		case t.ahead("(?<") && !t.ahead("(?<=") && !t.ahead("(?<!"):
			t.groups++
			name, err := t.name(t.at + len("(?<"))
			if err != nil {
				return err
			}
			if _, taken := t.names[name]; taken {
				return t.fault("the name %s is taken by another group", name)
			}
			t.names[name] = t.groups
		}
	}
	return nil
}

// name reads the name of a group from a position to the bracket behind it.
func (t *translator) name(from int) (string, error) {
	for i := from; i < len(t.source); i++ {
		r := t.source[i]
		if r == '>' && i > from {
			return string(t.source[from:i]), nil
		}
		if r != '$' && r != '_' && !unicode.IsLetter(r) && (i == from || !unicode.IsDigit(r)) {
			break
		}
	}
	return "", t.fault("a group has a name of letters, digits, _ and $, as in (?<name>…)")
}

func (t *translator) alternatives() error {
	for !t.end() && !t.ahead(")") {
		if t.take("|") {
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
	switch r := t.source[t.at]; r {
	case '^':
		t.at++
		t.out.WriteString(`\A`)
		return false, nil
	case '$':
		t.at++
		t.out.WriteString(`\z`)
		return false, nil
	case '(':
		return t.group()
	case '[':
		return true, t.class()
	case '.':
		t.at++
		lines.complement().write(&t.out)
		return true, nil
	case '\\':
		return t.escape()
	case '*', '+', '?':
		return false, t.fault("%c has nothing to repeat", r)
	default:
		if _, _, _, ok := t.bounds(); ok {
			return false, t.fault("{ has nothing to repeat")
		}
		t.at++
		writeRune(&t.out, r)
		return true, nil
	}
}

// groupKinds are the ways in which a group without a name begins, the longer before the shorter.
var groupKinds = []struct {
	opening             string
	repeats, lookaround bool
}{
	{"(?:", true, false},
	{"(?=", false, true},
	{"(?!", false, true},
	{"(?<=", false, true},
	{"(?<!", false, true},
}

func (t *translator) group() (repeatable bool, err error) {
	if t.depth++; t.depth > maxDepth {
		return false, t.fault("groups nest deeper than %d", maxDepth)
	}
	defer func() { t.depth-- }()
	opened := t.at
	opening, repeatable := "(", true
	for _, kind := range groupKinds {
		if t.ahead(kind.opening) {
			opening, repeatable = kind.opening, kind.repeats
			t.backtracks = t.backtracks || kind.lookaround
			break
		}
	}
	switch {
	case opening != "(":
		t.take(opening)
	case t.ahead("(?<"):
		name, err := t.name(t.at + len("(?<"))
		if err != nil {
			return false, err
		}
		t.at += len("(?<") + len([]rune(name)) + len(">")
	case t.ahead("(?"):
		return false, t.fault("ECMA-262 has no group that begins with %s", string(t.source[t.at:min(t.at+3, len(t.source))]))
	default:
		t.at++
	}
	t.out.WriteString(opening)
	if err := t.alternatives(); err != nil {
		return false, err
	}
	if !t.take(")") {
		t.at = opened
		return false, t.fault("this group is not closed")
	}
	t.out.WriteByte(')')
	return repeatable, nil
}

// bounds reads {2}, {2,} or {2,5} if it comes next; end is the position behind it.
func (t *translator) bounds() (low, high string, end int, ok bool) {
	if !t.ahead("{") {
		return "", "", 0, false
	}
	i := t.at + 1
	number := func() string {
		from := i
		for i < len(t.source) && '0' <= t.source[i] && t.source[i] <= '9' {
			i++
		}
		return string(t.source[from:i])
	}
	low = number()
	high = low
	if i < len(t.source) && t.source[i] == ',' {
		i++
		high = number()
	}
	if low == "" || i >= len(t.source) || t.source[i] != '}' {
		return "", "", 0, false
	}
	return low, high, i + 1, true
}

// maxRepeat stands for all larger numbers of a quantifier: no text is as long.
const maxRepeat = 1 << 30

func (t *translator) quantifier(repeatable bool) error {
	if t.end() {
		return nil
	}
	r := t.source[t.at]
	low, high, end, bounded := t.bounds()
	if !bounded && r != '*' && r != '+' && r != '?' {
		return nil
	}
	if !repeatable {
		return t.fault("%c repeats an assertion", r)
	}
	if !bounded {
		t.at++
		t.out.WriteRune(r)
	} else {
		from, to := repeat(low), repeat(high)
		if high != "" && to < from {
			return t.fault("{%s,%s} ends before it begins", low, high)
		}
		t.at = end
		if high == "" {
			fmt.Fprintf(&t.out, "{%d,}", from)
		} else {
			fmt.Fprintf(&t.out, "{%d,%d}", from, to)
		}
	}
	if t.take("?") {
		t.out.WriteByte('?')
	}
	return nil
}

func repeat(number string) int {
	n, err := strconv.Atoi(number)
	if err != nil || n > maxRepeat {
		return maxRepeat
	}
	return n
}
