package report

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
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

// explanation returns what an id means; false for a rule of a document.
func explanationOf(id string) (FindingKind, bool) {
	kind, ok := kindsByID()[id]
	return kind, ok
}

// Page is the address of the explanation.
func (k FindingKind) Page() string { return FindingsPage + "#" + k.Anchor() }

// Anchor is the fragment that GitHub gives a heading with the id: schema/maxLength becomes schemamaxlength.
func (k FindingKind) Anchor() string {
	return notInFragment.ReplaceAllString(strings.ToLower(k.ID), "")
}

var notInFragment = regexp.MustCompile(`[^a-z0-9_-]+`)
