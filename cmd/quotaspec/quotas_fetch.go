package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/client"
)

// The environment variables of the vendor's SDKs, and envToken for a token.
const (
	envAccessKey     = "HUAWEICLOUD_SDK_AK"
	envSecretKey     = "HUAWEICLOUD_SDK_SK"
	envSecurityToken = "HUAWEICLOUD_SDK_SECURITY_TOKEN"
	envToken         = "HUAWEICLOUD_SDK_AUTH_TOKEN"
	envDomain        = "HUAWEICLOUD_SDK_DOMAIN_ID"
	envProject       = "HUAWEICLOUD_SDK_PROJECT_ID"
)

// maxConcurrent is how many requests are sent at once.
const maxConcurrent = 8

// quotasTimeout is the timeout of one request.
const quotasTimeout = 30 * time.Second

// environment holds the values of the environment variables.
type environment struct {
	client          client.Client // with credentials and what sends its requests
	domain, project string
}

// readEnvironment reads all environment variables of quotas. It does not check them; see checkCredentials.
func readEnvironment() environment {
	sender := httpClient(nil)
	sender.Timeout = quotasTimeout
	return environment{
		client: client.Client{
			HTTPClient: sender,
			Token:      client.Secret(os.Getenv(envToken)), SecurityToken: client.Secret(os.Getenv(envSecurityToken)),
			AccessKey: os.Getenv(envAccessKey), SecretKey: client.Secret(os.Getenv(envSecretKey)),
		},
		domain: os.Getenv(envDomain), project: os.Getenv(envProject),
	}
}

// quotaPlace is an account or the images of a project in a region: one request, with its quotas or its failure.
type quotaPlace struct {
	Scope   string        `json:"scope"` // account or images
	Domain  string        `json:"domain,omitempty"`
	Region  string        `json:"region,omitempty"`
	Project string        `json:"project,omitempty"`
	Quotas  []quotaLine   `json:"quotas"`
	Failure *quotaFailure `json:"failure,omitempty"` // if the request failed; Quotas is empty then

	operation string
	fetch     func(context.Context) ([]client.Quota, error)
}

// quotaLine is one quota with its state.
type quotaLine struct {
	Type    string     `json:"type"`
	Used    *int32     `json:"used"` // nil: not reported
	Quota   int32      `json:"quota"`
	Min     int32      `json:"min"`
	Max     int32      `json:"max"`
	Per     string     `json:"per,omitempty"` // group, agency or user if each of them has this limit
	State   quotaState `json:"state"`
	Reached string     `json:"reached,omitempty"` // the threshold that the usage reached
}

