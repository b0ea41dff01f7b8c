package redact

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// template is the path of a document, cut at its slashes: "", "sessions", "{token}".
type template []string

// newTemplates returns the templates in the order in which they are tried: long ones first, since a short one may be the
// end of another path, and then those with few parameters, since /sessions/current goes before /sessions/{token}.
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

// fits says whether a path ends as the template: a server may have a base path before it.
func (t template) fits(segments []string) bool {
	before := len(segments) - len(t)
	if before < 0 {
		return false
	}
	for i, want := range t[1:] {
		got := segments[before+1+i]
		prefix, parameters, suffix := cutSegment(want)
		switch {
		case parameters == "" && unescapePath(got) != want:
			return false
		case parameters != "" && (len(got) <= len(prefix+suffix) || !strings.HasPrefix(got, prefix) || !strings.HasSuffix(got, suffix)):
			return false
		}
	}
	return true
}

// cutSegment cuts a segment of a template around its parameters: report-{name}.{ending} has the prefix report- and no
// suffix. parameters is empty if there are none.
func cutSegment(want string) (prefix, parameters, suffix string) {
	begin, end := strings.IndexByte(want, '{'), strings.LastIndexByte(want, '}')
	if begin < 0 || end < begin {
		return want, "", ""
	}
	return want[:begin], want[begin : end+1], want[end+1:]
}

// userInPath is a user and a password in a segment of a path, as where a URL was put together wrongly:
// /user:password@example.com/a.
var userInPath = regexp.MustCompile(`[^/\s"']*?(?::|%3[Aa])([^/\s"']+)(@|%40)`)

var queryBegins = newChars("?#")

// path hides in a target what is secret by its place in the path: what a template calls secret, and users with their
// passwords.
func (p *pass) path(target string) string {
	end := queryBegins.index(target)
	segments := strings.Split(target[:end], "/")
	if i := slices.IndexFunc(p.templates, func(t template) bool { return t.fits(segments) }); i >= 0 {
		wanted := p.templates[i][1:]
		for k, want := range wanted {
			got := &segments[len(segments)-len(wanted)+k]
			*got = p.segment(want, *got)
		}
	}
	return p.usersInPath(strings.Join(segments, "/")) + target[end:]
}

// segment hides the parameters of a segment if one of them is secret.
func (p *pass) segment(want, got string) string {
	prefix, parameters, suffix := cutSegment(want)
	names := strings.FieldsFunc(parameters, func(r rune) bool { return r == '{' || r == '}' })
	if !slices.ContainsFunc(names, func(name string) bool { return IsCredential(name, p.names) }) {
		return got
	}
	value := got[len(prefix) : len(got)-len(suffix)]
	p.learn(value, minPart)
	p.learn(unescapePath(value), minPart)
	return prefix + Mark + suffix
}

// usersInPath learns only long passwords: in image:latest@sha256 there is none.
func (p *pass) usersInPath(text string) string {
	if !strings.Contains(text, "@") && !strings.Contains(text, "%40") {
		return text
	}
	for _, found := range userInPath.FindAllStringSubmatch(text, -1) {
		p.learn(found[1], minCookie)
		p.learn(unescapePath(found[1]), minCookie)
	}
	return userInPath.ReplaceAllString(text, Mark+"$2")
}
