package schema

import "github.com/quotaspec/quotaspec/openapi/spec"

// Several branches may lead to the same schema at the same place: two of an allOf whose properties have one schema. What is
// wrong there is wrong once. So a visitor remembers what it reported, with one bit for each part of the value and each fault.
// However many parts are wrong, a document has few faults to offer.

// reported are the places of each fault that was reported.
type reported map[fault][]uint64

// fault is what places have in common that are wrong alike.
type fault struct {
	schema  *spec.Schema
	keyword string
	missing string // the name of the member that is missing
	ofName  bool   // the name of the part is wrong, or it lacks a member
}

// isNew notes a violation, and says whether the checker did not report it before.
func (v *visitor) isNew(c *Checker, found Error) bool {
	f := fault{schema: found.Schema, keyword: found.Keyword, ofName: v.instead.Exists()}
	if !found.value.Exists() {
		f.missing = v.path[len(v.path)-1].name
	}
	places := v.reported[f]
	if places == nil {
		if v.reported == nil {
			v.reported = reported{}
		}
		places = make([]uint64, (v.whole.Size()+63)/64)
		v.hold(8*len(places), c)
		v.reported[f] = places
	}
	at := found.Part.Index() - v.whole.Index()
	word, bit := &places[at/64], uint64(1)<<(at%64)
	isNew := *word&bit == 0
	*word |= bit
	return isNew
}
