package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// Most bodies are right, and most schemas are plain: one schema for each value, with types, properties, items, enums and limits.
// For them the bytes are read just once. The pass goes through the text and the graph of checkers side by side. It reads each token,
// appends its node, and checks it while it is at hand:
//
//	{"type": "user", "used": 7}
//	 ^ the next property of the schema is type: its name is compared at once, without a search
//	         ^ a string, and all elements of the enum are strings: the bytes are compared with them
//	                         ^ digits, and the limits are small integers: they are converted while they are read
//
// Where it has no shortcut, the pass appends the node and asks the visitor (visit.go), so that every keyword has one
// implementation. A shortcut never rejects: if it does not accept a value, the visitor decides. A schema that is not plain, such
// as oneOf, gets its value read first and is then visited as always.
//
// The pass only decides. If the text is not strict JSON or the value is wrong, others explain (strictjson.Parse, Reading).

// Read reads a JSON text and checks it at the same time. The value refers to the data, which must not change until the last use of the
// value. If ok is false there is no value: the text is not strict JSON, or the budget has run out. Then [strictjson.Parse]
// explains, or reads what can be read. The observer has received nothing but values of Described, to be discarded.
//
// The options Text and Partial are not for a JSON text that is whole.
func (c *Checker) Read(data []byte, o Options, observer Observer) (read Reading, ok bool) {
	if c == nil || o.Text || o.Partial || len(data) > strictjson.MaxText {
		return read, false
	}
	if !c.set.hasRules {
		observer.Described = nil
	}
	p := pass{visitor: newVisitor(c.set, strictjson.Value{}, o), r: strictjson.NewReader(data), valid: true, observed: true}
	defer p.visitor.free()
	p.visitor.Observer = observer
	at, _ := p.value(c, p.r.Space(0))
	if at < 0 || p.r.End(at) < 0 || o.Budget.Err() != nil {
		p.r.Free()
		return read, false
	}
	p.visitor.reportEnums()
	return Reading{p.r.Value(0), p.valid, p.valid && p.observed, c, o, true}, true
}

// pass reads one text. Its methods take the offset of a value in the text. They return the offset after it, or -1 if the text is
// not strict JSON, and whether the value is right: it is valid, and the observer has received everything about it.
type pass struct {
	r       strictjson.Reader
	visitor *visitor
	depth   int // how many containers are open

	valid    bool // so far
	observed bool // so far, no member may be undocumented
}

// value reads a value. It marks it if it is not right.
func (p *pass) value(c *Checker, at int) (next int, right bool) {
	b, visited := c.onBytes, c
	if b != nil {
		visited = b.checker
	}
	if p.depth > strictjson.MaxDepth || !p.visitor.startVisit(visited) {
		return -1, false
	}
	index := p.r.Len()
	switch {
	case b == nil:
		next, right = p.indirect(c, index, at)
	case p.r.Byte(at) == '{':
		if !b.object {
			next, right = p.indirect(c, index, at)
			break
		}
		next, right = p.object(b.checker, index, at)
	case p.r.Byte(at) == '[':
		if !b.array {
			next, right = p.indirect(c, index, at)
			break
		}
		next, right = p.array(b.checker, index, at)
	default:
		next, right = p.scalar(b, index, at)
	}
	if !right && next >= 0 {
		p.r.Mark(index)
	}
	return next, right
}

// isValid notes that the value is invalid if ok is false, and returns ok.
func (p *pass) isValid(ok bool) bool {
	p.valid = p.valid && ok
	return ok
}

// free reads a value that no schema describes.
func (p *pass) free(at int) (next int) {
	if p.depth > strictjson.MaxDepth {
		return -1
	}
	return p.r.Any(at, p.depth)
}

// indirect reads a value, and then visits it. If it is not right, the walks that explain need all of its parts, so that all get a
// mark.
func (p *pass) indirect(c *Checker, index, at int) (next int, right bool) {
	if next = p.free(at); next < 0 {
		return next, false
	}
	if right = p.visit(c, p.r.Value(index)); !right {
		p.r.MarkFrom(index)
	}
	return next, right
}

// visit reports whether a value that was read is right. All checkers around this one are plain, so it alone describes the value.
func (p *pass) visit(c *Checker, value strictjson.Value) (right bool) {
	v := p.visitor
	v.untilMemo += 16 * value.Size()
	v.observes = false
	if !p.isValid(v.visit(c, value, nil)) {
		return false
	}
	if c.isSilent {
		return true
	}
	v.observes, v.describers = true, append(v.describers, describer{c, true})
	w := walk{v}
	w.value(value, 0)
	v.describers = v.describers[:0]
	p.observed = p.observed && v.observes
	return v.observes
}

// scalar reads a value that is no container.
func (p *pass) scalar(b *onBytes, index, at int) (next int, right bool) {
	switch first := p.r.Byte(at); {
	case first == '"':
		if next = p.r.String(at); next < 0 {
			return next, false
		}
		if b.accepts&isString != 0 || b.texts != nil && p.isInEnum(b) {
			return next, true
		}
	case first <= '9' && b.least <= b.most:
		n, next := p.r.SmallInteger(at)
		if next >= 0 && b.least <= n && n <= b.most {
			return next, true
		}
		if next < 0 {
			next = p.r.Scalar(at)
		}
		return next, next >= 0 && p.own(b, index)
	default:
		if next = p.r.Scalar(at); next < 0 {
			return next, false
		}
		if b.accepts&typeOf[p.r.Value(index).Kind()] != 0 {
			return next, true
		}
	}
	return next, p.own(b, index)
}

