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

// Every probe is the plain request of its operation with one change, so that a response has one cause. The plain request has
// everything that is required and nothing else:
//
//	listPets/plain              GET /pets?kind=cat
//	listPets/kind-other-case    GET /pets?kind=CAT    invalid-parameter: it must be refused
//	listPets/method-POST        POST /pets?kind=cat   other-method
//
// A probe that cannot be sent stays in the list with the reason in Skip: what was not tested must show in the report.

// Derive makes the probes of a judge's document, in a fixed order: safe methods first, then changes, then deletions, so that
// no probe needs what an earlier one deleted. Missing principals and values do not remove a probe: it has a reason to Skip.
// An operation that the document's reader refused has one skipped probe.
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
		d.problem = d.documentProblem()
		d.valid()
		d.invalidParameters()
		d.invalidBodies()
		d.credentials()
		d.permission()
		d.account()
		d.unknownResource()
		d.methods()
		d.paths()
		d.repeat()
		all = append(all, d.probes...)
	}
	slices.SortStableFunc(all, func(a, b Probe) int { return cmp.Compare(a.harm(), b.harm()) })
	return all
}

// Changes reports whether a probe may change something at the provider: its method is not safe (RFC 9110, 9.2.1).
func (p Probe) Changes() bool { return p.harm() > 0 }

// harm is 0 for safe methods and higher the later a probe must run. Longer paths are deleted first, since the resource may be
// part of that of a shorter path.
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
	takes      func(s *spec.Schema, value any) bool // whether a request with the value is valid
	doc        *spec.Document
	op         *spec.Operation
	principals Principals
	problem    string // of the document, for which no request can be sent; "" if there is none
	probes     []Probe
}

// add makes one probe from the valid request and a change to it, which may be nil. The caller may alter the probe that is
// returned until it adds the next.
func (d *deriver) add(name string, kind spec.Probe, role Role, change func(*contract.Request)) *Probe {
	values := d.principals[role].Values
	if values == nil {
		values = d.principals[Reader].Values
	}
	return d.addFor(values, name, kind, role, change)
}

// addFor makes one probe with these values of parameters.
func (d *deriver) addFor(
	values map[string]string, name string, kind spec.Probe, role Role, change func(*contract.Request),
) *Probe {
	if role == Reader && !d.requiresCredentials() {
		role = Anonymous
	}
	p := Probe{ID: d.op.ID + "/" + name, Operation: d.op, Kind: kind, Role: role, scheme: d.credentialScheme()}
	var invented *spec.Parameter
	p.Request, invented, p.Skip = d.request(values)
	mustExist := kind == spec.ValidRequest || kind == spec.Repeat || kind == spec.NoPermission
	if p.Skip == "" && invented != nil && mustExist {
		p.Skip = d.noValue(invented)
	}
	switch principal, ok := d.principals[role]; {
	case role == Anonymous:
	case !ok:
		p.Skip = fmt.Sprintf("there is no principal %q", role)
	case principal.hasPlainCredential() && p.scheme == nil && d.requiresCredentials():
		p.Skip = "no security scheme of the document takes the credential of the principal"
	}
	if d.problem != "" {
		p.Skip = d.problem
	}
	if change != nil && p.Skip == "" {
		change(&p.Request)
	}
	p.Request.Target = escapeTarget(p.Request.Target)
	if p.Skip == "" {
		p.Skip = d.requestProblem(p.Request)
	}
	d.probes = append(d.probes, p)
	return &d.probes[len(d.probes)-1]
}

// noValue is the reason to skip a probe that needs a value for a parameter, and what to do about it. If some principal has a
// value of that name, the principals carry these values, and some lack one. Otherwise the document needs an example.
func (d *deriver) noValue(p *spec.Parameter) string {
	for _, principal := range d.principals {
		if _, has := principal.Values[p.Name]; has {
			return fmt.Sprintf("no value for the %s parameter %s: set %s for every principal", p.In, p.Name, p.Name)
		}
	}
	which := ""
	if p.In == "path" {
		which = " that exists on the provider"
	}
	return fmt.Sprintf("no value for the %s parameter %s: give it an example%s (%s)", p.In, p.Name, which, p.Node.Place())
}

// request makes the operation's request with everything that is required and nothing else. invented is a path parameter whose
// value was made from its schema, so that the resource may not exist. why is the reason why there is no request.
func (d *deriver) request(own map[string]string) (r contract.Request, invented *spec.Parameter, why string) {
	r = contract.Request{Method: d.op.Method, Target: withoutFragment(d.op.Path), Header: http.Header{}}
	for _, p := range d.op.Parameters {
		if !p.Required {
			continue
		}
		value, known, ok := d.valueOf(p, own)
		if !ok {
			return r, nil, d.noValue(p)
		}
		text, ok := write(p, value)
		isEmptySegment := text == "" && p.In == "path"
		if !ok || isEmptySegment {
			return r, nil, "the style of the parameter " + p.Name + " cannot express its value"
		}
		if p.In == "path" && !known {
			invented = p
		}
		put(&r, p, text)
	}
	content := d.jsonBody()
	if content != nil {
		if value, ok := d.sampleBody(content, false); ok {
			setBody(&r, content.Name, value)
			return r, invented, ""
		}
	}
	switch {
	case d.op.Body == nil || !d.op.Body.Required:
	case content == nil:
		why = "the request body is not JSON"
	default:
		why = "no value for the request body"
	}
	return r, invented, why
}
