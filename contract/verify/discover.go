package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/internal/text"
)

// derive returns the selected probes of a provider. If some lack a value that the provider may have, such as the id of a
// resource, requests that only read search it first. They are no checks, and are not recorded.
func (r *run) derive(ctx context.Context, at Provider, target probe.Target) []probe.Probe {
	known := probe.Known{Values: at.Values, Made: at.made}
	all := probe.DeriveWith(at.Judge, at.Principals, known)
	r.refusals(at.Judge, all)
	selected := r.sendable(at, all)
	known.Found = r.discover(ctx, at, target, selected)
	if len(known.Found) > 0 {
		selected = r.sendable(at, probe.DeriveWith(at.Judge, at.Principals, known))
	}
	return selected
}

// sendable returns the selected probes, each with its reason to skip it, if it has one.
func (r *run) sendable(at Provider, all []probe.Probe) []probe.Probe {
	list := []probe.Probe{}
	for _, p := range all {
		if !r.selected(p.ID) {
			continue
		}
		if at.changes(p) && !r.AllowChanges && p.Operation.Refused == nil {
			p.SkipFor(needsChanges)
		}
		list = append(list, p)
	}
	return list
}

// discover searches the provider for values that the probes lack, at the rate of the options. It gives up if a principal has no
// token or if nothing answers: the probes will end the run for that.
func (r *run) discover(ctx context.Context, at Provider, target probe.Target, probes []probe.Probe) probe.Found {
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	var next time.Time
	answered, silent := false, 0
	search := probe.Discovery{
		Judge: at.Judge, Principals: at.Principals, Known: probe.Known{Values: at.Values}, Searches: r.AllowChanges || at.ReadOnly,
		Send: func(ctx context.Context, p probe.Probe) (contract.Exchange, error) {
			if r.Rate > 0 {
				pause(ctx, time.Until(next))
				next = time.Now().Add(time.Duration(float64(time.Second) / r.Rate))
			}
			r.says(p)
			ex, err := r.throttle.patiently(r.Log, func(ctx context.Context) (contract.Exchange, error) {
				return target.Run(ctx, p, at.Principals)
			})(ctx)
			if ex.Response.Status > 0 {
				answered = true
			} else {
				silent++
			}
			isSilent := !answered && silent >= minPatience
			if errors.Is(err, probe.ErrToken) || isSilent {
				giveUp()
			}
			return ex, err
		},
	}
	return search.Find(ctx, probes)
}

// unknownValue returns an error for a value of the config that no parameter of the providers' documents
// has: it is misspelt, or of another document.
func unknownValue(providers []Provider) error {
	known, given := map[string]bool{}, map[string]bool{}
	for _, at := range providers {
		for _, op := range at.Judge.Document().Operations {
			for _, p := range op.Parameters {
				known[p.Name], known[op.ID+"."+p.Name] = true, true
			}
		}
		for name := range at.Values {
			given[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if known[name] {
			continue
		}
		err := fmt.Errorf("values: no operation has the parameter %q", name)
		if meant := text.Nearest(name, slices.Sorted(maps.Keys(known))); meant != "" {
			err = fmt.Errorf("%w: did you mean %q?", err, meant)
		}
		return err
	}
	return nil
}
