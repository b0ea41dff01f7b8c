package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxFindings is how many findings of one id, side and grade are listed of one exchange.
const maxFindings = 20

// maxGot is how many characters are kept of what was got.
const maxGot = 500

// findings gathers what is found in one exchange.
type findings struct {
	judge *Judge
	ex    *Exchange
	list  []Finding
	more  int
	// errors are those of rules.
	errors     []error
	seen, kept bitset

	first    []Finding        // of the first of two answers
	counts   map[string]int   // by id, side and grade
	failed   map[string]bool  // pointers of bodies and values that already failed, and of what holds them
	redactor *redact.Redactor // made for the first finding
}

// add notes a finding.
func (out *findings) add(f Finding) {
	if len(out.first) > 0 && out.firstHad(f) {
		return
	}
	kind := fmt.Sprint(f.ID, f.Request(), f.Evidence.Grade)
	if out.counts == nil {
		out.counts = map[string]int{}
	}
	if out.counts[kind]++; out.counts[kind] > maxFindings {
		out.more++
		return
	}
	if f.Node == nil {
		f.Node = out.judge.doc.Root
	}
	out.list = append(out.list, out.withoutSecrets(f))
}

// fail notes a finding that makes rules about the value pointless.
func (out *findings) fail(f Finding) {
	if out.failed == nil {
		out.failed = map[string]bool{}
	}
	for p := f.Pointer; p != "" && !out.failed[p]; p = p[:max(0, strings.LastIndexByte(p, '/'))] {
		out.failed[p] = true
	}
	out.add(f)
}

// failedAt says whether the value at the pointer, or a part of it, already failed.
func (out *findings) failedAt(pointer string) bool { return out.failed[pointer] }

// firstHad says whether the first of two answers broke the same promise at the same place.
func (out *findings) firstHad(f Finding) bool {
	pointer := out.withoutSecrets(Finding{Pointer: f.Pointer}).Pointer
	return slices.ContainsFunc(out.first, func(first Finding) bool {
		return first.ID == f.ID && first.Pointer == pointer && first.Node == f.Node
	})
}

// withoutSecrets is a finding without secrets, its texts fit for one line.
func (out *findings) withoutSecrets(f Finding) Finding {
	if out.redactor == nil {
		out.redactor = out.judge.redactorOf(*out.ex)
	}
	f.Want, f.Got = text.Printable(out.redactor.Hide(f.Want)), text.Shorten(text.Printable(out.redactor.At(f.Pointer, f.Got)), maxGot)
	f.Pointer = text.Printable(out.redactor.Pointer(f.Pointer))
	return f
}

// see notes that the exchange had a part of the document.
func (out *findings) see(n *spec.Node) {
	if i, ok := out.judge.parts[n]; ok {
		out.seen.add(i)
	}
}
