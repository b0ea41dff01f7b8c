package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/server"
)

var update = flag.Bool("update", false, "write what is printed into the README and the golden files")

// A block of the README, or of docs/proof.md, stands below a mark that says where its output comes from: a command, with the
// provider that it judges, or a page that shows the same command.
var readmeBlock = regexp.MustCompile("<!-- run: ([^;>]*)(?:; provider: ([^>]*))? -->\n```[a-z]*\n(\\$ [^\n]*\n)((?:.*\n)*?)```\n")

// TestReadme runs each block of the README below a mark "<!-- run: COMMAND -->" and compares the output. Below a mark
// "<!-- run: PAGE -->" the block is what TestPages has compared on that page.
func TestReadme(t *testing.T) {
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envDomain, envProject} {
		t.Setenv(name, "")
	}
	t.Setenv(envToken, server.ReaderToken)
	for _, file := range []string{"../../README.md", "../../docs/proof.md"} {
		page := readPage(t, file)
		found := 0
		got := readmeBlock.ReplaceAllStringFunc(page, func(s string) string {
			found++
			m := readmeBlock.FindStringSubmatch(s)
			var out string
			if strings.HasSuffix(m[1], ".md") {
				out = outputOnPage(t, filepath.Join("../..", m[1]), m[3])
			} else {
				out = outputOfCommand(t, m[1], m[2])
			}
			return strings.Replace(s, m[3]+m[4], m[3]+out, 1)
		})
		if marks := strings.Count(page, "<!-- run: "); found == 0 || found != marks {
			t.Fatalf("%s marks %d blocks to run, and %d were run", file, marks, found)
		}
		if file == "../../README.md" {
			got = countPromises(t, got)
		}
		switch {
		case got == page:
		case *update:
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s does not show what is printed (make update) (-page +got):\n%s", file, cmp.Diff(page, got))
		}
	}
}

var nextCommand = regexp.MustCompile(`(?m)^\$ `)

// outputOnPage returns the output of a command as a page shows it. A test compares that with what the command prints.
func outputOnPage(t *testing.T, file, command string) string {
	t.Helper()
	for _, block := range sessionBlocks(readPage(t, file)) {
		if _, after, found := strings.Cut(block, command); found {
			return nextCommand.Split(after, 2)[0]
		}
	}
	t.Fatalf("%s runs no %s", file, command)
	return ""
}

// outputOfCommand runs a command, with a provider of this behaviour in place of http://127.0.0.1:8080, and returns its output.
func outputOfCommand(t *testing.T, command, provider string) string {
	t.Helper()
	args := strings.Fields(strings.TrimPrefix(strings.Replace(command, "make verify", "quotaspec verify", 1), "quotaspec "))
	if provider == "" {
		_, out, _ := quotaspec(t, args...)
		return out
	}
	const shown = "http://127.0.0.1:8080"
	url := startProvider(t, behaviourOf(t, provider))
	for i := range args {
		args[i] = strings.Replace(args[i], shown, url, 1)
	}
	_, out, _ := quotaspec(t, args...)
	return strings.ReplaceAll(out, url, shown)
}

// countPromises returns the README with the numbers of its report in the sentence about the promises.
func countPromises(t *testing.T, page string) string {
	t.Helper()
	counts := regexp.MustCompile(`promises +(\d+) \((\d+) documented, (\d+) recorded, (\d+) inferred\)`).FindStringSubmatch(page)
	sentence := regexp.MustCompile(`Of \d+ promises beyond plain OpenAPI, \d+ are documented, \d+ recorded and \d+ inferred\.`)
	if counts == nil || !sentence.MatchString(page) {
		t.Fatal("the README does not count the promises")
	}
	return sentence.ReplaceAllString(page, fmt.Sprintf("Of %s promises beyond plain OpenAPI, %s are documented, %s recorded and %s "+
		"inferred.", counts[1], counts[2], counts[3], counts[4]))
}

// TestReadmeCounts compares the numbers of recordings and of corpus cases in docs/proof.md with their lists. With -update it
// writes them.
func TestReadmeCounts(t *testing.T) {
	const file = "../../docs/proof.md"
	page := readPage(t, file)
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	kinds, kindsOf200 := map[string]int{}, map[string]int{}
	elsewhere := 0 // captured responses of other operations
	for _, r := range all {
		kinds[r.Kind]++
		if r.Status == http.StatusOK {
			kindsOf200[r.Kind]++
		}
		if r.Kind == recordings.Captured && r.Of != "" {
			elsewhere++
		}
	}
	for _, want := range []string{
		fmt.Sprintf("Of the %d recordings with status 200, %d are the vendor's documented examples and %d are constructed",
			kindsOf200[recordings.Documented]+kindsOf200[recordings.Constructed], kindsOf200[recordings.Documented],
			kindsOf200[recordings.Constructed]),
		fmt.Sprintf("**Recordings** are %d responses with their sources: %d documented by the vendor, %d constructed from its pages, and %d "+
			"captured",
			len(all), kinds[recordings.Documented], kinds[recordings.Constructed], kinds[recordings.Captured]),
		fmt.Sprintf("All %d captured ones come from other operations", elsewhere),
		fmt.Sprintf("A published corpus of %d raw exchanges", len(cases)),
	} {
		if *update {
			sentence := regexp.MustCompile(regexp.MustCompile(`[0-9]+`).ReplaceAllString(regexp.QuoteMeta(want), `[0-9]+`))
			page = sentence.ReplaceAllLiteralString(page, want)
		}
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if kindsOf200[recordings.Captured] > 0 || elsewhere != kinds[recordings.Captured] {
		t.Errorf("the page says that no 200 was captured, and nothing of these operations: got %v, %d of others", kindsOf200, elsewhere)
	}
}

// TestReadmeGoVersion compares the version of Go that go install needs with that of go.mod.
func TestReadmeGoVersion(t *testing.T) {
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readPage(t, "../../go.mod"))
	if version == nil || !strings.Contains(readPage(t, "../../README.md"), " with Go "+version[1]+",") {
		t.Errorf("the README does not name Go %s", version)
	}
}
