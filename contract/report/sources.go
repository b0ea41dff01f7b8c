package report

import (
	"cmp"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A promise names its sources in short, as in iam_02_0114@2024-02/table2/type. The document that makes the promise may say
// (x-sources) which page that is, so that a reader can open it; names alone are shown for a document that does not say.

// cited is one source of a promise.
type cited struct {
	Name string     // as the promise names it, with the row of the page
	Page *spec.Page // nil: the document does not say where it stands
}

// cite finds the pages of a promise's sources, in the document that the node is in. A node of a further file may be of any
// document.
func (r *Report) cite(n *spec.Node, e spec.Evidence) []cited {
	documents := r.Documents
	if at := slices.IndexFunc(documents, func(d *spec.Document) bool { return n.Within(d.Root) }); at >= 0 {
		documents = documents[at : at+1]
	}
	return mapped(e.Source, func(name string) cited {
		return cited{name, cmp.Or(mapped(documents, func(d *spec.Document) *spec.Page { return d.Page(name) })...)}
	})
}
