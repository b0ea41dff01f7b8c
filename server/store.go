package server

import (
	"fmt"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// anyType asks for the quotas of all types.
const anyType = ""

// store holds every answer that can be given, rendered before the first request.
type store struct {
	accounts map[string]map[string]*kept // by account ID, then by type
	projects map[string]*kept            // by project ID
}

// newStore takes data that was checked.
func newStore(d *Data) *store {
	s := &store{map[string]map[string]*kept{}, map[string]*kept{}}
	for _, a := range d.Accounts {
		s.accounts[a.DomainID] = map[string]*kept{anyType: renderAccount(a.Quotas)}
		for _, q := range a.Quotas {
			s.accounts[a.DomainID][q.Type] = renderAccount([]iam.DomainQuota{q})
		}
		for _, p := range a.Projects {
			s.projects[p.ID] = render(ims.ImageQuotas{Quotas: ims.ImageQuotaList{Resources: p.Quotas}})
		}
	}
	return s
}

func renderAccount(quotas []iam.DomainQuota) *kept {
	return render(iam.DomainQuotas{Quotas: iam.DomainQuotaList{Resources: quotas}})
}

func (s *store) accountQuotas(domainID, t string) (*kept, error) {
	k, ok := s.accounts[domainID][t]
	if !ok {
		return nil, fmt.Errorf("nothing is stored of type %q of account %s", t, domainID)
	}
	return k, nil
}

func (s *store) projectQuotas(projectID string) (*kept, error) {
	k, ok := s.projects[projectID]
	if !ok {
		return nil, fmt.Errorf("nothing is stored of project %s", projectID)
	}
	return k, nil
}
