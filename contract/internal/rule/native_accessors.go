package rule

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// accessor finds a part of a body, such as r.type. Rules mostly compare such parts, and a JSON value is cheaper
// than an operand. No value means that only cel-go knows what is there.
type accessor func(*Variables) strictjson.Value

// accessor compiles the selection of a member that may be in a body. It returns nil for any other expression.
func (c *compiler) accessor(e celast.Expr) accessor {
	switch e.Kind() {
	case celast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() {
			return c.memberAccessor(s.Operand(), s.FieldName())
		}
	case celast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			if name, ok := literalText(call.Args()[1]); ok {
				return c.memberAccessor(call.Args()[0], name)
			}
		}
	}
	return nil
}

// memberAccessor compiles the selection of a member by name. It returns nil if the object cannot be in a body.
func (c *compiler) memberAccessor(of celast.Expr, name string) accessor {
	if c.partOf(of, name) != nil {
		return nil // a whole body: for that, no value means null
	}
	from := c.containerAccessor(of)
	if from == nil {
		return nil
	}
	c.nodes++
	return func(v *Variables) strictjson.Value {
		object := from(v)
		v.steps -= object.Len()
		return object.Member(name)
	}
}

// containerAccessor compiles an expression that may be an object in a body, or a whole body.
func (c *compiler) containerAccessor(e celast.Expr) accessor {
	if e.Kind() == celast.IdentKind {
		if i := c.loop(e.AsIdent()); i >= 0 {
			return func(v *Variables) strictjson.Value { return v.loopVars[i].json }
		}
		if e.AsIdent() == "self" {
			return func(v *Variables) strictjson.Value { return v.Self.part }
		}
		return nil
	}
	if e.Kind() == celast.SelectKind {
		if part := c.partOf(e.AsSelect().Operand(), e.AsSelect().FieldName()); part != nil {
			if e.AsSelect().FieldName() != "body" {
				return nil
			}
			return func(v *Variables) strictjson.Value { return part(v).json }
		}
	}
	return c.accessor(e)
}

// equalJSON compares two parts of bodies.
func equalJSON(v *Variables, a, b strictjson.Value) truth {
	if a.Kind() == strictjson.String && b.Kind() == strictjson.String {
		v.steps -= min(len(a.Text()), len(b.Text())) / bytesAStep
		return truthOf(a.Text() == b.Text())
	}
	return equal(v, fromMember(a), fromMember(b))
}

// fromMember returns a part of a body as an operand, and the zero operand for no value.
func fromMember(v strictjson.Value) operand {
	if !v.Exists() {
		return operand{}
	}
	return fromJSON(v)
}

// typeOf returns the kind that stands for the CEL type of a part of a body, and none for no value.
func typeOf(v strictjson.Value) kind {
	switch v.Kind() {
	case strictjson.String:
		return text
	case strictjson.Array:
		return array
	case strictjson.Object:
		return object
	}
	return fromMember(v).kind
}
