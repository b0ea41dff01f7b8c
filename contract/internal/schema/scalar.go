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

// numberKeywords are the compiled keywords for numbers.
type numberKeywords struct {
	limits []limit
	format func(number string) bool // nil: absent
}

// limit is a keyword that compares a number with one of the document. Both stay decimal texts, so integers are exact
// at any size.
type limit struct {
	keyword, number string
	accepts         func(number, limit string) bool
}

// newNumberKeywords returns nil if the schema has no keyword for numbers.
func newNumberKeywords(s *spec.Schema) *numberKeywords {
	k := &numberKeywords{}
	add := func(keyword string, n *spec.Node, accepts func(number, limit string) bool) {
		if n != nil {
			k.limits = append(k.limits, limit{keyword, n.Text, accepts})
		}
	}
	add("minimum", s.Minimum, func(number, limit string) bool { return decimal.Compare(number, limit) >= 0 })
	add("maximum", s.Maximum, func(number, limit string) bool { return decimal.Compare(number, limit) <= 0 })
	add("exclusiveMinimum", s.ExclusiveMinimum, func(number, limit string) bool { return decimal.Compare(number, limit) > 0 })
	add("exclusiveMaximum", s.ExclusiveMaximum, func(number, limit string) bool { return decimal.Compare(number, limit) < 0 })
	// JSON Schema requires a positive number. Any other would make every value wrong, so it is ignored.
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

// textKeywords are the compiled keywords for strings.
type textKeywords struct {
	size    sizes // in characters
	pattern *pattern.Pattern
	format  func(text string) bool // nil: absent
}

// newTextKeywords returns nil if the schema has no keyword for strings. It ignores a pattern that is not a regular
// expression, which spec has reported.
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

// scalar checks a string or a number. A string of a URL may have several readings. If the schema has a type, one
// valid reading is enough:
//
//	{type: [integer, string], minimum: 5, minLength: 2}   accepts -4 as a string of two characters, and 6 as a number
//
// Without a type, the keywords of every reading apply.
func (v *visitor) scalar(c *Checker, value strictjson.Value, readings types) bool {
	if c.types != 0 && bits.OnesCount8(uint8(readings)) > 1 {
		quiet := v.quiet
		v.quiet = true
		for _, as := range []types{isNull, isBool, isString, isNumber} {
			if readings&as != 0 && v.scalar(c, value, as) {
				v.quiet = quiet
				return true
			}
		}
		v.quiet = quiet
		readings &= isNumber | isBool | isNull
	}
	ok := true
	if c.number != nil && readings&isNumber != 0 && !v.number(c, value) && v.stop(&ok) {
		return false
	}
	if c.text != nil && readings&isString != 0 && !v.text(c, value) && v.stop(&ok) {
		return false
	}
	return ok
}

// number checks the keywords for numbers.
func (v *visitor) number(c *Checker, value strictjson.Value) bool {
	ok, k, number := true, c.number, value.Text()
	for _, l := range k.limits {
		if !l.accepts(number, l.number) && v.fail(c, l.keyword, value, &ok) {
			return false
		}
	}
	if k.format != nil && v.AssertFormats && !k.format(number) {
		isInteger := c.types&isInteger == 0 || decimal.IsInteger(number) // otherwise the error is of type
		if isInteger && v.fail(c, "format", value, &ok) {
			return false
		}
	}
	return ok
}

// sizes are a minimum and a maximum, such as minLength and maxLength. Nil means absent.
type sizes struct{ min, max *uint64 }

// size checks the number of characters, elements or members of the value.
func (v *visitor) size(c *Checker, value strictjson.Value, count int, s sizes, tooSmall, tooLarge string) bool {
	ok := true
	if s.min != nil && uint64(count) < *s.min && v.fail(c, tooSmall, value, &ok) {
		return false
	}
	if s.max != nil && uint64(count) > *s.max {
		v.fail(c, tooLarge, value, &ok)
	}
	return ok
}

// limits returns the sizes that an array or an object must have: only the largest, if it is part of a larger one.
func (v *visitor) limits(s sizes) sizes {
	if v.Partial {
		s.min = nil
	}
	return s
}

// text checks the keywords for strings.
func (v *visitor) text(c *Checker, value strictjson.Value) bool {
	ok, k, text := true, c.text, value.Text()
	v.effort += len(text) / 16
	if k.size != (sizes{}) && !v.size(c, value, utf8.RuneCountInString(text), k.size, "minLength", "maxLength") && v.stop(&ok) {
		return false
	}
	if k.pattern != nil {
		if matched, known := v.matches(k.pattern, text, c.schema.Pattern); known && !matched && v.fail(c, "pattern", value, &ok) {
			return false
		}
	}
	if k.format != nil && v.AssertFormats && !k.format(text) && v.fail(c, "format", value, &ok) {
		return false
	}
	return ok
}

// matches reports whether a string matches a pattern of the document. After a timeout the result is not known, and
// the pattern is skipped for the rest of the exchange: other strings might take as long.
func (v *visitor) matches(p *pattern.Pattern, text string, at *spec.Node) (matched, known bool) {
	if slices.Contains(v.Budget.SlowPatterns(), at) {
		return false, false
	}
	matched, err := p.Match(text)
	if p.Backtracks() && !v.Budget.InTime(at) { // one match may take as long as many visits
		v.abort()
	}
	if err != nil {
		if v.Budget == nil {
			v.Budget = NewBudget(math.MaxInt64, math.MaxInt)
		}
		v.Budget.slow = append(v.Budget.slow, at)
	}
	return matched, err == nil
}

// inEnum reports whether the value is an element of the enum, under one of its readings.
func (v *visitor) inEnum(c *Checker, value strictjson.Value, readings types) bool {
	if c.isAllStrings && value.Kind() != strictjson.String {
		return false
	}
	v.effort += len(c.enum) / 16
	for _, element := range c.enum {
		if v.equalAs(value, element, readings) {
			return true
		}
	}
	return false
}

// equalAs reports whether the value equals another under one of its readings. The string 7.0 of a URL equals the
// number 7 if the schema accepts numbers.
func (v *visitor) equalAs(value, other strictjson.Value, readings types) bool {
	if !v.Text || value.Kind() != strictjson.String {
		return v.equal(value, other)
	}
	switch as := typeOf[other.Kind()]; {
	case as&readings == 0:
		return false
	case as == isNumber:
		return decimal.Compare(value.Text(), other.Text()) == 0
	}
	return value.Text() == other.Text()
}

// equal is strictjson.Equal, but strings inside the first value are strings of a URL if the option Text is set.
func (v *visitor) equal(value, other strictjson.Value) bool {
	if !v.Text || value.Kind() != other.Kind() || value.Kind() < strictjson.Array {
		return strictjson.Equal(value, other)
	}
	if value.Len() != other.Len() {
		return false
	}
	for i, element := range value.Elements() {
		if !v.equalAs(element, other.At("/"+strconv.Itoa(i)), spelledType(element.Text())|isString) {
			return false
		}
	}
	for name, member := range value.Members() {
		if m := other.Member(name); !m.Exists() || !v.equalAs(member, m, spelledType(member.Text())|isString) {
			return false
		}
	}
	return true
}
