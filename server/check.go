package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// check finds what would make the provider break the contract or answer two things at once. It takes the types that the
// document names.
func (d *Data) check(types []iam.QuotaType) error {
	projects := map[string]string{} // the account of each
	accounts := map[string]bool{}
	for _, a := range d.Accounts {
		if !accountID.MatchString(a.DomainID) {
			return fmt.Errorf("account %q: want 32 hexadecimal digits", a.DomainID)
		}
		if accounts[a.DomainID] {
			return fmt.Errorf("account %s stands here twice", a.DomainID)
		}
		accounts[a.DomainID] = true
		if err := checkAccountQuotas(a.Quotas, types); err != nil {
			return fmt.Errorf("account %s: %w", a.DomainID, err)
		}
		for _, p := range a.Projects {
			if !accountID.MatchString(p.ID) {
				return fmt.Errorf("project %q: want 32 hexadecimal digits", p.ID)
			}
			if projects[p.ID] != "" {
				return fmt.Errorf("project %s stands here twice", p.ID)
			}
			projects[p.ID] = a.DomainID
			if err := checkProjectQuotas(p.Quotas); err != nil {
				return fmt.Errorf("project %s: %w", p.ID, err)
			}
		}
	}
	credentials := map[string]bool{}
	for _, p := range d.Principals {
		if !accounts[p.DomainID] {
			return fmt.Errorf("principal %s: no account %q", p.Name, p.DomainID)
		}
		if projects[p.ProjectID] != p.DomainID {
			return fmt.Errorf("principal %s: its account has no project %q", p.Name, p.ProjectID)
		}
		if err := p.check(credentials); err != nil {
			return fmt.Errorf("principal %s: %w", p.Name, err)
		}
	}
	return nil
}

func checkAccountQuotas(quotas []iam.DomainQuota, types []iam.QuotaType) error {
	seen := map[iam.QuotaType]bool{}
	for _, q := range quotas {
		if !slices.Contains(types, q.Type) || !q.Type.Valid() {
			return fmt.Errorf("unknown type %q", q.Type)
		}
		if seen[q.Type] {
			return fmt.Errorf("type %s stands here twice", q.Type)
		}
		seen[q.Type] = true
		used := int32(0)
		switch {
		case q.Used != nil && q.Type != iam.QuotaTypeMapping:
			used = *q.Used
		case q.Used != nil || q.Type != iam.QuotaTypeMapping:
			return fmt.Errorf("type %s: used is told of every type but mapping", q.Type)
		}
		if err := checkNumbers(used, q.Min, q.Quota, q.Max); err != nil {
			return fmt.Errorf("type %s: %w", q.Type, err)
		}
	}
	for _, t := range types {
		if !seen[t] {
			return fmt.Errorf("type %s is missing", t)
		}
	}
	return nil
}

func checkProjectQuotas(quotas []ims.ImageQuota) error {
	seen := map[ims.ImageQuotaType]bool{}
	for _, q := range quotas {
		if !q.Type.Valid() {
			return fmt.Errorf("unknown type %q", q.Type)
		}
		if seen[q.Type] {
			return fmt.Errorf("type %s stands here twice", q.Type)
		}
		seen[q.Type] = true
		if err := checkNumbers(q.Used, q.Min, q.Quota, q.Max); err != nil {
			return fmt.Errorf("type %s: %w", q.Type, err)
		}
	}
	if !seen[ims.ImageQuotaTypeImage] {
		return fmt.Errorf("type %s is missing", ims.ImageQuotaTypeImage)
	}
	return nil
}

func checkNumbers(used, minimum, quota, maximum int32) error {
	if used < 0 {
		return fmt.Errorf("used is %d", used)
	}
	if quota < minimum || quota > maximum {
		return fmt.Errorf("the quota %d is not between %d and %d", quota, minimum, maximum)
	}
	return nil
}

// check never names a token or a key: its errors are shown to people.
func (p *Principal) check(credentials map[string]bool) error {
	for i, t := range p.Tokens {
		if t.Value == "" || !printable(t.Value) {
			return fmt.Errorf("token %d: want printable ASCII without spaces", i+1)
		}
		if credentials[t.Value] {
			return fmt.Errorf("token %d: somebody holds it already", i+1)
		}
		credentials[t.Value] = true
	}
	for i, k := range p.AccessKeys {
		if k.ID == "" || k.Secret == "" {
			return fmt.Errorf("access key %d: want id and secret", i+1)
		}
		if !printable(k.ID) || strings.Contains(k.ID, ",") {
			return fmt.Errorf("access key %d: want an id of printable ASCII without spaces and commas", i+1)
		}
		if credentials[k.ID] {
			return fmt.Errorf("access key %d: somebody holds it already", i+1)
		}
		credentials[k.ID] = true
	}
	for _, g := range p.Grants {
		if g.Action == "" || (g.Effect != Allow && g.Effect != Deny) ||
			(g.Scope != AllResources && g.Scope != IAMProject && g.Scope != EnterpriseProject) {
			return fmt.Errorf("grant %q: want an action, Allow or Deny, and a scope", g.Action)
		}
	}
	return nil
}
