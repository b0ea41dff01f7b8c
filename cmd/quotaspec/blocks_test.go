package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Readers copy commands from our pages. So each block of commands in a page has a mark on the line before it:
//
//	<!-- run: NAME -->        a test runs it: the row of blockTests for the page and NAME says which
//	<!-- not run: REASON -->  nothing runs it

// blockTests says which tests run the blocks of which pages. page is a pattern of filepath.Match, mark a regular expression.
var blockTests = []struct {
	page, mark string
	test       string // a function of make test; "": target runs it
	target     string // of the Makefile
}{
	{page: "README.md", mark: "make verify|docs/.*", test: "TestReadme"},
	{page: "docs/proof.md", mark: "quotaspec .*", test: "TestReadme"},
	{page: "docs/test-my-consumer.md", mark: "session", test: "TestPages"},
	{page: "docs/tutorial.md", mark: "session", test: "TestPages"},
	{page: "docs/how-to/*.md", mark: "session", test: "TestPages"},
	{page: "docs/how-to/judge-a-fleet.md", mark: "report", target: "test-fleet"},
	{page: "docs/reference/cli.md", mark: "help", test: "TestHelpExamples"},
	{page: "docs/breaking.md", mark: "two files", test: "TestBreakingPage"},
	{page: "docs/verify.md", mark: "text report", test: "TestReportOfManual"},
	{page: "docs/contribute-a-recording.md", mark: "contribution", test: "TestContribute"},
	{page: "docs/test-my-consumer.md", mark: "[a-z ]+", target: "test-consumers"},
	{page: "docs/ci.md", mark: "[a-z -]+", target: "test-actions"},
	{page: "docs/breaking.md", mark: "test-actions.*", target: "test-actions"},
	{page: "docs/releasing.md", mark: "[a-z -]+", target: "test-release"},
	{page: "docs/use-from/*.md", mark: "interop.*", target: "interop"},
	{page: "contract/corpus/README.md", mark: "interop.*", target: "interop"},
}

// block is a fenced block of a page.
type block struct {
	page, line string // of the fence: docs/verify.md:22
	language   string
	text       string
	before     string // the last line before it that is not blank
}

var fence = regexp.MustCompile("^ *(```+|~~~+) *([A-Za-z]*)")

// blocksOf returns the fenced blocks of a page.
func blocksOf(page, text string) []block {
	list := []block{}
	var b *block
	end, before := "", ""
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\n")
		switch m := fence.FindStringSubmatch(line); {
		case b != nil && strings.TrimSpace(line) == end:
			list, b, before = append(list, *b), nil, ""
		case b != nil:
			b.text += line + "\n"
		case m != nil:
			b, end = &block{page: page, line: fmt.Sprintf("%s:%d", page, number), language: m[2], before: before}, m[1]
		case strings.TrimSpace(line) != "":
			before = strings.TrimSpace(line)
		}
	}
	return list
}

// hasCommands says whether a reader would run a block.
func (b block) hasCommands() bool {
	return slices.Contains([]string{"sh", "bash", "shell", "console"}, b.language) || regexp.MustCompile(`(?m)^\$ `).MatchString(b.text)
}

var blockMark = regexp.MustCompile(`^<!-- (run|not run): (.+) -->$`)

// problem says what is wrong with the mark of a block of commands; runs counts the rows of blockTests that have a block.
func (b block) problem(runs []int) string {
	m := blockMark.FindStringSubmatch(b.before)
	switch {
	case m == nil:
		return "want <!-- run: NAME --> or <!-- not run: REASON --> on the line before the block"
	case m[1] == "not run":
		return ""
	}
	for i, row := range blockTests {
		isOfPage, _ := filepath.Match(row.page, b.page)
		if isOfPage && regexp.MustCompile("^(?:"+row.mark+")$").MatchString(m[2]) {
			runs[i]++
			return ""
		}
	}
	return fmt.Sprintf("no row of blockTests says which test runs %q", m[2])
}

