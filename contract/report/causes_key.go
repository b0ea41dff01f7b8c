package report

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	statusPointer      = "/response/status"
	serverError        = "status/server-error"
	undocumentedStatus = "status/undocumented"
	validRequest       = "status/" + string(spec.ValidRequest)
	repeatedRequest    = "status/" + string(spec.Repeat)
)

// causeKey is what the findings of one cause have in common. For most of them that is the id, the place in the document and the
// name of the member: a schema may be shared by operations, which is one cause, and by members, which are several.
//
// A status needs more, since every status of an operation is promised at one place. Invalid input accepted for two parameters
// is two causes, and so are two undocumented statuses.
type causeKey struct {
	status     Status
	reason     string // of Known, and of failures without a finding
	ofDocument bool   // the document or its examples are wrong
	id         string
	node       *spec.Node
	name       string // of the member, header or parameter; "" for whole bodies, items of arrays, and rules

	operation string     // of a status
	about     *spec.Node // what the probes test that had a wrong status
	got       string     // the status, method or path, if it is undocumented
}

// isOfCredentials reports whether an id is one of those that have one cause in each operation: it does not enforce credentials.
func isOfCredentials(id string) bool {
	probe, _ := strings.CutPrefix(id, "status/")
	switch spec.Probe(probe) {
	case spec.NoCredentials, spec.MalformedCredentials, spec.UnknownCredentials, spec.ExpiredCredentials, spec.UnknownKey:
		return true
	}
	return false
}

// keyOf returns the key of a finding of a check.
func (g *grouping) keyOf(c *Check, f *contract.Finding, isFailure bool) causeKey {
	key := causeKey{status: Warn, id: f.ID, node: f.Node, ofDocument: c.Suite == Documents}
	switch {
	case isFailure && c.Status == Known:
		key.status, key.reason = Known, c.Reason
	case isFailure:
		key.status = Fail
	}
	isRule := g.rules[f.Node]
	isOfProbe := strings.HasPrefix(f.ID, "status/") || strings.HasPrefix(f.ID, "filter/")
	switch {
	case isRule, key.ofDocument && f.Side() == "":
	case isOfProbe:
		key.operation, key.about = g.operationOf(c), c.About
		if f.ID == undocumentedStatus {
			key.about, key.got = nil, f.Got
		}
		switch {
		case isOfCredentials(f.ID):
			key.id = "status/credentials"
		case f.ID == repeatedRequest:
			key.id = validRequest // a request that fails once fails again
		}
	default:
		if last := f.Pointer[strings.LastIndexByte(f.Pointer, '/')+1:]; !isIndex(last) && !isBody(f.Pointer) {
			key.name = last
		}
		switch f.ID {
		case "method/undocumented", "path/near-miss", "path/undocumented":
			key.got = f.Got // another path is wrong at another place
		}
	}
	return key
}

// isBody reports whether a pointer names a whole body.
func isBody(pointer string) bool { return pointer == "/response/body" || pointer == "/request/body" }

// operationOf returns the id of the operation that a check is about: that of the check or, for a probe of another method or path,
// that with which its id begins. It is "" if there is none.
func (g *grouping) operationOf(c *Check) string {
	if g.operations[c.Operation] {
		return c.Operation
	}
	for id := c.ID; ; {
		at := strings.LastIndexByte(id, '/')
		if at < 0 {
			return ""
		}
		if id = id[:at]; g.operations[id] {
			return id
		}
	}
}
