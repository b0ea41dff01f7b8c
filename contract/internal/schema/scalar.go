package schema

import (
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/format"
	"github.com/quotaspec/quotaspec/contract/internal/pattern"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// numberKeywords are the keywords for numbers, as the document writes them; empty: absent.
type numberKeywords struct {
	multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum string
	format                                                           string
}

// newNumberKeywords returns nil if the schema has none.
func newNumberKeywords(s *spec.Schema) *numberKeywords {
	text := func(n *spec.Node) string {
		if n == nil {
			return ""
		}
		return n.Text
	}
	k := numberKeywords{text(s.MultipleOf), text(s.Minimum), text(s.Maximum), text(s.ExclusiveMinimum), text(s.ExclusiveMaximum), ""}
	if format.OfNumbers(s.Format) {
		k.format = s.Format
	}
	if k.multipleOf != "" && decimal.Compare(k.multipleOf, "0") <= 0 {
		k.multipleOf = "" // nothing is a multiple of such a number, which the author cannot have meant
	}
	if k == (numberKeywords{}) {
		return nil
	}
	return &k
}

// textKeywords are the keywords for strings.
type textKeywords struct {
	min, max *uint64 // in characters
	pattern  *pattern.Pattern
	format   string
}

// newTextKeywords returns nil if the schema has none. A pattern that is no regular expression counts as absent: the document
// has a finding.
func newTextKeywords(s *spec.Schema) *textKeywords {
	k := textKeywords{min: s.MinLength, max: s.MaxLength}
	if s.Pattern != nil {
		if p, err := pattern.Compile(s.Pattern.Text); err == nil {
			k.pattern = p
		}
	}
	if !format.OfNumbers(s.Format) && format.Known(s.Format) {
		k.format = s.Format
	}
	if k == (textKeywords{}) {
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
	if k.minimum != "" && decimal.Compare(number, k.minimum) < 0 && v.fail(c, "minimum", at, &ok) {
		return false
	}
	if k.maximum != "" && decimal.Compare(number, k.maximum) > 0 && v.fail(c, "maximum", at, &ok) {
		return false
	}
	if k.exclusiveMinimum != "" && decimal.Compare(number, k.exclusiveMinimum) <= 0 && v.fail(c, "exclusiveMinimum", at, &ok) {
		return false
	}
	if k.exclusiveMaximum != "" && decimal.Compare(number, k.exclusiveMaximum) >= 0 && v.fail(c, "exclusiveMaximum", at, &ok) {
		return false
	}
	if k.multipleOf != "" && !decimal.IsMultiple(number, k.multipleOf) && v.fail(c, "multipleOf", at, &ok) {
		return false
	}
	isInteger := c.types&isInteger == 0 || decimal.IsInteger(number) // else the type has said it
	if k.format != "" && v.AssertFormats && isInteger && !format.Valid(k.format, number) && v.fail(c, "format", at, &ok) {
		return false
	}
	return ok
}

func (v *visitor) text(c *Checker, at strictjson.Value) bool {
	ok, k, text := true, c.text, at.Text()
	if k.min != nil || k.max != nil {
		count := uint64(utf8.RuneCountInString(text))
		if k.min != nil && count < *k.min && v.fail(c, "minLength", at, &ok) {
			return false
		}
		if k.max != nil && count > *k.max && v.fail(c, "maxLength", at, &ok) {
			return false
		}
	}
	if k.pattern != nil {
		if matched, known := v.matches(k.pattern, text); known && !matched && v.fail(c, "pattern", at, &ok) {
			return false
		}
	}
	if k.format != "" && v.AssertFormats && !format.Valid(k.format, text) && v.fail(c, "format", at, &ok) {
		return false
	}
	return ok
}

// matches reports whether a text matches. Of a match that takes too long that is not known; then the pattern is not tried on
// the rest of the value, of which each part might take as long.
func (v *visitor) matches(p *pattern.Pattern, text string) (matched, known bool) {
	if slices.Contains(v.slow, p) {
		return false, false
	}
	matched, err := p.Match(text)
	if err != nil {
		v.slow = append(v.slow, p)
	}
	return matched, err == nil
}

// listed reports whether the value is one of the enum. A number of the enum is also the text that spells one equal to it,
// if the schema takes numbers, and so on.
func (v *visitor) listed(c *Checker, at strictjson.Value, readings types) bool {
	if c.isTexts && at.Kind() != strictjson.String {
		return false
	}
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
		if !v.same(element, elementAt(other, i), spelled(element.Text())|isString) {
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

func elementAt(array strictjson.Value, index int) strictjson.Value {
	for i, element := range array.Elements() {
		if i == index {
			return element
		}
	}
	return strictjson.Value{}
}