// TestCommandBlocks holds that each block of commands has a mark, and that the test which runs it exists. That the test runs all
// blocks with its marks is for that test to check.
func TestCommandBlocks(t *testing.T) {
	runs := make([]int, len(blockTests))
	for _, page := range readerPages(t) {
		for _, b := range blocksOf(page, textOf(t, page)) {
			if b.hasCommands() {
				if problem := b.problem(runs); problem != "" {
					t.Errorf("%s: %s", b.line, problem)
				}
			}
		}
	}
	makefile := textOf(t, "Makefile")
	tests := ""
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		tests += textOf(t, "cmd/quotaspec/"+file)
	}
	for i, row := range blockTests {
		hasTest := row.test == "" || strings.Contains(tests, "\nfunc "+row.test+"(t *testing.T)")
		hasTarget := row.target == "" || strings.Contains(makefile, "\n"+row.target+": ##")
		if runs[i] > 0 && (!hasTest || !hasTarget) {
			t.Errorf("%s: nothing is called %s%s", row.page, row.test, row.target)
		}
	}
}

// readerPages lists the Markdown pages of the repository that users read, from its root, with slashes.
func readerPages(t *testing.T) []string {
	t.Helper()
	list := []string{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		page := strings.TrimPrefix(filepath.ToSlash(path), "../../")
		isHidden := path != "../.." && entry.Name()[0] == '.'
		isOfOthers := slices.Contains([]string{"testdata", "node_modules", "dist"}, entry.Name())
		switch {
		case entry.IsDir() && (isHidden || isOfOthers):
			return filepath.SkipDir
		case filepath.Ext(page) == ".md" && page != "CHANGELOG.md":
			list = append(list, page)
		}
		return nil
	})
	if err != nil || len(list) < 20 {
		t.Fatalf("got %d pages, %v", len(list), err)
	}
	return list
}

// textOf reads a file of the repository.
func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBlockProblems tests that a block without a mark and a wrong command line are found.
func TestBlockProblems(t *testing.T) {
	for _, test := range []struct{ name, page, wantBlock, wantLine string }{
		{name: "run", page: "<!-- run: text report -->\n```\n$ quotaspec verify --har a.har\n```\n"},
		{name: "not run", page: "<!-- not run: yours -->\n\n```sh\nquotaspec verify \\\n  --har a.har | tee b\n```\n"},
		{name: "no mark", page: "Do\n```sh\nls\n```\n", wantBlock: "want <!-- run"},
		{name: "a mark before another block", page: "<!-- run: text report -->\n```\na\n```\n```sh\nls\n```\n", wantBlock: "want <!-- run"},
		{name: "no test", page: "<!-- run: nobody -->\n```sh\nls\n```\n", wantBlock: "no row"},
		{name: "output", page: "```\nquotaspec verify: http://127.0.0.1:8080, judged\n```\n"},
		{name: "old flag", page: "<!-- not run: yours -->\n```sh\nquotaspec verify --hra a.har\n```\n", wantLine: "no flag --hra"},
		{name: "old flag in a second line", page: "```yaml\n- run: quotaspec verify \\\n    --hra a.har\n```\n", wantLine: "no flag --hra"},
		{name: "old flag in args", page: "```yaml\n  args: verify --hra a.har\n```\n", wantLine: "no flag --hra"},
		{name: "old shorthand", page: "`quotaspec verify -q`", wantLine: "no flag -q"},
		{name: "old verb", page: "`quotaspec check`", wantLine: "no verb check"},
		{name: "a flag of the next command", page: "```yaml\nrun: quotaspec verify && curl --fail x\n```\n"},
	} {
		gotBlock, gotLine := "", ""
		for _, b := range blocksOf("docs/verify.md", test.page) {
			if b.hasCommands() {
				gotBlock += b.problem(make([]int, len(blockTests)))
			}
		}
		for _, line := range commandsIn("docs/verify.md", test.page) {
			gotLine += commandProblem(line)
		}
		if !matches(gotBlock, test.wantBlock) || !matches(gotLine, test.wantLine) {
			t.Errorf("%s: got %q and %q, want %q and %q", test.name, gotBlock, gotLine, test.wantBlock, test.wantLine)
		}
	}
}

// matches says whether a problem is the wanted one; "" wants none.
func matches(got, want string) bool {
	return (got == "") == (want == "") && strings.Contains(got, want)
}
