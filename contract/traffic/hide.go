package traffic

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// maxEscapes is how often escapes are undone, one upon the other.
const maxEscapes = 3

// hide replaces the secrets in a text, however they are written: in any case, in base64, in hex, with the escapes of URLs, of
// JSON and of HTML, also one upon the other.
func hide(text string, secrets []secret) string {
	if len(secrets) == 0 {
		return text
	}
	spans := view{text: text}.find(nil, secrets, 0)
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out strings.Builder
	end := 0
	for i, s := range spans {
		if s.from > end || i == 0 {
			out.WriteString(text[end:s.from])
			out.WriteString(Redacted)
		}
		end = max(end, s.to)
	}
	out.WriteString(text[end:])
	return out.String()
}

// span is a part of a text, by bytes.
type span struct{ from, to int }

// view is a text with escapes undone.
type view struct {
	text string
	at   []int32 // where each byte, and the end, stands in the original; nil: at the same place
}

func (v view) place(i int) int {
	if v.at == nil {
		return i
	}
	return int(v.at[i])
}

// find adds where the secrets stand in the view, and in what it becomes when one more kind of escapes is undone. Only one
// kind at once: a secret may itself look like an escape of another.
func (v view) find(spans []span, secrets []secret, depth int) []span {
	text := lower(v.text)
	for _, s := range secrets {
		for _, form := range s.forms {
			for from := 0; ; {
				i := strings.Index(text[from:], form)
				if i < 0 {
					break
				}
				spans = append(spans, span{v.place(from + i), v.place(from + i + len(form))})
				from += i + len(form)
			}
		}
	}
	if depth == maxEscapes {
		return spans
	}
	for _, e := range escapes {
		if next, changed := v.undo(e); changed {
			spans = next.find(spans, secrets, depth+1)
		}
	}
	return spans
}

// escape is a kind of escapes: the character that begins one, and how the one at the beginning of a text is read. It gives
// how long the escape was; 0: it is none.
type escape struct {
	begin byte
	read  func(text string) (plain string, n int)
}

var escapes = []escape{{'%', readPercent}, {'\\', readBackslash}, {'&', readEntity}}

func (v view) undo(e escape) (view, bool) {
	if strings.IndexByte(v.text, e.begin) < 0 {
		return v, false
	}
	out, at, changed := make([]byte, 0, len(v.text)), make([]int32, 0, len(v.text)+1), false
	for i := 0; i < len(v.text); {
		plain, n := v.text[i:i+1], 0
		if v.text[i] == e.begin {
			plain, n = e.read(v.text[i:])
		}
		if changed = changed || n > 0; n == 0 {
			plain, n = v.text[i:i+1], 1
		}
		for range len(plain) {
			at = append(at, int32(v.place(i)))
		}
		out = append(out, plain...)
		i += n
	}
	return view{string(out), append(at, int32(v.place(len(v.text))))}, changed
}

func readPercent(text string) (string, int) {
	if len(text) < 3 {
		return "", 0
	}
	b, err := strconv.ParseUint(text[1:3], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), 3
}

func readBackslash(text string) (string, int) {
	if r, ok := hexRune(text); ok {
		if low, paired := hexRune(text[6:]); paired && utf16.IsSurrogate(r) {
			return string(utf16.DecodeRune(r, low)), 12
		}
		return string(r), 6
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
