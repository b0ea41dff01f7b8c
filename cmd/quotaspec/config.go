package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/internal/text"
)

// defaultConfig is read if it is there.
const defaultConfig = "quotaspec.yaml"

// config is quotaspec.yaml: which providers are judged, and who asks. Credentials stand in the environment only.
type config struct {
	Targets    map[string]string            `yaml:"targets"` // by the name of the document
	Principals map[probe.Role]principalConf `yaml:"principals"`
	AllowHTTP  bool                         `yaml:"allow_http"` // credentials may go over plain HTTP beyond loopback

	AllowChanges bool `yaml:"allow_changes"` // as --allow-changes
}

// principalConf names the variables that hold the credentials of a principal. The cloud scopes tokens, so that one may be
// needed for each service.
type principalConf struct {
	TokenEnv     string `yaml:"token_env"`
	IAMTokenEnv  string `yaml:"iam_token_env"`
	IMSTokenEnv  string `yaml:"ims_token_env"`
	AccessKeyEnv string `yaml:"access_key_env"`
	SecretKeyEnv string `yaml:"secret_key_env"`
	DomainID     string `yaml:"domain_id"`
	ProjectID    string `yaml:"project_id"`
}

// readConfig reads a config, or returns nil if none was named and none is there.
func readConfig(file string) (*config, error) {
	named := file != ""
	if !named {
		file = defaultConfig
	}
	f, err := os.Open(file)
	switch {
	case !named && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the config: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	var c config
	decoder := yaml.NewDecoder(f)
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		reasons := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:")
		return nil, fmt.Errorf("%s: %s", file, text.FirstLine(reasons))
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &c, nil
}

// roles are the principals that a config may name.
var roles = []probe.Role{probe.Reader, probe.Limited, probe.Stranger, probe.Expired}

func (c *config) check() error {
	for name, target := range c.Targets {
		if _, err := parseTarget(target); err != nil {
			return fmt.Errorf("targets: %s: %w", name, err)
		}
	}
	for role, p := range c.Principals {
		if !slices.Contains(roles, role) {
			return fmt.Errorf("principals: unknown principal %q: it is one of %v", role, roles)
		}
		if err := p.check(); err != nil {
			return fmt.Errorf("principals: %s: %w", role, err)
		}
	}
	return nil
}

func (p principalConf) check() error {
	kinds := 0
	for _, set := range []bool{p.TokenEnv != "", p.IAMTokenEnv != "" || p.IMSTokenEnv != "", p.AccessKeyEnv != "" || p.SecretKeyEnv != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return errors.New("want one of token_env, iam_token_env and ims_token_env, or access_key_env and secret_key_env")
	}
	if (p.AccessKeyEnv == "") != (p.SecretKeyEnv == "") {
		return errors.New("access_key_env and secret_key_env go together")
	}
	return nil
}

// tokenEnv is the variable that holds the token for a service, "" if there is none.
func (p principalConf) tokenEnv(document string) string {
	return cmp.Or(p.TokenEnv, map[string]string{"iam": p.IAMTokenEnv, "ims": p.IMSTokenEnv}[document])
}

// parseTarget reads the URL of a provider. Its errors repeat the URL; oneLine takes a password out of it.
func parseTarget(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("target %q: want a URL such as http://127.0.0.1:8080", text)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("target %q: want scheme, host and path only", text)
	}
	return u, nil
}

// checkSecret is an error if credentials that are sent to a target could be read on the way.
func checkSecret(at *url.URL) error {
	if at.Scheme == "https" || isLoopback(at.Hostname()) {
		return nil
	}
	return fmt.Errorf("%s: credentials go over https or to loopback", at)
}
