package breaking_test

import (
	"cmp"
	"errors"
	"flag"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// mutantsOfEach is how many mutants of a document are compared with it, at most.
const mutantsOfEach = 100

// mutatedDocuments are ours and public ones: of 3.0 and 3.1, with rules, bodies of requests, alternatives, and security.
var mutatedDocuments = []string{
	"../../openapi/iam.yaml",
	"../../openapi/ims.yaml",
	public + "swagger-petstore3.yaml",
	public + "museum.yaml",
	public + "train-travel.yaml",
	public + "realworld.yml",
	public + "directus.json",
	public + "hydra.json",
}

// TestMutants compares documents with their mutants: a mutant is a change in one place, and what it breaks must have a witness,
// which kin-openapi confirms. What cannot have one is listed: mutants that behave like the original in testdata/mutants.txt,
// prose and security by their operators, and what kin-openapi judges differently in unconfirmedReasons.
func TestMutants(t *testing.T) {
	equivalents := readEquivalents(t)
	run, files := mutantRun{}, mutatedDocuments
	if testing.Short() { // with the race detector all of them take minutes
		files = files[1:3]
	}
	for _, file := range files {
		data, ok := readFile(t, file)
		if !ok {
			t.Logf("%s is absent", file)
			continue
		}
		run = append(run, judgeMutants(t, file, data, equivalents)...)
	}
	run.report(t)
	if len(run) < 500 && run.isComplete() {
		t.Errorf("got %d pairs, want 500 or more", len(run))
	}
	if run.isComplete() {
		checkPage(t, "../../docs/breaking-mutants.md", run.page())
		reasons := run.unconfirmedReasons()
		for _, r := range unconfirmedReasons {
			if reasons[r.reason] == 0 {
				t.Errorf("no witness needs the reason: kin-openapi %s", r.reason)
			}
		}
		for _, list := range equivalents {
			for _, line := range list.Unmatched() {
				if strings.HasPrefix(line, "testdata/") {
					t.Error(line)
				}
			}
		}
	}
}

// readEquivalents reads the mutants of documents that behave like the original: those of our documents, and those of others.
func readEquivalents(t *testing.T) []*mutate.Equivalents {
	t.Helper()
	_, ours, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	data, _ := readFile(t, "testdata/mutants.txt")
	others, err := mutate.ParseEquivalents("testdata/mutants.txt", data)
	if err != nil {
		t.Fatal(err)
	}
	return []*mutate.Equivalents{ours, others}
}

// judgeMutants compares a document with some of its mutants. A mutant that does not load is no pair.
func judgeMutants(t *testing.T, file string, data []byte, equivalents []*mutate.Equivalents) mutantRun {
	t.Helper()
	all, err := mutate.Documents(mutate.Contract{File: path.Base(file), Document: data})
	if err != nil {
		t.Fatal(err)
	}
	old, picked := &judges{doc: read(t, path.Base(file), data)}, spread(all, mutantsOfEach)
	results := make(mutantRun, len(picked))
	var group sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(picked); i = next.Add(1) - 1 {
				results[i] = judgeMutant(t, path.Base(file), old, picked[i])
			}
		})
	}
	group.Wait()
	results = slices.DeleteFunc(results, func(r *mutantResult) bool { return r == nil })
	for _, r := range results {
		r.class, r.reason = classOf(old.doc, r.mutant)
		for _, list := range equivalents {
			if reason, listed := list.Reason(r.mutant.String()); listed {
				r.class, r.reason = equivalent, reason
			}
		}
	}
	return results
}

// spread takes n elements of a list, evenly.
func spread[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	picked := []T{}
	for i := range n {
		picked = append(picked, list[i*len(list)/n])
	}
	return picked
}

// mutantResult is what the comparison of a document with a mutant has shown.
type mutantResult struct {
	file        string
	mutant      mutate.DocumentMutant
	class       mutantClass
	reason      string // why it is equivalent
	findings    []breaking.Finding
	witnesses   int
	confirmed   int
	unconfirmed []string // the reasons of witnesses that kin-openapi judges differently
	why         string   // why there is no witness
}

// mutantClass says which mutants can have a witness: those that are judged.
type mutantClass string

const (
	judgedMutant mutantClass = "judged"
	equivalent   mutantClass = "equivalent"
	prose        mutantClass = "prose"
	security     mutantClass = "security"
)

