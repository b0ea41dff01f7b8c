package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/gen/iam"
)

// dataError is an error in the data. Its keys and indexes lead from the level above to the place.
type dataError struct {
	at  []any
	err error
}

func (e *dataError) Error() string { return e.err.Error() }
func (e *dataError) Unwrap() error { return e.err }

// within adds the place to an error.
func within(err error, at ...any) error { return &dataError{at, err} }

// check finds data with which the provider would break the contract or be ambiguous. types are the types of account quotas in
// the document. Its errors are data errors.
func (d *Data) check(types []string) error {
	accounts := map[string]bool{}
	projects := map[string]string{} // the account of each
	for i, a := range d.Accounts {
		switch {
		case !accountID.MatchString(a.DomainID):
			return within(fmt.Errorf("account %q: want 32 hexadecimal digits", a.DomainID), "accounts", i, "domain_id")
		case accounts[a.DomainID]:
			return within(fmt.Errorf("account %s is listed twice", a.DomainID), "accounts", i, "domain_id")
		}
		accounts[a.DomainID] = true
		if err := checkQuotas(a.Quotas, types, types); err != nil {
			return within(fmt.Errorf("account %s: %w", a.DomainID, err), "accounts", i, "quotas")
		}
		if err := checkProjects(a, projects); err != nil {
			return within(err, "accounts", i, "projects")
		}
	}
	credentials, names := map[string]bool{}, map[string]bool{}
	for i, p := range d.Principals {
		switch {
		case names[p.Name] && p.Name != "":
			return within(fmt.Errorf("principal %s is listed twice", p.Name), "principals", i, "name")
		case !accounts[p.DomainID]:
			return within(fmt.Errorf("principal %s: no account %q", p.Name, p.DomainID), "principals", i, "domain_id")
		case projects[p.ProjectID] != p.DomainID:
			return within(fmt.Errorf("principal %s: its account has no project %q", p.Name, p.ProjectID), "principals", i, "project_id")
		}
		names[p.Name] = true
		if err := p.check(credentials); err != nil {
			return within(fmt.Errorf("principal %s: %w", p.Name, err), "principals", i)
		}
	}
	return nil
}

func checkProjects(a Account, projects map[string]string) error {
	for i, p := range a.Projects {
		switch {
		case !accountID.MatchString(p.ID):
			return within(fmt.Errorf("project %q: want 32 hexadecimal digits", p.ID), i, "id")
		case projects[p.ID] != "":
			return within(fmt.Errorf("project %s is listed twice", p.ID), i, "id")
		}
		projects[p.ID] = a.DomainID
		quotas := []iam.DomainQuota{}
		for _, q := range p.Quotas {
			quotas = append(quotas, iam.DomainQuota{Type: q.Type, Used: &q.Used, Min: q.Min, Quota: q.Quota, Max: q.Max})
		}
		if err := checkQuotas(quotas, imageTypes, []string{imageType}); err != nil {
			return within(fmt.Errorf("project %s: %w", p.ID, err), i, "quotas")
		}
	}
	return nil
}

// checkQuotas checks the quotas of an account or a project: types are the known ones, wanted those that must be there.
func checkQuotas(quotas []iam.DomainQuota, types, wanted []string) error {
	seen := map[string]bool{}
	for i, q := range quotas {
		switch {
		case !slices.Contains(types, q.Type):
			return within(fmt.Errorf("unknown type %q", q.Type), i, "type")
		case seen[q.Type]:
			return within(fmt.Errorf("type %s is listed twice", q.Type), i, "type")
		case (q.Used == nil) != (q.Type == string(iam.QuotaTypeMapping)):
			return within(fmt.Errorf("type %s: want used for every type but mapping, and none there", q.Type), i, "used")
		}
		seen[q.Type] = true
		used := int32(0)
		if q.Used != nil {
			used = *q.Used
		}
		if err := checkNumbers(used, q.Min, q.Quota, q.Max); err != nil {
			return within(fmt.Errorf("type %s: %w", q.Type, err), i)
		}
	}
	for _, t := range wanted {
		if !seen[t] {
			return fmt.Errorf("type %s is missing", t)
		}
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

// check checks the credentials and grants. Its errors name no token and no key.
func (p *Principal) check(credentials map[string]bool) error {
	for i, t := range p.Tokens {
		switch {
		case t.Value == "" || !printable(t.Value):
			return within(fmt.Errorf("token %d: want printable ASCII without spaces", i+1), "tokens", i, "value")
		case credentials[t.Value]:
			return within(fmt.Errorf("token %d: another credential has the same value", i+1), "tokens", i, "value")
		}
		credentials[t.Value] = true
	}
	for i, k := range p.AccessKeys {
		want, key := "", ""
		switch {
		case k.ID == "" || k.Secret == "":
			want = "want id and secret"
		case !printable(k.ID) || strings.Contains(k.ID, ","):
			want = "want an id of printable ASCII without spaces and commas"
		case !printable(k.SecurityToken):
			want, key = "want a security token of printable ASCII without spaces", "security_token"
		case credentials[k.ID]:
			want = "another credential has the same value"
		}
		if want != "" {
			return within(fmt.Errorf("access key %d: %s", i+1, want), "access_keys", i, key)
		}
		credentials[k.ID] = true
	}
	for i, g := range p.Grants {
		if g.Action == "" || !slices.Contains([]Effect{Allow, Deny}, g.Effect) ||
			!slices.Contains([]Scope{AllResources, IAMProject, EnterpriseProject}, g.Scope) {
			return within(fmt.Errorf("grant %q: want an action, Allow or Deny, and a scope", g.Action), "grants", i)
		}
	}
	return nil
}

// place returns where a data error is: "FILE:LINE", or "data" if the data was not read from a file.
func (d *Data) place(err error) string {
	if d.file == nil {
		return "data"
	}
	node := d.file.root
	for f, ok := errors.AsType[*dataError](err); ok; f, ok = errors.AsType[*dataError](f.err) {
		for _, step := range f.at {
			node = child(node, step)
		}
	}
	return fmt.Sprintf("%s:%d", d.file.name, node.Line)
}
