package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/client"
)

// The variables that the vendor's SDKs read, and one for a token.
const (
	envAccessKey     = "HUAWEICLOUD_SDK_AK"
	envSecretKey     = "HUAWEICLOUD_SDK_SK"
	envSecurityToken = "HUAWEICLOUD_SDK_SECURITY_TOKEN"
	envToken         = "HUAWEICLOUD_SDK_AUTH_TOKEN"
	envDomain        = "HUAWEICLOUD_SDK_DOMAIN_ID"
	envProject       = "HUAWEICLOUD_SDK_PROJECT_ID"
)

// askedAtOnce bounds how many requests are on their way.
const askedAtOnce = 8

// environment is what the variables say.
type environment struct {
	who             client.Client // credentials only
	domain, project string
}

func credentialsFromEnvironment() environment {
	return environment{
		who: client.Client{
			Token:     client.Secret(os.Getenv(envToken)),
			AccessKey: os.Getenv(envAccessKey), SecretKey: client.Secret(os.Getenv(envSecretKey)), SecurityToken: client.Secret(os.Getenv(envSecurityToken)),
		},
		domain: os.Getenv(envDomain), project: os.Getenv(envProject),
	}
}

// quotaPlace is one question, and what came of it.
type quotaPlace struct {
	Scope   string        `json:"scope"` // account or images
	Domain  string        `json:"domain,omitempty"`
	Region  string        `json:"region,omitempty"`
	Project string        `json:"project,omitempty"`
	Quotas  []quotaLine   `json:"quotas"`
	Failure *quotaFailure `json:"failure,omitempty"` // then Quotas is empty and says nothing

	operation string
	ask       func(context.Context) ([]client.Quota, error)
}

// quotaLine is one quota, as it is printed.
type quotaLine struct {
	Type    string     `json:"type"`
	Used    *int32     `json:"used"` // nil: not told
	Quota   int32      `json:"quota"`
	Min     int32      `json:"min"`
	Max     int32      `json:"max"`
	Per     string     `json:"per,omitempty"` // group, agency or user, of which each has this limit
	State   quotaState `json:"state"`
	Reached string     `json:"reached,omitempty"` // the threshold
}

