package contract

import (
	"math"
	"net/url"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
)

// segment is the template of one segment: a text, or parameters with texts around them, such as {name}.{ending}.
type segment struct {
	text          string
	params        []string       // the names; none: the segment is the text
	before, after string         // the texts around the first and the last parameter
	pattern       string         // what the decoded segment matches, with a group for each parameter
	shape         *regexp.Regexp // of the pattern; nil if there is one parameter at most
	literals      int            // how many bytes are not parameters; a text without parameters counts as the longest
}

var placeholder = regexp.MustCompile(`[{][^{}]*[}]`)

func newSegment(template string) segment {
	s := segment{text: unescaped(template), literals: math.MaxInt}
	names := placeholder.FindAllString(template, -1)
	if len(names) == 0 {
		return s
	}
	s.literals = len(placeholder.ReplaceAllString(s.text, ""))
	texts := placeholder.Split(template, -1)
	s.pattern = "(?s)^"
	for i, text := range texts {
		texts[i] = unescaped(text)
		s.pattern += regexp.QuoteMeta(strings.ToValidUTF8(texts[i], "\uFFFD")) // as which regexp reads any invalid byte
		if i < len(names) {
			s.params = append(s.params, strings.Trim(names[i], "{}"))
			s.pattern += "(.+?)" // the first of two parameters is as short as possible
		}
	}
	s.pattern += "$"
	s.before, s.after = texts[0], texts[len(texts)-1]
	if len(names) > 1 {
		s.shape = regexp.MustCompile(s.pattern)
	}
	return s
}

// unescaped decodes a text of a template. A document may write a path as clients send it, such as /listings/%40jupyterlab. A
// text that is not percent-encoded, such as 100%, stays as it is.
func unescaped(text string) string {
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}

// isAny reports whether the segment is one parameter and no text.
func (s *segment) isAny() bool { return len(s.params) == 1 && s.before == "" && s.after == "" }

// matches reports whether a decoded segment of a path matches. Clients may percent-encode the texts around parameters.
func (s *segment) matches(decoded string) bool {
	if len(s.params) == 0 {
		return decoded == s.text
	}
	isAround := strings.HasPrefix(decoded, s.before) && strings.HasSuffix(decoded, s.after)
	isLong := len(decoded) > len(s.before)+len(s.after) // no parameter is empty
	return isAround && isLong && (s.shape == nil || s.shape.MatchString(decoded))
}

// appendParams appends the sent text of each parameter of a segment that matches. The places of the parameters in the decoded
// segment are found in the sent one.
func (s *segment) appendParams(params []parameter.Pair, sent string) []parameter.Pair {
	switch {
	case len(s.params) == 0:
		return params
	case s.isAny():
		return append(params, parameter.Pair{Name: s.params[0], Value: sent})
	}
	decoded := unescaped(sent)
	places := []int{0, 0, len(s.before), len(decoded) - len(s.after)}
	if s.shape != nil {
		places = s.shape.FindStringSubmatchIndex(decoded)
	}
	for i, name := range s.params {
		value := sent[encodedSize(sent, places[2*i+2]):encodedSize(sent, places[2*i+3])]
		params = append(params, parameter.Pair{Name: name, Value: value})
	}
	return params
}

// encodedSize returns how many bytes of a percent-encoded text encode the first n bytes of the decoded text.
func encodedSize(encoded string, n int) int {
	size := 0
	for range n {
		if encoded[size] == '%' {
			size += 2
		}
		size++
	}
	return size
}
