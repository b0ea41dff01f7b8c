package schema

import "github.com/quotaspec/quotaspec/openapi/spec"

// Several branches may lead to the same schema at the same part of a value:
//
//	{allOf: [{properties: {x: {$ref: B}}}, {properties: {x: {$ref: B}}}]}
//
// A wrong x is one error, not two. So a visitor notes each error that it has reported. A large value may have
// millions of errors, but a document has few keywords. So the visitor keeps one bit set for each keyword, with one
// bit for each part of the value.

// reported holds the parts of the value for which an error was reported.
type reported map[errorKind][]uint64

// errorKind is what errors at different parts of a value can have in common.
type errorKind struct {
	schema  *spec.Schema
	keyword string
	missing string // the name of the missing member, or ""
	ofOwner bool   // the part is reported for its name or for a missing member
}

// isFirst notes an error, and reports whether it was not reported before.
func (v *visitor) isFirst(c *Checker, found Error) bool {
	kind := errorKind{schema: found.Schema, keyword: found.Keyword, ofOwner: v.owner.Exists()}
	if !found.value.Exists() {
		kind.missing = v.path[len(v.path)-1].name
	}
	places := v.reported[kind]
	if places == nil {
		if v.reported == nil {
			v.reported = reported{}
		}
		places = make([]uint64, (v.whole.Size()+63)/64)
		v.hold(8*len(places), c)
		v.reported[kind] = places
	}
	at := found.Part.Index() - v.whole.Index()
	word, bit := &places[at/64], uint64(1)<<(at%64)
	first := *word&bit == 0
	*word |= bit
	return first
}
