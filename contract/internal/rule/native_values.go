package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// This file compiles expressions of any type into closures that return an operand. Names and literals are resolved while the
// rule is compiled, so that an evaluation follows pointers only:
//
//	response.status    a closure over the field Status
//	r.name             a closure that looks up the member name in the loop variable r, whose index in loopVars is known
//	"x"                a closure that returns the same operand each time
//	duration("1s")     not supported: a closure that returns the zero operand, which makes the result unknown

// exchangeParts read the parts of an exchange that rules can refer to.
var exchangeParts = map[string]value{
	"request.method":   func(v *Variables) operand { return fromText(v.Request.Method) },
	"request.path":     func(v *Variables) operand { return fromText(v.Request.Path) },
	"request.query":    func(v *Variables) operand { return operand{kind: query, number: requestQuery} },
	"request.headers":  func(v *Variables) operand { return operand{kind: headers, number: requestHeaders} },
	"request.body":     func(v *Variables) operand { return fromJSON(v.Request.Body) },
	"response.status":  func(v *Variables) operand { return fromInt(int64(v.Response.Status)) },
	"response.headers": func(v *Variables) operand { return operand{kind: headers, number: responseHeaders} },
	"response.body":    func(v *Variables) operand { return fromJSON(v.Response.Body) },
	"previous.status":  ofPrevious(func(r *Response) operand { return fromInt(int64(r.Status)) }),
	"previous.headers": ofPrevious(func(*Response) operand { return operand{kind: headers, number: previousHeaders} }),
	"previous.body":    ofPrevious(func(r *Response) operand { return fromJSON(r.Body) }),
}

// ofPrevious reads a part of the previous response. It returns the zero operand if there is none.
func ofPrevious(part func(*Response) operand) value {
	return func(v *Variables) operand {
		if v.Previous == nil {
			return operand{}
		}
		return part(v.Previous)
	}
}

// constant returns a closure that always returns the same operand. With the zero operand it stands for what is not supported.
func constant(o operand) value { return func(*Variables) operand { return o } }

// value compiles an expression of any type.
func (c *compiler) value(e celast.Expr) value {
	if t := c.ownTest(e); t != nil {
		return func(v *Variables) operand {
			if a := t(v); a != unknown {
				return fromBool(a == yes)
			}
			return operand{}
		}
	}
	c.nodes++
	switch e.Kind() {
	case celast.LiteralKind:
		return constant(fromLiteral(e.AsLiteral()))
	case celast.IdentKind:
		return c.identifier(e.AsIdent())
	case celast.SelectKind:
		return c.member(e.AsSelect().Operand(), e.AsSelect().FieldName())
	case celast.ListKind:
		return list(e.AsList())
	case celast.ComprehensionKind:
		return c.mapOrFilter(e.AsComprehension())
	case celast.CallKind:
		return c.call(e.AsCall().FunctionName(), operands(e.AsCall()))
	}
	return constant(operand{})
}

// fromLiteral returns a literal as an operand.
func fromLiteral(of ref.Val) operand {
	switch l := of.(type) {
	case types.Bool:
		return fromBool(bool(l))
	case types.Int:
		return fromInt(int64(l))
	case types.Double:
		return fromDouble(float64(l))
	case types.String:
		return fromText(string(l))
	case types.Null:
		return operand{kind: null}
	}
	return operand{}
}

// identifier compiles a loop variable, self, or the name of a type. A message as a whole is not supported.
func (c *compiler) identifier(name string) value {
	if i := c.loop(name); i >= 0 {
		return func(v *Variables) operand { return v.loopVars[i] }
	}
	if name == "self" {
		return func(v *Variables) operand {
			if v.Self.of == nothing {
				return operand{}
			}
			return fromJSON(v.Self.part)
		}
	}
	if of, ok := typeNames[name]; ok {
		return constant(operand{kind: typeName, number: int64(of)})
	}
	return constant(operand{})
}

// loop returns the index of the innermost loop with the variable, or -1.
func (c *compiler) loop(name string) int {
	for i, loop := range slices.Backward(c.loops) {
		if loop == name {
			return i
		}
	}
	return -1
}

// partOf returns the closure for a part of the exchange, such as request.method, or nil.
func (c *compiler) partOf(of celast.Expr, name string) value {
	if of.Kind() != celast.IdentKind || c.loop(of.AsIdent()) >= 0 {
		return nil
	}
	return exchangeParts[of.AsIdent()+"."+name]
}

// member compiles the selection of a member by name.
func (c *compiler) member(from celast.Expr, name string) value {
	if part := c.partOf(from, name); part != nil {
		return part
	}
	if slot := c.slotOf(from, name); slot >= 0 {
		return func(v *Variables) operand { return v.slots.values[slot] }
	}
	of, k := c.value(from), newKey(name)
	return func(v *Variables) operand { return v.lookup(of(v), k) }
}

// list compiles a list of literals. Other lists are not supported.
func list(l celast.ListExpr) value {
	elements := make([]operand, l.Size())
	for i, e := range l.Elements() {
		if e.Kind() != celast.LiteralKind {
			return constant(operand{})
		}
		if elements[i] = fromLiteral(e.AsLiteral()); elements[i].kind == none {
			return constant(operand{})
		}
	}
	return constant(operand{kind: computed, list: &elements})
}

// call compiles the calls that may give any type.
func (c *compiler) call(name string, args []celast.Expr) value {
	switch name {
	case operators.Conditional:
		condition, then, otherwise := c.test(args[0]), c.value(args[1]), c.value(args[2])
		return func(v *Variables) operand {
			switch condition(v) {
			case yes:
				return then(v)
			case no:
				return otherwise(v)
			}
			return operand{}
		}
	case operators.Index:
		if name, ok := literalText(args[1]); ok {
			return c.member(args[0], name)
		}
		return c.index(args)
	case overloads.Size:
		of := c.value(args[0])
		return func(v *Variables) operand { return size(v, of(v)) }
	case overloads.TypeConvertType:
		of := c.value(args[0])
		return func(v *Variables) operand { return fromType(of(v).kind.typeOf()) }
	}
	return c.arithmetic(name, args)
}

// index compiles the access to a list by number, or to a map by a computed name.
func (c *compiler) index(args []celast.Expr) value {
	of, by := c.value(args[0]), c.value(args[1])
	return func(v *Variables) operand {
		from, at := of(v), by(v)
		switch at.kind {
		case integer:
			return v.element(from, at.number)
		case text:
			return v.lookup(from, key{name: at.text})
		}
		return operand{}
	}
}
