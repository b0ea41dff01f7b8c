// Package quotas asks accounts of the cloud for their quotas, and compares these with thresholds. The verbs quotas and exporter
// share it: the first asks once and prints, the second asks again and again and serves what it knows.
//
// An Account says whose quotas, with which credentials. Its Places are the requests for them: one for the account itself, and one
// for the images of each project. Ask sends the request of one place, and its Result has the quotas, or the Failure; a failure is
// never a quota of 0. Thresholds give each quota its State.
package quotas

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/client"
)

// The scopes of a place: what its quotas limit.
const (
	ScopeAccount = "account" // users, groups, policies, … of an account: IAM, operation showDomainQuota
	ScopeImages  = "images"  // private images of a project in a region: IMS, operation showImageQuota
)

// Place is one request for quotas: those of an account, or of the images of a project in a region. What is "" is not known, or
// decided by the token.
type Place struct {
	Scope   string `json:"scope"`
	Account string `json:"account,omitempty"` // name of the account, or else its id
	Domain  string `json:"domain,omitempty"`  // id of the account
	Region  string `json:"region,omitempty"`
	Project string `json:"project,omitempty"` // id
}

// Service returns the service that is asked: iam or ims.
func (p Place) Service() string {
	if p.Scope == ScopeAccount {
		return "iam"
	}
	return "ims"
}

// Operation returns the operationId of the request, as the documents have it.
func (p Place) Operation() string {
	if p.Scope == ScopeAccount {
		return "showDomainQuota"
	}
	return "showImageQuota"
}

// Title returns the scope with the account, region and project that are known, on one line. The id of the account stands only at
// its own quotas.
func (p Place) Title() string {
	words := []string{p.Scope}
	if p.Account != p.Domain {
		words = append(words, p.Account)
	}
	if p.Scope == ScopeAccount {
		words = append(words, p.Domain)
	}
	return strings.Join(strings.Fields(strings.Join(append(words, p.Region, p.Project), " ")), " ")
}

// Result is what a request returned: quotas, or a failure and no quotas.
type Result struct {
	Place
	Quotas  []Quota  `json:"quotas"`            // in the order of the response; empty, not nil, after a failure
	Failure *Failure `json:"failure,omitempty"` // nil: the request succeeded
}

// Quota is one quota with its state. All numbers are counts.
type Quota struct {
	Type    string `json:"type"`
	Used    *int32 `json:"used"` // nil: not reported
	Quota   int32  `json:"quota"`
	Min     int32  `json:"min"`
	Max     int32  `json:"max"`
	Per     string `json:"per,omitempty"` // group, agency or user if each of them has this limit
	State   State  `json:"state"`
	Reached string `json:"reached,omitempty"` // the threshold that the usage reached
}

// IsCompared reports whether the quota has a usage that can be compared with it.
func (q Quota) IsCompared() bool { return q.Used != nil && q.Per == "" && q.Quota >= 0 }

// newQuotas converts the quotas of the client, without their state.
func newQuotas(quotas []client.Quota) []Quota {
	list := []Quota{}
	for _, q := range quotas {
		list = append(list, Quota{Type: q.Type, Used: q.Used, Quota: q.Quota, Min: q.Min, Max: q.Max, Per: q.PerUnit()})
	}
	return list
}

// Project is a project in a region. The ID is "" if the token decides it, the region is "" if the account has one endpoint for
// all.
type Project struct{ Region, ID string }

// Account is whose quotas are requested. Its client has the credentials and the endpoints, but no region and no project.
type Account struct {
	Name     string    // for people: "" if Domain is all that is known
	Domain   string    // id of the account; "": its own quotas are not requested
	Projects []Project // whose image quotas are requested
	Client   client.Client
	Limits   Thresholds
}

// Places lists the requests for the quotas of the account: first its own, then those of the images of each project.
func (a *Account) Places() []Place {
	name := cmp.Or(a.Name, a.Domain)
	places := []Place{}
	if a.Domain != "" {
		places = append(places, Place{Scope: ScopeAccount, Account: name, Domain: a.Domain})
	}
	for _, p := range a.Projects {
		places = append(places, Place{Scope: ScopeImages, Account: name, Domain: a.Domain, Region: p.Region, Project: p.ID})
	}
	return places
}

// Check returns an error if a request could not even be sent: no credentials, or an unknown region.
func (a *Account) Check() error {
	if _, err := a.clientOf(Place{Scope: ScopeAccount}).IAM(); err != nil {
		return err
	}
	for _, p := range a.Places() {
		if p.Scope == ScopeImages {
			if _, err := a.clientOf(p).IMS(); err != nil {
				return err
			}
		}
	}
	return nil
}

// clientOf returns the client for a place. The account is asked at the IAM of its first region.
func (a *Account) clientOf(p Place) *client.Client {
	c := a.Client
	c.Region, c.ProjectID = p.Region, p.Project
	if p.Scope == ScopeAccount && len(a.Projects) > 0 {
		c.Region = a.Projects[0].Region
	}
	return &c
}

// Ask sends the request of one of the Places, with the retries of the client, and gives each quota its state.
func (a *Account) Ask(ctx context.Context, p Place) Result {
	var quotas []client.Quota
	var err error
	if c := a.clientOf(p); p.Scope == ScopeAccount {
		quotas, err = c.DomainQuotas(ctx, p.Domain)
	} else {
		quotas, err = c.ImageQuotas(ctx)
	}
	result := Result{Place: p, Quotas: newQuotas(quotas)}
	if err != nil {
		result.Failure = newFailure(p.Operation(), err)
	}
	for i, q := range result.Quotas {
		result.Quotas[i].State, result.Quotas[i].Reached = a.Limits.Judge(q)
	}
	return result
}

// maxConcurrent is how many requests AskAll sends at once.
const maxConcurrent = 8

// AskAll asks for all places of the accounts, maxConcurrent at once, and returns the results in the order of the places. One that
// fails hides no other.
func AskAll(ctx context.Context, accounts []*Account) []Result {
	results := []Result{}
	owners := []*Account{}
	for _, a := range accounts {
		for _, p := range a.Places() {
			results, owners = append(results, Result{Place: p}), append(owners, a)
		}
	}
	var all sync.WaitGroup
	running := make(chan struct{}, maxConcurrent) // a slot for each request in progress
	for i := range results {
		running <- struct{}{}
		all.Go(func() {
			defer func() { <-running }()
			results[i] = owners[i].Ask(ctx, results[i].Place)
		})
	}
	all.Wait()
	return results
}
