package forms

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// lines is the text of a document while it is edited. Lines are numbered as in the file, from 1.
type lines struct {
	file  string
	text  []string   // text[0] is not used
	gone  []bool     // lines that are cut out
	edits []lineEdit // of members in braces
	errs  []error
}

// lineEdit writes a text in the place of some bytes of a line.
type lineEdit struct {
	line, from, to int
	with           string
}

func newLines(file string, source []byte) *lines {
	text := append([]string{""}, strings.Split(strings.TrimSuffix(string(source), "\n"), "\n")...)
	return &lines{file: file, text: text, gone: make([]bool, len(text))}
}

// bytes returns the lines that are left. Where cut lines stood between blank ones, one blank line is left.
func (l *lines) bytes() ([]byte, error) {
	// The last edit of a line is made first, so that the others keep their places.
	slices.SortFunc(l.edits, func(a, b lineEdit) int { return cmp.Compare(b.from, a.from) })
	for _, e := range l.edits {
		l.text[e.line] = l.text[e.line][:e.from] + e.with + l.text[e.line][e.to:]
	}
	left := []string{}
	isCut := false // since the last line that is left
	for i := 1; i < len(l.text); i++ {
		isDouble := isCut && l.text[i] == "" && (len(left) == 0 || left[len(left)-1] == "")
		if l.gone[i] || isDouble {
			isCut = true
			continue
		}
		left, isCut = append(left, l.text[i]), false
	}
	return []byte(strings.TrimRight(strings.Join(left, "\n"), "\n") + "\n"), errors.Join(l.errs...)
}

func (l *lines) fail(line int, problem string) {
	l.errs = append(l.errs, fmt.Errorf("%s:%d: %s", l.file, line, problem))
}

// member returns the line of a member that begins a line, and what stands there after its key. Any other member is an error.
func (l *lines) member(object *spec.Node, key string) (line int, value string, ok bool) {
	line = object.Member(key).Place().Line
	value, ok = strings.CutPrefix(strings.TrimLeft(l.text[line], " "), key+":")
	if !ok {
		l.fail(line, key+" must begin a line to have another form")
	}
	return line, strings.TrimLeft(value, " "), ok
}

// replace writes another key and value in the place of a member whose value stands on the line of its key.
func (l *lines) replace(object *spec.Node, key string, with func(value string) string) {
	if at, ok := l.inBraces(object, key); ok {
		value := strings.TrimSpace(l.text[at.line][at.key+len(key)+1 : at.end])
		l.edits = append(l.edits, lineEdit{line: at.line, from: at.key, to: at.end, with: with(value)})
		return
	}
	line, value, ok := l.member(object, key)
	if !ok {
		return
	}
	if value == "" || strings.HasPrefix(value, "|") || strings.HasPrefix(value, ">") || l.end(line) != line {
		l.fail(line, key+" must be one line to have another form")
		return
	}
	l.text[line] = l.text[line][:indent(l.text[line])] + with(value)
}

// cut cuts out a member with the comment above it.
func (l *lines) cut(object *spec.Node, key string) {
	if at, ok := l.inBraces(object, key); ok {
		l.edits = append(l.edits, lineEdit{line: at.line, from: at.comma, to: at.end})
		return
	}
	line, _, ok := l.member(object, key)
	if !ok {
		return
	}
	first, comment := line, strings.Repeat(" ", indent(l.text[line]))+"#"
	for strings.HasPrefix(l.text[first-1], comment) {
		first--
	}
	l.cutLines(first, l.end(line))
}

// braced is where a member stands that follows another in braces. In {a: 1, b: 2} the comma of b is at 5, its key at 7, and it
// ends at 11.
type braced struct{ line, comma, key, end int }

// inBraces returns where a member stands that follows another in braces. The last one must have a plain value, such as a number.
func (l *lines) inBraces(object *spec.Node, key string) (at braced, ok bool) {
	index := slices.IndexFunc(object.Members, func(m spec.Member) bool { return m.Name == key })
	if index == 0 {
		return at, false
	}
	// Between a comma and the key after it there are only spaces.
	comma := func(i int) (comma, key int) {
		member := object.Members[i]
		if member.Line != object.Members[index].Line {
			return -1, -1
		}
		key = len(string([]rune(l.text[member.Line])[:member.Column-1]))
		return strings.LastIndex(l.text[member.Line][:key], ","), key
	}
	at.line = object.Members[index].Line
	at.comma, at.key = comma(index)
	text := l.text[at.line]
	if at.comma < 0 || strings.TrimSpace(text[at.comma+1:at.key]) != "" {
		return at, false
	}
	if index+1 < len(object.Members) {
		at.end, _ = comma(index + 1)
		return at, at.end >= 0
	}
	at.end = at.key + strings.Index(text[at.key:], "}")
	value := strings.TrimSpace(strings.TrimPrefix(text[at.key:], key+":"))
	isPlain := value != "" && !strings.ContainsRune(`'"[{|>`, rune(value[0]))
	return at, isPlain && at.end > at.key
}

// cutLines cuts out lines. The blank lines above go with what ends a value, which is followed by what is indented less.
func (l *lines) cutLines(first, last int) {
	for i := first; i <= last; i++ {
		l.gone[i] = true
	}
	for isEnd := last+1 == len(l.text) || indent(l.text[last+1]) < indent(l.text[first]); isEnd && l.text[first-1] == ""; first-- {
		l.gone[first-1] = first > 1
		if first == 1 {
			break
		}
	}
}

// end returns the last line of the member whose key stands on a line: all that follows and is indented deeper is its value.
func (l *lines) end(line int) int {
	last := line
	for i := line + 1; i < len(l.text); i++ {
		if strings.TrimSpace(l.text[i]) == "" {
			continue
		}
		if indent(l.text[i]) <= indent(l.text[line]) {
			break
		}
		last = i
	}
	return last
}

// indent returns the number of spaces at the beginning of a line.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