// quotaFailure is why a question has no answer.
type quotaFailure struct {
	Message   string `json:"message"`
	Status    int    `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Needs     string `json:"needs,omitempty"` // what the documents say of the permission
}

// plan makes the questions. What could not be asked for lack of a name is noted.
func (q *quotasRun) plan(env environment) (places []*quotaPlace, notes []string, err error) {
	if err := checkCredentials(env.who); err != nil {
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
		env.who.IAMURL, env.who.IMSURL = q.endpoint, q.endpoint
	}
	images, err := q.images(env)
	if err != nil {
		return nil, nil, err
	}
	if q.domain == "" {
		q.domain = env.domain
	}
	if q.domain != "" {
		who := env.who
		if len(images) > 0 {
			who.Region = images[0].Region
		}
		ask := func(ctx context.Context) ([]client.Quota, error) { return who.DomainQuotas(ctx, q.domain) }
		places = append(places, &quotaPlace{Scope: "account", Domain: q.domain, operation: "showDomainQuota", ask: ask})
	}
	for _, place := range images {
		who := env.who
		who.Region, who.ProjectID = place.Region, place.Project
		if _, err := who.IMS(); err != nil {
			return nil, nil, err
		}
		places = append(places, &quotaPlace{
			Scope: "images", Region: place.Region, Project: place.Project, operation: "showImageQuota", ask: who.ImageQuotas,
		})
	}
	switch {
	case len(places) == 0:
		return nil, nil, errors.New("nothing to ask: --domain (or " + envDomain + ") asks for the quotas of an account, " +
			"--region, --project or --endpoint for those of images")
	case q.domain == "":
		notes = append(notes, "the account's quotas are not asked for: no --domain and no "+envDomain)
	case len(images) == 0:
		notes = append(notes, "image quotas are not asked for: no --region")
	}
	return places, notes, nil
}

// checkCredentials names the variables, which the client does not know.
func checkCredentials(who client.Client) error {
	key := who.AccessKey != "" || !who.SecretKey.IsZero() || !who.SecurityToken.IsZero()
	switch {
	case who.Token.IsZero() && !key:
		return fmt.Errorf("no credentials: set %s and %s, or %s", envAccessKey, envSecretKey, envToken)
	case !who.Token.IsZero() && key:
		return fmt.Errorf("two kinds of credentials: set %s and %s, or %s, not both", envAccessKey, envSecretKey, envToken)
	case key && (who.AccessKey == "" || who.SecretKey.IsZero()):
		return fmt.Errorf("half an access key: %s and %s go together", envAccessKey, envSecretKey)
	}
	_, err := who.IAM()
	return err
}

// inRegion is a project in a region; either may be unknown.
type inRegion struct{ Region, Project string }

// images lists the projects whose image quotas are asked for.
func (q *quotasRun) images(env environment) ([]inRegion, error) {
	named, byToken := q.projects, !env.who.Token.IsZero()
	switch {
	case byToken && len(named) > 0:
		return nil, errors.New("--project: a token is made out for one project: use an access key, or that project's token without --project")
	case !byToken && len(named) == 0 && env.project != "":
		named = []string{env.project}
	}
	all := slices.Clone(q.regions)
	for _, text := range named {
		if region, _, ok := strings.Cut(text, "="); ok {
			all = append(all, region)
		}
	}
	regions := []string{}
	for i, region := range all {
		if slices.Index(all, region) == i { // the first time
			regions = append(regions, region)
		}
	}
	switch {
	case len(regions) == 0 && q.endpoint != "":
		regions = []string{""}
	case len(regions) == 0 && len(q.projects) > 0:
		return nil, fmt.Errorf("project %q: in which region? say --project REGION=ID", q.projects[0])
	}
	places := []inRegion{}
	for _, region := range regions {
		before := len(places)
		for _, text := range named {
			of, id, ok := strings.Cut(text, "=")
			if !ok {
				of, id = region, text
			}
			switch {
			case id == "" || ok && of == "":
				return nil, fmt.Errorf("project %q: want REGION=ID or ID", text)
			case !ok && len(regions) > 1:
				return nil, fmt.Errorf("project %q is in one of %d regions: say --project REGION=ID", text, len(regions))
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

func quotaLines(quotas []client.Quota) []quotaLine {
	lines := []quotaLine{}
	for _, q := range quotas {
		lines = append(lines, quotaLine{Type: q.Type, Used: q.Used, Quota: q.Quota, Min: q.Min, Max: q.Max, Per: q.PerUnit()})
	}
	return lines
}

// askAll asks everything, so many at once.
func askAll(ctx context.Context, places []*quotaPlace) {
	var all sync.WaitGroup
	free := make(chan struct{}, askedAtOnce)
	for _, p := range places {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			quotas, err := p.ask(ctx)
			p.Quotas = quotaLines(quotas) // none beside an error
			if err != nil {
				p.Failure = failureOf(p.operation, err)
			}
		})
	}
	all.Wait()
}

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

// permission says what an operation needs, by x-authorization of its document.
func permission(operation string) string {
	docs, _ := embeddedDocuments() // each was read when the run began
	for _, doc := range docs {
		op := doc.Operation(operation)
		if op == nil || op.Authorization == nil {
			continue
		}
		a, through := op.Authorization, []string{}
		if a.IAMProject {
			through = append(through, "the IAM project")
		}
		if a.EnterpriseProject {
			through = append(through, "the enterprise project")
		}
		switch {
		case a.DefaultAllow:
			return "a user of that account to whom no policy denies " + a.Action
		case len(through) == 0:
			return "a grant of " + a.Action
		}
		return fmt.Sprintf("a grant of %s, through %s", a.Action, strings.Join(through, " or "))
	}
	return ""
}
