package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Coverage says for each part of the documents what the run has shown about it. A check knows which nodes of the document its
// exchange had: Covered were checked, Unchecked were not. It also knows which promises passed. The method state merges all
// checks into one state of the part; the worst wins. Skipped checks and those of the documents themselves do not count:
//
//	check a: covers 200, fails at its header ETag    200 is broken, ETag is broken
//	check b: covers 200, passes                      200 stays broken

// State is what a run has shown about a part of a document.
type State string

// The states of a part. Broken wins over warned, warned over kept, and kept over not checked.
const (
	Kept        State = "kept"
	Broken      State = "broken"
	Warned      State = "warned"      // broken, but graded lower than FailOn, or by the side that is not judged
	Unchecked   State = "not checked" // exchanges had it, but none was checked there to the end
	NotObserved State = "not observed"
)

// Kind is what a part of a document is.
type Kind string

// The kinds of parts in the coverage.
const (
	KindOperation Kind = "operation"
	KindStatus    Kind = "status"
	KindParameter Kind = "parameter"
	KindEnum      Kind = "enum value"
	KindMediaType Kind = "media type"
	KindHeader    Kind = "header"
	KindPromise   Kind = "promise"
)

// Kinds lists the kinds in the order of the formats.
func Kinds() []Kind {
	return []Kind{KindOperation, KindStatus, KindParameter, KindEnum, KindMediaType, KindHeader, KindPromise}
}

// Part is a part of a document and its state.
type Part struct {
	Kind      Kind
	Document  *spec.Document
	Operation string     // the operation's id; empty: not of a single operation
	Label     string     // such as "404", "type" or a promise's id
	Rule      *spec.Rule // of a promise
	Place     string     // file:line
	State     State
	node      *spec.Node

	response, shared *spec.Node // of a header: its response, and the referenced header, which other responses may share
}

// Name is the operation and label of the part: "showThing 404".
func (p Part) Name() string {
	if p.Operation == "" || p.Operation == p.Label {
		return p.Label
	}
	return p.Operation + " " + p.Label
}

// Coverage lists every part of the documents with its state, in the order of the documents.
func (r *Report) Coverage() []Part {
	parts := []Part{}
	for _, doc := range r.Documents {
		for _, p := range partsOf(doc) {
			p.Document, p.Place, p.State = doc, p.node.Place().String(), NotObserved
			parts = append(parts, p)
		}
	}
	index := newPartIndex(parts)
	for i := range r.Checks {
		if c := &r.Checks[i]; c.Suite != Documents && c.Status != Skip {
			index.add(c)
		}
	}
	return parts
}

// partsOf lists the parts of each operation, then the values of enums, then the promises. A value of an enum is labelled with
// the last token of its schema's pointer: "kind small".
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
		return parts // its other parts may be unknown
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

// countStates counts the parts of a kind by state.
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
