package report

// pageKind is a kind of parts: the numbers and the parts by operation.
type pageKind struct {
	Name                                         string // several
	Kept, Broken, Warned, Unchecked, NotObserved int
	Groups                                       []group[Part]
}

func (p *page) kinds() []pageKind {
	parts := p.Coverage()
	return mapped(Kinds(), func(kind Kind) pageKind {
		name, n := string(kind)+"s", countStates(parts, kind)
		if kind == KindStatus {
			name = "statuses"
		}
		groups := groupsOf(ofKind(parts, kind), func(part Part) string {
			if part.Operation == "" || kind == KindOperation {
				return part.Document.Name
			}
			return part.Operation
		})
		return pageKind{name, n[Kept], n[Broken], n[Warned], n[Unchecked], n[NotObserved], groups}
	})
}

// pageSource is where checks came from, and the checks by operation.
type pageSource struct {
	Name       Suite
	Operations []group[*pageCheck]
}

func (p *page) bySource() []pageSource {
	return mapped(p.sources(), func(source Suite) pageSource {
		own := only(p.Checks, func(c *pageCheck) bool { return c.Suite == source })
		return pageSource{source, groupsOf(own, func(c *pageCheck) string { return c.Of })}
	})
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
