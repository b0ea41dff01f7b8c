package parameter

import (
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// source is what was sent of one parameter or header. It is a text, as in a path or a header, or the pairs among which its
// own are, as in a query.
type source struct {
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

// takes reports whether a pair of a name belongs to the parameter.
func (s *source) takes(name string) bool {
	return s.parameter == nil || Takes(s.parameter, name) && !isOthers(s.parameter, name, s.all)
}

// encoding is how the characters of a text are written.
type encoding uint8

const (
	notEncoded    encoding = iota // a header, and a cookie of style cookie
	pathEncoded                   // percent-encoded
	queryEncoded                  // percent-encoded, with a plus sign for a space
	cookieEncoded                 // percent-encoded, unless the text cannot be
)

func (s *source) decode(text string) (decoded string, ok bool) {
	var err error
	decoded = text
	switch s.encoding {
	case pathEncoded:
		decoded, err = url.PathUnescape(text)
	case queryEncoded:
		decoded, err = url.QueryUnescape(text)
	case cookieEncoded:
		if decoded, err = url.PathUnescape(text); err != nil {
			return text, true
		}
	}
	return decoded, err == nil
}

// cutPrefix removes what styles of a path write before a value. Style matrix makes pairs: ;a=1;b=2.
func (s *source) cutPrefix() (fault string) {
	switch s.style {
	case "label":
		if !strings.HasPrefix(s.text, ".") {
			return "no point before the value, as style label has it"
		}
		s.text = s.text[1:]
	case "matrix":
		s.inPairs = true
		for i, part := range strings.Split(s.text, ";") {
			name, value, _ := strings.Cut(part, "=")
			decoded, ok := s.decode(name)
			if !ok {
				return badEscape
			}
			if i == 0 {
				if part != "" {
					return "no semicolon before the name, as style matrix has it"
				}
				continue
			}
			s.pairs = append(s.pairs, Pair{decoded, value})
		}
		if isHere := s.has(s.name) || s.explode && s.shapes&object != 0; !isHere {
			return "no name before the value, as style matrix has it"
		}
	}
	return ""
}

func (s *source) has(name string) bool {
	for _, p := range s.pairs {
		if p.Name == name {
			return true
		}
	}
	return false
}

// first is the first text that was sent under the name.
func (s *source) first() string {
	for _, p := range s.pairs {
		if p.Name == s.name {
			return p.Value
		}
	}
	return s.text
}

// isSent reports whether a pair belongs to the parameter.
func (s *source) isSent() bool {
	for _, p := range s.pairs {
		if s.takes(p.Name) {
			return true
		}
	}
	return false
}

// isEmpty reports whether the parameter has one pair, and that has no value.
func (s *source) isEmpty() bool {
	count := 0
	for _, p := range s.pairs {
		if s.takes(p.Name) {
			count++
			if p.Name != s.name || p.Value != "" {
				return false
			}
		}
	}
	return count == 1
}

// isAmpersanded reports whether a cookie may have several pairs in its value.
func (s *source) isAmpersanded() bool {
	return s.style == "form" && s.explode && s.shapes&(array|object) != 0
}
