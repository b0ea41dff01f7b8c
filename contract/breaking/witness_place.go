package breaking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rank says how exactly a finding names the place of a change; lower is better.
type rank int

// The ranks. For the change enum/added at /response/body/*/kind:
//
//	exact       schema/enum at /response/body/0/kind
//	below       for a change of the object: schema/type at /response/body/0/kind
//	around      schema/oneOf at /response/body/0: the alternative with the kind is not right
//	unrelated   schema/minLength at /response/body/0/name
const (
	exact rank = iota
	below
	around
	unrelated
)

// families are the keywords that a kind of change is about. A change of any other kind is about all keywords at its place.
var families = map[string][]string{
	"enum": {"enum", "const"}, "required": {"required"}, "format": {"format"},
	"pattern": {"pattern"}, "multiple-of": {"multipleOf"}, "unique": {"uniqueItems"}, "bound": {},
	"default": {}, "encoding": {"contentEncoding", "contentMediaType", "contentSchema"},
	"additional": {"additionalProperties", "unevaluatedProperties", "undocumented", "patternProperties"},
	"type":       {"type", "nullable", "value", "empty", "doubled"},
	"null":       {"type", "nullable", "enum", "const", "oneOf", "anyOf"},
}

// applicators are the keywords whose failure may be that of a schema which they apply to the same value, or to a part of it.
var applicators = []string{
	"oneOf", "anyOf", "allOf", "not", "if", "then", "else", "contains", "dependentSchemas", "propertyNames", "discriminator",
}

// rank returns the best rank of the findings of the document that refuses. A document that does not have the path has none.
func (s *search) rank(findings []contract.Finding) rank {
	isWhole := s.ch.part.kind == ofOperation || s.ch.part.kind == ofServer
	if isWhole {
		return exact
	}
	best := unrelated
	for _, f := range findings {
		best = min(best, s.rankOf(f))
	}
	return best
}

func (s *search) rankOf(f contract.Finding) rank {
	at := s.placeOf(f)
	_, keyword, _ := strings.Cut(f.ID, "/")
	kind, _, _ := strings.Cut(s.ch.id, "/")
	family, isLimited := families[kind]
	if s.ch.part.kind == ofMedia || kind == "request" || len(s.ch.path) == 0 && s.ch.oldSchema == nil && s.ch.newSchema == nil {
		family, isLimited = nil, false
	}
	if s.ch.part.kind == ofMedia && (keyword == "empty" || f.ID == "body/undocumented") {
		return exact
	}
	isOwn := !isLimited || slices.Contains(family, keyword)
	isNode := f.Node != nil && (f.Node == s.ch.old || f.Node == s.ch.new)
	isApplicator := slices.Contains(applicators, keyword)
	switch {
	case at == samePlace && (isOwn || isNode), at == childPlace && isOwn && s.isNamed(f.Pointer):
		return exact
	case at == childPlace && isReadOtherwise(*s.ch):
		return exact
	case at == childPlace && kind == "additional" && (isOwn || isOfPattern(f)):
		return exact
	case at == childPlace && !isLimited, at == samePlace && isApplicator:
		return below
	case at == parentPlace && isApplicator:
		return around
	}
	return unrelated
}

// isOfPattern reports whether a finding is that of a schema in patternProperties.
func isOfPattern(f contract.Finding) bool {
	return f.Node != nil && strings.Contains(f.Node.Pointer(), "/patternProperties/")
}

// placeOf is the place of a finding, as seen from the change. Of a body of JSON lines, a schema may be that of one line.
func (s *search) placeOf(f contract.Finding) place {
	at := compare(s.ch.pointer(), f.Pointer)
	root := s.ch.part.pointer()
	if of := either(s.ch.part.new.media, s.ch.part.old.media); at == elsewhere && s.ch.part.kind == ofBody && of != nil {
		if kind := sample.KindOf(of); kind == media.Lines || kind == media.Records {
			return compare(root+"/*"+strings.TrimPrefix(s.ch.pointer(), root), f.Pointer)
		}
	}
	return at
}

// isNamed reports whether a pointer ends with a name that the change is about: that of a member that is required now.
func (s *search) isNamed(at string) bool {
	last := ""
	for name := range pointer.Names(at) {
		last = name
	}
	return slices.Contains(s.ch.names, last) || slices.Contains(s.ch.names, fmt.Sprintf("%q", last))
}

// place is how a pointer is related to another.
type place int

const (
	elsewhere place = iota
	samePlace
	childPlace
	parentPlace
)

// compare compares the pointer of a finding with that of a change, in which * stands for any index or key. Names of headers
// have no case.
func compare(pattern, at string) place {
	a, b := slices.Collect(pointer.Names(pattern)), slices.Collect(pointer.Names(at))
	for i := range min(len(a), len(b)) {
		isSame := a[i] == b[i] || a[i] == "*" || i == 2 && a[1] == "headers" && strings.EqualFold(a[i], b[i])
		if !isSame {
			return elsewhere
		}
	}
	switch {
	case len(a) == len(b):
		return samePlace
	case len(a) < len(b):
		return childPlace
	}
	return parentPlace
}

// documented is the evidence of what a document says without a grade of its own.
func documented(file string) spec.Evidence {
	return spec.Evidence{Grade: spec.Documented, Source: []string{file}}
}

// keyOf distinguishes candidates.
func keyOf(ex contract.Exchange) string {
	return fmt.Sprint(ex.Origin, ex.Request.Method, ex.Request.Target, ex.Request.Header, string(ex.Request.Body), ex.Response.Status,
		ex.Response.Header, string(ex.Response.Body), ex.Unrecorded)
}
