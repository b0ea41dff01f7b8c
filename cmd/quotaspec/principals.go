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

// samplePrincipals are the ones of the sample data, which everybody knows: their tokens may be shown.
func samplePrincipals() probe.Principals {
	own := map[string]string{"domain_id": server.SampleDomainID, "project_id": server.SampleProjectID}
	foreign := map[string]string{"domain_id": server.StrangerDomainID}
	sample := func(token string, values map[string]string) probe.Principal {
		return byToken(token, values, "'X-Auth-Token: "+token+"'")
	}
	return probe.Principals{
		probe.Reader:   sample(server.ReaderToken, own),
		probe.Limited:  sample(server.LimitedToken, own),
		probe.Stranger: sample(server.StrangerToken, foreign),
		probe.Expired:  sample(server.ExpiredToken, own),
		probe.Impostor: impostor(),
	}
}

// configured are the principals of a config, for the document of one service. One that has no credential for this service is
// left out: what needs it is skipped.
func (c *config) configured(document string) (probe.Principals, error) {
	principals := probe.Principals{probe.Impostor: impostor()}
	for role, p := range c.Principals {
		values := map[string]string{"domain_id": p.DomainID, "project_id": p.ProjectID}
		maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
		if p.AccessKeyEnv != "" {
			id, err := variable(role, p.AccessKeyEnv)
			secret, secretErr := variable(role, p.SecretKeyEnv)
			if err := cmp.Or(err, secretErr); err != nil {
				return nil, err
			}
			principals[role] = byKey(signature.Key{ID: id, Secret: secret}, values)
		} else if name := p.tokenEnv(document); name != "" {
			token, err := variable(role, name)
			if err != nil {
				return nil, err
			}
			principals[role] = probe.Principal{Values: values, Credential: token}
			if slices.Contains(openapi.Names(), document) {
				principals[role] = byToken(token, values, `"X-Auth-Token: $`+name+`"`)
			}
		}
	}
	return principals, nil
}

// variable reads a credential from the environment.
func variable(role probe.Role, name string) (string, error) {
	value := os.Getenv(name)
	if value == "" {
		return "", fmt.Errorf("principal %s: the environment variable %s is empty", role, name)
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("principal %s: the environment variable %s has white space or other characters that no credential has", role, name)
	}
	return value, nil
}

// byToken sends a token. The header is what a curl line shows of it, quoted for a shell.
func byToken(token string, values map[string]string, header string) probe.Principal {
	return probe.Principal{
		Values:       values,
		Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil },
		Curl:         []string{"-H", header},
	}
}

// byKey signs each request as the vendor's SDK does: with the account for IAM and the project for IMS beside it.
func byKey(key signature.Key, values map[string]string) probe.Principal {
	return probe.Principal{
		Values: values,
		Authenticate: func(r *http.Request) error {
			names := []string{"host"}
			for header, value := range map[string]string{"X-Domain-Id": values["domain_id"], "X-Project-Id": values["project_id"]} {
				if value != "" {
					r.Header.Set(header, value)
					names = append(names, header)
				}
			}
			return signature.Sign(r, key, time.Now(), names...)
		},
	}
}

// impostor signs with a key that nobody holds: a provider would lock a real one after a few failures.
func impostor() probe.Principal {
	return byKey(signature.Key{ID: "QUOTASPECNOBODY00000", Secret: "nobody"}, nil)
}
