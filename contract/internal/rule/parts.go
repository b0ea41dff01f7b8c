package rule

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// RefersTo reports whether the rule refers to a part of the exchange such as response.body, or with a dot at the end
// (response.) to any part of a message.
func (p *Program) RefersTo(part string) bool {
	return slices.ContainsFunc(p.Parts, func(a string) bool {
		return a == part || strings.HasSuffix(part, ".") && strings.HasPrefix(a, part)
	})
}

// partsOf lists the parts of the exchange that a rule refers to; a message as a whole is all of its parts.
func partsOf(ast *cel.Ast) []string {
	parts := []string{}
	whole := map[string]int{} // how often a message is named, less how often with a part
	celast.PostOrderVisit(ast.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		switch e.Kind() {
		case celast.IdentKind:
			whole[e.AsIdent()]++
		case celast.SelectKind:
			if s := e.AsSelect(); s.Operand().Kind() == celast.IdentKind {
				whole[s.Operand().AsIdent()]--
				parts = append(parts, s.Operand().AsIdent()+"."+s.FieldName())
			}
		case celast.CallKind:
			if c := e.AsCall(); c.FunctionName() == operators.Index && c.Args()[0].Kind() == celast.IdentKind && c.Args()[1].Kind() == celast.LiteralKind {
				if field, ok := c.Args()[1].AsLiteral().Value().(string); ok {
					whole[c.Args()[0].AsIdent()]--
					parts = append(parts, c.Args()[0].AsIdent()+"."+field)
				}
			}
		}
	}))
	for name, times := range whole {
		if times > 0 {
			parts = append(parts, name+".query", name+".headers", name+".body", name+".")
		}
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// onlyRequest reports whether parts of an exchange are parts of its request and nothing else.
func onlyRequest(parts []string) bool {
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(part string) bool { return !strings.HasPrefix(part, "request.") })
}

// parts is a set of those parts of an exchange that take time to convert: bit i is that of converters[i].
type parts uint8

// needed is the set of the parts that a rule about them needs.
func needed(about []string) parts {
	needs := parts(0)
	for i, c := range converters {
		if slices.Contains(about, c.part) {
			needs |= 1 << i
		}
	}
	return needs
}
