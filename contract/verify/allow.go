package verify

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// Allow lists what responses may have although the document does not.
type Allow struct {
	Statuses []int
	Headers  []string // names, in any case
}

// without returns findings without those that are allowed. A status that the document does not have is allowed, but one that is
// wrong for a probe stays a finding.
func (a Allow) without(findings []contract.Finding, status int) []contract.Finding {
	if len(a.Statuses)+len(a.Headers) == 0 || len(findings) == 0 {
		return findings
	}
	isAllowed := func(f contract.Finding) bool {
		switch f.ID {
		case "status/undocumented", "status/server-error":
			return slices.Contains(a.Statuses, status)
		case "header/undocumented":
			name, isOfResponse := strings.CutPrefix(f.Pointer, "/response/headers/")
			return isOfResponse && slices.ContainsFunc(a.Headers, func(h string) bool { return strings.EqualFold(h, name) })
		}
		return false
	}
	return slices.DeleteFunc(slices.Clone(findings), isAllowed)
}
