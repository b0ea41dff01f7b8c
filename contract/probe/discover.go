package probe

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Values that no document can know, such as the ids of resources, are read from the provider before the probes are derived.
// For /users/{id}/posts/{post} two requests do it, since the second one needs the id of the first:
//
//	GET /users            [{"id": 3}]         the id of /users/{id}
//	GET /users/3/posts    [{"post": "x1"}]    the post of /users/{id}/posts/{post}
//
// The sources of a value are tried in this order: links of the document, the list that the path has before the parameter, a
// search below that list (/users/search), then all other operations that can be requested, in whose responses only a member of
// the parameter's own name counts. A value that is not certain must be accepted by the provider before it is used.
//
// A request is the plain request of a GET operation, sent as the reader, and each is sent once.

// Discovery searches a provider for the values of parameters that probes lack.
type Discovery struct {
	Judge      *contract.Judge
	Principals Principals
	Known      Known
	// Send sends the request of a probe. It is called at most maxRequests times, one request at a time. An error finds nothing.
	Send func(context.Context, Probe) (contract.Exchange, error)
	// Searches says whether to send POST too, if the path says that it is a search or a list: POST /users/search.
	Searches bool
}

const (
	// maxRequests is the most requests of one discovery.
	maxRequests = 200
	// maxSilent is the most requests without a response, one after another, until a discovery gives up.
	maxSilent = 3
)

// Find searches the values that the probes lack, and returns those that it found. It returns early if the context ends.
func (d Discovery) Find(ctx context.Context, probes []Probe) Found {
	f := finder{
		Discovery: d, ctx: ctx, found: Found{}, siblings: siblingValues(d.Judge.Document()),
		responses: map[*spec.Operation]contract.Response{}, searching: map[string]bool{}, left: maxRequests,
	}
	lacking := []*spec.Operation{}
	for _, p := range probes {
		isLacking := len(p.lacks) > 0 && !p.lacksRole
		if isLacking && !slices.Contains(lacking, p.Operation) {
			lacking = append(lacking, p.Operation)
		}
	}
	for before := -1; before < len(f.found); {
		before = len(f.found)
		for _, op := range lacking {
			f.complete(op)
		}
	}
	return f.found
}

// finder is the state of a discovery.
type finder struct {
	Discovery
	ctx       context.Context
	found     Found
	siblings  map[string]any
	responses map[*spec.Operation]contract.Response // to the plain requests that were sent; Status 0: none
	searching map[string]bool                       // the places whose values are searched, since a list may need its own ids
	left      int                                   // how many more requests may be sent
	silent    int                                   // how many requests in a row had no response
}

// deriver makes requests of an operation with the values that were found so far.
func (f *finder) deriver(op *spec.Operation) *deriver {
	known := Known{Values: f.Known.Values, Found: f.found}
	d := newDeriver(f.Judge, op, f.Principals, known, f.siblings)
	d.reads = true // a search by POST, too
	return d
}

// isOver reports whether no more requests may be sent.
func (f *finder) isOver() bool { return f.left == 0 || f.silent == maxSilent || f.ctx.Err() != nil }

// lacking lists the parameters that need a value which the document cannot know, in the order of the path.
func (f *finder) lacking(op *spec.Operation) []*spec.Parameter {
	made := f.deriver(op).request(f.Principals[Reader].Values)
	list := slices.Concat(made.invented, made.lacks)
	slices.SortStableFunc(list, func(a, b *spec.Parameter) int { return position(op, a) - position(op, b) })
	return list
}

// position is where a parameter stands in the path; the others come after it.
func position(op *spec.Operation, p *spec.Parameter) int {
	if at := strings.Index(op.Path, "{"+p.Name+"}"); at >= 0 && p.In == "path" {
		return at
	}
	return len(op.Path)
}

// complete searches values for all parameters of an operation that lack one.
func (f *finder) complete(op *spec.Operation) {
	if op.Refused != nil || f.isOver() {
		return
	}
	for _, p := range f.lacking(op) {
		place := placeOf(op, p)
		if _, known := f.found[place]; known || f.searching[place] {
			continue
		}
		f.searching[place] = true
		if value, ok := f.search(op, p); ok {
			f.found[place] = value
		}
		delete(f.searching, place)
	}
}

// search searches a value of one parameter in the responses of other operations.
func (f *finder) search(op *spec.Operation, p *spec.Parameter) (value any, ok bool) {
	s := newIDSearch(op.Path, p, f.Judge.Accepts)
	if value, ok = f.linked(op, p, s); ok {
		return value, true
	}
	s.lists = true
	for _, from := range f.sources(op, p, s) {
		if from.isList { // a list below an id needs that id first
			f.complete(from.op)
		}
		response, ok := f.respond(from.op)
		if !ok {
			continue
		}
		search := s
		search.only = !from.isList && !from.sameResource
		found, ok := search.in(decode(response.Body))
		if isSure := from.isList && found.sure; ok && (isSure || f.confirm(op, p, found.value, from.isList)) {
			return found.value, true
		}
	}
	return nil, false
}

// respond returns the response to the plain request of an operation, which is sent once. ok is false if the request lacks a
// value, or if the response is no success.
func (f *finder) respond(op *spec.Operation) (response contract.Response, ok bool) {
	response, sent := f.responses[op]
	if !sent {
		if len(f.lacking(op)) > 0 {
			return response, false
		}
		if response, sent = f.send(op); sent {
			f.responses[op] = response
		}
	}
	return response, response.Status >= 200 && response.Status < 300
}

// send sends the plain request of an operation. sent is false if it cannot be sent.
func (f *finder) send(op *spec.Operation) (response contract.Response, sent bool) {
	probe := f.deriver(op).add("plain", spec.ValidRequest, Reader, nil)
	if probe.Skip != "" || f.isOver() {
		return response, false
	}
	f.left--
	ex, err := f.Send(f.ctx, *probe)
	if err != nil || ex.Response.Status == 0 {
		f.silent++
		return contract.Response{}, true
	}
	f.silent = 0
	return ex.Response, true
}

// confirm reports whether the provider knows a value: it reads the resource, or what is below it. A value that nothing can
// confirm is used only if it is from the parameter's own list.
func (f *finder) confirm(op *spec.Operation, p *spec.Parameter, value any, isOwn bool) bool {
	place := placeOf(op, p)
	readers := []*spec.Operation{}
	for _, other := range f.Judge.Document().Operations {
		reads := other.Method == http.MethodGet && other.Refused == nil
		if reads && slices.ContainsFunc(other.Parameters, func(q *spec.Parameter) bool { return placeOf(other, q) == place }) {
			readers = append(readers, other)
		}
	}
	slices.SortStableFunc(readers, func(a, b *spec.Operation) int { return len(a.Path) - len(b.Path) })
	f.found[place] = value
	defer delete(f.found, place)
	for _, reader := range readers {
		if len(f.lacking(reader)) > 0 {
			continue
		}
		if response, sent := f.send(reader); sent {
			isUnknown := response.Status/100 == 4 && response.Status != http.StatusForbidden
			if !isUnknown {
				f.responses[reader] = response
			}
			return response.Status != 0 && !isUnknown
		}
	}
	return isOwn
}
