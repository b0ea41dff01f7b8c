package report

// pageKind is a kind of parts: the numbers and the parts by operation.
type pageKind struct {
	Kind                            Kind
	Name                            string // several
	Kept, Broken, Warned, NeverSeen int
	Groups                          []pageParts
}

type pageParts struct {
	Operation string
	Parts     []Part
}

func (b *pageBuilder) coverage() []pageKind {
	parts, list := b.Coverage(), []pageKind{}
	for _, kind := range Kinds() {
		k := pageKind{Kind: kind, Name: string(kind) + "s"}
		if kind == KindStatus {
			k.Name = "statuses"
		}
		n := Tally(parts, kind)
		k.Kept, k.Broken, k.Warned, k.NeverSeen = n[Kept], n[Broken], n[Warned], n[NeverSeen]
		for _, p := range parts {
			if p.Kind != kind {
				continue
			}
			of := p.Operation
			if of == "" || kind == KindOperation {
				of = p.Document.Name
			}
			if n := len(k.Groups); n == 0 || k.Groups[n-1].Operation != of {
				k.Groups = append(k.Groups, pageParts{Operation: of})
			}
			last := &k.Groups[len(k.Groups)-1]
			last.Parts = append(last.Parts, p)
		}
		list = append(list, k)
	}
	return list
}
