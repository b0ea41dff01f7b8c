package spec

import (
	"fmt"
	"strings"
)

// An error in a document should cost as little as possible, since documents of real teams have many. There are three levels:
//
//	maxLength: ten            the member is ignored, and the finding is in Document.Findings
//	$ref: '#/nowhere'         the operations that use it are refused, and the others are judged
//	a duplicate key           the document is refused, since nobody can know which value was meant
//
// A finding of the second level is the cause in the part that has the error. refuse.go passes it up to the operations.

// Finding is an error in a document, with one line of text and a place.
type Finding struct {
	ID   string // such as reference/unresolved or path/same-shape
	Text string
	Node *Node // for a syntax error a node that has only a place
	own  bool  // the place is that of the value, not of its key
}

// Place returns the place of the finding.
func (f *Finding) Place() Place {
	if f.own {
		return f.Node.ownPlace()
	}
	return f.Node.Place()
}

// String returns the place and the text: openapi.yaml:12: reference "#/a" leads nowhere
func (f *Finding) String() string { return f.Place().String() + ": " + f.Text }

// Errors lists the findings that refuse a whole document. It is the error of Read, and of Load for a file that can be opened.
type Errors []*Finding

// Error returns the findings, one on each line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// newFinding makes a finding at a node.
func newFinding(id string, n *Node, format string, args ...any) *Finding {
	return &Finding{ID: id, Text: fmt.Sprintf(format, args...), Node: n}
}

// shortened cuts a text of the document for a message, after 60 characters.
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
