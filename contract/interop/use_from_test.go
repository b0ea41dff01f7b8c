package interop

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The line before each code block of a page says what the test does with it:
//
//	<!-- run: interop -->
//	<!-- run: interop, for both documents -->   runs it again with ims in place of iam
//	<!-- file: quotas.py -->                         the file that a later block runs
//	<!-- run: go test ./client -->                   another test runs it
//	<!-- not run: REASON -->
//
// A block of sh is a script. In a block of console, each line "$ COMMAND" is followed by what the command prints.
const (
	markRun     = "run: interop"
	markRunBoth = "run: interop, for both documents"
	markFile    = "file: "
	otherRun    = "run: "
	notRun      = "not run: "

	pageProvider = "http://127.0.0.1:8080" // is replaced by the URL of a provider
)

// block is a code block of a Markdown page.
type block struct{ mark, language, text string }

var (
	markLine  = regexp.MustCompile(`^<!-- (.+) -->$`)
	fenceLine = regexp.MustCompile("^```([a-z]*)$")
)

// goDownload is what the go command says when its cache is empty.
var goDownload = regexp.MustCompile(`(?m)^go: downloading .*\n`)

// blocks reads the code blocks of a page. One without a mark fails the test.
func blocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	found := []block{}
	previous, inside := "", false
	for _, line := range strings.Split(string(text), "\n") {
		fence := fenceLine.FindStringSubmatch(line)
		switch {
		case inside && line == "```":
			inside = false
		case inside:
			found[len(found)-1].text += line + "\n"
		case fence != nil:
			mark := markLine.FindStringSubmatch(previous)
			if mark == nil {
				t.Fatalf("%s: a code block has no mark such as <!-- %s --> on the line before it: %s", page, markRun, line)
			}
			found, inside = append(found, block{mark: mark[1], language: fence[1]}), true
		}
		previous = line
	}
	return found
}

// runPage does what the marks of a page say, in a folder that has both documents.
func runPage(t *testing.T, page, folder string, env []string) {
	t.Helper()
	provider := sampleProvider(t)
	for _, b := range blocks(t, page) {
		b.text = strings.ReplaceAll(b.text, pageProvider, provider)
		name, isFile := strings.CutPrefix(b.mark, markFile)
		switch {
		case b.mark == markRun:
			b.runIn(t, folder, env)
		case b.mark == markRunBoth:
			b.runIn(t, folder, env)
			b.text = strings.ReplaceAll(b.text, "iam", "ims")
			b.runIn(t, folder, env)
		case isFile:
			if err := os.WriteFile(filepath.Join(folder, name), []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
		case !strings.HasPrefix(b.mark, otherRun) && !strings.HasPrefix(b.mark, notRun):
			t.Fatalf("%s: unknown mark %q", page, b.mark)
		}
	}
}

// runIn runs a block: a script, or commands whose output is compared.
func (b block) runIn(t *testing.T, folder string, env []string) {
	t.Helper()
	if b.language != "console" {
		inShell(folder, env, b.text).must(t)
		return
	}
	for _, command := range strings.Split("\n"+b.text, "\n$ ")[1:] {
		command, want, _ := strings.Cut(command, "\n")
		got := goDownload.ReplaceAllString(inShell(folder, env, command).must(t), "")
		if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
			t.Errorf("%s prints (-want +got):\n%s", command, diff)
		}
	}
}
