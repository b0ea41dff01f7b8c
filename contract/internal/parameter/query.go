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
	Text  string // as it was sent, without the question mark
	Pairs []Pair // in the order in which they were sent

	Problems []string // what not every server reads alike, 1000 at most
}

// maxProblems bounds the faults of a query, since a form of 16 MiB is read as one.
const maxProblems = 1000

func (q *Query) report(why string) {
	if len(q.Problems) < maxProblems {
		q.Problems = append(q.Problems, why)
	}
}

// Pair is a name with a value. The value is as it was sent: a comma between two elements of a list is not the same as one
// that was percent-encoded.
type Pair struct {
	Name, Value string
}

// ParseQuery takes a query apart. It leaves out pairs that are not percent-encoded as they must be.
func ParseQuery(text string) Query {
	q := Query{Text: text}
	if text == "" {
		return q
	}
	q.Pairs = make([]Pair, 0, 1+strings.Count(text, "&"))
	for pair := range strings.SplitSeq(text, "&") {
		if strings.Contains(pair, ";") {
			q.report("a semicolon, which some servers take for an ampersand")
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

// Values returns the values of each name, decoded; nil: there is none.
func (q Query) Values() url.Values {
	if len(q.Pairs) == 0 {
		return nil
	}
	values := url.Values{}
	for _, p := range q.Pairs {
		text, _ := url.QueryUnescape(p.Value) // ParseQuery has decoded it before
		values[p.Name] = append(values[p.Name], text)
	}
	return values
}

// cookies are the pairs of the Cookie headers. With ampersands, a value of several pairs is taken apart: style form writes an
// exploded list as a=1&a=2, in a cookie too.
func cookies(header http.Header, ampersands bool) []Pair {
	separator := ";" // which no text has that was split at it
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

// Owns reports whether a name of the query, or of a cookie, belongs to a parameter: by its own name, as a member of an
// exploded object, or in brackets (deepObject). An exploded object whose schema allows any member takes every name, also
// that of another parameter.
func Owns(p *spec.Parameter, name string) bool {
	return p.In == "querystring" || isNamed(p, name) || isExploded(p) && allowsAnyName(p.Schema)
}

// isNamed reports whether a name is one of those that a parameter has by the document.
func isNamed(p *spec.Parameter, name string) bool {
	switch {
	case p.In != "query" && p.In != "cookie":
		return false
	case p.Style == "deepObject":
		_, ok := brackets(name, p.Name)
		return ok || name == p.Name
	case isExploded(p):
		return p.Schema.Property(name) != nil || name == p.Name && shapesOf(p.Schema) != object
	}
	return name == p.Name
}

// isExploded reports whether the members of an object are pairs of their own.
func isExploded(p *spec.Parameter) bool {
	return p.Explode && p.Style != "deepObject" && (p.In == "query" || p.In == "cookie") && shapesOf(p.Schema)&object != 0
}

// isOwnedByOther reports whether a name is that of another parameter and not one of p.
func isOwnedByOther(p *spec.Parameter, name string, all []*spec.Parameter) bool {
	return !isNamed(p, name) && slices.ContainsFunc(all, func(other *spec.Parameter) bool {
		return other != p && other.In == p.In && isNamed(other, name)
	})
}
