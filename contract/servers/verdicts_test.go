package servers

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// verdict says about some findings of a server whether the server is wrong. The first verdict that a finding matches counts.
//
//   - finding: status/undocumented
//     got: "404"
//     right: true
//     why: FastAPI does not document what a handler raises.
//
// In finding, check, at and got, * stands for any text; what is left out matches everything.
type verdict struct {
	Finding string // the id
	Check   string // the id of the check
	At      string // the pointer
	Got     string
	Right   bool   // the finding is right, and the server or its document is wrong
	Why     string // what the document says, and what the server does

	matched    int             // findings
	operations map[string]bool // that have one
}

var index = regexp.MustCompile(`/\d+`)

func readVerdicts(t *testing.T, folder string) []*verdict {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", folder, "verdicts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list := []*verdict{}
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil {
		t.Fatalf("%s: %v", file.Name(), err)
	}
	return list
}

// judgeFindings gives each finding of a run its verdict. Findings without one are errors. Verdicts without a finding are listed.
func judgeFindings(t *testing.T, r run, verdicts []*verdict) {
	t.Helper()
	unknown := map[finding][]string{} // the checks that have it
	for _, c := range r.report.Checks {
		for _, f := range slices.Concat(c.Failures, c.Warnings) {
			i := slices.IndexFunc(verdicts, func(v *verdict) bool { return v.matches(c, f) })
			if i < 0 {
				kind := finding{ID: f.ID, Pointer: index.ReplaceAllString(f.Pointer, "/*"), Got: f.Got}
				unknown[kind] = append(unknown[kind], c.ID+", want "+f.Want)
				continue
			}
			verdicts[i].add(cmp.Or(c.Operation, path.Dir(c.ID))) // such as that of a method which the document does not have
		}
	}
	lines := []string{}
	for f, checks := range unknown {
		lines = append(lines, fmt.Sprintf("- {finding: %s, at: %s, got: %q, right: , why: } # %d, such as %s",
			f.ID, f.Pointer, f.Got, len(checks), checks[0]))
	}
	slices.Sort(lines)
	if all := len(lines); all > 0 {
		t.Errorf("%d kinds of findings have no verdict:\n%s", all, strings.Join(lines[:min(all, 200)], "\n"))
	}
	for _, v := range verdicts {
		if v.matched == 0 {
			t.Logf("no finding has the verdict {%s %s %s %s}", v.Finding, v.Check, v.At, v.Got)
		}
	}
}

func (v *verdict) matches(c check, f finding) bool {
	return fits(v.Finding, f.ID) && fits(v.Check, c.ID) && fits(v.At, f.Pointer) && fits(v.Got, f.Got)
}

func (v *verdict) add(operation string) {
	v.matched++
	if v.operations == nil {
		v.operations = map[string]bool{}
	}
	v.operations[operation] = true
}

// fits reports whether a text has a form in which * stands for any text. An empty form fits everything.
func fits(form, text string) bool {
	if form == "" {
		return true
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(form), `\*`, `(?s:.*)`)
	return regexp.MustCompile("^(?:" + pattern + ")$").MatchString(text)
}
