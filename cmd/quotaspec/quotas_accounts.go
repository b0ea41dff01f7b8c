package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/quotas"
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

// accountFlags say whose quotas quotas and exporter ask for.
type accountFlags struct {
	config, domain, endpoint string
	regions, projects, names []string
}

// add declares the flags.
func (f *accountFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.regions, "region", nil,
		"request the image quotas of this `REGION` (repeatable); the request for the account goes to the IAM of the first")
	flags.StringArrayVar(&f.projects, "project", nil,
		"request the image quotas of this project, as `REGION=ID` or, with one region, ID (repeatable)")
	flags.StringVar(&f.domain, "domain", "", "request the quotas of the account with this `ID`")
	flags.StringVar(&f.endpoint, "endpoint", "", "send all requests to the provider at this `URL`")
	flags.StringVar(&f.config, "config", "", "ask the accounts in this YAML `FILE` (docs/reference/quotas-config.md)")
	flags.StringArrayVar(&f.names, "account", nil, "ask only the account of the config with this `NAME` (repeatable)")
}

// limitFlags are the thresholds that flags or a config set; "" and nil: those by default.
type limitFlags struct {
	warn, critical      string
	thresholds, ignored []string
}

// The thresholds by default, in percent.
const (
	defaultWarn     = "80"
	defaultCritical = "95"
)

func (l limitFlags) parse() (quotas.Thresholds, error) {
	return quotas.ParseThresholds(cmp.Or(l.warn, defaultWarn), cmp.Or(l.critical, defaultCritical), l.thresholds, l.ignored)
}

// accounts turns flags and environment variables into the accounts to ask. Every error of usage ends the run here, before anything
// is sent. Notes name the kind of quotas that no flag or variable selects.
func (f *accountFlags) accounts(env environment, limits limitFlags) (accounts []*quotas.Account, notes []string, err error) {
	if f.config != "" {
		accounts, err = f.configured(limits)
		return accounts, nil, err
	}
	if len(f.names) > 0 {
		return nil, nil, errors.New("--account chooses among the accounts of --config: name that file")
	}
	if err := checkCredentials(env.client); err != nil {
		return nil, nil, err
	}
	if f.endpoint != "" {
		target, err := command.ParseTarget(f.endpoint)
		if err != nil {
			return nil, nil, fmt.Errorf("endpoint: %w", err)
		}
		if err := checkSecret(target); err != nil {
			return nil, nil, fmt.Errorf("endpoint %w", err)
		}
		env.client.IAMURL, env.client.IMSURL = f.endpoint, f.endpoint
	}
	account := &quotas.Account{Domain: cmp.Or(f.domain, env.domain), Client: env.client}
	if account.Limits, err = limits.parse(); err != nil {
		return nil, nil, err
	}
	if account.Projects, err = f.images(env); err != nil {
		return nil, nil, err
	}
	if err := account.Check(); err != nil {
		return nil, nil, err
	}
	switch {
	case len(account.Places()) == 0:
		return nil, nil, errors.New("nothing to request: give --domain (or " + envDomain + ") for the quotas of an account, " +
			"or --region, --project or --endpoint for image quotas; " + quotas.WhereIDs)
	case account.Domain == "":
		notes = append(notes, "account quotas are not requested: set --domain or "+envDomain)
	case len(account.Projects) == 0:
		notes = append(notes, "image quotas are not requested: set --region")
	}
	return []*quotas.Account{account}, notes, nil
}

// configured returns the accounts of the config.
func (f *accountFlags) configured(limits limitFlags) ([]*quotas.Account, error) {
	for flag, isSet := range map[string]bool{
		"--domain": f.domain != "", "--region": len(f.regions) > 0, "--project": len(f.projects) > 0, "--endpoint": f.endpoint != "",
	} {
		if isSet {
			return nil, fmt.Errorf("%s and --config both say what to ask: want one of them", flag)
		}
	}
	c, err := readQuotasConfig(f.config)
	if err != nil {
		return nil, err
	}
	accounts, err := c.accounts(f.names, limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.config, err)
	}
	return accounts, nil
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

// images lists the projects whose image quotas are requested: for each region the projects that --project names in it, or one
// entry without a project. A project without a region is in the only region that is named:
//
//	--region a --region b                    a and b, each without a project
//	--region a --project p --project b=q     an error: p may be in a or b
//	--region a --project a=p --project b=q   p in a, q in b
//	--project p --endpoint URL               p, without a region
//
// A token belongs to one project, which the service finds out itself, so --project is an error with a token.
func (f *accountFlags) images(env environment) ([]quotas.Project, error) {
	named, byToken := f.projects, !env.client.Token.IsZero()
	switch {
	case byToken && len(named) > 0:
		return nil, errors.New("--project needs an access key: with a token, omit --project to use the project of the token")
	case !byToken && len(named) == 0 && env.project != "":
		named = []string{env.project}
	}
	regions := []string{}
	for _, text := range slices.Concat(f.regions, named) {
		region, _, hasRegion := strings.Cut(text, "=")
		isRegion := hasRegion || slices.Contains(f.regions, text)
		if isRegion && !slices.Contains(regions, region) {
			regions = append(regions, region)
		}
	}
	switch {
	case len(regions) == 0 && f.endpoint != "":
		regions = []string{""}
	case len(regions) == 0 && len(f.projects) > 0:
		return nil, fmt.Errorf("project %q has no region: use --project REGION=ID", f.projects[0])
	}
	places := []quotas.Project{}
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
			case of == region && !slices.Contains(places, quotas.Project{Region: region, ID: id}):
				places = append(places, quotas.Project{Region: region, ID: id})
			}
		}
		if len(places) == before {
			places = append(places, quotas.Project{Region: region})
		}
	}
	return places, nil
}
