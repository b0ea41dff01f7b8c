package breaking_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// page writes the numbers of a run as Markdown.
func (run mutantRun) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Mutants as changes

How often does a comparison find an exchange that shows a change?
This page is the result of `+"`go test ./contract/breaking -run TestMutants`"+`, which compares documents with their mutants: each has one
change, made by [contract/mutate](../contract/mutate).
There are at most %d mutants of a document, taken evenly from all.
The public documents are no part of the repository; without them the test compares ours alone.

A mutant *has a witness* if an exchange is accepted by one document and refused by the other.
It *can have none* if it says the same as the original (testdata/mutants.txt and contract/corpus/mutants list these, with reasons), or
if it changes only prose or security.
Then kin-openapi judges each witness by both documents: it *confirms* the witness if it accepts and refuses the same.

`, mutantsOfEach)
	run.documents(&b)
	run.operators(&b)
	run.without(&b)
	run.unconfirmed(&b)
	return b.String()
}

// documents writes a row for each document, and their sum.
func (run mutantRun) documents(b *strings.Builder) {
	b.WriteString("| document | pairs | equivalent | prose | security | can have a witness | have one | share |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|\n")
	files := []string{}
	for _, r := range run {
		if !slices.Contains(files, r.file) {
			files = append(files, r.file)
		}
	}
	row := func(name string, of mutantRun) {
		class := map[mutantClass]int{}
		witnesses := 0
		for _, r := range of {
			class[r.class]++
			if r.class == judgedMutant && r.witnesses > 0 {
				witnesses++
			}
		}
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d | %s |\n", name, len(of),
			class[equivalent], class[prose], class[security], class[judgedMutant], witnesses, percent(witnesses, class[judgedMutant]))
	}
	for _, file := range files {
		row(file, slices.DeleteFunc(slices.Clone(run), func(r *mutantResult) bool { return r.file != file }))
	}
	row("all", run)
}

func percent(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(of, 1))) }

// operators writes a row for each kind of mutant that can have a witness.
func (run mutantRun) operators(b *strings.Builder) {
	b.WriteString("\n## By the kind of change\n\n| change | mutants | have a witness | witnesses | confirmed |\n|---|---|---|---|---|\n")
	type numbers struct{ mutants, have, witnesses, confirmed int }
	rows := map[string]numbers{}
	for _, r := range run {
		if r.class != judgedMutant {
			continue
		}
		n := rows[r.mutant.Operator]
		n.mutants, n.witnesses, n.confirmed = n.mutants+1, n.witnesses+r.witnesses, n.confirmed+r.confirmed
		if r.witnesses > 0 {
			n.have++
		}
		rows[r.mutant.Operator] = n
	}
	for _, operator := range slices.Sorted(maps.Keys(rows)) {
		n := rows[operator]
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", operator, n.mutants, n.have, n.witnesses, n.confirmed)
	}
}

// without writes the reasons why mutants have no witness.
func (run mutantRun) without(b *strings.Builder) {
	b.WriteString("\n## Without a witness\n\nMutants that could have one, by the reason that the comparison gives.\n\n")
	reasons := map[string]int{}
	for _, r := range run {
		if r.class == judgedMutant && r.witnesses == 0 {
			reasons[r.whyNot()]++
		}
	}
	writeCounts(b, "reason", "mutants", reasons)
}

// unconfirmed writes the reasons why kin-openapi judges witnesses differently.
func (run mutantRun) unconfirmed(b *strings.Builder) {
	witnesses, confirmed := 0, 0
	for _, r := range run {
		witnesses, confirmed = witnesses+r.witnesses, confirmed+r.confirmed
	}
	fmt.Fprintf(b, "\n## kin-openapi\n\nIt confirms %d of %d witnesses (%s), of mutants of all classes. The others, by reason:\n\n",
		confirmed, witnesses, percent(confirmed, witnesses))
	writeCounts(b, "kin-openapi", "witnesses", run.unconfirmedReasons())
}

func (run mutantRun) unconfirmedReasons() map[string]int {
	reasons := map[string]int{}
	for _, r := range run {
		for _, reason := range r.unconfirmed {
			reasons[reason]++
		}
	}
	return reasons
}

// writeCounts writes a table, the largest number first.
func writeCounts(b *strings.Builder, what, number string, counts map[string]int) {
	fmt.Fprintf(b, "| %s | %s |\n|---|---|\n", what, number)
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(x, y string) int {
		return cmp.Or(cmp.Compare(counts[y], counts[x]), strings.Compare(x, y))
	}) {
		fmt.Fprintf(b, "| %s | %d |\n", key, counts[key])
	}
}
