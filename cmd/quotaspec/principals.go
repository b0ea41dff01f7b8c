package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract/probe"
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
// for this service, and the probes that need it are skipped. The impostor is always there.
func (c *config) principals(document string) (probe.Principals, error) {
	principals := probe.Principals{probe.Impostor: impostor()}
	for role, p := range c.Principals {
		values := probe.Values{"domain_id": p.DomainID, "project_id": p.ProjectID}
		maps.Copy(values, p.Values)
		maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
		if p.AccessKeyEnv != "" {
			id, err := credentialFromEnv(role, p.AccessKeyEnv)
			secret, secretErr := credentialFromEnv(role, p.SecretKeyEnv)
			if err := cmp.Or(err, secretErr); err != nil {
				return nil, err
			}
			principals[role] = keyPrincipal(signature.Key{ID: id, Secret: secret}, values)
		} else if name := p.tokenEnv(document); name != "" {
			token, err := credentialFromEnv(role, name)
			if err != nil {
				return nil, err
			}
			principals[role] = probe.Principal{Values: values, Credential: token}
			if slices.Contains(openapi.Names(), document) {
				principals[role] = tokenPrincipal(token, values, `"X-Auth-Token: $`+name+`"`)
			}
		}
	}
	return principals, nil
}

// credentialFromEnv returns the credential in an environment variable. It must be non-empty printable ASCII without spaces.
func credentialFromEnv(role probe.Role, name string) (string, error) {
	value := os.Getenv(name)
	if value == "" {
		return "", fmt.Errorf("principal %s: the environment variable %s is empty", role, name)
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("principal %s: the environment variable %s contains a character that is not visible ASCII, "+
			"such as a space or a line feed", role, name)
	}
	return value, nil
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
