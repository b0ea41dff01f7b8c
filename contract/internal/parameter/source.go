package parameter

import (
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// input is what was sent of one parameter or header. It is a text, as in a path or a header, or the pairs among which its
// own are, as in a query.
type input struct {
	name, style string
	explode     bool
	schema      *spec.Schema
	shapes      shapes

	text    string
	pairs   []Pair
	inPairs bool

	parameter *spec.Parameter   // whose pairs these are; nil: all belong together
	all       []*spec.Parameter // of the operation
	encoding  encoding
}

// owns reports whether a pair of a name belongs to the parameter.
func (s *input) owns(name string) bool {
	return s.parameter == nil || Owns(s.parameter, name) && !isOwnedByOther(s.parameter, name, s.all)
}

// encoding is how the characters of a text are written.
type encoding uint8

const (
	notEncoded     encoding = iota // a header, and a cookie of style cookie
	percentEncoded                 // a path, and a cookie unless its text cannot be
	queryEncoded                   // percent-encoded, with a plus sign for a space
)

// decode decodes a text or a part of one. That of a path or a query is known to have no wrong escape.
func (s *input) decode(text string) string {
	decoded, err := text, error(nil)
	switch s.encoding {
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

// cutPrefix removes what styles of a path write before a value. Style matrix makes pairs: ;a=1;b=2.
func (s *input) cutPrefix() (fault string) {
	switch s.style {
	case "label":
		if !strings.HasPrefix(s.text, ".") {
			return "no point before the value, as style label has it"
		}
		s.text = s.text[1:]
	case "matrix":
		s.inPairs = true
		before, pairs, found := strings.Cut(s.text, ";")
		if before != "" || !found {
			return "no semicolon before the name, as style matrix has it"
		}
		for pair := range strings.SplitSeq(pairs, ";") {
			name, value, _ := strings.Cut(pair, "=")
			s.pairs = append(s.pairs, Pair{s.decode(name), value})
		}
		if _, found := s.firstValue(); !found && (!s.explode || s.shapes&object == 0) {
			return "no name before the value, as style matrix has it"
		}
	}
	return ""
}

// values yields what was sent under the name of the parameter.
func (s *input) values(yield func(string) bool) {
	if !s.inPairs {
		yield(s.text)
		return
	}
	for _, p := range s.pairs {
		if p.Name == s.name && !yield(p.Value) {
			return
		}
	}
}

// firstValue is the firstValue text that was sent under the name.
func (s *input) firstValue() (text string, found bool) {
	for text := range s.values {
		return text, true
	}
	return "", false
}

// isSent reports whether a pair belongs to the parameter, and whether it is the only one, under the parameter's own name,
// and has no value.
func (s *input) isSent() (present, isEmpty bool) {
	for _, p := range s.pairs {
		if s.owns(p.Name) {
			isEmpty = !present && p.Name == s.name && p.Value == ""
			present = true
		}
	}
	return present, isEmpty
}

// mayRepeat reports whether a list or an object may come in several pairs.
func (s *input) mayRepeat() bool { return s.explode && s.shapes&(array|object) != 0 }

// count says how often a parameter that is there was sent.
func (s *input) count(p *spec.Parameter) (n int) {
	if !s.inPairs || len(p.Content) == 0 && (s.style == "deepObject" || s.mayRepeat()) {
		return 1
	}
	for range s.values {
		n++
	}
	return max(1, n) // style matrix may be sent under another name
}
