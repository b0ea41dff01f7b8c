package redact

import (
	"html"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
)

// maxUndone is how often escapes are undone, one upon the other.
const maxUndone = 4

// view is a text with escapes undone, and what each stood for in the text that it was made of.
type view struct {
	text   string
	of     *view // nil: the original
	undone []undone
}

// undone is an escape: its bytes in the text that the view was made of, and what became of them in the view.
type undone struct{ from, to, plainFrom, plainTo int }

// span is where bytes of a view stand in the original, from the first to behind the last.
func (v *view) span(first, last int) span {
	for ; v.of != nil; v = v.of {
		from, _ := v.origin(first)
		_, to := v.origin(last - 1)
		first, last = from, to
	}
	return span{first, last}
}

// origin is where a byte of the view stands in the text that the view was made of: its own place, or that of its
// escape.
func (v *view) origin(at int) (from, to int) {
	i := sort.Search(len(v.undone), func(i int) bool { return v.undone[i].plainFrom > at }) - 1
	if i < 0 {
		return at, at + 1
	}
	u := v.undone[i]
	if at < u.plainTo {
		return u.from, u.to
	}
	at += u.to - u.plainTo
	return at, at + 1
}

// undo makes a view with the escapes undone that begin with one of the characters; nil: there are none.
func (v *view) undo(begin *chars) *view {
	next := &view{of: v}
	var out strings.Builder
	text, done := v.text, 0
	for i := 0; i < len(text); {
		if i += begin.index(text[i:]); i == len(text) {
			break
		}
		plain, n := readEscape(text[i:])
		if n == 0 {
			i++
			continue
		}
		out.WriteString(text[done:i])
		next.undone = append(next.undone, undone{i, i + n, out.Len(), out.Len() + len(plain)})
		out.WriteString(plain)
		i += n
		done = i
	}
	if len(next.undone) == 0 {
		return nil
	}
	out.WriteString(text[done:])
	next.text = out.String()
	return next
}

// begins are the characters that begin escapes: of URLs, of JSON and Go, of HTML.
var begins = newChars(`%\&`)

// kinds are the kinds of escapes, each with what begins the others.
var kinds = [...]struct{ begins, others *chars }{
	{newChars(`%`), newChars(`\&`)}, {newChars(`\`), newChars(`%&`)}, {newChars(`&`), newChars(`%\`)},
}

// layers are a text and what it becomes when all kinds of escapes are undone, again and again.
func layers(text string) []*view {
	list := []*view{{text: text}}
	for range maxUndone {
		next := list[len(list)-1].undo(begins)
		if next == nil {
			break
		}
		list = append(list, next)
	}
	return list
}

// views calls a function with the layers of a text, and with what it becomes when one kind of escapes is undone, since what
// stands beside a secret may make an escape of another kind out of its first characters. These are at most eight texts, none
// longer than the first.
func views(text string, look func(*view)) {
	list := layers(text)
	for _, v := range list {
		look(v)
	}
	for _, kind := range kinds {
		if kind.others.index(text) < len(text) {
			if v := list[0].undo(kind.begins); v != nil {
				look(v)
			}
		}
	}
}

// undoAll is a text without escapes.
func undoAll(text string) string {
	list := layers(text)
	return list[len(list)-1].text
}

// readEscape reads the escape at the beginning of a text. It gives how many bytes that had; 0: it is none.
func readEscape(text string) (plain string, n int) {
	switch text[0] {
	case '%':
		return readByte(text, 1)
	case '\\':
		return readBackslash(text)
	}
	return readEntity(text)
}

// readByte reads a byte in hex, behind some characters.
func readByte(text string, behind int) (string, int) {
	if len(text) < behind+2 {
		return "", 0
	}
	b, err := strconv.ParseUint(text[behind:behind+2], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), behind + 2
}

func readBackslash(text string) (string, int) {
	if r, ok := hexRune(text); ok {
		if low, paired := hexRune(text[6:]); paired && utf16.IsSurrogate(r) {
			return string(utf16.DecodeRune(r, low)), 12
		}
		return string(r), 6
	}
	if strings.HasPrefix(text, `\x`) {
		return readByte(text, 2)
	}
	if len(text) >= 2 {
		if i := strings.IndexByte(`"\/bfnrt`, text[1]); i >= 0 {
			return "\"\\/\b\f\n\r\t"[i : i+1], 2
		}
	}
	return "", 0
}

func hexRune(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	r, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(r), err == nil
}

func readEntity(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), 10)], ';')
	if end < 0 {
		return "", 0
	}
	plain := html.UnescapeString(text[:end+1])
	if plain == text[:end+1] {
		return "", 0
	}
	return plain, end + 1
}
