package main

import (
	"maps"
	"net/http"
	"strings"
	"time"

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
		probe.Impostor: impostor(),
	}
}

// impostor signs with a key that nobody holds: a provider would lock a real one after a few failures.
func impostor() probe.Principal {
	header := http.Header{
		"Authorization": {"SDK-HMAC-SHA256 Access=QUOTASPECNOBODY00000, SignedHeaders=x-sdk-date, Signature=" + strings.Repeat("0", 64)},
		"X-Sdk-Date":    {time.Now().UTC().Format("20060102T150405Z")},
	}
	curl := []string{}
	for _, name := range []string{"Authorization", "X-Sdk-Date"} {
		curl = append(curl, "-H", "'"+name+": "+header.Get(name)+"'")
	}
	return probe.Principal{
		Authenticate: func(r *http.Request) error { maps.Copy(r.Header, header); return nil },
		Curl:         curl,
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
