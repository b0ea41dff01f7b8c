package verify

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Provider is a live provider of the API of one document.
type Provider struct {
	Judge      *contract.Judge
	URL        *url.URL // the paths of the document begin here
	Principals probe.Principals
	Values     probe.Values // of parameters, for all principals; those of a principal win

	Temporary bool // it ends with the run, so that a curl line could not repeat a request
	ReadOnly  bool // the document promises that no request changes anything, so that all of them are sent

	made probe.Values // ids of things that the run has created: see [probe.Thing.Members]
}

// probes adds a job for each request to a provider, and a skipped check for each that is not sent. It fails if a provider
// cannot be reached. What decides about a probe, in this order:
//
//	the selection does not have its id       it is in no report
//	it may change data, without permission   skipped
//	it has a reason to Skip of its own       skipped
//	otherwise                                a job, which runs alone if it may change data
//
// A response 429 says nothing about the request: it is sent again after a pause.
func (r *run) probes(ctx context.Context, providers []Provider) error {
	if err := unknownValue(providers); err != nil {
		return err
	}
	lists := [][]probe.Probe{}
	for _, at := range providers {
		target := r.target(at)
		if !at.Temporary {
			responded, err := r.reach(ctx, target)
			if err != nil {
				return fmt.Errorf("%s: %w", at.URL, err)
			}
			r.silent[originOf(at)] = !responded
		}
		makes := r.newMaker(at, target)
		if r.AllowChanges {
			r.createValues(ctx, makes)
		}
		lists = append(lists, append(r.derive(ctx, makes.at, target), r.lifecycles(makes)...))
	}
	r.preparing.over = true
	probe.Explain(lists...)
	for i, makes := range r.makers {
		r.addProbes(makes, lists[i])
	}
	return nil
}

func (r *run) target(at Provider) probe.Target {
	return probe.Target{URL: at.URL, Timeout: r.Timeout, CAs: r.CAs, UserAgent: r.UserAgent}
}

// addProbes adds the jobs and the skipped checks of one provider.
func (r *run) addProbes(makes *maker, probes []probe.Probe) {
	at, target := makes.at, makes.target
	for _, p := range makes.latestFirst(probes) {
		check := report.Check{ID: p.ID, Suite: report.Probes, Operation: p.Operation.ID, About: p.About}
		if p.Kind == spec.OtherMethod || p.Kind == spec.UnknownPath {
			check.Operation = "" // nor will the judge find one: such a probe shows nothing about the operation
		}
		if p.Skip != "" {
			check.Missing = p.Missing
			r.addUnjudged(check, report.Skip, p.Skip)
			continue
		}
		isOneRequest := p.Kind != spec.Repeat && !makes.names(p)
		if !at.Temporary && isOneRequest {
			check.Repeat = target.Curl(p, at.Principals[p.Role])
		}
		if check.Repeat == "" {
			check.Repeat = r.RepeatCommand(p.ID)
		}
		send := r.throttle.patiently(r.Log, func(ctx context.Context) (contract.Exchange, error) {
			return target.Run(ctx, p, at.Principals)
		})
		if at.changes(p) {
			send = func(ctx context.Context) (contract.Exchange, error) { return makes.sendAndDelete(ctx, p) }
		}
		r.jobs = append(r.jobs, job{
			check: check, judge: at.Judge, alone: at.changes(p), from: senderOf(at, p.Role), send: send, doubt: doubt(p, at),
		})
	}
}

// needsChanges is the reason to skip a probe that may change data.
const needsChanges = "may change data: sent only with --allow-changes"

// senderOf says where the exchanges of a role come from.
func senderOf(at Provider, role probe.Role) sender {
	return sender{principal: cmp.Or(string(role), "none"), origin: originOf(at)}
}

// changes reports whether a probe may change something at the provider.
func (at Provider) changes(p probe.Probe) bool { return p.Changes() && !at.ReadOnly }

// originOf is the URL of a provider without a final slash.
func originOf(at Provider) string { return strings.TrimSuffix(at.URL.String(), "/") }
