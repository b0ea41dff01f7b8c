package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
)

const findingsFile = "../../docs/findings.md"

// TestFindingsPage compares docs/findings.md with the table of ids; -update writes it.
func TestFindingsPage(t *testing.T) {
	b := &strings.Builder{}
	b.WriteString(`# What a finding means

Each finding of ` + "`quotaspec`" + ` has an id. The JSON report has it as ` + "`id`" + `; a list of known failures and other tools refer to it, so it does not change.
An id that is not here belongs to a rule of the document: its sentence is in the report.
The keywords of a schema also occur with ` + "`parameter/`" + ` and ` + "`header/`" + `: ` + "`parameter/maximum`" + ` is ` + "`schema/maximum`" + ` of a parameter.
"Whose fault" says who most likely has to change something.

<!-- Written by "go test ./contract/report -update" from contract/report/findings.tsv. -->
`)
	group := ""
	for _, k := range report.FindingKinds() {
		if of, _, _ := strings.Cut(k.ID, "/"); of != group {
			group = of
			fmt.Fprintf(b, "\n## %s\n", group)
		}
		fmt.Fprintf(b, "\n### %s\n\n%s\n\n", k.ID, k.Says)
		fmt.Fprintf(b, "| standard | want | got | whose fault |\n|---|---|---|---|\n| %s | %s | %s | %s |\n",
			k.Clause, code(k.Want), code(k.Got), k.Fault)
	}
	if *update {
		if err := os.WriteFile(findingsFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(findingsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), string(page)); diff != "" {
		t.Errorf("%s is outdated; run with -update (-want +got):\n%s", findingsFile, diff)
	}
}

func code(s string) string { return "`" + strings.ReplaceAll(s, "|", `\|`) + "`" }

// TestFindingsTable tests that each id is explained once and in full.
func TestFindingsTable(t *testing.T) {
	seen := map[string]bool{}
	faults := []string{"provider", "consumer", "document", "provider or consumer", "provider or document", "consumer or document"}
	for _, k := range report.FindingKinds() {
		if seen[k.ID] || !strings.HasSuffix(k.Says, ".") || k.Clause == "" || k.Want == "" || k.Got == "" {
			t.Errorf("twice, or incomplete: %+v", k)
		}
		if !slices.Contains(faults, k.Fault) {
			t.Errorf("%s: fault %q", k.ID, k.Fault)
		}
		seen[k.ID] = true
	}
	if len(seen) < 100 {
		t.Errorf("got %d ids", len(seen))
	}
}

// TestFindingsOfTheCode tests that each id that the code of the judge spells out is explained.
func TestFindingsOfTheCode(t *testing.T) {
	files := []string{}
	for _, pattern := range []string{"../*.go", "../internal/*/*.go", "../verify/*.go", "../probe/*.go", "../../openapi/spec/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	known, ids := map[string]bool{}, 0
	for _, k := range report.FindingKinds() {
		known[k.ID] = true
	}
	spelt := regexp.MustCompile(`(?:ID: *|f\.ID.*= *|report\(|find\(|newFinding\(|failWith\(|Finding\()"([a-z-]+/[a-zA-Z-]+)"`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range spelt.FindAllStringSubmatch(string(text), -1) {
			ids++
			group, keyword, _ := strings.Cut(m[1], "/")
			isOfSchema := (group == "parameter" || group == "header") && known["schema/"+keyword]
			if isCheck := group == "traffic"; !known[m[1]] && !isOfSchema && !isCheck {
				t.Errorf("%s: %s is not in findings.tsv", file, m[1])
			}
		}
	}
	if ids < 80 {
		t.Errorf("found %d ids in the code, want more", ids)
	}
}
