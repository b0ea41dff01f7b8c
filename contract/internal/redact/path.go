package redact

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// template is a path of a document, split at slashes: "", "sessions", "{token}".
type template []string

// newTemplates returns templates in the order in which they are tried. Longer ones come first, because a template
// also matches the end of a longer path. Of equal length, those with fewer parameters come first: /sessions/current
// before /sessions/{token}.
func newTemplates(paths []string) []template {
	list := []template{}
	for _, path := range paths {
		list = append(list, strings.Split(path, "/"))
	}
	parameters := func(t template) int { return strings.Count(strings.Join(t, "/"), "{") }
	slices.SortStableFunc(list, func(a, b template) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(parameters(a), parameters(b)))
	})
	return list
}

// fits reports whether a path ends like the template. Before that, it may have the base path of a server.
func (t template) fits(segments []string) bool {
	before := len(segments) - len(t)
	if before < 0 {
		return false
	}
	for i, pattern := range t[1:] {
		segment := segments[before+1+i]
		prefix, parameters, suffix := cutSegment(pattern)
		ok := unescapePath(segment) == pattern
		if parameters != "" {
			ok = len(segment) > len(prefix+suffix) && strings.HasPrefix(segment, prefix) && strings.HasSuffix(segment, suffix)
		}
		if !ok {
			return false
		}
	}
	return true
}

// cutSegment splits a segment of a template around its parameters. Of report-{name}.{ending}, the prefix is report-
// and the suffix is empty. If there are no parameters, parameters is empty.
func cutSegment(pattern string) (prefix, parameters, suffix string) {
	begin, end := strings.IndexByte(pattern, '{'), strings.LastIndexByte(pattern, '}')
	if begin < 0 || end < begin {
		return pattern, "", ""
	}
	return pattern[:begin], pattern[begin : end+1], pattern[end+1:]
}

// userInPath matches a user and a password in a segment of a path, where a URL was built incorrectly:
// /user:password@example.com/a.
var userInPath = regexp.MustCompile(`[^/\s"']*?(?::|%3[Aa])([^/\s"']+)(@|%40)`)

var queryBegins = newChars("?#")

// path hides what is secret by its place in the path of a target: parameters with secret names, and users with
// their passwords.
func (s *scan) path(target string) string {
	end := queryBegins.index(target)
	segments := strings.Split(target[:end], "/")
	if i := slices.IndexFunc(s.templates, func(t template) bool { return t.fits(segments) }); i >= 0 {
		patterns := s.templates[i][1:]
		for k, pattern := range patterns {
			actual := &segments[len(segments)-len(patterns)+k]
			*actual = s.segment(pattern, *actual)
		}
	}
	return s.usersInPath(strings.Join(segments, "/")) + target[end:]
}

// segment hides the parameters of a segment if one of them has a secret name. It hides them together, since nothing says where
// one ends and the next begins:
//
//	report-{token}.{ending}    /report-s3cret.csv becomes /report-REDACTED
func (s *scan) segment(pattern, actual string) string {
	prefix, parameters, suffix := cutSegment(pattern)
	names := strings.FieldsFunc(parameters, func(r rune) bool { return r == '{' || r == '}' })
	if !slices.ContainsFunc(names, func(name string) bool { return IsCredential(name, s.names) }) {
		return actual
	}
	value := actual[len(prefix) : len(actual)-len(suffix)]
	s.learn(value, minPart)
	s.learn(unescapePath(value), minPart)
	return prefix + Mark + suffix
}

// usersInPath hides users with their passwords. It only learns long passwords: image:latest@sha256 has none.
func (s *scan) usersInPath(text string) string {
	if !strings.Contains(text, "@") && !strings.Contains(text, "%40") {
		return text
	}
	for _, found := range userInPath.FindAllStringSubmatch(text, -1) {
		s.learn(found[1], minCookie)
		s.learn(unescapePath(found[1]), minCookie)
	}
	return userInPath.ReplaceAllString(text, Mark+"$2")
}
