package verify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Whatever a probe creates is deleted again: at once if only that probe needs it, at the end of the lifecycle, or at the end of
// the run if the values of other probes name it. A run that was stopped deletes too, within a time limit. What cannot be
// deleted is logged and is a skipped check:
//
//	createThing/left-behind   left behind: POST /things created 7, 8: no operation deletes it

// cleanupTime is how long the deletions at the end of a run may take.
const cleanupTime = 20 * time.Second

// maker creates and deletes things of one provider. Only jobs that run alone use it.
type maker struct {
	run       *run
	at        Provider
	target    probe.Target
	gap       time.Duration // between two requests
	resources []probe.Resource
	made      []made                   // not deleted yet, in the order of creation
	silent    int                      // how many requests in a row that create or delete had no response
	anew      map[*spec.Operation]bool // operations that create a new thing each time, whatever their status
}

// made is a thing that exists on the provider.
type made struct {
	thing probe.Thing
	why   string // it cannot be deleted; "" if that was not tried
}

func (r *run) newMaker(at Provider, target probe.Target) *maker {
	m := &maker{run: r, at: at, target: target, anew: map[*spec.Operation]bool{}}
	if r.Rate > 0 {
		m.gap = time.Duration(float64(time.Second) / r.Rate)
	}
	if !at.ReadOnly {
		m.resources = probe.Resources(at.Judge.Document())
	}
	r.makers = append(r.makers, m)
	return m
}

func (m *maker) maker() probe.Maker {
	return probe.Maker{Judge: m.at.Judge, Principals: m.at.Principals, Values: m.at.Values, Made: m.at.made}
}

// send sends a request. One that creates is not stopped before its response arrives, since only that has the id.
func (m *maker) send(ctx context.Context, p probe.Probe) (contract.Exchange, error) {
	if m.resourceOf(p) != nil && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	return m.run.throttle.patiently(m.run.Log, func(ctx context.Context) (contract.Exchange, error) {
		return m.target.Run(ctx, p, m.at.Principals)
	})(ctx)
}

// sendUnlisted sends a request that is no check: it creates what others need, or deletes it. It is recorded all the same, since
// it is a part of the traffic.
func (m *maker) sendUnlisted(ctx context.Context, p probe.Probe) (contract.Exchange, error) {
	m.run.says(p)
	started := time.Now()
	ex, err := m.send(ctx, p)
	switch {
	case err != nil:
	case ex.Response.Status == 0:
		m.silent++
	default:
		m.silent = 0
		if m.run.Record != nil {
			from := senderOf(m.at, p.Role)
			entry := traffic.Entry{Exchange: ex, Origin: from.origin, Started: started, Took: time.Since(started)}
			m.run.Record(entry, from.principal)
		}
	}
	return ex, err
}

// resourceOf is the resource that a probe may create; nil: none.
func (m *maker) resourceOf(p probe.Probe) *probe.Resource {
	at := slices.IndexFunc(m.resources, func(r probe.Resource) bool { return r.Create == p.Operation })
	if at < 0 || p.Request.Method != p.Operation.Method {
		return nil
	}
	return &m.resources[at]
}

// created notes the thing that an exchange has created, for its deletion. ok is false if it is not certain that it is new:
// such a thing is neither changed nor deleted.
func (m *maker) created(resource probe.Resource, ex contract.Exchange, tag string) (thing probe.Thing, ok bool) {
	thing, isNew, hasID := m.maker().Created(resource, ex, tag)
	isNew = isNew || hasID && m.anew[resource.Create]
	switch {
	case isNew:
		m.made = append(m.made, made{thing: thing})
	case hasID:
		why := fmt.Sprintf("status %d does not say whether it is new, so that it was not deleted", ex.Response.Status)
		m.made = append(m.made, made{probe.Thing{Resource: resource, ID: thing.ID}, why})
	case ex.Response.Status == http.StatusCreated:
		m.made = append(m.made, made{probe.Thing{Resource: resource, ID: "something"}, "the response has no id"})
	}
	return thing, isNew
}

// forget removes a thing that was deleted.
func (m *maker) forget(t probe.Thing) {
	m.made = slices.DeleteFunc(m.made, func(other made) bool { return other.thing.Is(t) })
}

// leave notes why a thing stays.
func (m *maker) leave(t probe.Thing, why string) {
	at := slices.IndexFunc(m.made, func(other made) bool { return other.thing.Is(t) })
	if at < 0 {
		at = len(m.made)
		m.made = append(m.made, made{thing: t})
	}
	m.made[at].why = why
}

// sendAndDelete sends the request of a probe that may create something, and deletes what it created.
func (m *maker) sendAndDelete(ctx context.Context, p probe.Probe) (contract.Exchange, error) {
	ex, err := m.sendWithNewNames(ctx, p)
	if p.Request.Method == http.MethodDelete && ex.Response.Status/100 == 2 {
		m.made = slices.DeleteFunc(m.made, func(other made) bool { return other.thing.IsAt(p.Request.Target) })
	}
	resource := m.resourceOf(p)
	if err != nil || resource == nil {
		return ex, err
	}
	if thing, ok := m.created(*resource, ex, ""); ok && ctx.Err() == nil {
		m.delete(ctx, thing)
	}
	return ex, err
}

