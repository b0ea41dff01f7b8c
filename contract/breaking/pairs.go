package breaking

// Compare compares the documents.
func (c *Comparer) Compare() *Comparison {
	return &Comparison{Old: c.old.doc, New: c.new.doc, Findings: []Finding{}, Exchanges: c.traffic.exchanges, Foreign: c.traffic.foreign}
}
