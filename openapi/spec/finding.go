package spec

import (
	"fmt"
	"strings"
)

// Finding is a fault of a document: what is wrong, in one line of our own words, and where.
type Finding struct {
	ID   string // such as reference/unresolved or path/same-shape
	Text string
	Node *Node // where; of a syntax error a node that has only a place
	own  bool  // the place is that of the value, not of its name
}

// Place is where the fault stands.
func (f *Finding) Place() Place {
	if f.own {
		return f.Node.ownPlace()
	}
	return f.Node.Place()
}

// String is the place and the text: openapi.yaml:12: reference "#/a" leads nowhere.
func (f *Finding) String() string { return f.Place().String() + ": " + f.Text }

// Errors are all faults that keep a document from being read. It is the error of Load and Read for a document that could be
// opened.
type Errors []*Finding

// Error lists the faults, one a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// fault makes a finding at the node.
func fault(id string, n *Node, format string, args ...any) *Finding {
	return &Finding{ID: id, Text: fmt.Sprintf(format, args...), Node: n}
}

// shortened cuts a text that is shown in a message.
func shortened(text string) string {
	const limit = 60
	characters := 0
	for i := range text {
		if characters == limit {
			return text[:i] + "…"
		}
		characters++
	}
	return text
}
