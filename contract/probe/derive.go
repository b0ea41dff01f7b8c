package probe

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
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
	return DeriveWith(judge, principals, Known{})
}

// DeriveWith makes the probes with further values of parameters.
func DeriveWith(judge *contract.Judge, principals Principals, known Known) []Probe {
	all := []Probe{}
	doc := judge.Document()
	siblings := siblingValues(doc)
	for _, op := range doc.Operations {
		if op.Refused != nil {
			all = append(all, Probe{
				ID: op.ID + "/plain", Operation: op, Kind: spec.ValidRequest, Role: Reader, Skip: op.Refused.String(),
				Request: contract.Request{Method: op.Method, Target: escapeTarget(op.Path), Header: http.Header{}},
			})
			continue
		}
		d := newDeriver(judge, op, principals, known, siblings)
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
	Explain(all)
	return all
}

// Changes reports whether a probe may change something at the provider: its method is not safe (RFC 9110, 9.2.1).
func (p Probe) Changes() bool { return p.harm() > 0 }

// harm is 0 for safe methods and higher the later a probe must run. Longer paths are deleted first, since the resource may be
// part of that of a shorter path. Last come paths that are almost those of a resource, such as DELETE /pets/7/: a provider that
// takes them deletes what the right request must find.
func (p Probe) harm() int {
	const most = 1000
	switch p.Request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return 0
	case http.MethodDelete:
		switch p.Kind {
		case spec.ValidRequest:
		case spec.UnknownPath:
			return 4 + most
		default:
			return 2
		}
		return 3 + max(0, most-strings.Count(p.Operation.Path, "/"))
	}
	if p.deletesMany() {
		return 4 + most
	}
	return 1
}

// deletesMany reports whether an operation other than DELETE deletes, as its path says. What it deletes depends on its body, and
// an empty one may mean everything, so that nothing may follow it:
//
//	POST /flows/bulk_delete {}
func (p Probe) deletesMany() bool {
	return slices.ContainsFunc(segments(strings.ToLower(p.Operation.Path)), func(segment string) bool {
		isDeletion := func(word string) bool { return strings.Contains(segment, word) }
		return !strings.HasPrefix(segment, "{") && slices.ContainsFunc([]string{"delete", "destroy", "purge", "truncate", "wipe"}, isDeletion)
	})
}

// deriver makes the probes of one operation.
type deriver struct {
	takes      func(s *spec.Schema, value any) bool // whether a request with the value is valid
	check      func(contract.Exchange) contract.Result
	doc        *spec.Document
	op         *spec.Operation
	principals Principals
	known      Known
	siblings   map[string]any // siblingValues
	reads      bool           // the request that is made changes nothing, so that it may use what was found on the provider
	problem    string         // of the document, for which no request can be sent; "" if there is none
	probes     []Probe
}

func newDeriver(
	judge *contract.Judge, op *spec.Operation, principals Principals, known Known, siblings map[string]any,
) *deriver {
	d := &deriver{
		takes: judge.Accepts, check: judge.Check, doc: judge.Document(), op: op,
		principals: principals, known: known, siblings: siblings, reads: onlyReads(op.Method),
	}
	d.problem = d.documentProblem()
	return d
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
	values Values, name string, kind spec.Probe, role Role, change func(*contract.Request),
) *Probe {
	if role == Reader && !d.requiresCredentials() && len(d.principals[role].Fields) == 0 {
		role = Anonymous
	}
	scheme, hasScheme := d.credentialScheme(d.principals[role])
	values = d.withFields(values, d.principals[role].Fields)
	p := Probe{ID: d.op.ID + "/" + name, Operation: d.op, Kind: kind, Role: role, scheme: scheme}
	made := d.request(values)
	p.Request, p.Skip, p.lacks = made.Request, made.problem, made.lacks
	mustExist := kind == spec.ValidRequest || kind == spec.Repeat || kind == spec.NoPermission
	if mustExist {
		p.lacks = append(p.lacks, made.invented...)
	}
	d.explainLack(&p)
	switch principal, ok := d.principals[role]; {
	case role == Anonymous:
	case !ok:
		p.SkipFor("there is no principal")
		p.lacksRole = true
	case principal.hasPlainCredential() && !hasScheme && d.requiresCredentials():
		p.SkipFor(d.noScheme())
	}
	if d.problem != "" {
		p.SkipFor(d.problem)
	}
	if change != nil && p.Skip == "" {
		change(&p.Request)
	}
	p.Request.Target = escapeTarget(p.Request.Target)
	if p.Skip == "" {
		p.Skip = d.requestProblem(p.Request)
	}
	mustPass := kind == spec.ValidRequest || kind == spec.Repeat
	p.invented = mustPass && (made.hasInvented || d.inventsBody(p.Request))
	d.probes = append(d.probes, p)
	return &d.probes[len(d.probes)-1]
}

// SkipFor sets the reason to Skip, instead of one that Explain would set.
func (p *Probe) SkipFor(reason string) {
	p.Skip, p.Missing, p.lacks, p.lacksRole = reason, nil, nil, false
}

// explainLack completes a probe that lacks values with what Explain says about it. If another principal has a value of that
// name, the principals carry these values, and this one lacks it.
func (d *deriver) explainLack(p *Probe) {
	for _, parameter := range p.lacks {
		p.Skip = "no value"
		_, isFound := d.known.Found[placeOf(d.op, parameter)]
		p.onlyFound = p.onlyFound || isFound
		for _, principal := range d.principals {
			if _, has := principal.Values.of(d.op, parameter); has {
				p.ownValues = cmp.Or(p.Role, Reader)
			}
		}
	}
}

// madeRequest is the operation's request with everything that is required and nothing else.
type madeRequest struct {
	contract.Request
	lacks    []*spec.Parameter // the parameters without a value
	invented []*spec.Parameter // path parameters whose values were made from their schemas, so that the resource may not exist
	// hasInvented says that another parameter has an invented value.
	hasInvented bool
	problem     string // another reason why there is no request; "" if there is none
}

// request makes the request of the operation with the values of a principal.
func (d *deriver) request(own Values) madeRequest {
	r := madeRequest{Request: contract.Request{Method: d.op.Method, Target: withoutFragment(d.op.Path), Header: http.Header{}}}
	for _, p := range d.op.Parameters {
		if !p.Required {
			continue
		}
		value, from, ok := d.valueOf(p, own)
		if !ok {
			r.lacks = append(r.lacks, p)
			continue
		}
		text, ok := sample.Parameter(p, value)
		isEmptySegment := text == "" && p.In == "path"
		if !ok || isEmptySegment {
			r.problem = "the style of the parameter " + p.Name + " cannot express its value"
			return r
		}
		switch {
		case from != invented:
		case p.In == "path":
			r.invented = append(r.invented, p)
		default:
			r.hasInvented = r.hasInvented || d.isInvented(p.Schema, value)
		}
		put(&r.Request, p, text)
	}
	r.problem = d.addBody(&r.Request)
	return r
}
