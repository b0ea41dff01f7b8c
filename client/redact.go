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

// Services repeat the token that they reject, often cut, escaped or encoded. The redactor therefore searches views of the text:
// the text itself, and the text with the escapes of URLs, JSON and HTML undone, up to four times. In each view it searches for
// the spellings of each secret: plain, in hex and in base64, in any case. Each byte of a view knows its origin in the text, so
// a match is masked there:
//
//	text  token=ab%2Bc&x    view  token=ab+c&x    secret  ab+c    result  token=***&x

// mask replaces a secret.
const mask = "***"

// prefix is how many leading bytes of a secret are treated as the secret, since services cut the tokens that they repeat.
const prefix = 16

// redact masks the secrets in a text, in all spellings in which a service may repeat them. It takes linear time.
//
// The judge has its own redactor and must share no code with it. One table of cases tests both
// (contract/internal/redact/testdata/spellings.json).
func redact(original string, secrets ...string) string {
	secret := make([]bool, len(original)) // by byte
	forms := []string{}
	for _, s := range secrets {
		forms = append(forms, spellings(s)...)
	}
	search := func(v *view) {
		text := lower(v.text)
		for _, form := range forms {
			for at := 0; ; {
				begin := strings.Index(text[at:], form[:min(len(form), prefix)])
				if begin < 0 {
					break
				}
				end := at + begin
				for i := 0; i < len(form) && end < len(text) && form[i] == text[end]; i++ {
					end++
				}
				for i := v.span(at + begin).from; i < v.span(end-1).to; i++ {
					secret[i] = true
				}
				at = end
			}
		}
	}
	views(original, search)
	var out strings.Builder
	for i := range len(original) {
		switch {
		case !secret[i]:
			out.WriteByte(original[i])
		case i == 0 || !secret[i-1]:
			out.WriteString(mask)
		}
	}
	return out.String()
}

// spellings lists the forms of a secret to search for, in lower case: as it is, without escapes, in hex and in base64. Very
// short forms are left out, since they would match by chance. Base64 depends on the position of the secret in the encoded text,
// so there are three forms, each without the characters that also encode neighbouring bytes.
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
			from, to := (before*8+5)/6, (before+len(secret))*8/6 // the characters that encode the secret alone
			add(text[min(from, to):to], 6)
		}
	}
	return forms
}

// lower returns the text with ASCII letters in lower case. Unlike strings.ToLower it never changes the length.
func lower(text string) string {
	small := []byte(text)
	for i, c := range small {
		if c >= 'A' && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}

// view is a text with escapes undone, and the origin of each of its bytes.
type view struct {
	text  string
	spans []span // of each byte; nil: the text is the original
}

// span is a range of the original text: one byte, or one escape.
type span struct{ from, to int32 }

func (v *view) span(at int) span {
	if v.spans == nil {
		return span{int32(at), int32(at) + 1}
	}
	return v.spans[at]
}

// escapes are the first characters of escapes: in URLs, JSON and HTML.
const escapes = `%\&`

// views calls the function with the text itself, with the escapes of each kind undone, and with those of all kinds undone, up
// to four times.
func views(text string, visit func(*view)) {
	original := &view{text: text}
	visit(original)
	for _, kind := range []string{`%`, `\`, `&`} {
		if v := original.undo(kind); v != nil {
			visit(v)
		}
	}
	v := original
	for range 4 {
		if v = v.undo(escapes); v == nil {
			return
		}
		visit(v)
	}
}

// undo returns the view in which the escapes that begin with one of the characters are undone, or nil if there are none.
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

// readEscape decodes the escape at the beginning of a text, and returns its length in bytes. The length is 0 if there is none.
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

// readByte decodes the two hex digits at an offset: %2B, \x2B.
func readByte(text string, offset int) (string, int) {
	if len(text) < offset+2 {
		return "", 0
	}
	b, err := strconv.ParseUint(text[offset:offset+2], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), offset + 2
}

// readBackslash decodes an escape of JSON: \n, \u00e9, or two \u escapes that form a surrogate pair.
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

// hexRune decodes \u and four hex digits.
func hexRune(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	r, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(r), err == nil
}
