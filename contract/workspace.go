package contract

import (
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
)

// workspace has the memory that judging one exchange needs until its end. It serves one exchange after the other, so that an
// exchange with nothing wrong allocates little more than its result. Whatever a Result keeps is not part of the workspace:
// the slices of its findings, the bits of its coverage, and a copy of an exchange that the document does not describe.
type workspace struct {
	ex       Exchange
	budget   schema.Budget
	subject  subject
	findings findings
	pairs    [8]parameter.Pair // of the query, if it has no more
}

var workspaces = sync.Pool{New: func() any {
	w := &workspace{}
	w.findings.cover, w.findings.addRuled = w.findings.coverNode, w.findings.addRuledPart
	return w
}}

// maxRuledKept is how many parts with rules the list of a workspace may have room for.
const maxRuledKept = 1 << 10

// free empties the workspace and returns it to the others. A panic before leaves it to the garbage collector.
func (w *workspace) free() {
	kept := findings{cover: w.findings.cover, addRuled: w.findings.addRuled}
	if ruled := w.findings.ruled; cap(ruled) <= maxRuledKept {
		clear(ruled)
		kept.ruled = ruled[:0]
	}
	*w = workspace{findings: kept}
	workspaces.Put(w)
}
