package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

// quotasConfig is the config of quotas and exporter: the accounts to ask. It says where secrets are (quotas_sources.go), and
// never contains one:
//
//	accounts:
//	  - {name: production, domain_id: d78c…, access_key: {env: PROD_AK}, secret_key: {file: /run/secrets/sk}, regions: [cn-north-4]}
//
// It is read only if --config names it: what a monitor asks must not depend on the folder in which it was started.
type quotasConfig struct {
	Accounts   []accountConf     `yaml:"accounts"`
	Endpoints  map[string]string `yaml:"endpoints"` // URLs by service: iam, ims; for all accounts
	Warn       string            `yaml:"warn"`      // as the flags of these names, which win
	Critical   string            `yaml:"critical"`
	Thresholds map[string]string `yaml:"thresholds"` // W/C by type
	Ignore     []string          `yaml:"ignore"`     // types
	CA         string            `yaml:"ca"`         // PEM file of further certificate authorities
	AllowHTTP  bool              `yaml:"allow_http"` // send credentials over plain HTTP to any host
}

// accountConf is one account: its credentials, of one kind, and what is requested of it.
type accountConf struct {
	Name     string `yaml:"name"`
	DomainID string `yaml:"domain_id"`

	Token         *source `yaml:"token"`
	IAMToken      *source `yaml:"iam_token"`
	IMSToken      *source `yaml:"ims_token"`
	AccessKey     *source `yaml:"access_key"`
	SecretKey     *source `yaml:"secret_key"`
	SecurityToken *source `yaml:"security_token"`
	Key           *source `yaml:"key"` // JSON of a temporary access key

	Regions    []string            `yaml:"regions"`
	Projects   map[string][]string `yaml:"projects"` // ids by region
	Endpoints  map[string]string   `yaml:"endpoints"`
	Thresholds map[string]string   `yaml:"thresholds"`
	Ignore     []string            `yaml:"ignore"`
}

// readQuotasConfig reads the config of quotas and exporter. An error is one line that begins with the file.
func readQuotasConfig(file string) (*quotasConfig, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the config: %w", err)
	}
	var c quotasConfig
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s: %s", file, yamlProblem(data, err))
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: a second document begins with ---: want one, or its accounts would not be asked", file)
	}
	var whole yaml.Node
	if err := cmp.Or(yaml.Unmarshal(data, &whole), emptyValue(&whole), c.check()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i := range c.Accounts {
		for _, s := range c.Accounts[i].sources() {
			s.others = c.secrets
		}
	}
	return &c, nil
}

func (c *quotasConfig) check() error {
	if len(c.Accounts) == 0 {
		return errors.New("accounts: there is none")
	}
	if err := checkEndpoints(c.Endpoints, c.AllowHTTP); err != nil {
		return err
	}
	places, names := map[string]string{}, map[string]bool{}
	for i, a := range c.Accounts {
		if names[a.Name] {
			return fmt.Errorf("accounts: two have the name %s: --account and the label account need one each", a.Name)
		}
		names[a.Name] = a.Name != ""
		if err := a.check(c); err != nil {
			return fmt.Errorf("accounts: %s: %w", a.label(i), err)
		}
		account, err := a.account(c, client.Client{}, limitFlags{})
		if err != nil {
			return fmt.Errorf("accounts: %s: %w", a.label(i), err)
		}
		for _, p := range account.Places() {
			labels := strings.Join([]string{p.Service(), p.Account, p.Region, p.Project}, "\x00")
			if other := places[labels]; other != "" {
				return fmt.Errorf("accounts: %s: %s is asked twice, also by %s: give each account a name of its own", a.label(i), p.Title(), other)
			}
			places[labels] = a.label(i)
		}
	}
	return nil
}

// secrets lists the secrets in environment variables and files, as they are now: a program may log any of them.
func (c *quotasConfig) secrets() (list []string) {
	for i := range c.Accounts {
		for _, s := range c.Accounts[i].sources() {
			if len(s.Command) > 0 {
				continue
			}
			if secret, err := s.read(context.Background(), nil); err == nil {
				list = append(list, append(partsOfKey(secret), secret)...)
			}
		}
	}
	return list
}

// label names an account in an error: by its name, its id, or its number in the file from 1 on.
func (a *accountConf) label(i int) string {
	return cmp.Or(a.Name, a.DomainID, fmt.Sprintf("number %d", i+1))
}

func (a *accountConf) check(c *quotasConfig) error {
	if err := a.checkKind(); err != nil {
		return err
	}
	for _, region := range slices.Sorted(maps.Keys(a.Projects)) {
		for i, id := range a.Projects[region] {
			switch {
			case id == "":
				return fmt.Errorf("projects: %s: an ID is empty: %s", region, quotas.WhereIDs)
			case slices.Contains(a.Projects[region][:i], id):
				return fmt.Errorf("projects: %s: %s is there twice", region, id)
			}
		}
	}
	if slices.Contains(a.Regions, "") {
		return errors.New("regions: a name is empty: want one such as cn-north-4")
	}
	byToken := a.AccessKey == nil && a.Key == nil
	asksImages := len(a.images(c)) > 0
	switch {
	case byToken && len(a.Projects) > 0:
		return errors.New("projects need an access key: a token belongs to one project; name its region in regions")
	case a.DomainID == "" && !asksImages:
		return errors.New("nothing to request: give domain_id for the quotas of the account, regions or projects for those of images; " +
			quotas.WhereIDs)
	case a.Token == nil && byToken && a.DomainID != "" && a.IAMToken == nil:
		return errors.New("domain_id needs iam_token: quotas of an account are requested from IAM")
	case a.Token == nil && byToken && asksImages && a.IMSToken == nil:
		return errors.New("regions need ims_token: quotas of images are requested from IMS")
	}
	return checkEndpoints(a.Endpoints, c.AllowHTTP)
}

