package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/quotas"
)

// A secret of an account has a source, never a value in the file:
//
//	{env: NAME}                  an environment variable
//	{file: /run/secrets/token}   a file, without the white space around its text
//	{command: [./get, token]}    what a program prints
//
// A file is read again for each request, so that a new secret counts at once. What a command printed is kept for two thirds of
// its lifetime if it says how long it is valid (a JSON Web Token, or expires_at of a temporary access key), else until the service
// refuses it.

// source says where a secret is.
type source struct {
	Env     string       `yaml:"env"`
	File    string       `yaml:"file"`
	Command commandWords `yaml:"command"`

	kept   *tokenSource    // of a command
	others func() []string // the other secrets of the config, which a command may log
}

// UnmarshalYAML reads the mapping of a source. A text is an error that does not repeat it: it is the secret itself.
func (s *source) UnmarshalYAML(n *yaml.Node) error {
	const want = "want {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}"
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s; a secret itself does not belong in this file", n.Line, want)
	}
	type plain source
	if err := n.Decode((*plain)(s)); err != nil || len(n.Content) != 2 || s.Env+s.File+strings.Join(s.Command, " ") == "" {
		return fmt.Errorf("line %d: %s", n.Line, want)
	}
	s.kept = &tokenSource{fetch: s.run}
	return nil
}

// check returns an error if a variable is empty, which stays so while the process runs. Files and commands may come later.
func (s *source) check() error {
	if s.Env == "" {
		return nil
	}
	_, err := fromEnvironment(s.Env)
	return err
}

// read returns the secret. It is read anew if it is one that was refused.
func (s *source) read(ctx context.Context, isRefused func(string) bool) (string, error) {
	switch {
	case s.Env != "":
		return fromEnvironment(s.Env)
	case s.File != "":
		data, err := readSecret(s.File)
		if err != nil {
			return "", err
		}
		secret := strings.TrimSpace(string(data))
		if secret == "" {
			return "", fmt.Errorf("%s is empty", s.File)
		}
		return secret, nil
	}
	secret, err := s.kept.token(ctx, "")
	if err == nil && isRefused(secret) {
		secret, err = s.kept.token(ctx, secret)
	}
	return secret, err
}

// readSecret reads a file. It must be a regular one: a named pipe would block until somebody writes to it, and with it the end of
// the process, and a device may never end.
func readSecret(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: want a regular file", file)
	case info.Size() > maxTokenOutput:
		return nil, fmt.Errorf("%s: it has more than %d bytes: want a secret only", file, maxTokenOutput)
	}
	return os.ReadFile(file)
}

// run runs the command. Its errors show the last line that the command logs, without what it printed and without the other secrets
// of the config.
func (s *source) run(ctx context.Context) (fetched, error) {
	printed, err := printedBy(ctx, s.Command, func(line string, words ...string) string {
		parts := partsOfKey(strings.Join(words, " "))
		return traffic.HideSecrets(line, slices.Concat(words, parts, s.others())...)
	})
	if err != nil {
		return fetched{}, fmt.Errorf("command %s: %w", s.Command[0], err)
	}
	lifetime := lifetimeOfJWT(printed)
	if key, err := parseKey(printed); err == nil && !key.Expires.IsZero() {
		lifetime = max(0, time.Until(key.Expires))
	}
	return fetched{token: printed, lifetime: lifetime}, nil
}

// keyedSource is a source with its key in an account.
type keyedSource struct {
	key string
	*source
}

// sources lists the sources of an account.
func (a *accountConf) sources() []keyedSource {
	return slices.DeleteFunc([]keyedSource{
		{"token", a.Token}, {"iam_token", a.IAMToken}, {"ims_token", a.IMSToken}, {"access_key", a.AccessKey},
		{"secret_key", a.SecretKey}, {"security_token", a.SecurityToken}, {"key", a.Key},
	}, func(s keyedSource) bool { return s.source == nil })
}

// checkSources returns the first error of a source, with its key.
func (a *accountConf) checkSources() error {
	for _, s := range a.sources() {
		if err := s.check(); err != nil {
			return fmt.Errorf("%s: %w", s.key, err)
		}
	}
	return nil
}

// credentials reads the credentials for a service. Those that the service has refused are fetched anew.
func (a *accountConf) credentials(ctx context.Context, service string, refused quotas.Credentials) (c quotas.Credentials, err error) {
	if a.Key != nil {
		return a.temporaryKey(ctx, refused)
	}
	token, name := a.Token, "token"
	if token == nil && a.AccessKey == nil {
		token, name = map[string]*source{"iam": a.IAMToken, "ims": a.IMSToken}[service], service+"_token"
	}
	for _, part := range []struct {
		name    string
		from    *source
		to      *string
		refused string
	}{
		{name, token, &c.Token, refused.Token},
		{"access_key", a.AccessKey, &c.AccessKey, refused.AccessKey},
		{"secret_key", a.SecretKey, &c.SecretKey, refused.SecretKey},
		{"security_token", a.SecurityToken, &c.SecurityToken, refused.SecurityToken},
	} {
		if part.from == nil {
			continue
		}
		*part.to, err = part.from.read(ctx, func(s string) bool { return s == part.refused })
		if err != nil {
			return quotas.Credentials{}, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return c, nil
}

// temporaryKey reads a temporary access key, whose three parts belong together.
func (a *accountConf) temporaryKey(ctx context.Context, refused quotas.Credentials) (quotas.Credentials, error) {
	printed, err := a.Key.read(ctx, func(s string) bool {
		key, err := parseKey(s)
		return err != nil || key.credentials() == refused
	})
	if err != nil {
		return quotas.Credentials{}, fmt.Errorf("key: %w", err)
	}
	key, err := parseKey(printed)
	if err != nil {
		return quotas.Credentials{}, fmt.Errorf("key: %w", err)
	}
	return key.credentials(), nil
}

// temporaryKey is a temporary access key as IAM returns it (POST /v3.0/OS-CREDENTIAL/securitytokens), with or without the member
// credential around it.
type temporaryKey struct {
	Access        string    `json:"access"`
	Secret        string    `json:"secret"`
	SecurityToken string    `json:"securitytoken"`
	Expires       time.Time `json:"expires_at"`
}

func (k temporaryKey) credentials() quotas.Credentials {
	return quotas.Credentials{AccessKey: k.Access, SecretKey: k.Secret, SecurityToken: k.SecurityToken}
}

// partsOfKey lists the secrets in JSON of a temporary access key; none of another text.
func partsOfKey(text string) []string {
	key, err := parseKey(text)
	if err != nil {
		return nil
	}
	return []string{key.Secret, key.SecurityToken}
}

// parseKey reads a temporary access key. Its error shows nothing of the text.
func parseKey(text string) (temporaryKey, error) {
	var key struct {
		temporaryKey

		Credential *temporaryKey `json:"credential"`
	}
	err := json.Unmarshal([]byte(text), &key)
	if key.Credential != nil {
		key.temporaryKey = *key.Credential
	}
	if err != nil || key.Access == "" || key.Secret == "" {
		return temporaryKey{}, errors.New(`want JSON of an access key: {"access": …, "secret": …, "securitytoken": …, "expires_at": …}`)
	}
	return key.temporaryKey, nil
}
