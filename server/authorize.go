package server

import (
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// may says whether the principal may do what the document protects: a denial wins over a grant, and a grant over the
// document's default. Only those count that were given through a scope that the document names (x-authorization, the two
// columns of the vendor's tables of actions).
func (p *Principal) may(a *spec.Authorization) bool {
	counts := map[Scope]bool{AllResources: true, IAMProject: a.IAMProject, EnterpriseProject: a.EnterpriseProject}
	allowed := a.DefaultAllow
	for _, g := range p.Grants {
		if !counts[g.Scope] || !matches(strings.ToLower(g.Action), strings.ToLower(a.Action)) {
			continue
		}
		if g.Effect == Deny {
			return false
		}
		allowed = true
	}
	return allowed
}

// matches compares with a pattern in which * stands for any run of characters, colons too.
func matches(pattern, action string) bool {
	part, pattern, more := strings.Cut(pattern, "*")
	rest, ok := strings.CutPrefix(action, part)
	if !more {
		return ok && rest == ""
	}
	for ok {
		if part, pattern, more = strings.Cut(pattern, "*"); !more {
			return strings.HasSuffix(rest, part)
		}
		_, rest, ok = strings.Cut(rest, part)
	}
	return false
}
