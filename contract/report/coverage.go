package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi"
)

// State is what a run saw of a part of a document.
type State string

// The states of a part: broken wins over warned, and warned over kept.
const (
	Kept      State = "kept"
	Broken    State = "broken"
	Warned    State = "warned" // broken, but at a weaker grade than the run fails on, or by the consumer
	NeverSeen State = "never seen"
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
	Document  *openapi.Document
	Operation string        // the operation's id; empty: of no one operation
	Label     string        // such as "404", "type" or a promise's id
	Rule      *openapi.Rule // of a promise
	Place     string        // file:line
	State     State
	pointer   string // empty: of a promise, which is kept or broken by its id
}

// Name is the part in words: its operation, if it is of one, and its label.
func (p Part) Name() string {
	if p.Operation == "" || p.Operation == p.Label {
		return p.Label
	}
	return p.Operation + " " + p.Label
}

// Coverage tells of every part of the documents whether it was kept, broken, warned of or never seen.
func (r *Report) Coverage() []Part {
	parts := []Part{}
	for _, doc := range r.Documents {
		l := lister{doc: doc}
		for _, op := range doc.Operations {
			l.operation(op)
		}
		l.enums()
		for _, rule := range doc.Rules {
			l.parts = append(l.parts, Part{Kind: KindPromise, Document: doc, Label: rule.ID, Rule: rule, Place: doc.Place(rule.Pointer)})
		}
		parts = append(parts, l.parts...)
	}
	for i := range parts {
		parts[i].State = r.state(parts[i])
	}
	return parts
}

// lister lists the parts of a document.
type lister struct {
	doc   *openapi.Document
	parts []Part
}

func (l *lister) add(kind Kind, operation, label, pointer string) {
	l.parts = append(l.parts, Part{Kind: kind, Document: l.doc, Operation: operation, Label: label, Place: l.doc.Place(pointer), pointer: pointer})
}

func (l *lister) operation(op *openapi.Operation) {
	l.add(KindOperation, op.ID, op.ID, op.Pointer)
	for _, p := range op.Parameters {
		l.add(KindParameter, op.ID, p.Name+" in "+p.In, p.Pointer)
	}
	for _, response := range op.Responses {
		l.add(KindStatus, op.ID, response.Status, response.Pointer)
		for _, name := range slices.Sorted(maps.Keys(response.Spec.Content)) {
			l.add(KindMediaType, op.ID, response.Status+" "+name, pointer.Join(response.Pointer, "content", name))
		}
		for _, name := range slices.Sorted(maps.Keys(response.Spec.Headers)) {
			l.add(KindHeader, op.ID, response.Status+" "+name, pointer.Join(response.Pointer, "headers", name))
		}
	}
}

func (l *lister) enums() {
	_ = l.doc.T.WalkSchemas(func(_ string, ref *openapi3.SchemaRef) error {
		pointer := l.doc.SchemaPointer(ref.Value)
		name := pointer[strings.LastIndexByte(pointer, '/')+1:]
		for i, value := range ref.Value.Enum {
			l.add(KindEnum, "", fmt.Sprintf("%s %v", name, value), pointer+"/enum/"+strconv.Itoa(i))
		}
		return nil
	})
}

// state says what the checks that were judged saw of a part.
func (r *Report) state(p Part) State {
	state := NeverSeen
	for _, c := range r.Checks {
		if !c.Judged() || c.Source == Documents {
			continue
		}
		switch {
		case breaks(c, c.Failures, p):
			return Broken
		case state == Warned:
		case breaks(c, c.Warnings, p):
			state = Warned
		case p.Kind == KindPromise && slices.Contains(c.Kept, p.Label), slices.Contains(c.Seen, p.pointer):
			state = Kept
		}
	}
	return state
}

// breaks says whether these findings of a check are about the part: of a promise by its id, of an operation or a
// status that the exchange had any, of the rest by their own place.
func breaks(c Check, findings []contract.Finding, p Part) bool {
	switch p.Kind {
	case KindPromise:
		return slices.ContainsFunc(findings, func(d contract.Finding) bool { return d.ID == p.Label })
	case KindOperation, KindStatus:
		return len(findings) > 0 && slices.Contains(c.Seen, p.pointer)
	}
	return slices.ContainsFunc(findings, func(d contract.Finding) bool {
		return d.Node == p.pointer || strings.HasPrefix(d.Node, p.pointer+"/")
	})
}

// Tally counts the parts of a kind by their state.
func Tally(parts []Part, kind Kind) map[State]int {
	n := map[State]int{}
	for _, p := range parts {
		if p.Kind == kind {
			n[p.State]++
		}
	}
	return n
}
