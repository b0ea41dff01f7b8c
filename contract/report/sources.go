package report

import (
	"cmp"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A promise names its sources by short names. The part before the first slash may be listed in x-sources of the document, with
// the address of a page that readers can open; other names are shown as they are:
//
//	x-rules:   [{…, source: iam_02_0114@2024-02/table2/type}]
//	x-sources: {iam_02_0114@2024-02: {title: …, url: …, edition: …}}

// cited is one source of a promise.
type cited struct {
	Name string     // as the promise has it, with the part after the slash
	Page *spec.Page // nil: the document does not list it
}

// cite returns the sources of a promise with their pages, from the document that contains the node. A node of a referenced file
// may belong to any document.
func (r *Report) cite(n *spec.Node, e spec.Evidence) []cited {
	documents := r.Documents
	if at := slices.IndexFunc(documents, func(d *spec.Document) bool { return n.Within(d.Root) }); at >= 0 {
		documents = documents[at : at+1]
	}
	return mapped(e.Source, func(name string) cited {
		return cited{name, cmp.Or(mapped(documents, func(d *spec.Document) *spec.Page { return d.Page(name) })...)}
	})
}
