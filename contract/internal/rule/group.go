package rule

// Group is a list of rules about the same value, such as the rules of one schema. They select the same members, so the members are
// found and read once for all of them (slots.go). It is safe for concurrent use.
type Group struct {
	members []string // of self, by slot
	rules   []compiled
}

// compiled is a rule with its closures.
type compiled struct {
	*Program
	premise, conclusion test // no premise: nil
}

// NewGroup compiles the closures of rules.
func NewGroup(programs ...*Program) *Group {
	g := &Group{}
	for _, p := range programs {
		r := compiled{Program: p, conclusion: newNative(p.conclusion.root, &g.members)}
		if p.premise != nil {
			r.premise = newNative(p.premise.root, &g.members)
		}
		g.rules = append(g.rules, r)
	}
	return g
}

// Bind sets self, and reads the members that the rules of the group select.
func (g *Group) Bind(v *Variables, self Value) {
	v.Self = self
	if len(g.members) > 0 {
		v.fill(g)
	}
}

// Evaluate evaluates a rule of the group about the self that Bind has set, with the results of [Program.Evaluate].
func (g *Group) Evaluate(rule int, v *Variables) (applies, holds bool, err error) {
	r := &g.rules[rule]
	if r.premise != nil {
		switch v.evaluate(r.premise) {
		case no:
			return false, false, nil
		case unknown:
			applies, err = r.Program.premise.evaluateCEL(v, r.Parts)
			if err != nil || !applies {
				return false, false, withoutValues(err)
			}
		}
	}
	result := v.evaluate(r.conclusion)
	if result != unknown {
		return true, result == yes, nil
	}
	holds, err = r.Program.conclusion.evaluateCEL(v, r.Parts)
	return err == nil, holds, withoutValues(err)
}

// evaluate returns the result of the closures, or unknown if they took too many steps.
func (v *Variables) evaluate(expression test) truth {
	v.steps = nativeSteps
	v.registers.evaluation++
	result := expression(v)
	v.Work += evaluationWork + nativeSteps - v.steps
	if v.steps < 0 {
		return unknown
	}
	return result
}

// evaluationWork is the work of an evaluation in addition to its steps.
const evaluationWork = 4