// latestFirst orders the valid deletions of what the run has created: the latest first, since it may belong to an earlier one.
// DELETE /flows/f1 may delete the runs of f1, too, so that DELETE /runs/r1 goes first.
func (m *maker) latestFirst(probes []probe.Probe) []probe.Probe {
	places, deletions := []int{}, []probe.Probe{}
	age := func(p probe.Probe) int {
		return slices.IndexFunc(m.made, func(other made) bool { return other.thing.IsAt(p.Request.Target) })
	}
	for i, p := range probes {
		if p.Kind == spec.ValidRequest && p.Request.Method == http.MethodDelete && age(p) >= 0 {
			places, deletions = append(places, i), append(deletions, p)
		}
	}
	slices.SortStableFunc(deletions, func(a, b probe.Probe) int { return cmp.Compare(age(b), age(a)) })
	probes = slices.Clone(probes)
	for n, i := range places {
		probes[i] = deletions[n]
	}
	return probes
}

// sendWithNewNames sends the request of a probe, and again with texts that nothing else has if the provider refuses the first
// because it has something like it already: an earlier probe, or an earlier run, may have created that.
//
//	POST /flows {"name": "text"}            409
//	POST /flows {"name": "text-djk3s0a"}    201: this exchange is judged
func (m *maker) sendWithNewNames(ctx context.Context, p probe.Probe) (contract.Exchange, error) {
	ex, err := m.send(ctx, p)
	isConflict := ex.Response.Status == http.StatusConflict && p.Kind == spec.ValidRequest && p.Request.Method == http.MethodPost
	if err != nil || !isConflict || ctx.Err() != nil {
		return ex, err
	}
	tagged, ok := m.maker().Tagged(p, newTag())
	if !ok {
		return ex, nil
	}
	pause(ctx, m.gap)
	again, err := m.send(ctx, tagged)
	if err != nil || again.Response.Status == http.StatusConflict {
		return ex, nil //nolint:nilerr // the first exchange stands
	}
	return again, nil
}

// names reports whether a request names a thing that the run has created, so that nobody can repeat it afterwards.
func (m *maker) names(p probe.Probe) bool {
	return slices.ContainsFunc(m.made, func(other made) bool { return other.thing.Has(p.Request.Target) })
}

// delete deletes a thing, or notes why it cannot.
func (m *maker) delete(ctx context.Context, t probe.Thing) {
	p, ok := m.maker().Delete(t)
	if !ok {
		m.leave(t, "no operation deletes it")
		return
	}
	if p.Skip != "" {
		m.leave(t, p.Skip)
		return
	}
	pause(ctx, m.gap)
	ex, err := m.sendUnlisted(ctx, p)
	switch status := ex.Response.Status; {
	case err != nil:
		m.leave(t, "DELETE failed: "+oneLine(err))
	case status/100 == 2 || status == 404 || status == 410:
		m.forget(t)
	case status == 0:
		m.leave(t, "DELETE got no response")
	default:
		m.leave(t, "DELETE got status "+strconv.Itoa(status))
	}
}

// cleanUp deletes what is left, the latest first, also if the run was stopped. It reports what it cannot delete.
func (r *run) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	for _, m := range r.makers {
		for _, left := range slices.Backward(slices.Clone(m.made)) {
			if left.why == "" {
				m.delete(ctx, left.thing)
			}
		}
		for _, resource := range m.resources {
			r.leftBehind(m, resource)
		}
	}
}

// leftBehind reports the things of a resource that exist after the run.
func (r *run) leftBehind(m *maker, resource probe.Resource) {
	ids := map[string][]string{} // by the reason
	for _, left := range m.made {
		if left.thing.Resource.Create == resource.Create {
			ids[left.why] = append(ids[left.why], left.thing.ID)
		}
	}
	parts := []string{}
	for _, why := range slices.Sorted(maps.Keys(ids)) {
		parts = append(parts, fmt.Sprintf("%s: %s", strings.Join(slices.Compact(ids[why]), ", "), why))
	}
	if len(parts) == 0 {
		return
	}
	op := resource.Create
	reason := fmt.Sprintf("left behind: %s %s created %s", op.Method, op.Path, strings.Join(parts, "; "))
	fmt.Fprintf(r.Log, "quotaspec: %s\n", oneLine(fmt.Errorf("%s", reason)))
	check := report.Check{ID: op.ID + "/left-behind", Suite: report.Probes, Operation: op.ID}
	r.addUnjudged(check, report.Skip, oneLine(fmt.Errorf("%s", reason)))
}

// newTag is a text that no other run uses, for names that a provider takes once.
func newTag() string { return strconv.FormatInt(time.Now().UnixNano(), 36) }
