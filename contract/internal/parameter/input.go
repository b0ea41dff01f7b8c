package parameter

import (
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// input is what was sent for one parameter or header, with what the document defines for it. In a path or a header that
// is one text. In a query and in cookies it is a list of pairs, of which only some belong to the parameter.
type input struct {
	name, style string
	explode     bool
	schema      *spec.Schema
	shapes      shapes

	text    string
	pairs   []Pair
	inPairs bool

	parameter *spec.Parameter   // the owner of pairs; nil if it owns all
	all       []*spec.Parameter // of the operation
	encoding  encoding
}

// owns reports whether a pair with this name belongs to the parameter.
func (in *input) owns(name string) bool {
	return in.parameter == nil || Owns(in.parameter, name) && !isOwnedByOther(in.parameter, name, in.all)
}

// encoding is how special characters of a text are written.
type encoding uint8

const (
	notEncoded     encoding = iota // a header, and a cookie of style cookie
	percentEncoded                 // a path, and a cookie of style form if its text can be decoded
	queryEncoded                   // percent-encoded, with a plus sign for a space
)

// decode decodes a text or a part of one. A text with an invalid escape, which only a cookie can have here, stays as it is.
func (in *input) decode(text string) string {
	decoded, err := text, error(nil)
	switch in.encoding {
	case percentEncoded:
		decoded, err = url.PathUnescape(text)
	case queryEncoded:
		decoded, err = url.QueryUnescape(text)
	}
	if err != nil {
		return text
	}
	return decoded
}

// cutPrefix removes the prefix that label and matrix have before a value in a path. Matrix has pairs: ;a=1;b=2.
func (in *input) cutPrefix() (problem string) {
	switch in.style {
	case "label":
		if !strings.HasPrefix(in.text, ".") {
			return "no point before the value, which style label requires"
		}
		in.text = in.text[1:]
	case "matrix":
		in.inPairs = true
		before, pairs, found := strings.Cut(in.text, ";")
		if before != "" || !found {
			return "no semicolon before the name, which style matrix requires"
		}
		for pair := range strings.SplitSeq(pairs, ";") {
			name, value, _ := strings.Cut(pair, "=")
			in.pairs = append(in.pairs, Pair{in.decode(name), value})
		}
		_, found = in.firstValue()
		if isExploded := in.explode && in.shapes&object != 0; !found && !isExploded {
			return "no name before the value, which style matrix requires"
		}
	}
	return ""
}

// values yields each text that was sent under the name of the parameter.
func (in *input) values(yield func(string) bool) {
	if !in.inPairs {
		yield(in.text)
		return
	}
	for _, p := range in.pairs {
		if p.Name == in.name && !yield(p.Value) {
			return
		}
	}
}

// firstValue returns the first text that was sent under the name.
func (in *input) firstValue() (text string, found bool) {
	for text := range in.values {
		return text, true
	}
	return "", false
}

// isSent reports whether any pair belongs to the parameter. If the only one has the parameter's own name and no value,
// isEmpty is true.
func (in *input) isSent() (present, isEmpty bool) {
	for _, p := range in.pairs {
		if in.owns(p.Name) {
			isEmpty = !present && p.Name == in.name && p.Value == ""
			present = true
		}
	}
	return present, isEmpty
}

// mayRepeat reports whether a list or an object may be sent as several pairs.
func (in *input) mayRepeat() bool { return in.explode && in.shapes&(array|object) != 0 }

// count returns how often a parameter that is present was sent.
func (in *input) count(p *spec.Parameter) (n int) {
	isSpread := len(p.Content) == 0 && (in.style == "deepObject" || in.mayRepeat()) // one value in several pairs
	if isSpread || !in.inPairs {
		return 1
	}
	for range in.values {
		n++
	}
	return max(1, n) // an object of style matrix need not have a pair under its own name
}
