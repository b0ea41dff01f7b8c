package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/signature"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/server"
)

// samplePrincipals returns the principals of the sample data. Their tokens are public, so curl lines may show them.
func samplePrincipals() probe.Principals {
	own := probe.Values{"domain_id": server.SampleDomainID, "project_id": server.SampleProjectID}
	foreign := probe.Values{"domain_id": server.StrangerDomainID, "project_id": server.StrangerProjectID}
	sample := func(token string, values probe.Values) probe.Principal {
		return tokenPrincipal(token, values, "'X-Auth-Token: "+token+"'")
	}
	return probe.Principals{
		probe.Reader:   sample(server.ReaderToken, own),
		probe.Limited:  sample(server.LimitedToken, own),
		probe.Stranger: sample(server.StrangerToken, foreign),
		probe.Expired:  sample(server.ExpiredToken, own),
		probe.Impostor: impostor(),
	}
}

// principals returns the principals of the config for the service of one document. It omits a principal without a credential
// for this service, and the probes that need it are skipped. The impostor is always there, and the one without credentials if
// the config has headers or cookies for all.
func (c *config) principals(document string, o verify.Options) (probe.Principals, error) {
	principals := probe.Principals{probe.Impostor: impostor()}
	for name, p := range c.Principals {
		principal, err := c.principal(name, p, document, o)
		if err != nil {
			return nil, fmt.Errorf("principal %s: %w", name, err)
		}
		if principal != nil {
			principal.Name = string(name)
			principals[c.role(name)] = *principal
		}
	}
	return principals, c.addFields(principals)
}

// role returns the role of a principal of the config: its name, or that of the reader for the only principal of another name,
// if there is no reader.
func (c *config) role(name probe.Role) probe.Role {
	others := 0
	for other := range c.Principals {
		if !other.IsMeant() {
			others++
		}
	}
	if _, hasReader := c.Principals[probe.Reader]; !hasReader && others == 1 && !name.IsMeant() {
		return probe.Reader
	}
	return name
}

// principal returns a principal of the config, or nil if it has no credential for the service of the document.
func (c *config) principal(role probe.Role, p principalConf, document string, o verify.Options) (*probe.Principal, error) {
	values := probe.Values{"domain_id": p.DomainID, "project_id": p.ProjectID}
	maps.Copy(values, p.Values)
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	principal := probe.Principal{Values: values}
	switch name := p.tokenEnv(document); {
	case p.AccessKeyEnv != "":
		id, err := credentialFromEnv(p.AccessKeyEnv)
		secret, secretErr := credentialFromEnv(p.SecretKeyEnv)
		if err := cmp.Or(err, secretErr); err != nil {
			return nil, err
		}
		principal = keyPrincipal(signature.Key{ID: id, Secret: secret}, values)
		principal.Doubt = fmt.Sprintf("are %s and %s still valid, and both clocks right?", p.AccessKeyEnv, p.SecretKeyEnv)
	case name != "":
		token, err := credentialFromEnv(name)
		if err != nil {
			return nil, err
		}
		principal.Credential, principal.CredentialEnv = token, name
		if slices.Contains(openapi.Names(), document) {
			principal = tokenPrincipal(token, values, `"X-Auth-Token: $`+name+`"`)
		}
		principal.Doubt = fmt.Sprintf("is %s still valid?", name)
	case p.IAMTokenEnv+p.IMSTokenEnv != "":
		return nil, nil
	case p.OAuth2 == nil && p.TokenCommand == nil:
		principal.Doubt = "are its headers and cookies still valid?"
	default:
		source, err := c.tokenSource(p, o)
		if err != nil {
			return nil, err
		}
		principal.Token, principal.Doubt = source.token, source.doubt
	}
	if role == probe.Expired {
		principal.Doubt = ""
	}
	var err error
	principal.Fields, err = newFields(p.Headers, p.Cookies)
	return &principal, err
}

// isVariable matches names of environment variables.
var isVariable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// fromEnvironment returns the value of an environment variable that a config names. What cannot be a name may be the credential
// itself, so the error does not show it.
func fromEnvironment(name string) (string, error) {
	if !isVariable.MatchString(name) {
		return "", errors.New("want the name of an environment variable; what stands there may be a credential, and is not shown")
	}
	value := os.Getenv(name)
	if value == "" {
		return "", fmt.Errorf("the environment variable %s is empty", name)
	}
	return value, nil
}

// credentialFromEnv returns the credential in an environment variable. It must be non-empty printable ASCII without spaces.
func credentialFromEnv(name string) (string, error) {
	value, err := fromEnvironment(name)
	if err != nil {
		return "", err
	}
	if !isCredential(value) {
		return "", fmt.Errorf("the environment variable %s contains a character that is not visible ASCII, "+
			"such as a space or a line feed", name)
	}
	return value, nil
}

// isCredential reports whether a text consists of visible ASCII.
func isCredential(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}

// tokenPrincipal returns a principal that sends a token. Curl lines show the header, which is quoted for a shell.
func tokenPrincipal(token string, values probe.Values, header string) probe.Principal {
	return probe.Principal{
		Values:       values,
		Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil },
		Curl:         []string{"-H", header},
	}
}

// keyPrincipal returns a principal that signs each request as the vendor's SDK does, with X-Domain-Id and X-Project-Id if their
// values are known.
func keyPrincipal(key signature.Key, values probe.Values) probe.Principal {
	return probe.Principal{
		Values: values,
		Authenticate: func(r *http.Request) error {
			names := []string{"host"}
			ids := map[string]string{"X-Domain-Id": values["domain_id"], "X-Project-Id": values["project_id"]}
			for header, value := range ids {
				if value != "" {
					r.Header.Set(header, value)
					names = append(names, header)
				}
			}
			return signature.Sign(r, key, time.Now(), names...)
		},
	}
}

// impostor returns a principal that signs with an access key that does not exist. A provider would lock a real key after a few
// failures.
func impostor() probe.Principal {
	return keyPrincipal(signature.Key{ID: "QUOTASPECNOBODY00000", Secret: "nobody"}, nil)
}
