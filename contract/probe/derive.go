package probe

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Derive makes the probes of a judge's document, in a fixed order: what changes nothing comes first, and what deletes comes
// last, so that nothing is asked for that an earlier probe took away. An operation that cannot be judged has a single probe,
// which is skipped.
func Derive(judge *contract.Judge, principals Principals) []Probe {
	all := []Probe{}
	doc := judge.Document()
	for _, op := range doc.Operations {
		if op.Refused != nil {
			all = append(all, Probe{
				ID: op.ID + "/plain", Operation: op, Kind: spec.ValidRequest, Role: Reader, Skip: op.Refused.String(),
				Request: contract.Request{Method: op.Method, Target: escapeTarget(op.Path), Header: http.Header{}},
			})
			continue
		}
		d := deriver{takes: judge.Accepts, doc: doc, op: op, principals: principals}
		d.fault = d.unsendable()
		d.valid()
		d.invalidParameters()
		d.invalidBodies()
		d.credentials()
		d.permission()
		d.account()
		d.unknown()
		d.methods()
		d.paths()
		d.repeat()
		all = append(all, d.probes...)
	}
	slices.SortStableFunc(all, func(a, b Probe) int { return cmp.Compare(a.harm(), b.harm()) })
	return all
}

// Changes says whether a probe may change something at the provider: its method is not a safe one (RFC 9110, 9.2.1).
func (p Probe) Changes() bool { return p.harm() > 0 }

// harm orders probes by what they may do. Of two paths the longer is deleted first: it may be a part of the other.
func (p Probe) harm() int {
	const most = 1000
	switch p.Request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return 0
	case http.MethodDelete:
		if p.Kind != spec.ValidRequest {
			return 2
		}
		return 3 + max(0, most-strings.Count(p.Operation.Path, "/"))
	}
	return 1
}

// deriver makes the probes of one operation.
type deriver struct {
	takes      func(s *spec.Schema, value any) bool // whether a request may hold the value
	doc        *spec.Document
	op         *spec.Operation
	principals Principals
	fault      string // why nothing can be sent; empty: it can
	probes     []Probe
}

// add makes one probe and returns it, to be altered before the next is made. change alters the valid request.
func (d *deriver) add(name string, kind spec.Probe, role Role, change func(*contract.Request)) *Probe {
	values := d.principals[role].Values
	if values == nil {
		values = d.principals[Reader].Values
	}
	return d.addFor(values, name, kind, role, change)
}

// addFor makes one probe that asks for what these values name.
func (d *deriver) addFor(
	values map[string]string, name string, kind spec.Probe, role Role, change func(*contract.Request),
) *Probe {
	if role == Reader && !d.secured() {
		role = Anonymous
	}
	p := Probe{ID: d.op.ID + "/" + name, Operation: d.op, Kind: kind, Role: role, way: d.way()}
	var madeUp string
	p.Request, madeUp, p.Skip = d.request(values)
	if p.Skip == "" && madeUp != "" && (kind == spec.ValidRequest || kind == spec.Repeat || kind == spec.NoPermission) {
		p.Skip = "nothing says which " + madeUp + " to ask for"
	}
	switch who, ok := d.principals[role]; {
	case role == Anonymous:
	case !ok:
		p.Skip = fmt.Sprintf("there is no principal %q", role)
	case who.Authenticate == nil && who.Credential != "" && p.way == nil && d.secured():
		p.Skip = "the document wants other credentials than the one that a principal has"
	}
	if d.fault != "" {
		p.Skip = d.fault
	}
	if change != nil && p.Skip == "" {
		change(&p.Request)
	}
	p.Request.Target = escapeTarget(p.Request.Target)
	if p.Skip == "" {
		p.Skip = d.unsendableValue(p.Request)
	}
	d.probes = append(d.probes, p)
	return &d.probes[len(d.probes)-1]
}

// request is the operation's request with what is required. madeUp names a parameter of the path whose value is made up:
// nobody knows whether what it names exists. why says why there is no request.
func (d *deriver) request(own map[string]string) (r contract.Request, madeUp, why string) {
	r = contract.Request{Method: d.op.Method, Target: withoutFragment(d.op.Path), Header: http.Header{}}
	for _, p := range d.op.Parameters {
		if !p.Required {
			continue
		}
		value, known, ok := d.valueOf(p, own)
		if !ok {
			return r, "", "nothing says which " + p.Name + " to ask for"
		}
		text, ok := write(p, value)
		if !ok || text == "" && p.In == "path" {
			return r, "", "nothing says how to write " + p.Name
		}
		if p.In == "path" && !known {
			madeUp = p.Name
		}
		put(&r, p, text)
	}
	content := d.jsonBody()
	if content != nil {
		if value, ok := d.sampleBody(content, false); ok {
			setBody(&r, content.Name, value)
			return r, madeUp, ""
		}
	}
	switch {
	case d.op.Body == nil || !d.op.Body.Required:
	case content == nil:
		why = "it takes a body that is no JSON"
	default:
		why = "nothing says what body to send"
	}
	return r, madeUp, why
}
