package server

import (
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// authorize returns an error unless the principal has the permission that an operation needs.
func (p *Principal) authorize(op *operation) error {
	if p.may(op.Authorization) {
		return nil
	}
	return op.noPermission()
}

// noPermission is the error of a caller without the permission.
func (op *operation) noPermission() error {
	return fail(spec.NoPermission, "actions", op.Authorization.Action)
}

// may reports whether the principal has a permission. A denial overrides a grant, and a grant overrides the document's default.
// Only grants of a scope that the document names count (x-authorization; the two columns of the vendor's tables of actions).
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

// matches reports whether an action matches a pattern, in which * matches any text, even colons: "ims:*:get".
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
