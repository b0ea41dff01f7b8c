package report

// pageKind is a kind of parts: the number in each state, and the parts by operation.
type pageKind struct {
	Name                                         string // plural
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

// pageSuite is a suite and its checks by operation.
type pageSuite struct {
	Name       Suite
	Operations []group[*pageCheck]
}

func (p *page) bySuite() []pageSuite {
	return mapped(p.suites(), func(suite Suite) pageSuite {
		own := only(p.Checks, func(c *pageCheck) bool { return c.Suite == suite })
		return pageSuite{suite, groupsOf(own, func(c *pageCheck) string { return c.Of })}
	})
}

// group is a list under one heading.
type group[T any] struct {
	Name string
	List []T
}

// groupsOf groups consecutive elements with the same name.
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
