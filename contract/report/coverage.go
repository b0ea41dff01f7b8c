package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// State is what a run saw of a part of a document.
type State string

// The states of a part: broken wins over warned, warned over kept, and kept over not checked.
const (
	Kept        State = "kept"
	Broken      State = "broken"
	Warned      State = "warned"      // broken, but at a weaker grade than the run fails on, or by the consumer
	Unchecked   State = "not checked" // exchanges had it, and it was checked, or checked to its end, in none of them
	NotObserved State = "not observed"
)

// Kind is what a part of a document is.
type Kind string

// The kinds of parts that coverage is told of.
const (
	KindOperation Kind = "operation"
	KindStatus    Kind = "status"
	KindParameter Kind = "parameter"
	KindEnum      Kind = "enum value"
	KindMediaType Kind = "media type"
	KindHeader    Kind = "header"
	KindPromise   Kind = "promise"
)

// Kinds lists the kinds in the order in which they are shown.
func Kinds() []Kind {
	return []Kind{KindOperation, KindStatus, KindParameter, KindEnum, KindMediaType, KindHeader, KindPromise}
}

// Part is a part of a document and what the run saw of it.
type Part struct {
	Kind      Kind
	Document  *spec.Document
	Operation string     // the operation's id; empty: of no one operation
	Label     string     // such as "404", "type" or a promise's id
	Rule      *spec.Rule // of a promise
	Place     string     // file:line
	State     State
	node      *spec.Node

	response, shared *spec.Node // of a header: what holds it, and what it refers to, which other responses may refer to, too
}

// Name is the part in words: its operation, if it is of one, and its label.
func (p Part) Name() string {
	if p.Operation == "" || p.Operation == p.Label {
		return p.Label
	}
	return p.Operation + " " + p.Label
}

// Coverage tells of every part of the documents whether it was kept, broken, warned of, not checked or not observed.
func (r *Report) Coverage() []Part {
	parts := []Part{}
	for _, doc := range r.Documents {
		for _, p := range partsOf(doc) {
			p.Document, p.Place, p.State = doc, p.node.Place().String(), r.state(p)
			parts = append(parts, p)
		}
	}
	return parts
}

// partsOf lists the parts of a document: those of each operation, the values of enums, and the promises. An enum is named by
// the last part of its schema's pointer.
func partsOf(doc *spec.Document) []Part {
	parts := []Part{}
	for _, op := range doc.Operations {
		parts = append(parts, partsOfOperation(op)...)
	}
	for s := range doc.Schemas() {
		pointer := s.Node.Pointer()
		for _, value := range s.Enum {
			label := fmt.Sprintf("%s %v", pointer[strings.LastIndexByte(pointer, '/')+1:], value.Value())
			parts = append(parts, Part{Kind: KindEnum, Label: label, node: value})
		}
	}
	for _, rule := range doc.Rules {
		parts = append(parts, Part{Kind: KindPromise, Label: rule.ID, Rule: rule, node: rule.Node})
	}
	return parts
}

func partsOfOperation(op *spec.Operation) (parts []Part) {
	add := func(p Part) {
		p.Operation = op.ID
		parts = append(parts, p)
	}
	add(Part{Kind: KindOperation, Label: op.ID, node: op.Node})
	if op.Refused != nil {
		return parts // what it has may be unknown
	}
	for _, p := range op.Parameters {
		add(Part{Kind: KindParameter, Label: p.Name + " in " + p.In, node: p.Node})
	}
	for _, r := range op.Responses {
		add(Part{Kind: KindStatus, Label: r.Status, node: r.Node})
		for _, media := range sortedBy(r.Content, func(m *spec.MediaType) string { return m.Name }) {
			add(Part{Kind: KindMediaType, Label: r.Status + " " + media.Name, node: media.Node})
		}
		for _, h := range sortedBy(r.Headers, func(h *spec.Header) string { return h.Name }) {
			node := r.Node.Member("headers").Member(h.Name)
			add(Part{Kind: KindHeader, Label: r.Status + " " + h.Name, node: node, response: r.Node, shared: h.Node})
		}
	}
	return parts
}

func sortedBy[T any](list []T, name func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int { return strings.Compare(name(a), name(b)) })
}

// state says what the checks saw of a part. What an exchange had that could not be judged was not checked.
func (r *Report) state(p Part) State {
	state := NotObserved
	for _, c := range r.Checks {
		isJudged := c.Judged()
		switch {
		case c.Suite == Documents, c.Status == Skip:
		case isJudged && breaks(c, c.Failures, p):
			return Broken
		case state == Warned:
		case isJudged && breaks(c, c.Warnings, p):
			state = Warned
		case isJudged && (p.Kind == KindPromise && slices.Contains(c.Passed, p.Rule) || slices.Contains(c.Covered, p.node)):
			state = Kept
		case state == NotObserved && c.had(p.node):
			state = Unchecked
		}
	}
	return state
}

// breaks says whether these findings of a check are about the part: of an operation or a status that the exchange had any, of
// the rest those that the part or something in it is the cause of.
func breaks(c Check, findings []contract.Finding, p Part) bool {
	if p.Kind == KindOperation || p.Kind == KindStatus {
		return len(findings) > 0 && c.had(p.node)
	}
	return slices.ContainsFunc(findings, func(f contract.Finding) bool {
		return f.Node.Within(p.node) || f.Node.Within(p.shared) && c.had(p.response)
	})
}

// had says whether the exchange had a part of the document, checked or not.
func (c Check) had(n *spec.Node) bool {
	return slices.Contains(c.Covered, n) || slices.Contains(c.Unchecked, n)
}

// countStates counts the parts of a kind by their state.
func countStates(parts []Part, kind Kind) map[State]int {
	n := map[State]int{}
	for _, p := range ofKind(parts, kind) {
		n[p.State]++
	}
	return n
}

func ofKind(parts []Part, kind Kind) []Part {
	return only(parts, func(p Part) bool { return p.Kind == kind })
}
