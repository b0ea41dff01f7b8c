package report

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// mergeServerErrors merges the causes of an operation that fails for the plain request already: the parameters that its other
// probes tested have no part in it.
func (g *grouping) mergeServerErrors() {
	g.merge(func(key causeKey) (causeKey, bool) {
		general := key
		general.about = nil
		return general, key.about != nil && g.failsPlainly[general]
	})
}

// manyNames is how many members may have causes of their own at one place of a document. If there are more, they are the keys of
// a map, or the document describes too little; both is one cause.
const manyNames = 8

// mergeNames merges the causes at a place that has too many names.
func (g *grouping) mergeNames() {
	type place struct {
		status Status
		reason string
		id     string
		node   *spec.Node
	}
	placeOf := func(key causeKey) place { return place{key.status, key.reason, key.id, key.node} }
	first, names := map[place]causeKey{}, map[place]int{}
	for _, c := range g.causes {
		if c.key.name == "" {
			continue
		}
		at := placeOf(c.key)
		if names[at]++; names[at] == 1 {
			first[at] = c.key
		}
	}
	g.merge(func(key causeKey) (causeKey, bool) {
		at := placeOf(key)
		return first[at], key.name != "" && names[at] > manyNames && key != first[at]
	})
	for at, key := range first {
		if names[at] > manyNames {
			cause := g.byKey[key]
			cause.Pointer = folded(cause.Pointer)
			cause.Pointer = cause.Pointer[:strings.LastIndexByte(cause.Pointer, '/')] + "/*"
		}
	}
}

// manyOperations is how many operations may have causes of their own for one fault. If more have it, it is one entry of a list of
// things to do: the framework responds 422 and no document says so, or limit is validated nowhere.
const manyOperations = 8

// mergeOperations merges the causes about statuses and filters that too many operations have alike: with the same id, the same
// status, and parameters or media types of one name. Plain requests that fail are not merged: they may fail for as many reasons.
func (g *grouping) mergeOperations() {
	type fault struct {
		status          Status
		reason, id, got string
		about           string
	}
	faultOf := func(c *Cause) (f fault, isOfOperation bool) {
		isPlain := c.key.about == nil && (c.key.id == serverError || c.key.id == validRequest)
		isOfOperation = c.key.operation != "" && !isPlain
		f = fault{status: c.key.status, reason: c.key.reason, id: c.key.id, got: c.key.got}
		if c.key.about != nil {
			f.about = nameOf(c.key.about)
		}
		return f, isOfOperation
	}
	first, operations, into := map[fault]causeKey{}, map[fault]map[string]bool{}, map[causeKey]causeKey{}
	for _, c := range g.causes {
		if f, isOfOperation := faultOf(c); isOfOperation {
			if operations[f] == nil {
				first[f], operations[f] = c.key, map[string]bool{}
			}
			operations[f][c.key.operation] = true
		}
	}
	for _, c := range g.causes {
		if f, isOfOperation := faultOf(c); isOfOperation && len(operations[f]) > manyOperations && c.key != first[f] {
			into[c.key] = first[f]
		}
	}
	g.merge(func(key causeKey) (causeKey, bool) {
		to, moves := into[key]
		return to, moves
	})
}

// merge adds each cause for which into returns another key to the cause of that key.
func (g *grouping) merge(into func(causeKey) (causeKey, bool)) {
	g.causes = slices.DeleteFunc(g.causes, func(c *Cause) bool {
		key, moves := into(c.key)
		if !moves {
			return false
		}
		to := g.byKey[key]
		to.Findings += c.Findings
		to.checks = append(to.checks, c.checks...)
		to.found = append(to.found, c.found...)
		return true
	})
}
