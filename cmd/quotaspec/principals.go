package main

import (
	"net/http"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/server"
)

// samplePrincipals are the ones of the sample data, which everybody knows.
func samplePrincipals() probe.Principals {
	own := map[string]string{"domain_id": server.SampleDomainID, "project_id": server.SampleProjectID}
	foreign := map[string]string{"domain_id": server.StrangerDomainID}
	return probe.Principals{
		probe.Reader:   tokenPrincipal(server.ReaderToken, own),
		probe.Limited:  tokenPrincipal(server.LimitedToken, own),
		probe.Stranger: tokenPrincipal(server.StrangerToken, foreign),
		probe.Expired:  tokenPrincipal(server.ExpiredToken, own),
	}
}

// tokenPrincipal is one whose token may be shown.
func tokenPrincipal(token string, values map[string]string) probe.Principal {
	return probe.Principal{
		Values:       values,
		Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil },
		Curl:         []string{"-H", "'X-Auth-Token: " + token + "'"},
	}
}
