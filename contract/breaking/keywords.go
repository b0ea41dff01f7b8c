package breaking

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// This file compares what two values say themselves, without their members and elements (pairs.go): keyword by keyword.

// difference is one difference of two values, or of two other nodes.
type difference struct {
	id, says string
	old, new *spec.Node // nil: the document has no such node, and the change is shown at the whole value
	names    []string
	below    *step // to the member or alternative that only one value has; nil: the difference is one of the values
}

// differ compares all keywords of two values, of those that say something about a type that both may have:
//
//	{type: integer, minimum: 0} → {type: string, maxLength: 9}    type/changed alone
func differ(old, new *value) []difference {
	d := differences{old: old, new: new, shared: sharedTypes(old, new)}
	d.types()
	if !d.shared.any(anyType...) {
		d.prose()
		return d.list
	}
	d.enum()
	if d.shared.any("object") {
		d.required()
	}
	for _, b := range bounds {
		if d.shared.any(b.types...) {
			d.bound(b)
		}
	}
	for _, set := range sets {
		if d.shared.any(set.types...) {
			d.set(set)
		}
	}
	for _, flag := range flags {
		if was, is := old.has(flag.of), new.has(flag.of); was != is {
			d.add(flag.id, fmt.Sprintf("%s: %t → %t", flag.keyword, was, is), flag.keyword)
		}
	}
	d.defaults()
	d.discriminator()
	d.grade()
	d.prose()
	return d.list
}

type differences struct {
	old, new *value
	shared   typeSet
	list     []difference
}

func (d *differences) add(id, says, keyword string) {
	d.list = append(d.list, difference{id: id, says: says, old: d.old.node(keyword), new: d.new.node(keyword)})
}

func (d *differences) types() {
	old, oldLimited := d.old.types()
	new, newLimited := d.new.types()
	if d.old.has(never) != d.new.has(never) {
		d.add("type/changed", fmt.Sprintf("no value is right: %t → %t", d.old.has(never), d.new.has(never)), "type")
		return
	}
	if was, is := d.old.allowsNull(), d.new.allowsNull(); was != is && oldLimited && newLimited {
		id, says := "null/allowed", "null is new"
		if was {
			id, says = "null/forbidden", "null is gone"
		}
		d.list = append(d.list, difference{id: id, says: says, old: d.old.node("type"), new: d.new.node("type"), names: []string{"null"}})
	}
	old, new = withoutNull(old), withoutNull(new)
	further, gone := without(new, old), without(old, new)
	switch {
	case oldLimited == newLimited && slices.Equal(old, new):
	case !newLimited:
		d.add("type/added", strings.Join(old, " or ")+" → any type", "type")
	case !oldLimited:
		d.add("type/removed", "any type → "+strings.Join(new, " or "), "type")
	case slices.Equal(old, []string{"integer"}) && slices.Equal(new, []string{"number"}):
		d.add("type/added", "integer → number", "type")
	case slices.Equal(old, []string{"number"}) && slices.Equal(new, []string{"integer"}):
		d.add("type/removed", "number → integer", "type")
	case len(gone) == 0:
		d.add("type/added", strings.Join(further, " and ")+" is new", "type")
	case len(further) == 0:
		d.add("type/removed", strings.Join(gone, " and ")+" is gone", "type")
	default:
		d.add("type/changed", strings.Join(old, " or ")+" → "+strings.Join(new, " or "), "type")
	}
}

func never(s *spec.Schema) bool { return s.Never }

func withoutNull(types []string) []string {
	return slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == "null" })
}

func (d *differences) enum() {
	old, oldNode := d.old.enum()
	new, newNode := d.new.enum()
	switch {
	case oldNode == nil && newNode == nil:
	case oldNode == nil:
		d.list = append(d.list, difference{id: "enum/changed", says: "any value → one of " + listed(new), new: newNode})
	case newNode == nil:
		d.list = append(d.list, difference{id: "enum/changed", says: "one of " + listed(old) + " → any value", old: oldNode})
	default:
		if further := without(new, old); len(further) > 0 {
			says := listed(further) + isOrAre(further) + "new"
			d.list = append(d.list, difference{id: "enum/added", says: says, old: oldNode, new: newNode, names: further})
		}
		if gone := without(old, new); len(gone) > 0 {
			says := listed(gone) + isOrAre(gone) + "gone"
			d.list = append(d.list, difference{id: "enum/removed", says: says, old: oldNode, new: newNode, names: gone})
		}
	}
}

// set is a keyword whose values in all schemas count together.
type set struct {
	id, keyword string
	types       []string
	of          func(*spec.Schema) string
}

var sets = []set{
	{"pattern/changed", "pattern", texts, func(s *spec.Schema) string { return numberOf(s.Pattern) }},
	{"multiple-of/changed", "multipleOf", numbers, func(s *spec.Schema) string {
		if s.MultipleOf == nil {
			return ""
		}
		return decimal.Key(s.MultipleOf.Text)
	}},
	{"format/changed", "format", formatted, func(s *spec.Schema) string {
		if s.Format == "byte" || s.Format == "binary" { // written as contentEncoding or contentMediaType from OpenAPI 3.1 on
			return ""
		}
		return s.Format
	}},
	{"encoding/changed", "contentEncoding", texts, func(s *spec.Schema) string {
		if s.Format == "byte" {
			return "base64"
		}
		return s.ContentEncoding
	}},
	{"encoding/changed", "contentMediaType", texts, func(s *spec.Schema) string {
		if s.Format == "binary" || s.ContentMediaType == "application/octet-stream" {
			return ""
		}
		return s.ContentMediaType
	}},
}

