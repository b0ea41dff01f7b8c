package contract

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A broken response can have millions of findings. To stay fast and small, findings are counted by id, side and grade, and
// only the first maxFindings of each kind are listed. Their pointers and words are made lazily, and the search for secrets
// in the exchange, which can take longer than judging, begins with the first finding.

// maxFindings is how many findings of the same id, side and grade a result lists.
const maxFindings = 20

// maxGot is how many characters of Got a finding shows.
const maxGot = 500

// findings collects the result of one exchange.
type findings struct {
	Result
	ex     *Exchange
	budget *schema.Budget   // once it is spent, no finding is added
	cover  func(*spec.Node) // marks a part of the document as covered: coverNode, made once

	coversNothing bool            // no part is marked as covered
	text          strictjson.Text // the value of the parameter or header that is judged

	ruled    []ruledPart                          // of all bodies of the exchange, one body after the other
	addRuled func(*spec.Schema, strictjson.Value) // addRuledPart, made once

	repeat   *findings // the findings of the probe repeat of which the exchange is the first
	previous []Finding // those of the first exchange of the probe repeat
	counts   map[limitKey]int
	failed   map[string]bool  // the pointers of what is wrong in bodies and headers, and of their parents
	redactor *redact.Redactor // made by secrets
}

// limitKey groups findings that are counted and limited together.
type limitKey struct {
	id    string
	side  Side
	grade spec.Grade
}

// begin prepares the findings of an exchange, which must be empty.
func (out *findings) begin(j *Judge, ex *Exchange, budget *schema.Budget, repeat *findings) {
	covered, passed := wordsOf(len(j.nodes)), wordsOf(len(j.doc.Rules))
	both := make(bitset, covered+passed)
	out.Result = Result{judge: j, covered: both[:covered:covered], passed: both[covered:]}
	out.ex, out.budget, out.repeat = ex, budget, repeat
}

// coverNode marks a part of the document as covered, if coverage counts it.
func (out *findings) coverNode(n *spec.Node) {
	if i, ok := out.judge.indexes[n]; ok {
		out.coverIndex(i)
	}
}

// coverIndex marks the part with an index in Judge.nodes as covered. An index below 0 is that of a part that is not counted.
func (out *findings) coverIndex(i int) {
	if i >= 0 && !out.coversNothing {
		out.covered.add(i)
	}
}

// add adds a finding.
func (out *findings) add(f Finding) { out.addLazily(f, func(f Finding) Finding { return f }) }

// addLazily adds a finding that describe completes with its pointer in the same message and its words. Only a finding that
// is listed is described.
func (out *findings) addLazily(f Finding, describe func(Finding) Finding) {
	if out.budget.Err() != nil {
		return // the finding may come from a check that ended early
	}
	f.Expected = out.ex.Expected && strings.HasPrefix(f.Pointer, "/response")
	described := len(out.previous) > 0
	if described {
		if f = describe(f); out.inPrevious(f) {
			return
		}
	}
	if out.counts == nil {
		out.counts = map[limitKey]int{}
	}
	k := limitKey{f.ID, f.Side(), f.Evidence.Grade}
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

// fail adds a finding about a body or a header, and marks the place as failed so that no rule about it is evaluated.
func (out *findings) fail(f Finding) {
	out.markFailed(f.Pointer)
	out.add(f)
}

// markFailed marks the place of a pointer and its parents as failed.
func (out *findings) markFailed(pointer string) {
	if out.failed == nil {
		out.failed = map[string]bool{}
	}
	for p := pointer; p != "" && !out.failed[p]; p = p[:max(0, strings.LastIndexByte(p, '/'))] {
		out.failed[p] = true
	}
}

// inPrevious reports whether the first exchange of the probe repeat broke the same promise at the same place.
func (out *findings) inPrevious(f Finding) bool {
	pointer := out.withoutSecrets(Finding{Pointer: f.Pointer}).Pointer
	return slices.ContainsFunc(out.previous, func(first Finding) bool {
		return first.ID == f.ID && first.Pointer == pointer && first.Node == f.Node
	})
}

// withoutSecrets returns a finding with its secrets redacted and its texts printable in one line. It shares no memory with the
// exchange.
func (out *findings) withoutSecrets(f Finding) Finding {
	r := out.secrets()
	f.Want, f.Got = text.Printable(r.Hide(f.Want)), text.Shorten(text.Printable(r.At(f.Pointer, f.Got)), maxGot)
	f.Got = strings.Clone(f.Got) // it may be a string of the body, whose bytes belong to the caller
	f.Pointer = text.Printable(r.Pointer(f.Pointer))
	return f
}

// secrets returns the redactor of the exchange, and makes it at the first call. Both exchanges of the probe repeat share
// one, because the first response may contain a secret of the second.
func (out *findings) secrets() *redact.Redactor {
	switch {
	case out.redactor != nil:
	case out.repeat != nil:
		out.redactor = out.repeat.secrets()
	default:
		out.budget.Untimed(func() { out.redactor = out.judge.redactorOf(*out.ex) })
	}
	return out.redactor
}

// addNotChecked adds a part of the exchange that has no reader. node is the part of the document that
// describes it; nil if coverage does not count it.
func (out *findings) addNotChecked(part string, node *spec.Node) {
	if !slices.Contains(out.NotChecked, part) {
		out.NotChecked = append(out.NotChecked, part)
	}
	if node != nil && !slices.Contains(out.unchecked, node) {
		out.unchecked = append(out.unchecked, node)
	}
}
