package report

// pageGrid is a grid with the anchors of its cells.
type pageGrid struct {
	grid
	Anchor string
	Rows   []pageRow
	Sheets []*pageCell // of the cells that have exchanges behind them
}

type pageRow struct {
	Promise *pagePromise // nil: what plain OpenAPI and HTTP promise
	Cells   []*pageCell
}

// pageCell is a cell, the anchor of its sheet, and what is shown there.
type pageCell struct {
	State     State
	Anchor    string // empty: it has no sheet
	Operation string
	Status    string
	Text      string
	Declared  bool
	Promise   *pagePromise
	Findings  []pageFinding
	Kept      []*pageCheck
}

func (b *pageBuilder) grids() []pageGrid {
	list := []pageGrid{}
	for _, g := range b.Report.grids() {
		name := "no-operation"
		if g.Operation != nil {
			name = g.Operation.ID
		}
		out := pageGrid{grid: g, Anchor: b.anchor("grid", name)}
		for _, line := range g.Rows {
			row := pageRow{}
			if line.Rule != nil {
				row.Promise = b.promise(line.Rule.Node)
			}
			for i, c := range line.Cells {
				cell := b.cell(line, c, g.Columns[i])
				cell.Operation = name
				if cell.Anchor != "" {
					cell.Anchor = b.anchor(name, cell.Status, cell.Anchor)
					out.Sheets = append(out.Sheets, cell)
				}
				row.Cells = append(row.Cells, cell)
			}
			out.Rows = append(out.Rows, row)
		}
		list = append(list, out)
	}
	return list
}

func (b *pageBuilder) cell(line row, c cell, col column) *pageCell {
	cell := &pageCell{State: c.State, Status: col.Status, Text: col.Text, Declared: col.Declared}
	if line.Rule != nil {
		cell.Promise = b.promise(line.Rule.Node)
	}
	if c.State != silent && c.State != NeverSeen {
		cell.Anchor = "as-declared"
		if line.Rule != nil {
			cell.Anchor = cell.Promise.Name
		}
	}
	for _, i := range append(append([]int{}, c.Broken...), c.Warned...) {
		for _, f := range b.checks[i].Findings {
			if b.about(line.Rule, f.Finding) {
				cell.Findings = append(cell.Findings, f)
			}
		}
	}
	for _, i := range c.Kept {
		cell.Kept = append(cell.Kept, b.checks[i])
	}
	return cell
}

// Seen says whether anything is behind the cell.
func (c *pageCell) Seen() bool { return c.Anchor != "" }

// Undeclared says whether any status of the grid is not in the document.
func (g pageGrid) Undeclared() bool {
	for _, c := range g.Columns {
		if !c.Declared {
			return true
		}
	}
	return false
}

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