// classOf reads the class of a mutant from its operator and place, with the reason for an equivalent one.
func classOf(old *spec.Document, m mutate.DocumentMutant) (class mutantClass, reason string) {
	begins := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(m.Operator, word) })
	}
	switch {
	case begins("example", "deprecation", "operation id", "hint", "evidence", "source", "other keyword dropped", "default dropped",
		"page", "message", "way of granting", "authorization", "action"):
		return prose, ""
	case begins("security", "signing") || strings.HasPrefix(m.Pointer, "/components/securitySchemes/"):
		return security, ""
	case begins("rule renamed"):
		return equivalent, "a rule by another name says the same"
	case begins("grade"):
		if was := old.Root.At(m.Pointer); (was.Text == "inferred") == (m.Change == "inferred") {
			return equivalent, "promises that are documented or recorded refuse alike"
		}
	case gradeAt(old, m.Pointer) == spec.Inferred:
		return equivalent, "the promise is only inferred: what breaks it is a warning"
	}
	return judgedMutant, ""
}

// gradeAt is the grade of what a pointer leads to: its own, that of the rule that it is in, or that of the nearest node above.
func gradeAt(doc *spec.Document, pointer string) spec.Grade {
	if before, after, isRule := strings.Cut(pointer, "/x-rules/"); isRule {
		index, _, _ := strings.Cut(after, "/")
		if grade := doc.Root.At(before + "/x-rules/" + index + "/grade"); grade != nil && grade.Text == "inferred" {
			return spec.Inferred
		}
		return spec.Documented
	}
	node := doc.Root.At(pointer)
	for node == nil {
		pointer = path.Dir(pointer)
		node = doc.Root.At(strings.TrimSuffix(pointer, "/"))
	}
	return doc.Evidence(node, spec.Evidence{Grade: spec.Documented}).Grade
}

// judgeMutant compares one mutant with its document. It is nil if the mutant does not load, or has operations that do not.
func judgeMutant(t *testing.T, file string, old *judges, m mutate.DocumentMutant) *mutantResult {
	new, err := spec.Read(file, m.Whole(), nil)
	if err != nil || slices.ContainsFunc(new.Operations, func(op *spec.Operation) bool { return op.Refused != nil }) {
		return nil
	}
	p := newPair(t, m.String(), old, &judges{doc: new})
	r := &mutantResult{file: file, mutant: m, findings: p.comparison.Findings}
	for _, f := range p.comparison.Findings {
		if f.Witness == nil {
			r.why = cmp.Or(r.why, f.Why)
			continue
		}
		r.witnesses++
		var differs *unconfirmedError
		switch err := p.confirmed(t, f); {
		case err == nil:
			r.confirmed++
		case errors.As(err, &differs):
			r.unconfirmed = append(r.unconfirmed, reasonOf(t, p, f, differs))
		default:
			t.Errorf("%s: %s: %v", p.name, f.ID, err)
		}
	}
	return r
}

// mutantRun is the results of all documents.
type mutantRun []*mutantResult

// isComplete reports whether no document was absent.
func (run mutantRun) isComplete() bool {
	files := map[string]bool{}
	for _, r := range run {
		files[r.file] = true
	}
	return len(files) == len(mutatedDocuments)
}

// report fails if too few mutants have a witness, and logs those that have none.
func (run mutantRun) report(t *testing.T) {
	t.Helper()
	judged, without := 0, 0
	for _, r := range run {
		if r.class != judgedMutant {
			continue
		}
		judged++
		if r.witnesses > 0 {
			continue
		}
		without++
		t.Logf("%s: %s\n\t%s", r.whyNot(), r.mutant, strings.Join(lines(r.findings), "\n\t"))
	}
	t.Logf("%d pairs; %d of %d judged have a witness", len(run), judged-without, judged)
	limit := 5
	if !run.isComplete() { // our documents alone: half of their promises are rules and error codes, which overlap
		limit = 25
	}
	if without*100 > judged*limit {
		t.Errorf("%d of %d have no witness, want at most %d %%", without, judged, limit)
	}
}

// whyNot is why there is no witness.
func (r *mutantResult) whyNot() string { return cmp.Or(r.why, "no difference is found") }

// update rewrites the files that tests compare with.
var update = flag.Bool("update", false, "write docs/breaking-mutants.md and testdata/twentychanges.txt")

// checkPage compares a generated page with its file, or writes it.
func checkPage(t *testing.T, file, page string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != page {
		t.Errorf("%s is not what the test would write (%v): run it with -update", file, err)
	}
}
