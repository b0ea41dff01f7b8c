package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// This file compiles expressions of any type into closures that return the address of an operand. Names and literals are resolved while the
// rule is compiled, so that an evaluation follows pointers only:
//
//	response.status    a closure over the field Status
//	r.name             a closure that looks up the member name in the register of the loop variable r
//	"x"                a closure that returns the same operand each time
//	duration("1s")     not supported: a closure that returns nothing, which makes the result unknown

// exchangeParts read the parts of an exchange that rules can refer to. Each sets an operand, and returns it or nothing.
var exchangeParts = map[string]func(*Variables, *operand) *operand{
	"request.method":   func(v *Variables, to *operand) *operand { return to.setText(v.Request.Method) },
	"request.path":     func(v *Variables, to *operand) *operand { return to.setText(v.Request.Path) },
	"request.query":    func(_ *Variables, to *operand) *operand { return to.setFields(query, requestQuery) },
	"request.headers":  func(_ *Variables, to *operand) *operand { return to.setFields(headers, requestHeaders) },
	"request.body":     func(v *Variables, to *operand) *operand { return to.setJSON(v.Request.Body) },
	"response.status":  func(v *Variables, to *operand) *operand { return to.setInt(int64(v.Response.Status)) },
	"response.headers": func(_ *Variables, to *operand) *operand { return to.setFields(headers, responseHeaders) },
	"response.body":    func(v *Variables, to *operand) *operand { return to.setJSON(v.Response.Body) },
	"previous.status":  ofPrevious(func(r *Response, to *operand) *operand { return to.setInt(int64(r.Status)) }),
	"previous.headers": ofPrevious(func(_ *Response, to *operand) *operand { return to.setFields(headers, previousHeaders) }),
	"previous.body":    ofPrevious(func(r *Response, to *operand) *operand { return to.setJSON(r.Body) }),
}

// ofPrevious reads a part of the previous response. It returns nothing if there is none.
func ofPrevious(part func(*Response, *operand) *operand) func(*Variables, *operand) *operand {
	return func(v *Variables, to *operand) *operand {
		if v.Previous == nil {
			return nothing
		}
		return part(v.Previous, to)
	}
}

// constant returns a closure that always returns the same operand. With nothing it stands for what is not supported.
func constant(o *operand) value { return func(*Variables) *operand { return o } }

// value compiles an expression of any type.
func (c *compiler) value(e celast.Expr) value {
	if t := c.ownTest(e); t != nil {
		return c.computed(func(v *Variables, to *operand) *operand {
			if a := t(v); a != unknown {
				return to.setBool(a == yes)
			}
			return nothing
		})
	}
	c.nodes++
	switch e.Kind() {
	case celast.LiteralKind:
		return constant(fromLiteral(e.AsLiteral()))
	case celast.IdentKind:
		return c.identifier(e.AsIdent())
	}
	if slot := c.slot(e); slot >= 0 {
		return func(v *Variables) *operand { return &v.slots.values[slot] }
	}
	return c.remembered(e, c.composed)
}

// composed compiles an expression that has parts.
func (c *compiler) composed(e celast.Expr) value {
	switch e.Kind() {
	case celast.SelectKind:
		return c.member(e.AsSelect().Operand(), e.AsSelect().FieldName())
	case celast.ListKind:
		return c.list(e.AsList())
	case celast.ComprehensionKind:
		return c.mapOrFilter(e.AsComprehension())
	case celast.CallKind:
		return c.call(e.AsCall().FunctionName(), operands(e.AsCall()))
	}
	return constant(nothing)
}

// fromLiteral returns a literal as an operand.
func fromLiteral(of ref.Val) *operand {
	o := &operand{}
	switch l := of.(type) {
	case types.Bool:
		return o.setBool(bool(l))
	case types.Int:
		return o.setInt(int64(l))
	case types.Double:
		return o.setDouble(float64(l))
	case types.String:
		return o.setText(string(l))
	case types.Null:
		o.kind = null
	}
	return o
}

