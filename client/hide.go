package client

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// mark stands where a secret stood.
const mark = "***"

// enough is how many bytes of a secret are as good as all of it: services cut the tokens that they repeat.
const enough = 16

// hide takes secrets out of a text in all spellings in which a service may repeat them: in any case, in base64 and hex,
// and with the escapes of URLs, JSON and HTML, which are undone up to four times. The time is linear in the bytes.
//
// The judge has a redactor of its own, with which it must share no code; one table of cases holds both
// (contract/internal/redact/testdata/spellings.json).
func hide(words string, secrets ...string) string {
	covered := make([]bool, len(words))
	forms := []string{}
	for _, secret := range secrets {
		forms = append(forms, spellings(secret)...)
	}
	look := func(v *view) {
		text := lower(v.text)
		for _, form := range forms {
			for at := 0; ; {
				begin := strings.Index(text[at:], form[:min(len(form), enough)])
				if begin < 0 {
					break
				}
				end := at + begin
				for i := 0; i < len(form) && end < len(text) && form[i] == text[end]; i++ {
					end++
				}
				for i := v.span(at + begin).from; i < v.span(end-1).to; i++ {
					covered[i] = true
				}
				at = end
			}
		}
	}
	views(words, look)
	var out strings.Builder
	for i := range len(words) {
		switch {
		case !covered[i]:
			out.WriteByte(words[i])
		case i == 0 || !covered[i-1]:
			out.WriteString(mark)
		}
	}
	return out.String()
}

// spellings are the forms of a secret that are looked for, in lower case: as it is, without escapes, in hex and in
// base64.
func spellings(secret string) []string {
	forms := []string{}
	add := func(form string, shortest int) {
		if form = lower(form); len(form) >= shortest && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	plain := secret
	views(secret, func(v *view) { plain = v.text })
	for _, form := range []string{secret, plain} {
		add(form, 4)
		add(strings.ReplaceAll(form, " ", "+"), 4)
	}
	add(hex.EncodeToString([]byte(secret)), 6)
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := alphabet.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
			from, to := (before*8+5)/6, (before+len(secret))*8/6 // what is the same whatever stands around the secret
			add(text[min(from, to):to], 6)
		}
	}
	return forms
}

// lower is a text with the letters of ASCII in lower case; it keeps its length.
func lower(text string) string {
	small := []byte(text)
	for i, c := range small {
		if c >= 'A' && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}

// view is a text with escapes undone, and where each of its bytes stands in the original.
type view struct {
	text  string
	spans []span // nil: it is the original
}

// span is a part of the original: a byte, or the escape of one or more.
type span struct{ from, to int32 }

func (v *view) span(at int) span {
	if v.spans == nil {
		return span{int32(at), int32(at) + 1}
	}
	return v.spans[at]
}

// escapes are the characters that begin one: of URLs, of JSON, of HTML.
const escapes = `%\&`

// views calls a function with a text, with what it becomes when escapes of one kind are undone, and last when those of
// all kinds are, again and again.
func views(text string, look func(*view)) {
	original := &view{text: text}
	look(original)
	for _, kind := range []string{`%`, `\`, `&`} {
		if v := original.undo(kind); v != nil {
			look(v)
		}
	}
	v := original
	for range 4 {
		if v = v.undo(escapes); v == nil {
			return
		}
		look(v)
	}
}

// undo gives the view in which escapes that begin with one of the characters are undone, nil if there are none.
func (v *view) undo(kinds string) *view {
	if !strings.ContainsAny(v.text, kinds) {
		return nil
	}
	var plain []byte
	var spans []span
	found := false
	for i := 0; i < len(v.text); {
		part, n := v.text[i:i+1], 1
		if strings.IndexByte(kinds, v.text[i]) >= 0 {
			if undone, length := readEscape(v.text[i:]); length > 0 {
				part, n, found = undone, length, true
			}
		}
		plain = append(plain, part...)
		for range len(part) {
			spans = append(spans, span{v.span(i).from, v.span(i + n - 1).to})
		}
		i += n
	}
	if !found {
		return nil
	}
	return &view{string(plain), spans}
}

// readEscape reads the escape at the beginning of a text. It gives how many bytes that had; 0: it is none.
func readEscape(text string) (plain string, n int) {
	switch {
	case text[0] == '%':
		return readByte(text, 1)
	case strings.HasPrefix(text, `\x`):
		return readByte(text, 2)
	case text[0] == '\\':
		return readBackslash(text)
	}
	if end := strings.IndexByte(text[:min(len(text), 10)], ';'); end > 0 {
		if plain = html.UnescapeString(text[:end+1]); plain != text[:end+1] {
			return plain, end + 1
		}
	}
	return "", 0
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
