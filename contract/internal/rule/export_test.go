package rule

// ByCEL returns the same rule without its closures, so cel-go evaluates it.
func (p *Program) ByCEL() *Program {
	byCEL := *p
	group := &Group{rules: []compiled{{Program: p, conclusion: unsupported}}}
	if p.premise != nil {
		group.rules[0].premise = unsupported
	}
	byCEL.alone = func() *Group { return group }
	return &byCEL
}

func unsupported(*Variables) truth { return unknown }

// IsNative reports whether the closures decide the rule over these variables.
func (p *Program) IsNative(v *Variables) bool {
	g := p.alone()
	v.fill(g)
	if premise := g.rules[0].premise; premise != nil {
		if a := v.evaluate(premise); a != yes {
			return a == no
		}
	}
	return v.evaluate(g.rules[0].conclusion) != unknown
}
