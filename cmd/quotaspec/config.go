package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// defaultConfig is the file that is read if it exists and --config names no other.
const defaultConfig = "quotaspec.yaml"

// config is the content of quotaspec.yaml: the providers to judge and the principals that send the requests. It names the
// environment variables that hold credentials, and never contains a credential itself:
//
//	targets:    {iam: "https://iam.example.com"}
//	principals: {reader: {token_env: QS_READER, domain_id: d78cbac186b744899480f25bd022f468}}
//
// The paths of files and commands in it begin at the working directory.
type config struct {
	Document   string                       `yaml:"document"` // as the flag --document
	Target     string                       `yaml:"target"`   // URL of the provider of that document
	Targets    map[string]string            `yaml:"targets"`  // URLs, by the name of the document
	Principals map[probe.Role]principalConf `yaml:"principals"`
	Values     probe.Values                 `yaml:"values"`  // of parameters, for all principals
	Headers    map[string]setting           `yaml:"headers"` // of every request
	Cookies    map[string]setting           `yaml:"cookies"`
	Allow      allowConf                    `yaml:"allow"`
	Setup      []commandWords               `yaml:"setup"`    // run before the first request
	Teardown   []commandWords               `yaml:"teardown"` // run after the last one, also after a failure

	Rate         float64  `yaml:"rate"`        // as the flags of these names, which win
	Concurrency  int      `yaml:"concurrency"` // 0: not set, as for all of them
	Timeout      duration `yaml:"timeout"`
	Wait         duration `yaml:"wait"`          // how long to wait for the provider to respond at all
	CA           string   `yaml:"ca"`            // PEM file of further certificate authorities
	AllowHTTP    bool     `yaml:"allow_http"`    // send credentials over plain HTTP to any host
	AllowChanges bool     `yaml:"allow_changes"` // as the flag --allow-changes
}

// principalConf names the environment variables with the credentials of one principal. The cloud scopes tokens, so a principal
// may need one token for each service.
type principalConf struct {
	TokenEnv     string `yaml:"token_env"`
	IAMTokenEnv  string `yaml:"iam_token_env"`
	IMSTokenEnv  string `yaml:"ims_token_env"`
	AccessKeyEnv string `yaml:"access_key_env"`
	SecretKeyEnv string `yaml:"secret_key_env"`

	TokenCommand commandWords `yaml:"token_command"` // prints a token
	OAuth2       *oauth2Conf  `yaml:"oauth2"`

	Headers map[string]setting `yaml:"headers"` // of its requests, besides those of the config
	Cookies map[string]setting `yaml:"cookies"`

	Values    probe.Values `yaml:"values"` // of parameters; they win over those of the config
	DomainID  string       `yaml:"domain_id"`
	ProjectID string       `yaml:"project_id"`
}

// oauth2Conf gets tokens by client credentials (RFC 6749, 4.4).
type oauth2Conf struct {
	TokenURL        string   `yaml:"token_url"`
	ClientIDEnv     string   `yaml:"client_id_env"`
	ClientSecretEnv string   `yaml:"client_secret_env"`
	Scopes          []string `yaml:"scopes"`
}

// allowConf lists what is no finding although the document does not have it.
type allowConf struct {
	Statuses []int    `yaml:"statuses"`
	Headers  []string `yaml:"headers"`
}

// readConfig reads a config file. It returns nil if file is empty and defaultConfig does not exist.
func readConfig(file string) (*config, error) {
	named := file != ""
	if !named {
		file = defaultConfig
	}
	data, err := os.ReadFile(file)
	switch {
	case !named && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the config: %w", err)
	}
	var c config
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s: %s", file, yamlProblem(data, err))
	}
	if err := cmp.Or(withoutValue(data), c.check()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &c, nil
}

// withoutValue returns an error if a key that says what to judge has no value, such as "target:" with nothing after it. The run
// would judge something else, and could pass.
func withoutValue(data []byte) error {
	var file yaml.Node
	if err := yaml.Unmarshal(data, &file); err != nil {
		return err
	}
	return emptyValue(&file, "document", "target", "targets")
}

