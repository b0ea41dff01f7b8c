package redact

import "strings"

// syntax checks the syntax of JSON as json.Valid does, token by token. So the walk that looks for secrets need not be preceded by
// another one:
//
//	[1,    wants a value
//	{      wants a name, or the end of the object
type syntax struct {
	want   want
	open   []byte // { and [ without their counterparts
	broken bool   // there was a token that was not wanted
}

// want is what may follow.
type want uint8

const (
	wantValue      want = iota
	wantFirstValue      // or the end of the array
	wantName
	wantFirstName // or the end of the object
	wantColon
	wantNext // a comma or the end of what is open
)

// maxOpen is the number of open objects and arrays above which package json takes a text for malformed.
const maxOpen = 10000

// valid reports whether the tokens so far are one value.
func (y *syntax) valid() bool { return !y.broken && y.want == wantNext && len(y.open) == 0 }

// next sets what is wanted after a token, which itself is valid if ok is set.
func (y *syntax) next(w want, ok bool) {
	y.want = w
	y.broken = y.broken || !ok
}

// scalar adds a number, true, false or null, or a string that is no name.
func (y *syntax) scalar(ok bool) { y.next(wantNext, ok && y.want <= wantFirstValue) }

// string adds a string with such characters in it.
func (y *syntax) string(quoted string, seen kind) {
	ok := seen&(kindQuote|kindControl) == kindQuote && (seen&kindEscape == 0 || hasValidEscapes(quoted))
	if y.want == wantName || y.want == wantFirstName {
		y.next(wantColon, ok)
	} else {
		y.scalar(ok)
	}
}

func (y *syntax) begin(bracket byte) {
	ok := y.want <= wantFirstValue && len(y.open) < maxOpen
	if y.broken || !ok { // do not collect brackets in vain
		y.broken = true
		return
	}
	y.open = append(y.open, bracket)
	if y.next(wantFirstValue, true); bracket == '{' {
		y.want = wantFirstName
	}
}

func (y *syntax) end(bracket byte) {
	begin, first := byte('['), wantFirstValue
	if bracket == '}' {
		begin, first = '{', wantFirstName
	}
	if y.broken || y.innermost() != begin || y.want != wantNext && y.want != first {
		y.broken = true
		return
	}
	y.open = y.open[:len(y.open)-1]
	y.want = wantNext
}

func (y *syntax) comma() {
	within := y.innermost()
	ok := y.want == wantNext && within != 0
	if y.next(wantValue, ok); within == '{' {
		y.want = wantName
	}
}

func (y *syntax) colon() { y.next(wantValue, y.want == wantColon) }

// innermost returns the bracket that was opened last; 0 if none is open.
func (y *syntax) innermost() byte {
	if len(y.open) == 0 {
		return 0
	}
	return y.open[len(y.open)-1]
}

// literal returns the true, false or null at the beginning of a text; "" if there is none.
func literal(text string) string {
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(text, word) {
			return word
		}
	}
	return ""
}

// hasValidEscapes reports whether each backslash in a string begins an escape of JSON.
func hasValidEscapes(quoted string) bool {
	for i := strings.IndexByte(quoted, '\\'); i < len(quoted); i++ {
		if quoted[i] != '\\' {
			continue
		}
		if i++; i == len(quoted) || strings.IndexByte(`"\/bfnrtu`, quoted[i]) < 0 {
			return false
		}
		if quoted[i] != 'u' {
			continue
		}
		for range 4 {
			if i++; i == len(quoted) || !hexDigits[quoted[i]] {
				return false
			}
		}
	}
	return true
}

var (
	hexDigits   = newChars("0123456789abcdefABCDEF")
	numberBytes = newChars("+-.eE0123456789")
)

// isNumber reports whether a text is a number of JSON: -12.5e+3.
func isNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	rest := withoutDigits(text)
	if rest == text || text[0] == '0' && len(text)-len(rest) > 1 {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		if rest = withoutDigits(fraction); rest == fraction {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	exponent := rest[1:]
	if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
		exponent = exponent[1:]
	}
	return exponent != "" && withoutDigits(exponent) == ""
}

// withoutDigits returns what follows the digits at the beginning of a text.
func withoutDigits(text string) string {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return text[i:]
}
