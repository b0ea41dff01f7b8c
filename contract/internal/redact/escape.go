package redact

import (
	"html"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
)

// maxLayers is the number of times that escapes are decoded one after the other: %252F becomes %2F, then a slash.
const maxLayers = 4

// view is a text with its escapes decoded. It remembers the place of each escape, so that a secret found in the view can be
// replaced in the original:
//
//	original  id=%61bcd    a view with text "id=abcd" and the escape {from: 3, to: 6, plainFrom: 3, plainTo: 4}
//	found     abcd         bytes 3 to 7 of the view, bytes 3 to 9 of the original
//
// Escapes may be nested. So the view of a view is made, until no escape is left.
type view struct {
	text    string
	of      *view    // the view that was decoded; nil: this is the original
	escapes []escape // in the order of the text
}

// escape is the place of an escape in the text before decoding, and of its plain text in the view.
type escape struct{ from, to, plainFrom, plainTo int }

// span returns the place of bytes of the view in the original. The byte at last is not included.
func (v *view) span(first, last int) span {
	for ; v.of != nil; v = v.of {
		from, _ := v.origin(first)
		_, to := v.origin(last - 1)
		first, last = from, to
	}
	return span{first, last}
}

// origin returns the place of a byte of the view in the text before decoding: that of the same byte, or of its
// escape.
func (v *view) origin(at int) (from, to int) {
	i := sort.Search(len(v.escapes), func(i int) bool { return v.escapes[i].plainFrom > at }) - 1
	if i < 0 {
		return at, at + 1
	}
	u := v.escapes[i]
	if at < u.plainTo {
		return u.from, u.to
	}
	at += u.to - u.plainTo
	return at, at + 1
}

// decode returns a view in which the escapes that begin with certain characters are decoded, or nil if there are
// none.
func (v *view) decode(begin *chars) *view {
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
		next.escapes = append(next.escapes, escape{i, i + n, out.Len(), out.Len() + len(plain)})
		out.WriteString(plain)
		i += n
		done = i
	}
	if len(next.escapes) == 0 {
		return nil
	}
	out.WriteString(text[done:])
	next.text = out.String()
	return next
}

// begins are the characters that begin escapes: % in URLs, \ in JSON and Go, & in HTML.
var begins = newChars(`%\&`)

// escapeKinds are the kinds of escapes, each with the characters that begin other kinds.
var escapeKinds = [...]struct{ begins, others *chars }{
	{newChars(`%`), newChars(`\&`)}, {newChars(`\`), newChars(`%&`)}, {newChars(`&`), newChars(`%\`)},
}

// layers returns a text and its views, with one more level of escapes decoded in each.
func layers(text string) []*view {
	list := []*view{{text: text}}
	for range maxLayers {
		next := list[len(list)-1].decode(begins)
		if next == nil {
			break
		}
		list = append(list, next)
	}
	return list
}

// views calls a function with the layers of a text. It also calls it with three views in which only one kind of
// escapes is decoded: the characters before a secret may turn its beginning into an escape of another kind, as in
// \%61 or &amp. These are at most eight texts, none longer than the original.
func views(text string, look func(*view)) {
	list := layers(text)
	for _, v := range list {
		look(v)
	}
	for _, kind := range escapeKinds {
		if kind.others.index(text) < len(text) {
			if v := list[0].decode(kind.begins); v != nil {
				look(v)
			}
		}
	}
}

// decodeAll returns a text without escapes.
func decodeAll(text string) string {
	list := layers(text)
	return list[len(list)-1].text
}

// readEscape reads the escape at the beginning of a text. It returns the plain text and the number of bytes read, 0
// if there is no escape.
func readEscape(text string) (plain string, n int) {
	switch text[0] {
	case '%':
		return readByte(text, 1)
	case '\\':
		return readBackslash(text)
	}
	return readEntity(text)
}

// readByte reads a byte in hex after a prefix of some bytes.
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

// readBackslash reads an escape of JSON or Go, such as \n, \x2f or \u002f.
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

// hexRune reads \u and four hex digits.
func hexRune(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	r, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(r), err == nil
}

// readEntity reads an escape of HTML, such as &amp; or &#47;.
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
