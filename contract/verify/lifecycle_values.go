package verify

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Before the probes are derived, one thing of each resource that they need is created, outer ones first: a shelf, then a box on
// that shelf. Its id is the value of the path parameters that name it:
//
//	POST /shelves 201 {"id": "s7"}    getShelf.shelf: s7, deleteShelf.shelf: s7, createBox.shelf: s7
//
// Values of the config win, except for DELETE: what is deleted is what the run has created, unless a value names the operation.

// createValues creates these things and adds their values to the provider. A refusal is not reported here, since probes send
// the same request.
func (r *run) createValues(ctx context.Context, makes *maker) {
	needed := map[*spec.Operation]bool{}
	for _, p := range probe.DeriveWith(makes.at.Judge, makes.at.Principals, probe.Known{Values: makes.at.Values}) {
		needed[p.Operation] = needed[p.Operation] || r.selected(p.ID)
	}
	for _, resource := range makes.resources {
		for _, step := range resource.Steps() {
			needed[step.Operation] = needed[step.Operation] || r.selected(step.ID())
		}
	}
	isNeeded := func(op *spec.Operation) bool { return needed[op] }
	refused := makes.resources
	for range 2 { // the body of one may have to name another that comes later: POST /runs {"flowId": …}
		before := len(makes.at.made)
		refused = r.createAll(ctx, makes, refused, isNeeded)
		if len(makes.at.made) == before {
			break
		}
	}
}

// createAll creates a thing of each resource that is needed. It returns those that the provider refused.
func (r *run) createAll(
	ctx context.Context, makes *maker, resources []probe.Resource, isNeeded func(*spec.Operation) bool,
) (refused []probe.Resource) {
	for _, resource := range resources {
		concerned := slices.DeleteFunc(slices.Clone(makes.at.Judge.Document().Operations),
			func(op *spec.Operation) bool { return !resource.Concerns(op) })
		isFutile := ctx.Err() != nil || makes.silent >= minPatience
		if isFutile || !slices.ContainsFunc(append(concerned, resource.Create), isNeeded) {
			continue
		}
		thing, ok, isRefused := makes.create(ctx, resource)
		switch {
		case ok:
			makes.addValues(thing, concerned)
			makes.addMembers(thing)
		case isRefused:
			refused = append(refused, resource)
		}
	}
	return refused
}

// create creates a thing: with texts of its own, so that the same request of a probe is no conflict, or else, since a text may
// have to name something, with those of the plain request.
func (m *maker) create(ctx context.Context, resource probe.Resource) (thing probe.Thing, ok, isRefused bool) {
	for _, tag := range []string{newTag(), ""} {
		p := m.maker().Create(resource, tag)
		if ctx.Err() != nil || p.Skip != "" {
			return thing, false, false
		}
		ex, err := m.sendUnlisted(ctx, p)
		pause(ctx, m.gap)
		if err != nil || ex.Response.Status == 0 {
			return thing, false, false
		}
		isRefused = ex.Response.Status/100 == 4
		if thing, ok = m.created(resource, ex, tag); ok && ex.Response.Status == http.StatusOK && ctx.Err() == nil {
			m.createAgain(ctx, resource, p, thing, tag)
		}
		if ok || ex.Response.Status/100 == 2 {
			return thing, ok, false
		}
	}
	return thing, false, isRefused
}

// createAgain sends a request again whose status 200 did not say that it created something. If that gives another thing, the
// operation always creates a new one, and what it creates may be deleted.
func (m *maker) createAgain(ctx context.Context, resource probe.Resource, p probe.Probe, first probe.Thing, tag string) {
	ex, err := m.sendUnlisted(ctx, p)
	pause(ctx, m.gap)
	if err != nil {
		return
	}
	if second, isNew, _ := m.maker().Created(resource, ex, tag); isNew && !second.Is(first) {
		m.anew[resource.Create] = true
		m.made = append(m.made, made{thing: second})
		m.delete(ctx, second)
	}
}

// addValues adds the values that name a thing in the paths of operations.
func (m *maker) addValues(thing probe.Thing, operations []*spec.Operation) {
	values := probe.Values{}
	maps.Copy(values, m.at.Values)
	for _, op := range operations {
		for name, value := range thing.Values(op) {
			if m.mayName(op, name) {
				values[op.ID+"."+name] = value
			}
		}
	}
	m.at.Values = values
}

// addMembers lets bodies name a thing.
func (m *maker) addMembers(thing probe.Thing) {
	values := thing.Members()
	maps.Copy(values, m.at.made) // the outermost thing of a name
	m.at.made = values
}

// mayName reports whether a created thing may be the value of a parameter: if the config has no value of its name, or if the
// operation deletes.
func (m *maker) mayName(op *spec.Operation, name string) bool {
	for _, values := range m.valuesOfConfig() {
		_, forOperation := values[op.ID+"."+name]
		_, forAll := values[name]
		if forOperation || forAll && op.Method != http.MethodDelete {
			return false
		}
	}
	return true
}

// valuesOfConfig are the values of the provider, and those of its principals who see what the reader sees.
func (m *maker) valuesOfConfig() []probe.Values {
	list := []probe.Values{m.at.Values}
	for role, principal := range m.at.Principals {
		if role != probe.Stranger {
			list = append(list, principal.Values)
		}
	}
	return list
}