// quotaFailure says why a request failed.
type quotaFailure struct {
	Message   string `json:"message"`
	Status    int    `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Needs     string `json:"needs,omitempty"` // the permission that the documents require
}

// A run has three steps. plan turns flags and environment variables into places, one for each request; every error of usage
// ends the run here, before anything is sent. fetchAll sends the requests and stores quotas or a failure in each place, so that
// one failed request does not hide the others. quotas.go compares and prints the places in the order of the plan.

// plan returns the requests to send: one for the account, if its ID is known, and one for each project that images lists. Notes
// name the kind of quotas that no flag or variable selects. The account is requested from the IAM of the first region.
func (q *quotasRun) plan(env environment) (places []*quotaPlace, notes []string, err error) {
	if err := checkCredentials(env.client); err != nil {
		return nil, nil, err
	}
	if q.endpoint != "" {
		target, err := parseTarget(q.endpoint)
		if err != nil {
			return nil, nil, fmt.Errorf("endpoint: %w", err)
		}
		if err := checkSecret(target); err != nil {
			return nil, nil, fmt.Errorf("endpoint %w", err)
		}
		env.client.IAMURL, env.client.IMSURL = q.endpoint, q.endpoint
	}
	images, err := q.images(env)
	if err != nil {
		return nil, nil, err
	}
	if q.domain == "" {
		q.domain = env.domain
	}
	if q.domain != "" {
		c := env.client
		if len(images) > 0 {
			c.Region = images[0].Region
		}
		fetch := func(ctx context.Context) ([]client.Quota, error) { return c.DomainQuotas(ctx, q.domain) }
		places = append(places, &quotaPlace{Scope: "account", Domain: q.domain, operation: "showDomainQuota", fetch: fetch})
	}
	for _, place := range images {
		c := env.client
		c.Region, c.ProjectID = place.Region, place.Project
		if _, err := c.IMS(); err != nil {
			return nil, nil, err
		}
		places = append(places, &quotaPlace{
			Scope: "images", Region: place.Region, Project: place.Project, operation: "showImageQuota", fetch: c.ImageQuotas,
		})
	}
	switch {
	case len(places) == 0:
		return nil, nil, errors.New("nothing to request: give --domain (or " + envDomain + ") for the quotas of an account, " +
			"or --region, --project or --endpoint for image quotas")
	case q.domain == "":
		notes = append(notes, "account quotas are not requested: set --domain or "+envDomain)
	case len(images) == 0:
		notes = append(notes, "image quotas are not requested: set --region")
	}
	return places, notes, nil
}

// checkCredentials returns an error unless the variables hold a token or an access key. The client checks the same, but does
// not know the names of the variables.
func checkCredentials(c client.Client) error {
	token, key := !c.Token.IsZero(), c.AccessKey != "" || !c.SecretKey.IsZero() || !c.SecurityToken.IsZero()
	complete := c.AccessKey != "" && !c.SecretKey.IsZero()
	switch {
	case !token && !key:
		return fmt.Errorf("no credentials: set %s and %s, or %s", envAccessKey, envSecretKey, envToken)
	case token && key:
		return fmt.Errorf("two kinds of credentials: set %s and %s, or %s, not both", envAccessKey, envSecretKey, envToken)
	case key && !complete:
		return fmt.Errorf("incomplete access key: set both %s and %s", envAccessKey, envSecretKey)
	}
	_, err := c.IAM()
	return err
}

// inRegion is a project in a region. The project is "" if the token decides it, the region is "" with --endpoint.
type inRegion struct{ Region, Project string }

// images lists the projects whose image quotas are requested: for each region the projects that --project names in it, or one
// entry without a project. A project without a region is in the only region that is named:
//
//	--region a --region b                    a and b, each without a project
//	--region a --project p --project b=q     an error: p may be in a or b
//	--region a --project a=p --project b=q   p in a, q in b
//	--project p --endpoint URL               p, without a region
//
// A token belongs to one project, which the service finds out itself, so --project is an error with a token.
func (q *quotasRun) images(env environment) ([]inRegion, error) {
	named, byToken := q.projects, !env.client.Token.IsZero()
	switch {
	case byToken && len(named) > 0:
		return nil, errors.New("--project needs an access key: with a token, omit --project to use the project of the token")
	case !byToken && len(named) == 0 && env.project != "":
		named = []string{env.project}
	}
	regions := []string{}
	for _, text := range slices.Concat(q.regions, named) {
		region, _, hasRegion := strings.Cut(text, "=")
		isRegion := hasRegion || slices.Contains(q.regions, text)
		if isRegion && !slices.Contains(regions, region) {
			regions = append(regions, region)
		}
	}
	switch {
	case len(regions) == 0 && q.endpoint != "":
		regions = []string{""}
	case len(regions) == 0 && len(q.projects) > 0:
		return nil, fmt.Errorf("project %q has no region: use --project REGION=ID", q.projects[0])
	}
	places := []inRegion{}
	for _, region := range regions {
		before := len(places)
		for _, text := range named {
			of, id, hasRegion := strings.Cut(text, "=")
			if !hasRegion {
				of, id = region, text
			}
			switch {
			case id == "", hasRegion && of == "":
				return nil, fmt.Errorf("project %q: want REGION=ID or ID", text)
			case !hasRegion && len(regions) > 1:
				return nil, fmt.Errorf("project %q may be in any of %d regions: use --project REGION=ID", text, len(regions))
			case of == region && !slices.Contains(places, inRegion{region, id}):
				places = append(places, inRegion{region, id})
			}
		}
		if len(places) == before {
			places = append(places, inRegion{region, ""})
		}
	}
	return places, nil
}

// quotaLines converts the quotas of the client, without their state.
func quotaLines(quotas []client.Quota) []quotaLine {
	lines := []quotaLine{}
	for _, q := range quotas {
		lines = append(lines, quotaLine{Type: q.Type, Used: q.Used, Quota: q.Quota, Min: q.Min, Max: q.Max, Per: q.PerUnit()})
	}
	return lines
}

// fetchAll sends the requests of all places, maxConcurrent at once, and sets the quotas or the failure of each. The channel has
// a slot for each request in progress: the loop waits for a free slot before it starts the next request.
func fetchAll(ctx context.Context, places []*quotaPlace) {
	var all sync.WaitGroup
	running := make(chan struct{}, maxConcurrent)
	for _, p := range places {
		running <- struct{}{}
		all.Go(func() {
			defer func() { <-running }()
			quotas, err := p.fetch(ctx)
			p.Quotas = quotaLines(quotas) // empty, not nil, after an error
			if err != nil {
				p.Failure = failureOf(p.operation, err)
			}
		})
	}
	all.Wait()
}

// failureOf describes a failed request. For an error response of the service it adds status, code and request id, and for a
// 403 the permission that the documents require.
func failureOf(operation string, err error) *quotaFailure {
	f := &quotaFailure{Message: oneLine(err)}
	if refused, ok := errors.AsType[*client.Error](err); ok {
		f.Status, f.Code, f.RequestID = refused.Status, refused.Code, refused.RequestID
	}
	if client.IsForbidden(err) {
		f.Needs = permission(operation)
	}
	return f
}

// permission describes in words what x-authorization of the operation requires: "a grant of ims:quotas:get, through the IAM
// project". It returns "" for an unknown operation.
func permission(operation string) string {
	docs, _ := embeddedDocuments() // run has read them without an error
	for _, doc := range docs {
		op := doc.Operation(operation)
		if op == nil || op.Authorization == nil {
			continue
		}
		a := op.Authorization
		if a.DefaultAllow {
			return "a user of that account to whom no policy denies " + a.Action
		}
		through := map[[2]bool]string{ // by IAM project, enterprise project
			{true, true}:  ", through the IAM project or the enterprise project",
			{true, false}: ", through the IAM project", {false, true}: ", through the enterprise project",
		}
		return "a grant of " + a.Action + through[[2]bool{a.IAMProject, a.EnterpriseProject}]
	}
	return ""
}
