package report

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// partIndex finds the parts of documents that a check is about by their nodes, so that a check costs what it has seen and not
// what the documents have. A node may be that of several parts: operations may share a response, and an exchange covers it for
// its own operation only.
type partIndex struct {
	parts    []Part
	byNode   map[*spec.Node][]int
	byShared map[*spec.Node][]int // headers by the node that their references lead to
}

func newPartIndex(parts []Part) *partIndex {
	index := &partIndex{parts: parts, byNode: map[*spec.Node][]int{}, byShared: map[*spec.Node][]int{}}
	for i, p := range parts {
		index.byNode[p.node] = append(index.byNode[p.node], i)
		if p.shared != nil {
			index.byShared[p.shared] = append(index.byShared[p.shared], i)
		}
	}
	return index
}

// strength orders the states of a part: a check that breaks it outweighs all others, a warning outweighs what keeps it.
var strength = map[State]int{NotObserved: 0, Unchecked: 1, Kept: 2, Warned: 3, Broken: 4}

// set gives a part the state that a check shows, unless another check has shown a stronger one.
func (x *partIndex) set(i int, c *Check, state State) {
	p := &x.parts[i]
	isOfOther := p.Operation != "" && c.Operation != "" && c.Operation != p.Operation
	if !isOfOther && strength[state] > strength[p.State] {
		p.State = state
	}
}

// add merges a check into the states of the parts. Parts of an exchange that could not be judged count as not checked.
func (x *partIndex) add(c *Check) {
	had := slices.Concat(c.Covered, c.Unchecked)
	for _, n := range had {
		for _, i := range x.byNode[n] {
			x.set(i, c, Unchecked)
		}
	}
	if !c.Judged() {
		return
	}
	for _, n := range c.Covered {
		for _, i := range x.byNode[n] {
			x.set(i, c, Kept)
		}
	}
	for _, rule := range c.Passed {
		for _, i := range x.byNode[rule.Node] {
			if x.parts[i].Rule == rule {
				x.set(i, c, Kept)
			}
		}
	}
	x.broken(c, c.Warnings, had, Warned)
	x.broken(c, c.Failures, had, Broken)
}

// broken gives the parts that the findings of a check are about a state. Any finding breaks the operation and the status of the
// exchange. It breaks another part if it points to the node of the part or below.
func (x *partIndex) broken(c *Check, findings []contract.Finding, had []*spec.Node, state State) {
	if len(findings) == 0 {
		return
	}
	isWhole := func(i int) bool { return x.parts[i].Kind == KindOperation || x.parts[i].Kind == KindStatus }
	for _, n := range had {
		for _, i := range x.byNode[n] {
			if isWhole(i) {
				x.set(i, c, state)
			}
		}
	}
	for _, f := range findings {
		for n := f.Node; n != nil; n = n.Parent() {
			for _, i := range x.byNode[n] {
				if !isWhole(i) {
					x.set(i, c, state)
				}
			}
			for _, i := range x.byShared[n] {
				if slices.Contains(had, x.parts[i].response) {
					x.set(i, c, state)
				}
			}
		}
	}
}