// identifier compiles a loop variable, self, or the name of a type. A message as a whole is not supported.
func (c *compiler) identifier(name string) value {
	if r := c.loop(name); r >= 0 {
		return func(v *Variables) *operand { return &v.registers.operands[r] }
	}
	if name == "self" {
		return c.computed(func(v *Variables, to *operand) *operand {
			if v.Self.of == noMessage {
				return nothing
			}
			return to.setJSON(v.Self.part)
		})
	}
	if of, ok := typeNames[name]; ok {
		return constant((&operand{}).setType(of))
	}
	return constant(nothing)
}

// loop returns the register of the innermost loop variable with a name, or -1.
func (c *compiler) loop(name string) int {
	for _, l := range slices.Backward(c.loops) {
		if l.name == name {
			return l.register
		}
	}
	return -1
}

// partOf returns the closure for a part of the exchange, such as request.method, or nil.
func (c *compiler) partOf(of celast.Expr, name string) value {
	if of.Kind() != celast.IdentKind || c.loop(of.AsIdent()) >= 0 {
		return nil
	}
	if part, ok := exchangeParts[of.AsIdent()+"."+name]; ok {
		return c.computed(part)
	}
	return nil
}

// member compiles the selection of a member by name.
func (c *compiler) member(from celast.Expr, name string) value {
	if part := c.partOf(from, name); part != nil {
		return part
	}
	of, k := c.value(from), newKey(name)
	return c.computed(func(v *Variables, to *operand) *operand { return v.lookup(of(v), &k, to) })
}

// list compiles a list. One of literals only is made once.
func (c *compiler) list(l celast.ListExpr) value {
	elements := []value{}
	isLiteral := len(l.OptionalIndices()) == 0
	for _, e := range l.Elements() {
		elements = append(elements, c.value(e))
		isLiteral = isLiteral && e.Kind() == celast.LiteralKind
	}
	if len(l.OptionalIndices()) > 0 {
		return constant(nothing)
	}
	compute := func(v *Variables, to *operand) *operand {
		list := []operand{}
		for _, element := range elements {
			if v != nil {
				v.steps -= elementSteps
			}
			o := element(v)
			if o.kind == none {
				return nothing
			}
			list = append(list, *o)
		}
		to.kind, to.list = computed, &list
		return to
	}
	if isLiteral {
		return constant(compute(nil, &operand{}))
	}
	return c.computed(compute)
}

// call compiles the calls that may give any type.
func (c *compiler) call(name string, args []celast.Expr) value {
	switch name {
	case operators.Conditional:
		condition, then, otherwise := c.test(args[0]), c.value(args[1]), c.value(args[2])
		return func(v *Variables) *operand {
			switch condition(v) {
			case yes:
				return then(v)
			case no:
				return otherwise(v)
			}
			return nothing
		}
	case operators.Index:
		if name, ok := literalText(args[1]); ok {
			return c.member(args[0], name)
		}
		return c.index(args)
	case overloads.Size:
		of := c.value(args[0])
		return c.computed(func(v *Variables, to *operand) *operand { return to.size(v, of(v)) })
	case overloads.TypeConvertType:
		of := c.value(args[0])
		return c.computed(func(v *Variables, to *operand) *operand { return to.setType(of(v).kind.typeOf()) })
	}
	return c.arithmetic(name, args)
}

// index compiles the access to a list by number, or to a map by a computed name.
func (c *compiler) index(args []celast.Expr) value {
	of, by := c.value(args[0]), c.value(args[1])
	return c.computed(func(v *Variables, to *operand) *operand {
		from, at := of(v), by(v)
		switch at.kind {
		case integer:
			return v.element(from, at.number, to)
		case text:
			return v.lookup(from, &key{name: at.text}, to)
		}
		return nothing
	})
}
