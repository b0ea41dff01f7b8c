package breaking_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/breaking/formats"
)

// TestTwentyChanges changes a document in twenty ways that are usual in teams. The file has each change as a diff, and below it
// what the comparison says, read line by line as the owner of a consumer would. Its text is compared; -update writes it.
//
//	== 2. an optional member of a request becomes required
//	@@
//	       type: object
//	-      required: [name]
//	+      required: [name, email]
//
//	createCustomer/request required/added …
func TestTwentyChanges(t *testing.T) {
	const file = "testdata/twentychanges.txt"
	data, _ := readFile(t, "testdata/workshop.yaml")
	text, _ := readFile(t, file)
	old, b := &judges{doc: read(t, "workshop.yaml", data)}, strings.Builder{}
	for section := range strings.SplitSeq(strings.TrimPrefix(string(text), "== "), "\n== ") {
		change, _, _ := strings.Cut(section, "\n\n")
		name, diff, _ := strings.Cut(strings.TrimSuffix(change, "\n"), "\n")
		p := newPair(t, name, old, &judges{doc: read(t, "new.yaml", []byte(patched(t, string(data), diff)))})
		fmt.Fprintf(&b, "== %s\n%s\n\n", name, diff)
		if err := formats.Text(&b, p.comparison, formats.Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		for _, f := range p.comparison.Findings {
			var unconfirmed *unconfirmedError
			switch err := p.confirmed(t, f); {
			case errors.As(err, &unconfirmed):
				reasonOf(t, p, f, unconfirmed)
			case err != nil:
				t.Errorf("%s: %s: %v", name, f.ID, err)
			}
		}
		b.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != string(text) {
		t.Errorf("%s is not what the comparison says: run the test with -update and read what has changed", file)
	}
}

// patched applies the hunks of a diff. Their old lines must be in the document once.
func patched(t *testing.T, document, diff string) string {
	t.Helper()
	for hunk := range strings.SplitSeq(strings.TrimPrefix(diff, "@@\n"), "\n@@\n") {
		var old, new strings.Builder
		for line := range strings.SplitSeq(hunk, "\n") {
			if line[0] != '+' {
				old.WriteString(line[1:] + "\n")
			}
			if line[0] != '-' {
				new.WriteString(line[1:] + "\n")
			}
		}
		document = changed(t, document, old.String(), new.String())
	}
	return document
}
