package scores

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/corpus"
)

// File is the content of scores.json; scores.schema.json describes it.
type File struct {
	Schema        string         `json:"$schema"`
	FormatVersion int            `json:"format_version"`
	MustFail      map[string]int `json:"must_fail"` // by kind: the number of cases
	MustPass      int            `json:"must_pass"` // the number of cases
	Scores        []Score        `json:"scores"`
}

// Replace returns the file with these scores instead of those that mine selects. Scores are in the order in which they were
// counted, those in Go first. The numbers of cases are those of the corpus.
func Replace(old File, cases []corpus.Case, mine func(Score) bool, counted []Score) File {
	others := slices.DeleteFunc(slices.Clone(old.Scores), mine)
	next := File{Schema: "scores.schema.json", FormatVersion: 1, Scores: slices.Concat(others, counted)}
	slices.SortStableFunc(next.Scores, func(a, b Score) int { return goFirst(a) - goFirst(b) })
	next.MustFail, next.MustPass = Kinds(cases)
	return next
}

func goFirst(s Score) int {
	if InGo(s) {
		return 0
	}
	return 1
}

// Update compares scores.json and the table in README.md of a folder with the new scores, those that mine selects, or writes
// both. The error names the file that differs.
func Update(folder string, write bool, mine func(Score) bool, counted []Score) error {
	cases, err := corpus.Cases()
	if err != nil {
		return err
	}
	name, readme := filepath.Join(folder, "scores.json"), filepath.Join(folder, "README.md")
	was, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && write {
		was, err = []byte("{}"), nil
	}
	if err != nil {
		return err
	}
	var old File
	if err := json.Unmarshal(was, &old); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	next := Replace(old, cases, mine, counted)
	text, err := json.MarshalIndent(next, "", "  ")
	if err != nil {
		return err
	}
	page, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	nextPage, err := withTable(page, next.Table())
	if err != nil {
		return fmt.Errorf("%s: %w", readme, err)
	}
	return errors.Join(replace(name, was, append(text, '\n'), write), replace(readme, page, nextPage, write))
}

// replace writes a file if that is wanted, or returns an error if it differs.
func replace(name string, was, next []byte, write bool) error {
	switch {
	case bytes.Equal(was, next):
		return nil
	case write:
		return os.WriteFile(name, next, 0o644) //nolint:gosec // the test names the folder, and everybody may read it
	}
	return fmt.Errorf("%s is not what this run counted: %s; run the test with -update", name, firstDifference(was, next))
}

// firstDifference names the first line that differs, such as: line 31 is `"body": 22,`, not `"body": 23,`.
func firstDifference(was, next []byte) string {
	old, lines := strings.Split(string(was), "\n"), strings.Split(string(next), "\n")
	for i := range min(len(old), len(lines)) {
		if old[i] != lines[i] {
			return fmt.Sprintf("line %d is `%s`, not `%s`", i+1, strings.TrimSpace(old[i]), strings.TrimSpace(lines[i]))
		}
	}
	return fmt.Sprintf("it has %d lines, not %d", len(old), len(lines))
}

// withTable replaces what stands between the marks of the table.
func withTable(page []byte, table string) ([]byte, error) {
	const begin, end = "<!-- scores -->\n", "<!-- /scores -->\n"
	head, rest, found := strings.Cut(string(page), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return nil, errors.New("no marks of the table of scores")
	}
	return []byte(head + begin + table + end + tail), nil
}

// Table writes the scores in Markdown: a table of totals, in which each validator with one set of options has a number, and a
// table by kind, whose columns have these numbers.
func (f File) Table() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "| | validator | language | options | found, of %d | accepted, of %d | false alarms | crashes |\n",
		total(f.MustFail), f.MustPass)
	b.WriteString(strings.Repeat("|---", 8) + "|\n")
	for i, s := range f.Scores {
		name := strings.TrimSpace(s.Validator + " " + s.Version)
		fmt.Fprintf(b, "| %d | %s | %s | %s | %d | %d | %d | %d |\n",
			i+1, name, s.Language, s.Options, total(s.Found), s.Accepted, s.FalseAlarms, s.Crashes)
	}
	b.WriteString("\n| kind | cases |")
	for i := range f.Scores {
		fmt.Fprintf(b, " %d |", i+1)
	}
	b.WriteString("\n" + strings.Repeat("|---", 2+len(f.Scores)) + "|\n")
	for _, kind := range slices.Sorted(maps.Keys(f.MustFail)) {
		fmt.Fprintf(b, "| %s | %d |", kind, f.MustFail[kind])
		for _, s := range f.Scores {
			fmt.Fprintf(b, " %d |", s.Found[kind])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func total(by map[string]int) (sum int) {
	for _, n := range by {
		sum += n
	}
	return sum
}
