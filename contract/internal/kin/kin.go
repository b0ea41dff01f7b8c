// Package kin holds values against schemas with kin-openapi, and is the only package of the product that imports it.
// It knows openapi/spec and nothing else of this module. What leaves it is in terms of openapi/spec and in words of our own:
// the texts of kin-openapi change between releases.
//
// A spec.Schema becomes an openapi3.Schema (convert.go) when it is first needed. kin-openapi visits a value and returns
// errors (violation.go), which lead back to the spec.Schema.
package kin

import (
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Direction is the way that a value goes: some members are for requests or for responses only.
type Direction int

// The directions.
const (
	AsRequest Direction = iota
	AsResponse
)

// Violation is one keyword of a schema that a value does not satisfy.
type Violation struct {
	Keyword string       // such as minimum; of a parameter also required, empty, type and value
	Pointer string       // JSON pointer into the value
	Schema  *spec.Schema // nil: the parameter is absent, empty or unreadable
	Value   any          // what stands at the pointer, a number as float64
}

// Checker holds values against the schemas of one document. Several goroutines may use it.
type Checker struct {
	lock   sync.RWMutex
	theirs map[*spec.Schema]*openapi3.Schema
	ours   map[*openapi3.Schema]*spec.Schema
	todo   []*spec.Schema // in theirs, and still empty
}

// New returns a checker for the schemas of a document. It converts none before it is needed.
func New(_ *spec.Document) *Checker {
	return &Checker{theirs: map[*spec.Schema]*openapi3.Schema{}, ours: map[*openapi3.Schema]*spec.Schema{}}
}

// Valid says whether a value satisfies a schema: JSON as encoding/json decodes it, numbers as json.Number, int64 or float64.
// Without a schema, or with one that is refused, it does.
func (c *Checker) Valid(s *spec.Schema, value any, d Direction) bool {
	return s == nil || s.Refused != nil || c.schema(s).VisitJSON(value, quickOptions[d]...) == nil
}

// Violations lists all that is wrong with a value. Most values are right and cost no more than Valid.
func (c *Checker) Violations(s *spec.Schema, value any, d Direction) []Violation {
	if c.Valid(s, value, d) {
		return nil
	}
	return c.violations(c.schema(s).VisitJSON(value, fullOptions[d]...))
}