// isInEnum reports whether the newest string is an element of the enum.
func (p *pass) isInEnum(b *onBytes) bool {
	text := p.r.LastText()
	for i, element := range b.texts {
		if text == element {
			if p.visitor.Enum != nil {
				p.visitor.noteEnum(b.checker.firstEnum + i)
			}
			return true
		}
	}
	return false
}

// own reports whether a scalar is right by all keywords.
func (p *pass) own(b *onBytes, index int) bool {
	v, value := p.visitor, p.r.Value(index)
	if !b.checker.isSilent {
		v.observe(describer{b.checker, true}, value)
	}
	return p.isValid(v.own(b.checker, value, nil))
}

// array reads an array, of which at is the bracket.
func (p *pass) array(c *Checker, index, at int) (next int, right bool) {
	right = true
	at = p.r.Space(p.r.Open(strictjson.Array, at))
	p.describe(c, index)
	p.depth++
	size := 0
	if p.r.Byte(at) != ']' {
		for {
			ok := true
			if item := c.element(size); item == nil {
				at = p.free(at)
			} else {
				at, ok = p.value(item, at)
			}
			if at < 0 {
				return -1, false
			}
			size, right = size+1, right && ok
			at = p.r.Space(at)
			if b := p.r.Byte(at); b == ']' {
				break
			} else if b != ',' {
				return -1, false
			}
			at = p.r.Space(at + 1)
		}
	}
	p.depth--
	at = p.r.Close(index, size, at)
	v, k := p.visitor, c.array
	if k.size != (sizes{}) {
		right = p.isValid(v.size(c, p.r.Value(index), size, k.size, "minItems", "maxItems")) && right
	}
	if k.isUnique {
		v.effort += p.r.Len() - index
		right = p.isValid(v.isUnique(c, p.r.Value(index))) && right
	}
	return at, right
}

// describe reports a container to an observer of values with rules.
func (p *pass) describe(c *Checker, index int) {
	if len(c.schema.Rules) > 0 && p.visitor.Described != nil {
		p.visitor.Described(c.schema, p.r.Value(index))
	}
}

// object reads an object, of which at is the brace.
func (p *pass) object(c *Checker, index, at int) (next int, right bool) {
	o := members{c: c, k: c.object, index: index, right: true}
	at = p.r.Space(p.r.Open(strictjson.Object, at))
	p.describe(c, index)
	p.depth++
	if p.r.Byte(at) != '}' {
		for {
			if at = p.member(&o, at); at < 0 {
				return -1, false
			}
			at = p.r.Space(at)
			if b := p.r.Byte(at); b == '}' {
				break
			} else if b != ',' {
				return -1, false
			}
			at = p.r.Space(at + 1)
		}
	}
	p.depth--
	at = p.r.Close(index, o.size, at)
	v, k, right := p.visitor, o.k, o.right
	if o.present < k.requires {
		right = p.isValid(v.required(c, p.r.Value(index))) && right
	}
	if k.size != (sizes{}) {
		right = p.isValid(v.size(c, p.r.Value(index), o.size, k.size, "minProperties", "maxProperties")) && right
	}
	if len(k.dependent) > 0 {
		right = p.isValid(v.dependentRequired(c, p.r.Value(index))) && right
	}
	return at, right
}

// members is the state of an object that is being read.
type members struct {
	c             *Checker
	k             *objectKeywords
	index         int
	right         bool   // so far
	size, present int    // members, and those that are required
	likely        int    // the index of the property that probably comes next
	seen          uint64 // bit i: property i was there
}

// member reads a member.
func (p *pass) member(o *members, at int) (next int) {
	i, at := p.name(o, at)
	if at < 0 {
		return -1
	}
	if at = p.r.Space(at); p.r.Byte(at) != ':' {
		return -1
	}
	at = p.r.Space(at + 1)
	o.size++
	c := o.k.additional
	if i >= 0 {
		property := &o.k.properties[i]
		if property.isRequired {
			o.present++
		}
		if property.checker != nil {
			c = property.checker
			isWrong := p.visitor.wrongDirection(c) != "" && p.r.Byte(at) != 'n'
			o.right = p.isValid(!isWrong) && o.right
		}
	}
	if c == nil {
		if len(o.c.schema.Properties) > 0 {
			o.right, p.observed = false, false // the member may be undocumented
		}
		return p.free(at)
	}
	next, right := p.value(c, at)
	o.right = o.right && right
	return next
}

// name reads the name of a member. It returns the index of its property, or -1 if it has none.
func (p *pass) name(o *members, at int) (i, next int) {
	k := o.k
	if i = o.likely; i < len(k.properties) && hasPrefix(p.r.Text[at:], k.properties[i].quoted) {
		next = at + len(k.properties[i].quoted)
		p.r.AddScalar(strictjson.String, at+1, next-1)
	} else {
		if next = p.r.String(at); next < 0 {
			return -1, -1
		}
		i = k.indexOf(p.r.LastText())
	}
	if i < 0 || i >= 64 {
		if p.r.RepeatsName(o.index) {
			return -1, -1
		}
	} else {
		if o.seen&(1<<i) != 0 {
			return -1, -1
		}
		o.seen |= 1 << i
	}
	o.likely = i + 1
	return i, next
}

func hasPrefix(text, prefix string) bool {
	return len(text) >= len(prefix) && text[:len(prefix)] == prefix
}

// quoted returns a name in quotes, or a text that no name has if the name must or may be escaped.
func quoted(name string) string {
	for _, c := range []byte(name) {
		if c == '"' || c == '\\' || c < ' ' || c >= 0x80 {
			return "\x00"
		}
	}
	return `"` + name + `"`
}
