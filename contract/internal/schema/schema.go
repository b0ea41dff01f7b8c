// Package schema compiles the schemas of an OpenAPI document into checkers. A checker reports whether a value is valid, what
// is wrong with it, and which parts of the document the value shows. It supports the schemas of OpenAPI 3.0 and JSON Schema
// 2020-12 (OpenAPI 3.1 and 3.2).
//
// Each schema is compiled once, together with every schema that it uses (compile.go). The result is a graph: the checker of
//
//	{type: object, properties: {used: {$ref: '#/components/schemas/Count'}}}
//
// points to the checker of Count, and a schema that contains itself is a cycle. A check walks the value and the graph side by
// side, from the outside in (visit.go). Keywords for a part of the value, such as properties, lead to the part (object.go,
// array.go). Keywords for the value itself, such as allOf, lead to another checker of the same value (inplace.go).
//
// A valid value costs no allocation. So [Checker.Check] first runs the walk of [Checker.Valid], which ends at the
// first error. Only if there is one, a second walk tracks the path and reports each [Error]. A walk has limits:
// results are remembered where branches multiply (memo.go), and a [Budget] bounds time and memory (budget.go).
//
// The package knows nothing about HTTP, operations or reports. It gets values from package strictjson and schemas from package
// spec.
package schema

import (
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Direction is the message that a value belongs to. A readOnly property must not be in a request, a writeOnly
// property must not be in a response.
type Direction uint8

// The directions of a value.
const (
	Request Direction = iota
	Response
)

// Options say how a check reads a value.
type Options struct {
	Direction Direction

	// Text marks a value that comes from a URL or a header, where every scalar is a string. If a schema wants a number, a
	// boolean or null, the string counts as the JSON that it spells: "7" is a number, but "007" and "True" are only strings.
	Text bool

	// AssertFormats makes a string that does not have its format an error. Without it, format is an annotation.
	AssertFormats bool

	// Partial marks a value that is a part of a right one, as in a consumer's example of a response. What it lacks is no error:
	// {"a":1} is a part of a value of {required: [a, b]}. Keywords whose result more members or elements could change, such as
	// minItems, not and if, are no errors either, and oneOf allows several matches.
	Partial bool

	// Budget limits the exchange that the value is part of. Nil means no limit.
	Budget *Budget
}

// Set holds the checkers of one document. It is safe for concurrent use.
type Set struct {
	doc       *spec.Document
	isDynamic bool // some $dynamicRef of the document depends on the dynamic scope
	hasRules  bool // some schema of the document has rules

	enums     []*spec.Node         // the elements of all enums
	firstEnum map[*spec.Schema]int // the index in enums of the first element of a schema

	visitors sync.Pool // idle visitors, so that a check allocates none

	mu       sync.RWMutex // guards the fields below
	checkers map[*spec.Schema]*Checker
	todo     []*Checker // in checkers, but not filled yet
}

// New returns the checkers of a document. Each is compiled when it is first requested.
func New(doc *spec.Document) *Set {
	s := &Set{doc: doc, checkers: map[*spec.Schema]*Checker{}, firstEnum: map[*spec.Schema]int{}}
	for sc := range doc.Schemas() {
		s.isDynamic = s.isDynamic || sc.DynamicName != ""
		s.hasRules = s.hasRules || len(sc.Rules) > 0
		if len(sc.Enum) > 0 {
			s.firstEnum[sc] = len(s.enums)
			s.enums = append(s.enums, sc.Enum...)
		}
	}
	return s
}

// Checker returns the checker of a schema. It returns nil for nil. A nil checker accepts every value, as does the
// checker of a schema that spec refused.
func (s *Set) Checker(sc *spec.Schema) *Checker {
	if sc == nil {
		return nil
	}
	s.mu.RLock()
	c := s.checkers[sc]
	s.mu.RUnlock()
	if c != nil {
		return c
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.compile(sc)
}

// Valid reports whether the value satisfies the schema. If the budget runs out, the result has no meaning.
func (c *Checker) Valid(value strictjson.Value, o Options) bool {
	if c == nil {
		return true
	}
	v := newVisitor(c.set, value, o)
	defer v.free()
	return v.visit(c, value, nil)
}

// Check reports each error of the value, in the order of the value, until report returns false. It reports none if
// the value is valid or the budget has run out.
func (c *Checker) Check(value strictjson.Value, o Options, report func(Error) bool) {
	if c == nil || c.Valid(value, o) {
		return
	}
	v := newVisitor(c.set, value, o)
	defer v.free()
	v.report = report
	v.visit(c, value, nil)
}
