package contract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// nearMiss adds a finding if the path of the request is almost one of the document: it differs in the case of a letter, in a
// slash, in a version such as v1, or in one edit of one segment. Base paths count. Of other paths the document says nothing.
func (j *Judge) nearMiss(s *subject, out *findings) {
	if s.ex.Unrecorded&UnrecordedRequest != 0 {
		return
	}
	for _, site := range j.sites {
		for _, base := range site.at(s.ex.Origin) {
			for _, r := range site.routes {
				if isNear(s.path, base.segments, r.segments) {
					out.Served = true
					if op := r.operations[s.ex.Request.Method]; op != nil {
						out.Operation = op.ID
					}
					out.add(Finding{
						ID: "path/near-miss", Evidence: spec.Evidence{Grade: spec.Documented, Source: []string{j.doc.File}}, Pointer: "/request/path", Node: r.node,
						Want: "the path " + base.text + r.template, Got: s.path,
					})
					return
				}
			}
		}
	}
}

// isNear says whether a path that does not match a template almost does. At least one segment must be more than a parameter.
func isNear(path string, template ...[]segment) bool {
	want := slices.DeleteFunc(slices.Concat(template...), func(s segment) bool { return s.text == "" })
	got := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(got) != len(want) {
		return false
	}
	edits, fixed := 0, 0
	for i, s := range want {
		text, err := url.PathUnescape(got[i])
		switch {
		case err != nil:
			return false
		case len(s.params) > 0:
			if !s.shape.MatchString(text) {
				return false
			}
			continue
		case strings.EqualFold(text, s.text), version.MatchString(text) && version.MatchString(s.text):
		case utf8.RuneCountInString(s.text) >= minEditedLength && oneEdit(text, s.text):
			edits++
		default:
			return false
		}
		fixed++
	}
	return fixed > 0 && edits <= 1
}

// minEditedLength is how many characters a segment has at least of which one edit makes a near miss: shorter words differ by one
// letter and mean something else.
const minEditedLength = 4

var version = regexp.MustCompile(`(?i)^v[0-9]+([._][0-9]+)*$`)

// oneEdit says whether one character more, less or exchanged makes two texts equal.
func oneEdit(a, b string) bool {
	x, y := []rune(a), []rune(b)
	same := 0 // how many characters are before the edit
	for same < min(len(x), len(y)) && x[same] == y[same] {
		same++
	}
	after := func(text []rune, n int) string { return string(text[min(n, len(text)):]) }
	return after(x, same+1) == after(y, same+1) || after(x, same) == after(y, same+1) || after(x, same+1) == after(y, same)
}
