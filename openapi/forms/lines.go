package forms

import (
	"errors"
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// lines is the text of a document while it is edited. Lines are numbered as in the file, from 1.
type lines struct {
	file string
	text []string // text[0] is not used
	gone []bool   // lines that are cut out
	errs []error
}

func newLines(file string, source []byte) *lines {
	text := append([]string{""}, strings.Split(strings.TrimSuffix(string(source), "\n"), "\n")...)
	return &lines{file: file, text: text, gone: make([]bool, len(text))}
}

// bytes returns the lines that are left. Where cut lines stood between blank ones, one blank line is left.
func (l *lines) bytes() ([]byte, error) {
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
