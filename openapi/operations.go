package openapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// addOperations makes the typed view of every operation.
func (d *Document) addOperations(t *tree, ext *extensions) error {
	seen := map[string]bool{}
	for _, pointer := range t.order {
		if !strings.HasPrefix(pointer, "/paths/") || strings.Count(pointer, "/") != 3 || !operationPointer.MatchString(pointer) {
			continue
		}
		segments := strings.Split(pointer, "/")
		path, method := unescape(segments[2]), strings.ToUpper(segments[3])
		item := d.T.Paths.Value(path)
		if item == nil || item.GetOperation(method) == nil {
			continue // the same
		}
		spec := item.GetOperation(method)
		op := &Operation{
			ID: spec.OperationID, Method: method, Path: path, Pointer: pointer, Spec: spec,
			Evidence:      d.Evidence(pointer, Evidence{Documented, []string{d.File}}),
			Authorization: ext.authorization[pointer],
		}
		if op.ID == "" {
			op.ID = method + " " + path
		}
		if seen[op.ID] {
			return t.errorAt(t.lines[pointer], "operationId %q stands here twice", op.ID)
		}
		seen[op.ID] = true
		op.Parameters = parameters(parent(pointer), item.Parameters, pointer, spec.Parameters)
		d.addResponses(op, t, ext)
		d.Operations = append(d.Operations, op)
	}
	return nil
}

// nameRules gives each rule its whole id, and refuses a promise that only a probe proves if nothing says what the answer
// to that probe must be.
func (d *Document) nameRules(t *tree) error {
	for _, r := range d.Rules {
		holder, answered := d.Name, false
		for _, op := range d.Operations {
			if r.Holder == op.Pointer {
				holder = op.ID
			}
			if r.Scope == ScopeDocument || r.Holder == op.Pointer {
				answered = answered || len(op.Statuses(Fault(r.Probe))) > 0
			}
		}
		if r.Expr == "" && r.Probe != Repeat && !answered {
			return t.errorAt(t.lines[r.Pointer+"/probe"], "rule %s: no x-error-codes name %s in when, so nothing says how the probe is to be answered", r.ID, r.Probe)
		}
		r.ID = holder + "/" + r.ID
	}
	return nil
}

// ignored are the headers that a document must not describe as parameters: it says elsewhere what they are (OpenAPI,
// Parameter Object).
var ignored = []string{"Accept", "Content-Type", "Authorization"}

// parameters joins those of the path with those of the operation, which win.
func parameters(pathPointer string, ofPath openapi3.Parameters, opPointer string, ofOperation openapi3.Parameters) []Parameter {
	list := []Parameter{}
	add := func(pointer string, refs openapi3.Parameters, skip openapi3.Parameters) {
		for i, ref := range refs {
			if skip.GetByInAndName(ref.Value.In, ref.Value.Name) != nil {
				continue
			}
			if ref.Value.In == openapi3.ParameterInHeader && slices.Contains(ignored, http.CanonicalHeaderKey(ref.Value.Name)) {
				continue
			}
			at := fmt.Sprintf("%s/parameters/%d", pointer, i)
			if ref.Ref != "" {
				at = strings.TrimPrefix(ref.Ref, "#")
			}
			list = append(list, Parameter{ref.Value, at})
		}
	}
	add(pathPointer, ofPath, ofOperation)
	add(opPointer, ofOperation, nil)
	return list
}

func (d *Document) addResponses(op *Operation, t *tree, ext *extensions) {
	prefix := op.Pointer + "/responses/"
	for _, pointer := range t.order {
		status, ok := strings.CutPrefix(pointer, prefix)
		if !ok || strings.Contains(status, "/") || strings.HasPrefix(status, "x-") {
			continue
		}
		ref := op.Spec.Responses.Value(status)
		if ref == nil {
			continue // a merge key in a variant: kin-openapi has its members, the nodes have not
		}
		at := pointer
		if ref.Ref != "" {
			at = strings.TrimPrefix(ref.Ref, "#")
		}
		op.Responses = append(op.Responses, &Response{
			Status: status, Pointer: at, Spec: ref.Value, Codes: ext.codes[at],
			Evidence: d.Evidence(at, op.Evidence),
		})
	}
}
