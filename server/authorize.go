package server

import (
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
)

// may says whether the principal may do what the document protects: a denial wins over a grant, and a grant over the
// document's default. Only those count that were given through a scope that the document names (x-authorization, the two
// columns of the vendor's tables of actions).
func (p *Principal) may(a *openapi.Authorization) bool {
	allowed := a.DefaultAllow
	for _, g := range p.Grants {
		if !g.Scope.counts(a) || !matches(strings.ToLower(g.Action), strings.ToLower(a.Action)) {
			continue
		}
		if g.Effect == Deny {
			return false
		}
		allowed = true
	}
	return allowed
}

func (s Scope) counts(a *openapi.Authorization) bool {
	switch s {
	case IAMProject:
		return a.IAMProject
	case EnterpriseProject:
		return a.EnterpriseProject
	default:
		return s == AllResources
	}
}

// matches compares with a pattern in which * stands for any run of characters, colons too.
func matches(pattern, action string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return pattern == action
	}
	if len(action) < len(first)+len(last) || !strings.HasPrefix(action, first) || !strings.HasSuffix(action, last) {
		return false
	}
	rest := action[len(first) : len(action)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			return false
		}
		rest = after
	}
	return true
}