// emptyValue returns an error if one of the keys of a file has no value; without keys it looks at all of them, in every mapping.
func emptyValue(n *yaml.Node, keys ...string) error {
	isMapping := n.Kind == yaml.MappingNode
	for i, inside := range n.Content {
		isKey := isMapping && i%2 == 0
		switch {
		case isKey && (len(keys) == 0 || slices.Contains(keys, inside.Value)):
			value := n.Content[i+1]
			if value.Tag == "!!null" || value.Kind == yaml.ScalarNode && value.Value == "" {
				return fmt.Errorf("line %d: %s has no value: give it one, or omit the key", value.Line, inside.Value)
			}
		case !isKey && (len(keys) == 0 || n.Kind == yaml.DocumentNode):
			if err := emptyValue(inside, keys...); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	unknownKey = regexp.MustCompile(`field (.*) not found in type main\.(\w+)`)
	wrongType  = regexp.MustCompile("cannot unmarshal !{0,2}(\\w+) (?:`.*` )?into (\\S+)")
	typeWords  = map[string]string{
		"bool": "true or false", "string": "a text", "str": "a text", "int": "a number", "float": "a number",
		"map": "a mapping", "seq": "a list",
	}
	keysOf = map[string]string{
		"config": keys(config{}), "principalConf": keys(principalConf{}), "oauth2Conf": keys(oauth2Conf{}),
		"allowConf": keys(allowConf{}), "fromEnv": keys(fromEnv{}),
		"quotasConfig": keys(quotasConfig{}), "accountConf": keys(accountConf{}),
	}
)

// keys lists the keys of a struct of the config, in their order.
func keys(of any) string {
	list := []string{}
	for i := range reflect.TypeOf(of).NumField() {
		list = append(list, reflect.TypeOf(of).Field(i).Tag.Get("yaml"))
	}
	return strings.Join(list, ", ")
}

// yamlProblem puts the first error of the YAML decoder into the words of the file. The decoder names Go types: "field x not
// found in type main.config" becomes `unknown key "x": want one of targets, principals, …`.
func yamlProblem(data []byte, err error) string {
	if errors.Is(err, io.EOF) {
		return "the file is empty"
	}
	_, ofTypes := errors.AsType[*yaml.TypeError](err)
	if strings.HasPrefix(err.Error(), "yaml: ") && !ofTypes {
		line, problem := spec.YAMLProblem(data, err)
		return fmt.Sprintf("line %d: %s", max(1, line), problem)
	}
	problem := text.FirstLine(strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:"))
	place, _, _ := strings.Cut(problem, ": ") // line 7
	if m := unknownKey.FindStringSubmatch(problem); m != nil {
		if meant := text.Nearest(m[1], strings.Split(keysOf[m[2]], ", ")); meant != "" {
			return fmt.Sprintf("%s: unknown key %q: did you mean %s?", place, m[1], meant)
		}
		return fmt.Sprintf("%s: unknown key %q: want one of %s", place, m[1], keysOf[m[2]])
	}
	if m := wrongType.FindStringSubmatch(problem); m != nil {
		want, got := cmp.Or(typeWords[strings.TrimSuffix(m[2], "64")], "a mapping"), cmp.Or(typeWords[m[1]], m[1])
		if strings.HasPrefix(m[2], "[]") {
			want = "a list"
		}
		return fmt.Sprintf("%s: want %s, got %s", place, want, got)
	}
	return problem
}

// nearestRole is the role whose name is almost that of a principal; "" if there is none. A principal may have any other name:
// it sends what the reader sends at first, the plain request of each operation.
func nearestRole(name probe.Role) probe.Role {
	for _, role := range roles {
		if near := text.Edits(string(name), string(role)) < text.Far; near && name != role {
			return role
		}
	}
	return ""
}

// roles are the principals whose names have a meaning.
var roles = []probe.Role{probe.Reader, probe.Limited, probe.Stranger, probe.Expired}

func (c *config) check() error {
	if c.Target != "" {
		if _, err := command.ParseTarget(c.Target); err != nil {
			return fmt.Errorf("target: %w", err)
		}
	}
	if c.Target != "" && len(c.Targets) > 0 {
		return errors.New("want target or targets, not both")
	}
	if err := checkLimits(c.Rate, cmp.Or(c.Concurrency, 1)); err != nil {
		return err
	}
	if err := checkFields(c.Headers, c.Cookies); err != nil {
		return err
	}
	for _, status := range c.Allow.Statuses {
		if status < 100 || status > 599 {
			return fmt.Errorf("allow: statuses: %d: want 100 to 599", status)
		}
	}
	for name, target := range c.Targets {
		if _, err := command.ParseTarget(target); err != nil {
			return fmt.Errorf("targets: %s: %w", name, err)
		}
	}
	for role, p := range c.Principals {
		if role == probe.Impostor {
			return fmt.Errorf("principals: unknown principal %q: its key must not exist", role)
		}
		if meant := nearestRole(role); meant != "" {
			return fmt.Errorf("principals: unknown principal %q: did you mean %q?", role, meant)
		}
		if err := p.check(c.AllowHTTP); err != nil {
			return fmt.Errorf("principals: %s: %w", role, err)
		}
	}
	return nil
}

func (p principalConf) check(allowHTTP bool) error {
	services, key := p.IAMTokenEnv+p.IMSTokenEnv, p.AccessKeyEnv+p.SecretKeyEnv
	kinds := slices.DeleteFunc([]string{p.TokenEnv, services, key, strings.Join(p.TokenCommand, " ")},
		func(name string) bool { return name == "" })
	if p.OAuth2 != nil {
		kinds = append(kinds, "oauth2")
	}
	isFree := len(kinds) == 0 && len(p.Headers)+len(p.Cookies) > 0
	if len(kinds) != 1 && !isFree {
		return errors.New("want token_env, or iam_token_env and ims_token_env, or access_key_env and secret_key_env, " +
			"or token_command, or oauth2; headers and cookies may stand beside or alone")
	}
	if (p.AccessKeyEnv == "") != (p.SecretKeyEnv == "") {
		return errors.New("incomplete access key: set both access_key_env and secret_key_env")
	}
	if p.OAuth2 != nil {
		if err := p.OAuth2.check(allowHTTP); err != nil {
			return fmt.Errorf("oauth2: %w", err)
		}
	}
	return checkFields(p.Headers, p.Cookies)
}

// tokenEnv returns the name of the variable with the token for the service of a document, or "" if there is none.
func (p principalConf) tokenEnv(document string) string {
	return cmp.Or(p.TokenEnv, map[string]string{"iam": p.IAMTokenEnv, "ims": p.IMSTokenEnv}[document])
}

// checkSecret returns an error if others on the network could read credentials that are sent to a target.
func checkSecret(target *url.URL) error {
	if target.Scheme == "https" || isLoopback(target.Hostname()) {
		return nil
	}
	return fmt.Errorf("%s: credentials are sent only over https or to loopback", target)
}
