package rule

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// join is a loop that can leave out the elements of its list whose key differs from an operand, since they cannot change its
// result:
//
//	list.exists(x, x.id == r.id && x.size > 0)    x.id == r.id is false, so the conjunction is, even if x has no size
//	list.all(x, x.id != r.id || x.size > 0)       likewise: a true operand decides
//	list.exists_one(x, x == r), list.filter(x, x.id == 7), list.map(x, x.id == 7, x.size)
//
// The key is the loop variable or one of its members, and the operand does not depend on the variable. With an index of the list
// (index.go), the loop visits only the elements with that key. Without one, because an element has no key or the
// operand is unknown, it visits all.
type join struct {
	by     listKey
	needle value
	isAll  bool // the comparison is the whole predicate, so each element with the key decides
}

// join returns how to join a loop; nil if that is not possible. With negated, the predicate must be true for other keys, else
// false.
func (c *compiler) join(l celast.ComprehensionExpr, predicate celast.Expr, negated bool) *join {
	operator := operators.LogicalAnd
	if negated {
		operator = operators.LogicalOr
	}
	parts := chain(operator, predicate)
	for _, part := range parts {
		args := comparedIn(part, negated)
		for i := range args {
			by, ok := keyOf(args[i], l.IterVar())
			if ok && !mentions(args[1-i], l.IterVar()) {
				return &join{by, c.value(args[1-i]), len(parts) == 1}
			}
		}
	}
	return nil
}

// comparedIn returns the operands of ==, or with negated those of !=; nil if the expression is no such comparison.
func comparedIn(e celast.Expr, negated bool) []celast.Expr {
	switch {
	case !negated && isCall(e, operators.Equals), negated && isCall(e, operators.NotEquals):
		return e.AsCall().Args()
	case isCall(e, operators.LogicalNot):
		return comparedIn(e.AsCall().Args()[0], !negated)
	}
	return nil
}

// keyOf returns the key that an expression selects of a variable.
func keyOf(e celast.Expr, variable string) (by listKey, ok bool) {
	isVariable := func(e celast.Expr) bool { return e.Kind() == celast.IdentKind && e.AsIdent() == variable }
	if isVariable(e) {
		return listKey{}, true
	}
	if e.Kind() == celast.SelectKind && !e.AsSelect().IsTestOnly() {
		return listKey{true, e.AsSelect().FieldName()}, isVariable(e.AsSelect().Operand())
	}
	if isCall(e, operators.Index) && isVariable(e.AsCall().Args()[0]) {
		name, ok := literalText(e.AsCall().Args()[1])
		return listKey{true, name}, ok
	}
	return listKey{}, false
}

// mentions reports whether an expression has an identifier.
func mentions(e celast.Expr, name string) bool {
	found := false
	celast.PostOrderVisit(e, celast.NewExprVisitor(func(e celast.Expr) {
		found = found || e.Kind() == celast.IdentKind && e.AsIdent() == name
	}))
	return found
}

// index returns the index of a list and the key to look for; nil if the loop must visit all elements.
func (j *join) index(v *Variables, list *operand) (x *index, key *operand) {
	if j == nil {
		return nil, nil
	}
	if x = v.indexOf(list, j.by); x == nil {
		return nil, nil
	}
	if key = j.needle(v); key.kind == none {
		return nil, nil
	}
	return x, key
}

// count counts the elements with the key, up to a number. If the predicate has other parts, or there is no index, ok is false.
func (j *join) count(v *Variables, list *operand, most int) (found int, ok bool) {
	if j == nil || !j.isAll {
		return 0, false
	}
	x, key := j.index(v, list)
	if x == nil {
		return 0, false
	}
	e, ok := x.first(v, key)
	for ; e != nil; e, ok = x.search(v, e.next, key) {
		if found++; found == most {
			return found, true
		}
	}
	return found, ok
}
