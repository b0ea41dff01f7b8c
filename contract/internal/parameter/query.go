package parameter

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Query is the query of a URL.
type Query struct {
	Text  string // as sent, without the question mark
	Pairs []Pair // in the order sent

	Problems []string // what servers do not all read alike, in words; at most 1000
}

// maxProblems limits the problems of a query, since a form of 16 MiB is read as a query too.
const maxProblems = 1000

func (q *Query) report(problem string) {
	if len(q.Problems) < maxProblems {
		q.Problems = append(q.Problems, problem)
	}
}

// Pair is a decoded name with a value as sent. The value is not decoded, because an encoded comma belongs to an element
// of a list, while a plain one separates elements.
type Pair struct {
	Name, Value string
}

// ParseQuery splits a query into pairs. It reports and leaves out pairs that are not correctly percent-encoded.
func ParseQuery(text string) Query { return ParseQueryInto(nil, text) }

// ParseQueryInto does what ParseQuery does. The pairs take the place of those in a slice, if it has room for them.
func ParseQueryInto(pairs []Pair, text string) Query {
	q := Query{Text: text}
	if text == "" {
		return q
	}
	if q.Pairs = pairs[:0]; cap(pairs) == 0 || cap(pairs) <= strings.Count(text, "&") {
		q.Pairs = make([]Pair, 0, 1+strings.Count(text, "&"))
	}
	for pair := range strings.SplitSeq(text, "&") {
		if strings.Contains(pair, ";") {
			q.report("a semicolon, which some servers treat like an ampersand")
		}
		key, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		if _, bad := url.QueryUnescape(value); err != nil || bad != nil {
			q.report(badEscape)
		} else if pair != "" {
			q.Pairs = append(q.Pairs, Pair{name, value})
		}
	}
	return q
}

// Values returns the decoded values of each name; nil if there are no pairs.
func (q Query) Values() url.Values {
	if len(q.Pairs) == 0 {
		return nil
	}
	values := make(url.Values, len(q.Pairs))
	texts := make([]string, len(q.Pairs)) // the first value of each name is a part of it
	for i, p := range q.Pairs {
		texts[i], _ = url.QueryUnescape(p.Value) // ParseQuery has checked it
		if sent, again := values[p.Name]; again {
			values[p.Name] = append(sent, texts[i])
		} else {
			values[p.Name] = texts[i : i+1 : i+1]
		}
	}
	return values
}

// cookies returns the pairs of the Cookie headers. With ampersands, one cookie may hold several pairs: style form writes
// an exploded list as a=1&a=2, in a cookie too.
func cookies(header http.Header, ampersands bool) []Pair {
	separator := ";" // no effect, since each cookie was split at it
	if ampersands {
		separator = "&"
	}
	pairs := []Pair{}
	for _, line := range header.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			for text := range strings.SplitSeq(strings.TrimSpace(cookie), separator) {
				name, value, found := strings.Cut(text, "=")
				if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
					value = value[1 : n-1]
				}
				if found {
					pairs = append(pairs, Pair{name, value})
				}
			}
		}
	}
	return pairs
}

// Owns reports whether a name in the query or in the cookies belongs to a parameter: it is the parameter's own name, the
// name of a member of an exploded object, or a name in brackets (deepObject). An exploded object whose schema allows any
// member owns every name, even that of another parameter.
func Owns(p *spec.Parameter, name string) bool {
	return p.In == "querystring" || isNamed(p, name) || isExploded(p) && allowsAnyName(p.Schema)
}

// isNamed reports whether the document itself gives the name to the parameter.
func isNamed(p *spec.Parameter, name string) bool {
	switch {
	case p.In != "query" && p.In != "cookie":
		return false
	case p.Style == "deepObject":
		_, ok := brackets(name, p.Name)
		return ok || name == p.Name
	case isExploded(p):
		isItself := name == p.Name && shapesOf(p.Schema) != object
		return isItself || p.Schema.Property(name) != nil
	}
	return name == p.Name
}

// isExploded reports whether each member of the object is a pair.
func isExploded(p *spec.Parameter) bool {
	inPairs := p.In == "query" || p.In == "cookie"
	return inPairs && p.Explode && p.Style != "deepObject" && shapesOf(p.Schema)&object != 0
}

// isOwnedByOther reports whether the document gives the name to another parameter and not to p.
func isOwnedByOther(p *spec.Parameter, name string, all []*spec.Parameter) bool {
	return !isNamed(p, name) && slices.ContainsFunc(all, func(other *spec.Parameter) bool {
		return other != p && other.In == p.In && isNamed(other, name)
	})
}
