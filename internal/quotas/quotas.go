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
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

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

// Account is whose quotas are requested. Its client has the endpoints and, unless Credentials are set, the credentials, but no region
// and no project.
type Account struct {
	Name     string    // for people: "" if Domain is all that is known
	Domain   string    // id of the account; "": its own quotas are not requested
	Projects []Project // whose image quotas are requested
	Client   client.Client
	Limits   Thresholds

	// Credentials returns what a service (iam or ims) is asked with; nil: what Client has. It is called for each request, so that
	// changed secrets count at once. If the service has refused some, it gets these: what it returns then is new if it can be.
	Credentials func(ctx context.Context, service string, refused Credentials) (Credentials, error)
}

// Credentials are a token, or an access key with its secret and, if it is temporary, its security token.
type Credentials struct{ Token, AccessKey, SecretKey, SecurityToken string }

// String shows no secret.
func (c Credentials) String() string { return "credentials" }

// GoString shows no secret.
func (c Credentials) GoString() string { return c.String() }

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

// Check returns an error if a request could not even be sent: no credentials, or an unknown region. Credentials are not called.
// What becomes a label must be UTF-8, or else Prometheus refuses the whole page, with the quotas of all accounts.
func (a *Account) Check() error {
	for _, p := range a.Places() {
		if !utf8.ValidString(p.Account + "\n" + p.Domain + "\n" + p.Region) {
			return fmt.Errorf("%q: want text in UTF-8", p.Title())
		}
	}
	checked := *a
	if a.Credentials != nil {
		checked.Client.Token = client.Secret("any")
	}
	if _, err := checked.clientOf(Place{Scope: ScopeAccount}).IAM(); err != nil {
		return err
	}
	for _, p := range checked.Places() {
		if p.Scope == ScopeImages {
			if _, err := checked.clientOf(p).IMS(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Endpoint returns the URL at which a place is asked; "": that of its region.
func (a *Account) Endpoint(p Place) string {
	if p.Scope == ScopeAccount {
		return a.Client.IAMURL
	}
	return a.Client.IMSURL
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

// Ask sends the request of one of the Places, with the retries of the client, and gives each quota its state. If the service
// refuses the credentials and there are new ones by then, it asks once more.
func (a *Account) Ask(ctx context.Context, p Place) Result {
	found, err := a.request(ctx, p)
	result := Result{Place: p, Quotas: newQuotas(found)}
	if err != nil {
		result.Failure = newFailure(p.Operation(), err)
	}
	for i, q := range result.Quotas {
		result.Quotas[i].State, result.Quotas[i].Reached = a.Limits.Judge(q)
	}
	return result
}

func (a *Account) request(ctx context.Context, p Place) ([]client.Quota, error) {
	c := a.clientOf(p)
	if a.Credentials == nil {
		return ask(ctx, c, p)
	}
	first, err := a.Credentials(ctx, p.Service(), Credentials{})
	if err != nil {
		return nil, err
	}
	found, err := ask(ctx, with(c, first), p)
	if !client.IsUnauthorized(err) {
		return found, err
	}
	next, problem := a.Credentials(ctx, p.Service(), first)
	if problem != nil || next == first {
		return found, err
	}
	return ask(ctx, with(c, next), p)
}

func ask(ctx context.Context, c *client.Client, p Place) ([]client.Quota, error) {
	if p.Scope == ScopeAccount {
		return c.DomainQuotas(ctx, p.Domain)
	}
	return c.ImageQuotas(ctx)
}

// with returns a client with these credentials.
func with(c *client.Client, of Credentials) *client.Client {
	own := *c
	own.Token, own.AccessKey = client.Secret(of.Token), of.AccessKey
	own.SecretKey, own.SecurityToken = client.Secret(of.SecretKey), client.Secret(of.SecurityToken)
	return &own
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
