package breaking

import (
	"cmp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// statusOf returns a status that is described by the response of a part in each document that has it; 0: there is none.
//
//	404       404
//	4XX       400, or another of the class if a document describes 400 by itself
//	default   500, or 200 if no success is described, or another
func (p part) statusOf() int {
	ops, candidates := []*spec.Operation{}, []int{}
	isOther := map[*spec.Operation]bool{}
	for _, e := range []element{p.new, p.old} {
		if e.op != nil && (e.response != nil && strings.EqualFold(e.response.Status, p.status)) {
			ops = append(ops, e.op)
		}
	}
	for _, e := range []element{p.new, p.old} {
		if e.op != nil && !slices.Contains(ops, e.op) {
			ops, isOther[e.op] = append(ops, e.op), true
		}
	}
	describes := func(op *spec.Operation, status int) bool {
		r := op.Response(status)
		isIt := r != nil && strings.EqualFold(r.Status, p.status)
		if e := p.elementOf(op); isOther[op] {
			return r == nil && e.response == nil || r != nil && e.response != nil && r.Status == e.response.Status
		}
		return isIt
	}
	hasSuccess := slices.ContainsFunc(ops, func(op *spec.Operation) bool {
		return slices.ContainsFunc(op.Responses, func(r *spec.Response) bool { return strings.HasPrefix(r.Status, "2") })
	})
	if !hasSuccess {
		candidates = append(candidates, 200)
	}
	for class := 500; class >= 100; class -= 100 {
		for status := range 100 {
			candidates = append(candidates, class+status)
		}
	}
	candidates = append([]int{400, 200}, candidates...)
	if p.status == "default" {
		candidates = candidates[2:]
	}
	for n := len(ops); n > 0; n-- {
		for _, status := range candidates {
			if !slices.ContainsFunc(ops[:n], func(op *spec.Operation) bool { return !describes(op, status) }) {
				return status
			}
		}
	}
	return 0
}

func (p part) elementOf(op *spec.Operation) element {
	if op == p.new.op {
		return p.new
	}
	return p.old
}

// mediaOf chooses the media type in which a body is made: the first JSON, else the first that can be made at all; nil: none.
func mediaOf(list []*spec.MediaType) *spec.MediaType {
	for _, m := range list {
		if sample.KindOf(m) == media.JSON {
			return m
		}
	}
	for _, m := range list {
		if sample.KindOf(m) != media.Other {
			return m
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	return nil
}

// either returns the first that is not nil.
func either[T comparable](a, b T) T { return cmp.Or(a, b) }
