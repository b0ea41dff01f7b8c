package rule

import (
	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// PartSet is a set of the parts of an exchange that a rule can refer to. If one of them is not known, the rule cannot be
// evaluated.
type PartSet uint16

// The parts of an exchange.
const (
	RequestLine PartSet = 1 << iota // method, path, and what is no part of a request
	RequestQuery
	RequestHeaders
	RequestBody
	ResponseStatus // and what is no part of a response
	ResponseHeaders
	ResponseBody
	PreviousStatus // and what is no part of a response
	PreviousHeaders
	PreviousBody
	otherParts // what is no part of an exchange, such as self.size

	AnyRequest  = RequestLine | RequestQuery | RequestHeaders | RequestBody
	AnyResponse = ResponseStatus | ResponseHeaders | ResponseBody
	AnyPrevious = PreviousStatus | PreviousHeaders | PreviousBody
)

// Has reports whether the sets have a part in common.
func (s PartSet) Has(some PartSet) bool { return s&some != 0 }

// isOnly reports whether a set has parts, and no others than these.
func (s PartSet) isOnly(these PartSet) bool { return s != 0 && s&^these == 0 }

// wholes are the variables and all of their parts.
var wholes = map[string]PartSet{"request": AnyRequest, "response": AnyResponse, "previous": AnyPrevious}

// partNames are the parts that have a bit of their own. Any other member of a variable counts as the first part of it.
var partNames = map[string]PartSet{
	"request.query": RequestQuery, "request.headers": RequestHeaders, "request.body": RequestBody,
	"response.headers": ResponseHeaders, "response.body": ResponseBody,
	"previous.headers": PreviousHeaders, "previous.body": PreviousBody,
}

// partOf returns the set of a member of a variable.
func partOf(variable, member string) PartSet {
	if part, ok := partNames[variable+"."+member]; ok {
		return part
	}
	switch variable {
	case "request":
		return RequestLine
	case "response":
		return ResponseStatus
	case "previous":
		return PreviousStatus
	}
	return otherParts
}

// partsOf returns the parts of the exchange that a rule refers to. A reference to a whole message, as in size(response), counts
// as all of its parts.
func partsOf(ast *cel.Ast) PartSet {
	parts := PartSet(0)
	whole := map[string]int{} // references to each variable, minus those to one of its parts
	add := func(variable, member string) {
		whole[variable]--
		parts |= partOf(variable, member)
	}
	celast.PostOrderVisit(ast.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		switch e.Kind() {
		case celast.IdentKind:
			whole[e.AsIdent()]++
		case celast.SelectKind:
			if s := e.AsSelect(); s.Operand().Kind() == celast.IdentKind {
				add(s.Operand().AsIdent(), s.FieldName())
			}
		case celast.CallKind:
			if c := e.AsCall(); c.FunctionName() == operators.Index && c.Args()[0].Kind() == celast.IdentKind {
				if member, ok := literalText(c.Args()[1]); ok {
					add(c.Args()[0].AsIdent(), member)
				}
			}
		}
	}))
	for name, times := range whole {
		if times <= 0 {
			continue
		}
		if all, ok := wholes[name]; ok {
			parts |= all
		} else {
			parts |= otherParts
		}
	}
	return parts
}
