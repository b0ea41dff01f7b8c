package interop

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	withTools = flag.Bool("tools", false, "run the tools of other people, in Python, JavaScript, Java, Go and Rust (make interop)")
	update    = flag.Bool("update", false, "write docs/interop.md")
)

const toolsPage = "../../docs/interop.md"

// sections are the parts of docs/interop.md in order. Each runs its tools and returns what the page says about them: the same
// text for the same versions, so neither times nor ports.
var sections = []struct {
	name string
	run  func(t *testing.T) (markdown string)
}{
	{name: "testers", run: testers},
	{name: "readers", run: readers},
	{name: "SDKs", run: sdks},
	{name: "generators", run: generators},
	{name: "validators", run: scoreValidators},
}

// TestTools runs the tools of other people with our documents and our provider, and compares docs/interop.md with what happened.
// Sections that -run leaves out, or that are skipped, keep their text. For a single tool, -run selects the installation, too:
//
//	-run 'TestTools/testers/(install|run)/(json|txt|xml|Prism)'
func TestTools(t *testing.T) {
	if !*withTools {
		t.Skip("make interop runs it")
	}
	old, err := os.ReadFile(toolsPage)
	if err != nil {
		t.Fatal(err)
	}
	page := toolsHead
	for _, section := range sections {
		text := textOfSection(string(old), section.name)
		t.Run(section.name, func(t *testing.T) { text = strings.TrimSpace(section.run(t)) })
		page += "\n" + sectionMark + section.name + " -->\n\n" + text + "\n"
	}
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile(toolsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(old), page); diff != "" {
		t.Errorf("docs/interop.md is not what happened; make interop ARGS=-update writes it (-page +run):\n%s", diff)
	}
}

const sectionMark = "<!-- section "

// textOfSection returns the text of a section of docs/interop.md, or "" if the page has none.
func textOfSection(page, name string) string {
	_, text, _ := strings.Cut(page, sectionMark+name+" -->\n")
	text, _, _ = strings.Cut(text, sectionMark)
	return strings.TrimSpace(text)
}

const toolsHead = `# Tools of other people

<!-- Written by a test: make interop ARGS=-update -->

` + "`make interop`" + ` installs each tool below from its registry, and runs it with the two documents and with the reference provider on loopback.
What this page says is what happened in that run; it fails if anything differs.
`
