// Package schema compiles the schemas of a document into checkers, which say whether a value is right and what is wrong
// with it. It knows the dialects of OpenAPI 3.0 and of JSON Schema 2020-12 (OpenAPI 3.1 and 3.2).
//
// A schema is compiled once, with all that it uses (compile.go). A check goes through the value once, from the outside in
// (visit.go, inplace.go, object.go, array.go, scalar.go). A right value costs no allocation: a pointer or a text is made only
// for a violation (violation.go). What a value shows of a document without violating it is observed apart (observe.go).
package schema

import (
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Direction is the way that a value goes: some members are for requests or for responses only.
type Direction uint8

// The directions.
const (
	Request Direction = iota
	Response
)

// Options say how a value is read.
type Options struct {
	Direction Direction

	// Text says that the strings of the value are texts of a URL or a header. Where a schema wants a number, a boolean or
	// null, the text is compared as JSON spells it: "7" is a number, "007" and "True" are strings only.
	Text bool

	// AssertFormats makes a text that is not of its format a violation.
	AssertFormats bool

	Budget *Budget // of the exchange that the value is part of; nil: no limits
}

// Set holds the checkers of one document. Several goroutines may use it.
type Set struct {
	doc       *spec.Document
	isDynamic bool // some $dynamicRef of the document needs the dynamic scope
	hasRules  bool // some schema of the document has rules

	visitors sync.Pool // those that are not visiting

	lock     sync.RWMutex
	checkers map[*spec.Schema]*Checker
	todo     []*Checker // in checkers, and still empty
}

// New returns the checkers of a document. None is compiled before it is needed.
func New(doc *spec.Document) *Set {
	s := &Set{doc: doc, checkers: map[*spec.Schema]*Checker{}}
	for sc := range doc.Schemas() {
		s.isDynamic = s.isDynamic || sc.DynamicName != ""
		s.hasRules = s.hasRules || len(sc.Rules) > 0
	}
	return s
}

// Checker returns the checker of a schema. Without a schema it is nil, which takes every value, as does a schema that is
// refused.
func (s *Set) Checker(sc *spec.Schema) *Checker {
	if sc == nil {
		return nil
	}
	s.lock.RLock()
	c := s.checkers[sc]
	s.lock.RUnlock()
	if c != nil {
		return c
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.compile(sc)
}

// Valid reports whether the value is right. If the budget is spent its result says nothing.
func (c *Checker) Valid(at strictjson.Value, o Options) bool {
	if c == nil {
		return true
	}
	v := newVisitor(c.set, at, o)
	defer v.free()
	return v.visit(c, at, nil)
}

// Check reports all that is wrong with the value, until report returns false. It reports nothing exactly if the value is
// valid, or the budget is spent.
func (c *Checker) Check(at strictjson.Value, o Options, report func(Error) bool) {
	if c == nil || c.Valid(at, o) {
		return
	}
	v := newVisitor(c.set, at, o)
	defer v.free()
	v.report = report
	v.visit(c, at, nil)
}