// checkKind returns an error unless the account has one kind of credentials.
func (a *accountConf) checkKind() error {
	kinds := 0
	for _, has := range []bool{a.Token != nil, a.IAMToken != nil || a.IMSToken != nil, a.Key != nil,
		a.AccessKey != nil || a.SecretKey != nil || a.SecurityToken != nil} {
		if has {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		return errors.New("want one kind of credentials: token, or iam_token and ims_token, or access_key and secret_key, or key")
	case (a.AccessKey == nil) != (a.SecretKey == nil), a.SecurityToken != nil && a.AccessKey == nil:
		return errors.New("incomplete access key: want access_key and secret_key, and security_token only with them")
	}
	return nil
}

// checkEndpoints checks the URLs of services. Credentials must not be readable by others on the way.
func checkEndpoints(endpoints map[string]string, allowHTTP bool) error {
	for _, service := range slices.Sorted(maps.Keys(endpoints)) {
		if service != "iam" && service != "ims" {
			return fmt.Errorf("endpoints: %w", text.Unknown("service", service, []string{"iam", "ims"}))
		}
		target, err := command.ParseTarget(endpoints[service])
		if err == nil && !allowHTTP {
			if err = checkSecret(target); err != nil {
				err = fmt.Errorf("%w, unless allow_http is true", err)
			}
		}
		if err != nil {
			return fmt.Errorf("endpoints: %s: %w", service, err)
		}
	}
	return nil
}

// images lists the projects whose image quotas are requested: those of each region, and for a region without any the project of
// the credentials. A provider with an endpoint of its own needs no region.
func (a *accountConf) images(c *quotasConfig) []quotas.Project {
	projects := []quotas.Project{}
	regions := slices.Concat(a.Regions, slices.Sorted(maps.Keys(a.Projects)))
	for i, region := range regions {
		if slices.Contains(regions[:i], region) {
			continue
		}
		ids := a.Projects[region]
		if len(ids) == 0 {
			ids = []string{""}
		}
		for _, id := range ids {
			projects = append(projects, quotas.Project{Region: region, ID: id})
		}
	}
	if own := cmp.Or(a.Endpoints["ims"], c.Endpoints["ims"]); len(projects) == 0 && own != "" && (a.IAMToken == nil || a.IMSToken != nil) {
		projects = append(projects, quotas.Project{})
	}
	return projects
}

// account returns the account to ask. Its requests are sent by the client. Limits of flags win over those of the config.
func (a *accountConf) account(c *quotasConfig, sent client.Client, flags limitFlags) (*quotas.Account, error) {
	sent.IAMURL = cmp.Or(a.Endpoints["iam"], c.Endpoints["iam"])
	sent.IMSURL = cmp.Or(a.Endpoints["ims"], c.Endpoints["ims"])
	account := &quotas.Account{Name: a.Name, Domain: a.DomainID, Projects: a.images(c), Client: sent, Credentials: a.credentials}
	bounds := maps.Clone(c.Thresholds)
	if bounds == nil {
		bounds = map[string]string{}
	}
	maps.Copy(bounds, a.Thresholds)
	limits := limitFlags{warn: cmp.Or(flags.warn, c.Warn), critical: cmp.Or(flags.critical, c.Critical), thresholds: flags.thresholds,
		ignored: slices.Concat(c.Ignore, a.Ignore, flags.ignored)}
	for _, name := range slices.Sorted(maps.Keys(bounds)) {
		isFlag := slices.ContainsFunc(flags.thresholds, func(t string) bool { return strings.HasPrefix(t, name+"=") })
		if !isFlag {
			limits.thresholds = append(slices.Clip(limits.thresholds), name+"="+bounds[name])
		}
	}
	var err error
	if account.Limits, err = limits.parse(); err != nil {
		return nil, err
	}
	return account, account.Check()
}

// accounts returns the accounts with these names, without names all.
func (c *quotasConfig) accounts(names []string, limits limitFlags) ([]*quotas.Account, error) {
	sender := httpClient(nil)
	if c.CA != "" {
		pool, err := readCA(c.CA)
		if err != nil {
			return nil, fmt.Errorf("ca: %w", err)
		}
		sender = httpClient(pool)
	}
	sender.Timeout = quotasTimeout
	accounts, known := []*quotas.Account{}, []string{}
	for i := range c.Accounts {
		a := &c.Accounts[i]
		known = append(known, a.label(i))
		if len(names) == 0 || slices.Contains(names, a.label(i)) {
			account, err := a.account(c, client.Client{HTTPClient: sender}, limits)
			if err = cmp.Or(err, a.checkSources()); err != nil {
				return nil, fmt.Errorf("accounts: %s: %w", a.label(i), err)
			}
			accounts = append(accounts, account)
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, text.Unknown("account", name, known)
		}
	}
	return accounts, nil
}
