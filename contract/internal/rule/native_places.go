package rule

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// place finds a part of a body, such as r.type. Most of what rules compare are such parts, and a JSON value is cheaper than
// an operand. No value means that only CEL knows what is there.
type place func(*Variables) strictjson.Value

// place compiles the member of something that may be in a body; nil for any other expression.
func (c *compiler) place(e celast.Expr) place {
	switch e.Kind() {
	case celast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() {
			return c.placeOf(s.Operand(), s.FieldName())
		}
	case celast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			if name, ok := literalText(call.Args()[1]); ok {
				return c.placeOf(call.Args()[0], name)
			}
		}
	}
	return nil
}

func (c *compiler) placeOf(of celast.Expr, name string) place {
	if c.partOf(of, name) != nil {
		return nil // all of a body, where no value is null
	}
	from := c.container(of)
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

// container compiles what may be an object in a body, or all of one.
func (c *compiler) container(e celast.Expr) place {
	if e.Kind() == celast.IdentKind {
		if i := c.loop(e.AsIdent()); i >= 0 {
			return func(v *Variables) strictjson.Value { return v.turns[i].json }
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
	return c.place(e)
}

// equalPlaces compares two parts of bodies.
func equalPlaces(v *Variables, a, b strictjson.Value) answer {
	if a.Kind() == strictjson.String && b.Kind() == strictjson.String {
		v.steps -= min(len(a.Text()), len(b.Text())) / bytesAStep
		return answerOf(a.Text() == b.Text())
	}
	return equal(v, fromPlace(a), fromPlace(b))
}

func fromPlace(v strictjson.Value) operand {
	if !v.Exists() {
		return operand{}
	}
	return fromJSON(v)
}

// typeOf gives the type of a part of a body; none if there is no value.
func typeOf(v strictjson.Value) kind {
	switch v.Kind() {
	case strictjson.String:
		return text
	case strictjson.Array:
		return array
	case strictjson.Object:
		return object
	}
	return fromPlace(v).kind
}
