package contract

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxFindings is how many findings of one id, side and grade are listed of one exchange.
const maxFindings = 20

// maxGot is how many characters are kept of what was got.
const maxGot = 500

// findings gathers the result of one exchange.
type findings struct {
	Result
	ex     *Exchange
	budget *schema.Budget   // once it is spent, nothing is added
	cover  func(*spec.Node) // notes that the exchange had a part of the document

	repeat   *findings // of the exchange with two answers of which this is the first
	previous []Finding // of the first of two answers
	counts   map[limitKey]int
	failed   map[string]bool  // pointers of bodies and headers that already failed, and of what holds them
	redactor *redact.Redactor // what secrets made
}

// limitKey is what findings have in common of which so many are listed.
type limitKey struct {
	id      string
	request bool
	grade   spec.Grade
}

// add notes a finding.
func (out *findings) add(f Finding) { out.addLazily(f, func(f Finding) Finding { return f }) }

// addLazily notes a finding that describe completes: its pointer within the same message, and its words. A broken message may
// have millions of findings, so describe is called for those only that are listed.
func (out *findings) addLazily(f Finding, describe func(Finding) Finding) {
	if out.budget.Err() != nil {
		return // what would be said may rest on a check that ended early
	}
	described := len(out.previous) > 0
	if described {
		if f = describe(f); out.inPrevious(f) {
			return
		}
	}
	if out.counts == nil {
		out.counts = map[limitKey]int{}
	}
	k := limitKey{f.ID, f.Request(), f.Evidence.Grade}
	if out.counts[k]++; out.counts[k] > maxFindings {
		out.More++
		return
	}
	if !described {
		f = describe(f)
	}
	if f.Node == nil {
		f.Node = out.judge.doc.Root
	}
	out.Findings = append(out.Findings, out.withoutSecrets(f))
}

// fail notes a finding that makes rules about the body or the headers pointless.
func (out *findings) fail(f Finding) {
	out.markFailed(f.Pointer)
	out.add(f)
}

// markFailed notes that what is at the pointer failed, and so what holds it.
func (out *findings) markFailed(pointer string) {
	if out.failed == nil {
		out.failed = map[string]bool{}
	}
	for p := pointer; p != "" && !out.failed[p]; p = p[:max(0, strings.LastIndexByte(p, '/'))] {
		out.failed[p] = true
	}
}

// inPrevious says whether the first of two answers broke the same promise at the same place.
func (out *findings) inPrevious(f Finding) bool {
	pointer := out.withoutSecrets(Finding{Pointer: f.Pointer}).Pointer
	return slices.ContainsFunc(out.previous, func(first Finding) bool {
		return first.ID == f.ID && first.Pointer == pointer && first.Node == f.Node
	})
}

// withoutSecrets is a finding without secrets, its texts fit for one line.
func (out *findings) withoutSecrets(f Finding) Finding {
	r := out.secrets()
	f.Want, f.Got = text.Printable(r.Hide(f.Want)), text.Shorten(text.Printable(r.At(f.Pointer, f.Got)), maxGot)
	f.Pointer = text.Printable(r.Pointer(f.Pointer))
	return f
}

// secrets is the redactor of the exchange, made for the first finding: it reads all of the exchange, which may take longer than
// to judge it. The first of two answers may name a secret of the second, so both share one.
func (out *findings) secrets() *redact.Redactor {
	switch {
	case out.redactor != nil:
	case out.repeat != nil:
		out.redactor = out.repeat.secrets()
	default:
		out.budget.Uncounted(func() { out.redactor = out.judge.redactorOf(*out.ex) })
	}
	return out.redactor
}

// addNotChecked notes that nothing here looks at a part of the exchange, which is or is in the given part of the document; nil: in
// none that coverage knows.
func (out *findings) addNotChecked(part string, of *spec.Node) {
	if !slices.Contains(out.NotChecked, part) {
		out.NotChecked = append(out.NotChecked, part)
	}
	if of != nil && !slices.Contains(out.unchecked, of) {
		out.unchecked = append(out.unchecked, of)
	}
}
