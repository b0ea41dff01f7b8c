package report

// pageKind is a kind of parts: the numbers and the parts by operation.
type pageKind struct {
	Name                            string // several
	Kept, Broken, Warned, NeverSeen int
	Groups                          []group[Part]
}

func (p *page) kinds() []pageKind {
	parts, list := p.Coverage(), []pageKind{}
	for _, kind := range Kinds() {
		name, n := string(kind)+"s", countStates(parts, kind)
		if kind == KindStatus {
			name = "statuses"
		}
		own := only(parts, func(part Part) bool { return part.Kind == kind })
		list = append(list, pageKind{name, n[Kept], n[Broken], n[Warned], n[NeverSeen], groupsOf(own, func(part Part) string {
			if part.Operation == "" || kind == KindOperation {
				return part.Document.Name
			}
			return part.Operation
		})})
	}
	return list
}

// pageSource is where checks came from, and the checks by operation.
type pageSource struct {
	Name       Source
	Operations []group[*pageCheck]
}

func (p *page) bySource() []pageSource {
	list := []pageSource{}
	for _, source := range p.sources() {
		own := only(p.Checks, func(c *pageCheck) bool { return c.Source == source })
		list = append(list, pageSource{source, groupsOf(own, func(c *pageCheck) string { return c.Of })})
	}
	return list
}

// group is what stands together under one name.
type group[T any] struct {
	Name string
	List []T
}

// groupsOf puts neighbours of the same name together.
func groupsOf[T any](list []T, name func(T) string) []group[T] {
	groups := []group[T]{}
	for _, v := range list {
		of := name(v)
		if n := len(groups); n == 0 || groups[n-1].Name != of {
			groups = append(groups, group[T]{Name: of})
		}
		last := &groups[len(groups)-1]
		last.List = append(last.List, v)
	}
	return groups
}
