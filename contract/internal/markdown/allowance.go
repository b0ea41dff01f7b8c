package markdown

import "strings"

// Allowance is a text with a limit in bytes. It grows by whole blocks, and counts the blocks that do not fit.
type Allowance struct {
	strings.Builder
	Limit   int // in bytes
	LeftOut int // blocks that did not fit
}

// Section adds a heading, the blocks that fit, and an end. It adds nothing if there are no blocks or the heading does not fit.
func (a *Allowance) Section(head string, blocks []string, end string) {
	fits := func(text string) bool { return a.Len()+len(text)+len(end) <= a.Limit }
	switch {
	case len(blocks) == 0:
		return
	case !fits(head):
		a.LeftOut += len(blocks)
		return
	}
	a.WriteString(head)
	for _, block := range blocks {
		if fits(block) {
			a.WriteString(block)
		} else {
			a.LeftOut++
		}
	}
	a.WriteString(end)
}
