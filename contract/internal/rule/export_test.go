package rule

// ByCEL returns the same rule without its closures, so cel-go evaluates it.
func (p *Program) ByCEL() *Program {
	byCEL := *p
	for _, part := range []**expression{&byCEL.premise, &byCEL.conclusion} {
		if *part != nil {
			e := **part
			e.native = func(*Variables) truth { return unknown }
			*part = &e
		}
	}
	return &byCEL
}

// IsNative reports whether the closures decide the rule over these variables.
func (p *Program) IsNative(v *Variables) bool {
	if p.premise != nil {
		if a := p.premise.evaluateNative(v); a != yes {
			return a == no
		}
	}
	return p.conclusion.evaluateNative(v) != unknown
}
