package breaking

import (
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A bound and its exclusive form are one limit: from exclusiveMinimum 0 to minimum 0 is one change.

// bound is a keyword that limits a number, or the number of something, with the keyword that does so exclusively.
type bound struct {
	keyword, exclusive string
	upper              bool
	types              []string
	of, ofExclusive    func(*spec.Schema) string // a JSON number; "": none
}

func nothing(*spec.Schema) string { return "" }

var bounds = []bound{
	{
		"minimum", "exclusiveMinimum", false, numbers,
		func(s *spec.Schema) string { return numberOf(s.Minimum) }, func(s *spec.Schema) string { return numberOf(s.ExclusiveMinimum) },
	},
	{
		"maximum", "exclusiveMaximum", true, numbers,
		func(s *spec.Schema) string { return numberOf(s.Maximum) }, func(s *spec.Schema) string { return numberOf(s.ExclusiveMaximum) },
	},
	{"minLength", "", false, texts, func(s *spec.Schema) string { return lowest(s.MinLength) }, nothing},
	{"maxLength", "", true, texts, func(s *spec.Schema) string { return countOf(s.MaxLength) }, nothing},
	{"minItems", "", false, lists, func(s *spec.Schema) string { return lowest(s.MinItems) }, nothing},
	{"maxItems", "", true, lists, func(s *spec.Schema) string { return countOf(s.MaxItems) }, nothing},
	{"minProperties", "", false, objects, func(s *spec.Schema) string { return lowest(s.MinProperties) }, nothing},
	{"maxProperties", "", true, objects, func(s *spec.Schema) string { return countOf(s.MaxProperties) }, nothing},
	{"minContains", "", false, lists, func(s *spec.Schema) string { return countOf(s.MinContains) }, nothing},
	{"maxContains", "", true, lists, func(s *spec.Schema) string { return countOf(s.MaxContains) }, nothing},
}

func numberOf(n *spec.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func countOf(n *uint64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatUint(*n, 10)
}

// lowest is a count that says nothing if it is 0.
func lowest(n *uint64) string {
	if n != nil && *n == 0 {
		return ""
	}
	return countOf(n)
}

// limit is what a bound says: the keyword and its number, "" if there is none.
type limit struct{ keyword, number string }

func (l limit) String() string { return l.keyword + " " + l.number }

// compare is positive if a limit is higher than another one: an exclusive minimum of 0 is higher than a minimum of 0, and a
// maximum of 0 is higher than an exclusive one.
func (b bound) compare(x, y limit) int {
	order := decimal.Compare(x.number, y.number)
	if order != 0 || x.keyword == y.keyword {
		return order
	}
	if (x.keyword == b.exclusive) != b.upper {
		return 1
	}
	return -1
}

// bound compares the tightest limits. In OpenAPI 3.0 exclusiveMinimum is a flag beside minimum; the reader has made it a bound of
// its own, so that a place may be that of minimum.
func (d *differences) bound(b bound) {
	old, new := b.tightest(d.old), b.tightest(d.new)
	var id, says string
	switch {
	case old == new:
		return
	case old.number == "":
		id, says = "bound/added", new.String()+" is new"
	case new.number == "":
		id, says = "bound/removed", old.String()+" is gone"
	case b.compare(old, new) < 0:
		id, says = "bound/raised", old.String()+" → "+new.String()
	case b.compare(old, new) > 0:
		id, says = "bound/lowered", old.String()+" → "+new.String()
	default: // 1 and 1.0
		return
	}
	if old.keyword == new.keyword {
		says = strings.Replace(says, " "+old.number+" → "+new.keyword, ": "+old.number+" →", 1)
	}
	d.list = append(d.list, difference{id: id, says: says, old: b.node(d.old, old), new: b.node(d.new, new)})
}

// node is the node of a limit, or nil.
func (b bound) node(v *value, l limit) *spec.Node {
	if n := v.node(l.keyword); n != nil {
		return n
	}
	return v.node(b.keyword)
}

// tightest is the limit of a value that counts, if its schemas have several.
func (b bound) tightest(v *value) limit {
	found := limit{}
	for _, s := range v.schemas {
		for _, l := range []limit{{b.keyword, b.of(s)}, {b.exclusive, b.ofExclusive(s)}} {
			if l.number != "" && (found.number == "" || (b.compare(l, found) > 0) != b.upper) {
				found = l
			}
		}
	}
	return found
}
