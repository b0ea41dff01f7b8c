package rule

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// RefersTo reports whether the rule refers to a part of the exchange. The part is a name such as response.body. With
// a dot at the end, such as response., it means any part of the message.
func (p *Program) RefersTo(part string) bool {
	if strings.HasSuffix(part, ".") {
		return slices.ContainsFunc(p.Parts, func(own string) bool { return strings.HasPrefix(own, part) })
	}
	return slices.Contains(p.Parts, part)
}

// partsOf lists the parts of the exchange that a rule refers to. A reference to a whole message, as in
// size(response), counts as all of its parts.
func partsOf(ast *cel.Ast) []string {
	parts := []string{}
	whole := map[string]int{} // references to each message, minus those to one of its parts
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
			if c := e.AsCall(); c.FunctionName() == operators.Index && c.Args()[0].Kind() == celast.IdentKind {
				if field, ok := literalText(c.Args()[1]); ok {
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

// onlyRequest reports whether all parts belong to the request.
func onlyRequest(parts []string) bool {
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(part string) bool { return !strings.HasPrefix(part, "request.") })
}

// partSet is a set of the parts that must be converted for cel-go. Bit i stands for converters[i].
type partSet uint8

// partSetOf returns the set of those among the parts of a rule.
func partSetOf(parts []string) partSet {
	needs := partSet(0)
	for i, c := range converters {
		if slices.Contains(parts, c.part) {
			needs |= 1 << i
		}
	}
	return needs
}