// fractions are formats that say nothing about integers.
var fractions = []string{"float", "double"}

func (d *differences) set(s set) {
	old, new := d.old.texts(s.of), d.new.texts(s.of)
	if s.keyword == "format" && !d.shared.any("number") {
		old, new = without(old, fractions), without(new, fractions)
	}
	if slices.Equal(old, new) {
		return
	}
	keyword := s.keyword
	if d.old.node(keyword) == nil && d.new.node(keyword) == nil {
		keyword = "format"
	}
	d.add(s.id, fmt.Sprintf("%s: %s → %s", s.keyword, orNone(old), orNone(new)), keyword)
}

var flags = []struct {
	id, keyword string
	of          func(*spec.Schema) bool
}{
	{"unique/changed", "uniqueItems", func(s *spec.Schema) bool { return s.UniqueItems }},
	{"read-only/changed", "readOnly", func(s *spec.Schema) bool { return s.ReadOnly }},
	{"write-only/changed", "writeOnly", func(s *spec.Schema) bool { return s.WriteOnly }},
}

func (d *differences) defaults() {
	of := func(s *spec.Schema) string { return jsonOf(s.Default) }
	if old, new := d.old.texts(of), d.new.texts(of); !slices.Equal(old, new) {
		d.add("default/changed", fmt.Sprintf("default: %s → %s", orNone(old), orNone(new)), "default")
	}
}

// discriminator compares the members and values that select an alternative. Values for an alternative that is new or gone are a
// part of that change.
func (d *differences) discriminator() {
	of := func(s *spec.Schema) string {
		if s.Discriminator == nil {
			return ""
		}
		return s.Discriminator.PropertyName
	}
	old, new := d.old.texts(of), d.new.texts(of)
	oldValues, newValues := d.old.selected(), d.new.selected()
	further, gone := without(newValues, oldValues), without(oldValues, newValues)
	isPartOf := len(further)-len(gone) == d.new.countAlternatives()-d.old.countAlternatives() && (len(further) == 0 || len(gone) == 0)
	if !slices.Equal(old, new) || len(further)+len(gone) > 0 && !isPartOf {
		says := fmt.Sprintf("discriminator: %s → %s", orNone(append(old, oldValues...)), orNone(append(new, newValues...)))
		d.add("discriminator/changed", says, "discriminator")
	}
}

// selected are the values of the mappings of discriminators.
func (v *value) selected() []string {
	list := []string{}
	for _, s := range v.schemas {
		if s.Discriminator != nil {
			list = append(list, textsOf(s.Discriminator.Mapping, func(m spec.Mapping) string { return m.Value })...)
		}
	}
	return list
}

func (v *value) countAlternatives() (n int) {
	for _, u := range groupsOf(v) {
		n += len(u.schemas)
	}
	return n
}

// grade compares x-evidence: what is only inferred fails nobody.
func (d *differences) grade() {
	of := func(s *spec.Schema) string { return gradeOf(s.Node) }
	if old, new := d.old.texts(of), d.new.texts(of); !slices.Equal(old, new) {
		d.add("rule/grade", fmt.Sprintf("grade: %s → %s", orNone(old), orNone(new)), "x-evidence")
	}
}

func (d *differences) prose() {
	changed := []string{}
	for _, keyword := range proseKeywords {
		of := func(s *spec.Schema) string { return jsonOf(s.Node.Member(keyword)) }
		if !slices.Equal(d.old.texts(of), d.new.texts(of)) {
			changed = append(changed, keyword)
		}
	}
	if len(changed) > 0 {
		keyword := changed[0]
		d.list = append(d.list, difference{
			id: "prose/changed", says: strings.Join(changed, ", ") + " changed",
			old: d.old.node(keyword), new: d.new.node(keyword),
		})
	}
}

// gradeOf is the grade that a node has of its own, or "".
func gradeOf(n *spec.Node) string {
	if grade := n.Member("x-evidence").Member("grade"); grade != nil {
		return grade.Text
	}
	return ""
}

// jsonOf is a node as JSON, with its members sorted; "" for nil.
func jsonOf(n *spec.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind == spec.Number {
		return decimal.Key(n.Text)
	}
	data, err := json.Marshal(n.Value())
	if err != nil { // nodes of a document are JSON
		return ""
	}
	return string(data)
}

// without returns the texts of a list that another list lacks.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

func quoted(name string) string { return strconv.Quote(name) }

// maxListed is the maximum number of values that a message lists.
const maxListed = 8

func listed(values []string) string {
	if more := len(values) - maxListed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(values[:maxListed], ", "), more)
	}
	return strings.Join(values, ", ")
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return text.Shorten(strings.Join(list, ", "), 60)
}
