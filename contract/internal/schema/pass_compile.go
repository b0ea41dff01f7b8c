package schema

import (
	"math"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
)

// Whatever the pass can know about a schema before it sees a value is prepared here, once for each checker.

// onBytes says how the pass checks a value of one checker.
type onBytes struct {
	checker *Checker // without the references on the way to it
	// accepts has the types of which every scalar is right.
	accepts types
	// Integers from least to most are right. There are none if least > most.
	least, most int64
	// texts are the elements of an enum of strings, of which each is right.
	texts []string
	// object and array allow to check the parts of a container while they are read.
	object, array bool
}

// newOnBytes returns nil if the pass must read a value before it can be checked. The checker and all that it refers to are filled.
func newOnBytes(c *Checker) *onBytes {
	for range maxReferences {
		if c.delegate == nil {
			break
		}
		c = c.delegate
	}
	if !c.isSimple || c.acceptsAll || c.acceptsNone {
		return nil
	}
	b := &onBytes{checker: c, least: math.MaxInt64, most: math.MinInt64}
	isFixed := len(c.enum) > 0 || c.constant.Exists() || c.schema.Enum != nil
	if isFixed || len(c.schema.Rules) > 0 {
		b.setTexts()
	} else {
		b.setScalars()
	}
	accepted := c.types
	if accepted == 0 {
		accepted = isArray | isObject
	}
	o, a := c.object, c.array
	b.object = !isFixed && accepted&isObject != 0 && o != nil && o.names == nil && len(o.patterns) == 0
	b.array = !isFixed && accepted&isArray != 0 && a != nil && a.contains == nil
	return b
}

// maxReferences is how many references in a row the pass follows.
const maxReferences = 16

// setScalars sets which scalars are right, for a checker without an enum.
func (b *onBytes) setScalars() {
	c := b.checker
	accepted := c.types
	if accepted == 0 {
		accepted = isNull | isBool | isNumber | isString
	}
	b.accepts = accepted & (isNull | isBool)
	if c.text == nil {
		b.accepts |= accepted & isString
	}
	switch {
	case c.number == nil && accepted&isNumber != 0:
		b.accepts |= isNumber
	case accepted&(isNumber|isInteger) != 0:
		b.setLimits()
	}
}

// setLimits sets which integers are right, if the limits are integers.
func (b *onBytes) setLimits() {
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	if k := b.checker.number; k != nil {
		switch format := b.checker.schema.Format; {
		case format == "int32":
			least, most = math.MinInt32, math.MaxInt32
		case format != "int64" && k.format != nil:
			return
		}
		for _, l := range k.limits {
			n, ok := decimal.SmallInteger(l.number)
			switch {
			case !ok:
				return
			case l.keyword == "minimum":
				least = max(least, n)
			case l.keyword == "exclusiveMinimum":
				least = max(least, n+1)
			case l.keyword == "maximum":
				most = min(most, n)
			case l.keyword == "exclusiveMaximum":
				most = min(most, n-1)
			default:
				return
			}
		}
	}
	b.least, b.most = least, most
}

// setTexts sets the elements of an enum of strings.
func (b *onBytes) setTexts() {
	c := b.checker
	isOfStrings := c.isAllStrings && (c.types == 0 || c.types&isString != 0)
	if !isOfStrings || c.text != nil || c.constant.Exists() || len(c.schema.Rules) > 0 {
		return
	}
	known := map[string]bool{}
	for _, element := range c.enum {
		if known[element.Text()] {
			b.texts = nil // a value equals several elements
			return
		}
		known[element.Text()] = true
		b.texts = append(b.texts, element.Text())
	}
}
