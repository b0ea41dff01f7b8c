package contract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// nearMiss adds a finding if the path of the request is almost a path of the document, base path included. It may differ in
// upper and lower case, hyphens and underscores, slashes, a version and one edit of one segment (text.Edits):
//
//	/v1/Orders   /v1/orders/   /v2/orders   /v1/order   are near misses of /v1/orders
//
// Any other unknown path is no finding, since a document need not describe all of a host.
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
						ID: "path/near-miss", Evidence: standard(j.doc.File), Pointer: "/request/path", Node: r.node,
						Want: "the path " + base.text + r.template, Got: s.path,
					})
					return
				}
			}
		}
	}
}

// unknownPath returns the finding about a path that a consumer expects and the document does not have.
func (j *Judge) unknownPath(s *subject) Finding {
	return Finding{
		ID: "path/undocumented", Evidence: standard(j.doc.File), Pointer: "/request/path", Node: j.doc.Root.Member("paths"),
		Want: "a path of the document", Got: s.path,
	}
}

// isNear reports whether a path almost matches a template. At least one segment must be a text: a parameter matches anything.
func isNear(path string, template ...[]segment) bool {
	want := slices.DeleteFunc(slices.Concat(template...), func(s segment) bool { return s.text == "" })
	got := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(got) != len(want) {
		return false
	}
	edited, fixed := 0, 0
	for i, s := range want {
		sent, err := url.PathUnescape(got[i])
		switch {
		case err != nil:
			return false
		case len(s.params) > 0:
			if !s.matches(sent) {
				return false
			}
			continue
		case version.MatchString(sent) && version.MatchString(s.text):
		default:
			edited += text.Edits(sent, s.text)
		}
		fixed++
	}
	return fixed > 0 && edited <= 1
}

var version = regexp.MustCompile(`(?i)^v[0-9]+([._][0-9]+)*$`)
