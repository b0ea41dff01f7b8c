package report

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi"
)

// A promise names its sources in short, as in iam_02_0114@2024-02/table2/type. The document that makes the promise may say
// (x-sources) which page that is, so that a reader can open it; names alone are shown for a document that does not say.

// cited is one source of a promise.
type cited struct {
	Name string        // as the promise names it, with the row of the page
	Page *openapi.Page // nil: the document does not say where it stands
}

// cite finds the pages of a promise's sources, in the document that the place is in.
func (r *Report) cite(place string, e openapi.Evidence) []cited {
	file, _ := splitPlace(place)
	at := slices.IndexFunc(r.Documents, func(d *openapi.Document) bool { return d.File == file })
	list := []cited{}
	for _, name := range e.Source {
		c := cited{Name: name}
		if at >= 0 {
			c.Page = r.Documents[at].Page(name)
		}
		list = append(list, c)
	}
	return list
}
