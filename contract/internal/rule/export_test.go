package rule

// ByCEL gives the same rule without its native part: CEL evaluates it.
func (p *Program) ByCEL() *Program {
	byCEL := *p
	for _, part := range []**expression{&byCEL.premise, &byCEL.conclusion} {
		if *part != nil {
			e := **part
			e.native = func(*Variables) answer { return unsure }
			*part = &e
		}
	}
	return &byCEL
}

// IsNative reports whether the rule can be evaluated over these variables without CEL.
func (p *Program) IsNative(v *Variables) bool {
	if p.premise != nil {
		if a := p.premise.decideNatively(v); a != yes {
			return a == no
		}
	}
	return p.conclusion.decideNatively(v) != unsure
}
