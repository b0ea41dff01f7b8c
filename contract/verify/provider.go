package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Provider is a live provider of the API of one document.
type Provider struct {
	Judge      *contract.Judge
	URL        *url.URL // where the paths begin
	Principals probe.Principals

	Temporary bool // it ends with the run, so that no curl line repeats a request
	ReadOnly  bool // the document promises that no request changes anything there, so that all are sent
}

// probes makes a job of each request that a provider is to be sent.
func (r *run) probes(ctx context.Context, at Provider) error {
	target := probe.Target{URL: at.URL, Timeout: r.Timeout}
	if !at.Temporary {
		if err := target.Reach(ctx); err != nil {
			return fmt.Errorf("%s: %w", at.URL, err)
		}
	}
	probes := probe.Derive(at.Judge, at.Principals)
	r.refusals(at.Judge, probes)
	for _, p := range probes {
		check := report.Check{ID: p.ID, Suite: report.Probes, Operation: p.Operation.ID}
		if !r.wanted(p.ID) {
			continue
		}
		changes := p.Changes() && !at.ReadOnly
		if changes && p.Skip == "" && !r.AllowChanges {
			p.Skip = "it may change something at the provider: only --allow-changes sends it"
		}
		if p.Skip != "" {
			r.add(check, report.Skip, p.Skip)
			continue
		}
		if !at.Temporary && p.Kind != spec.Repeat { // which one request does not show
			check.Repeat = target.Curl(p, at.Principals[p.Role])
		}
		if check.Repeat == "" {
			check.Repeat = r.RepeatCommand(p.ID)
		}
		r.jobs = append(r.jobs, job{check: check, judge: at.Judge, alone: changes, ask: func(ctx context.Context) (contract.Exchange, error) {
			ex, err := target.Run(ctx, p, at.Principals)
			if err == nil && ex.Response.Status == http.StatusTooManyRequests {
				err = errors.New("the provider throttles (status 429): lower --rate")
			}
			return ex, err
		}})
	}
	return nil
}

// misplaced is an error if the only provider answered every probe with 404 and its URL lacks the base path of the document's
// servers: then nothing of the API was asked. It takes those answers out of the report.
func (r *run) misplaced(providers []Provider) error {
	if len(providers) != 1 {
		return nil
	}
	at, base := providers[0].URL, providers[0].Judge.BasePath()
	path := strings.TrimSuffix(at.Path, "/")
	probed := func(c report.Check) bool { return c.Suite == report.Probes && c.Status != report.Skip }
	found := func(c report.Check) bool { return probed(c) && c.HTTP != http.StatusNotFound }
	switch {
	case base == "" || strings.HasSuffix(path, base):
		return nil
	case !slices.ContainsFunc(r.report.Checks, probed) || slices.ContainsFunc(r.report.Checks, found):
		return nil
	}
	r.report.Checks = slices.DeleteFunc(r.report.Checks, probed)
	meant := *at
	if meant.Path, meant.RawPath = base, ""; !strings.HasPrefix(base, path+"/") {
		meant.Path = path + base
	}
	return fmt.Errorf("%s: nothing was judged: every request was answered 404: did you mean %s?", at, &meant)
}
