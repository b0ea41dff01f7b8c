package report

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract"
)

// FindingsPage explains every id of a finding; docs/findings.md is the same.
const FindingsPage = "https://github.com/quotaspec/quotaspec/blob/main/docs/findings.md"

//go:embed findings.tsv
var findingsTable string

// FindingKind explains an id of findings.
type FindingKind struct {
	ID     string // schema/type
	Says   string // what is wrong, in one sentence
	Clause string // the standard that makes the promise
	Want   string // of an example
	Got    string // of the example
	Fault  string // who most likely has to change something: provider, consumer, document, or one of them
}

// FindingKinds lists the ids that the judge can report, in the order of the page. Ids of rules are not among them: a document has
// its own.
var FindingKinds = sync.OnceValue(func() []FindingKind {
	list := []FindingKind{}
	for line := range strings.Lines(findingsTable) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) == 6 && cells[0] != "id" {
			list = append(list, FindingKind{cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]})
		}
	}
	return list
})

var kindsByID = sync.OnceValue(func() map[string]FindingKind {
	kinds := map[string]FindingKind{}
	for _, kind := range FindingKinds() {
		kinds[kind.ID] = kind
	}
	return kinds
})

// kindOf returns the explanation of an id; false for a rule of a document. The keywords of schemas are explained once: those of a
// parameter or a header as schema/maximum explains parameter/maximum.
func kindOf(id string) (FindingKind, bool) {
	kind, ok := kindsByID()[id]
	if prefix, keyword, _ := strings.Cut(id, "/"); !ok && (prefix == "parameter" || prefix == "header") {
		kind, ok = kindsByID()["schema/"+keyword]
	}
	return kind, ok
}

// help is the address of the page that explains the finding: of docs/findings.md, or the page of the first source that has one for
// a rule of a document. It is "" if there is none.
func (r *Report) help(f contract.Finding) string {
	if kind, ok := kindOf(f.ID); ok {
		return kind.Page()
	}
	for _, c := range r.cite(f.Node, f.Evidence) {
		if c.Page != nil {
			return c.Page.URL
		}
	}
	return ""
}

// Page is the address of the explanation.
func (k FindingKind) Page() string { return FindingsPage + "#" + k.Anchor() }

// Anchor is the fragment that GitHub gives a heading with the id: schema/maxLength becomes schemamaxlength.
func (k FindingKind) Anchor() string {
	return notInFragment.ReplaceAllString(strings.ToLower(k.ID), "")
}

var notInFragment = regexp.MustCompile(`[^a-z0-9_-]+`)
