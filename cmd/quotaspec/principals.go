package main

import (
	"fmt"
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

// samplePrincipals are the ones of the sample data, which everybody knows.
func samplePrincipals() probe.Principals {
	own := map[string]string{"domain_id": server.SampleDomainID, "project_id": server.SampleProjectID}
	foreign := map[string]string{"domain_id": server.StrangerDomainID}
	return probe.Principals{
		probe.Reader:   samplePrincipal(server.ReaderToken, own),
		probe.Limited:  samplePrincipal(server.LimitedToken, own),
		probe.Stranger: samplePrincipal(server.StrangerToken, foreign),
		probe.Expired:  samplePrincipal(server.ExpiredToken, own),
		probe.Impostor: impostor(),
	}
}

// samplePrincipal is one whose token may be shown.
func samplePrincipal(token string, values map[string]string) probe.Principal {
	p := byToken(token, values)
	p.Curl = []string{"-H", "'X-Auth-Token: " + token + "'"}
	return p
}

// configured are the principals of a config, for the document of one service.
func (c *config) configured(document string) (probe.Principals, error) {
	principals := probe.Principals{probe.Impostor: impostor()}
	for role, p := range c.Principals {
		values := map[string]string{}
		if p.DomainID != "" {
			values["domain_id"] = p.DomainID
		}
		if p.ProjectID != "" {
			values["project_id"] = p.ProjectID
		}
		if p.AccessKeyEnv != "" {
			id, err := variable(role, p.AccessKeyEnv)
			if err != nil {
				return nil, err
			}
			secret, err := variable(role, p.SecretKeyEnv)
			if err != nil {
				return nil, err
			}
			principals[role] = byKey(signature.Key{ID: id, Secret: secret}, values)
			continue
		}
		name := p.tokenEnv(document)
		if name == "" {
			continue // nothing for this service: what needs it is skipped
		}
		token, err := variable(role, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(openapi.Names(), document) {
			principals[role] = probe.Principal{Values: values, Credential: token}
			continue
		}
		asked := byToken(token, values)
		asked.Curl = []string{"-H", `"X-Auth-Token: $` + name + `"`}
		principals[role] = asked
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

func byToken(token string, values map[string]string) probe.Principal {
	return probe.Principal{
		Values:       values,
		Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil },
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
