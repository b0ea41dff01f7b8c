package schema

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/format"
	"github.com/quotaspec/quotaspec/contract/internal/pattern"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// numberKeywords are the keywords for numbers.
type numberKeywords struct {
	limits []limit
	format func(number string) bool // nil: absent
}

// limit is a keyword that compares with a number.
type limit struct {
	keyword, number string // the number as the document writes it
	takes           func(number, limit string) bool
}

// newNumberKeywords returns nil if the schema has none.
func newNumberKeywords(s *spec.Schema) *numberKeywords {
	k := &numberKeywords{}
	add := func(keyword string, n *spec.Node, takes func(number, limit string) bool) {
		if n != nil {
			k.limits = append(k.limits, limit{keyword, n.Text, takes})
		}
	}
	add("minimum", s.Minimum, func(number, limit string) bool { return decimal.Compare(number, limit) >= 0 })
	add("maximum", s.Maximum, func(number, limit string) bool { return decimal.Compare(number, limit) <= 0 })
	add("exclusiveMinimum", s.ExclusiveMinimum, func(number, limit string) bool { return decimal.Compare(number, limit) > 0 })
	add("exclusiveMaximum", s.ExclusiveMaximum, func(number, limit string) bool { return decimal.Compare(number, limit) < 0 })
	// Nothing is a multiple of a number that is not positive, which the author cannot have meant.
	if s.MultipleOf != nil && decimal.Compare(s.MultipleOf.Text, "0") > 0 {
		add("multipleOf", s.MultipleOf, decimal.IsMultiple)
	}
	if format.AppliesToNumbers(s.Format) {
		k.format = format.Validator(s.Format)
	}
	if len(k.limits) == 0 && k.format == nil {
		return nil
	}
	return k
}

// textKeywords are the keywords for strings.
type textKeywords struct {
	size    sizes // in characters
	pattern *pattern.Pattern
	format  func(text string) bool // nil: absent
}

// newTextKeywords returns nil if the schema has none. A pattern that is no regular expression counts as absent: the document
// has a finding.
func newTextKeywords(s *spec.Schema) *textKeywords {
	k := textKeywords{size: sizes{s.MinLength, s.MaxLength}}
	if s.Pattern != nil {
		if p, err := pattern.Compile(s.Pattern.Text); err == nil {
			k.pattern = p
		}
	}
	if !format.AppliesToNumbers(s.Format) {
		k.format = format.Validator(s.Format)
	}
	if k.size == (sizes{}) && k.pattern == nil && k.format == nil {
		return nil
	}
	return &k
}

// scalar checks a string or a number. A text of a URL that may be taken as several types has to be right as one of them;
// without a type, the keywords of each count.
func (v *visitor) scalar(c *Checker, at strictjson.Value, readings types) bool {
	if c.types != 0 && bits.OnesCount8(uint8(readings)) > 1 {
		quiet := v.quiet
		v.quiet = true
		for _, as := range []types{isNull, isBool, isString, isNumber} {
			if readings&as != 0 && v.scalar(c, at, as) {
				v.quiet = quiet
				return true
			}
		}
		v.quiet = quiet
		readings &= isNumber | isBool | isNull
	}
	ok := true
	if c.number != nil && readings&isNumber != 0 && !v.number(c, at) && v.stop(&ok) {
		return false
	}
	if c.text != nil && readings&isString != 0 && !v.text(c, at) && v.stop(&ok) {
		return false
	}
	return ok
}

func (v *visitor) number(c *Checker, at strictjson.Value) bool {
	ok, k, number := true, c.number, at.Text()
	for _, l := range k.limits {
		if !l.takes(number, l.number) && v.fail(c, l.keyword, at, &ok) {
			return false
		}
	}
	if k.format != nil && v.AssertFormats && !k.format(number) {
		isInteger := c.types&isInteger == 0 || decimal.IsInteger(number) // else the type has said it
		if isInteger && v.fail(c, "format", at, &ok) {
			return false
		}
	}
	return ok
}

// sizes are the least and the most that there may be of something; nil: absent.
type sizes struct{ min, max *uint64 }

// size checks how much there is of something in the value at hand.
func (v *visitor) size(c *Checker, at strictjson.Value, count int, s sizes, tooSmall, tooLarge string) bool {
	ok := true
	if s.min != nil && uint64(count) < *s.min && v.fail(c, tooSmall, at, &ok) {
		return false
	}
	if s.max != nil && uint64(count) > *s.max {
		v.fail(c, tooLarge, at, &ok)
	}
	return ok
}

func (v *visitor) text(c *Checker, at strictjson.Value) bool {
	ok, k, text := true, c.text, at.Text()
	v.effort += len(text) / 16
	if k.size != (sizes{}) && !v.size(c, at, utf8.RuneCountInString(text), k.size, "minLength", "maxLength") && v.stop(&ok) {
		return false
	}
	if k.pattern != nil {
		if matched, known := v.matches(k.pattern, text, c.schema.Pattern); known && !matched && v.fail(c, "pattern", at, &ok) {
			return false
		}
	}
	if k.format != nil && v.AssertFormats && !k.format(text) && v.fail(c, "format", at, &ok) {
		return false
	}
	return ok
}

// matches reports whether a text matches a pattern, which stands at a node of the document. Of a match that takes too long that
// is not known; then the pattern is not tried on the rest of the exchange, of which each part might take as long.
func (v *visitor) matches(p *pattern.Pattern, text string, at *spec.Node) (matched, known bool) {
	if slices.Contains(v.Budget.SlowPatterns(), at) {
		return false, false
	}
	matched, err := p.Match(text)
	if p.Backtracks() && !v.Budget.InTime(at) { // a match may take as long as many visits
		v.end()
	}
	if err != nil {
		if v.Budget == nil {
			v.Budget = NewBudget(math.MaxInt64, math.MaxInt)
		}
		v.Budget.slow = append(v.Budget.slow, at)
	}
	return matched, err == nil
}

// listed reports whether the value is one of the enum. A number of the enum is also the text that spells one equal to it,
// if the schema takes numbers, and so on.
func (v *visitor) listed(c *Checker, at strictjson.Value, readings types) bool {
	if c.isTexts && at.Kind() != strictjson.String {
		return false
	}
	v.effort += len(c.enum) / 16
	for _, element := range c.enum {
		if v.same(at, element, readings) {
			return true
		}
	}
	return false
}

// same reports whether the value, in one of its readings, equals another.
func (v *visitor) same(at, other strictjson.Value, readings types) bool {
	if !v.Text || at.Kind() != strictjson.String {
		return v.equal(at, other)
	}
	switch as := typeOf[other.Kind()]; {
	case as&readings == 0:
		return false
	case as == isNumber:
		return decimal.Compare(at.Text(), other.Text()) == 0
	}
	return at.Text() == other.Text()
}

// equal is strictjson.Equal where the strings of the first value may be texts of a URL.
func (v *visitor) equal(at, other strictjson.Value) bool {
	if !v.Text || at.Kind() != other.Kind() || at.Kind() < strictjson.Array {
		return strictjson.Equal(at, other)
	}
	if at.Len() != other.Len() {
		return false
	}
	for i, element := range at.Elements() {
		if !v.same(element, other.At("/"+strconv.Itoa(i)), spelled(element.Text())|isString) {
			return false
		}
	}
	for name, member := range at.Members() {
		if m := other.Member(name); !m.Exists() || !v.same(member, m, spelled(member.Text())|isString) {
			return false
		}
	}
	return true
}
