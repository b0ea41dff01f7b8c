package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// flaw is what is wrong with data. It says where by the keys and indexes that lead there from the level above.
type flaw struct {
	at  []any
	err error
}

func (f *flaw) Error() string { return f.err.Error() }
func (f *flaw) Unwrap() error { return f.err }

// within says where an error was found.
func within(err error, at ...any) error { return &flaw{at, err} }

// pathOf returns the keys and indexes that lead from the top of the data to a flaw.
func pathOf(err error) []any {
	path := []any{}
	for f := (*flaw)(nil); errors.As(err, &f); err = f.err {
		path = append(path, f.at...)
	}
	return path
}

// check finds what would make the provider break the contract or answer two things at once. It takes the types of account
// quotas that the document names. Its errors are flaws.
func (d *Data) check(types []string) error {
	accounts := map[string]bool{}
	projects := map[string]string{} // the account of each
	for i, a := range d.Accounts {
		if !accountID.MatchString(a.DomainID) {
			return within(fmt.Errorf("account %q: want 32 hexadecimal digits", a.DomainID), "accounts", i, "domain_id")
		}
		if accounts[a.DomainID] {
			return within(fmt.Errorf("account %s stands here twice", a.DomainID), "accounts", i, "domain_id")
		}
		accounts[a.DomainID] = true
		if err := checkAccountQuotas(a.Quotas, types); err != nil {
			return within(fmt.Errorf("account %s: %w", a.DomainID, err), "accounts", i, "quotas")
		}
		if err := checkProjects(a, projects); err != nil {
			return within(err, "accounts", i, "projects")
		}
	}
	credentials, names := map[string]bool{}, map[string]bool{}
	for i, p := range d.Principals {
		if names[p.Name] && p.Name != "" {
			return within(fmt.Errorf("principal %s stands here twice", p.Name), "principals", i, "name")
		}
		names[p.Name] = true
		if !accounts[p.DomainID] {
			return within(fmt.Errorf("principal %s: no account %q", p.Name, p.DomainID), "principals", i, "domain_id")
		}
		if projects[p.ProjectID] != p.DomainID {
			return within(fmt.Errorf("principal %s: its account has no project %q", p.Name, p.ProjectID), "principals", i, "project_id")
		}
		if err := p.check(credentials); err != nil {
			return within(fmt.Errorf("principal %s: %w", p.Name, err), "principals", i)
		}
	}
	return nil
}

func checkProjects(a Account, projects map[string]string) error {
	for i, p := range a.Projects {
		if !accountID.MatchString(p.ID) {
			return within(fmt.Errorf("project %q: want 32 hexadecimal digits", p.ID), i, "id")
		}
		if projects[p.ID] != "" {
			return within(fmt.Errorf("project %s stands here twice", p.ID), i, "id")
		}
		projects[p.ID] = a.DomainID
		if err := checkProjectQuotas(p.Quotas); err != nil {
			return within(fmt.Errorf("project %s: %w", p.ID, err), i, "quotas")
		}
	}
	return nil
}

func checkAccountQuotas(quotas []iam.DomainQuota, types []string) error {
	seen := map[string]bool{}
	for i, q := range quotas {
		if !slices.Contains(types, q.Type) {
			return within(fmt.Errorf("unknown type %q", q.Type), i, "type")
		}
		if seen[q.Type] {
			return within(fmt.Errorf("type %s stands here twice", q.Type), i, "type")
		}
		seen[q.Type] = true
		used := int32(0)
		switch {
		case q.Used != nil && q.Type != string(iam.QuotaTypeMapping):
			used = *q.Used
		case q.Used != nil || q.Type != string(iam.QuotaTypeMapping):
			return within(fmt.Errorf("type %s: used is told of every type but mapping", q.Type), i, "used")
		}
		if err := checkNumbers(used, q.Min, q.Quota, q.Max); err != nil {
			return within(fmt.Errorf("type %s: %w", q.Type, err), i)
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
	seen := map[string]bool{}
	for i, q := range quotas {
		if !slices.Contains(imageTypes, q.Type) {
			return within(fmt.Errorf("unknown type %q", q.Type), i, "type")
		}
		if seen[q.Type] {
			return within(fmt.Errorf("type %s stands here twice", q.Type), i, "type")
		}
		seen[q.Type] = true
		if err := checkNumbers(q.Used, q.Min, q.Quota, q.Max); err != nil {
			return within(fmt.Errorf("type %s: %w", q.Type, err), i)
		}
	}
	if !seen[imageType] {
		return fmt.Errorf("type %s is missing", imageType)
	}
	return nil
}

func checkNumbers(used, minimum, quota, maximum int32) error {
	for _, n := range []struct {
		name  string
		value int32
	}{{"used", used}, {"min", minimum}, {"quota", quota}, {"max", maximum}} {
		if n.value < 0 {
			return within(fmt.Errorf("%s is %d", n.name, n.value), n.name)
		}
	}
	if quota < minimum || quota > maximum {
		return within(fmt.Errorf("the quota %d is not between %d and %d", quota, minimum, maximum), "quota")
	}
	return nil
}

// check never names a token or a key: its errors are shown to people.
func (p *Principal) check(credentials map[string]bool) error {
	for i, t := range p.Tokens {
		if t.Value == "" || !printable(t.Value) {
			return within(fmt.Errorf("token %d: want printable ASCII without spaces", i+1), "tokens", i, "value")
		}
		if credentials[t.Value] {
			return within(fmt.Errorf("token %d: somebody holds it already", i+1), "tokens", i, "value")
		}
		credentials[t.Value] = true
	}
	for i, k := range p.AccessKeys {
		if k.ID == "" || k.Secret == "" {
			return within(fmt.Errorf("access key %d: want id and secret", i+1), "access_keys", i)
		}
		if !printable(k.ID) || strings.Contains(k.ID, ",") {
			return within(fmt.Errorf("access key %d: want an id of printable ASCII without spaces and commas", i+1), "access_keys", i)
		}
		if k.SecurityToken != "" && !printable(k.SecurityToken) {
			return within(fmt.Errorf("access key %d: want a security token of printable ASCII without spaces", i+1), "access_keys", i, "security_token")
		}
		if credentials[k.ID] {
			return within(fmt.Errorf("access key %d: somebody holds it already", i+1), "access_keys", i)
		}
		credentials[k.ID] = true
	}
	for i, g := range p.Grants {
		if g.Action == "" || (g.Effect != Allow && g.Effect != Deny) ||
			(g.Scope != AllResources && g.Scope != IAMProject && g.Scope != EnterpriseProject) {
			return within(fmt.Errorf("grant %q: want an action, Allow or Deny, and a scope", g.Action), "grants", i)
		}
	}
	return nil
}
