package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/server"
)

var update = flag.Bool("update", false, "write what is printed into the README and the golden files")

// TestReadme runs each block of the README below a marker "<!-- run: COMMAND -->" and compares the output.
func TestReadme(t *testing.T) {
	const file = "../../README.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("<!-- run: ([^;>]*)(?:; provider: ([^>]*))? -->\n```\n(\\$ [^\n]*\n)((?:.*\n)*?)```\n")
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envDomain, envProject} {
		t.Setenv(name, "")
	}
	t.Setenv(envToken, server.ReaderToken)
	found := 0
	got := block.ReplaceAllStringFunc(string(text), func(s string) string {
		found++
		m := block.FindStringSubmatch(s)
		args := strings.Fields(strings.TrimPrefix(strings.Replace(m[1], "make verify", "quotaspec verify", 1), "quotaspec "))
		url := ""
		if m[2] != "" {
			b := behaviour{}
			if m[2] != "the reference provider" {
				b = behaviourOf(t, m[2])
			}
			url = startProvider(t, b)
			for i := range args {
				args[i] = strings.Replace(args[i], "http://127.0.0.1:8080", url, 1)
			}
		}
		_, out, _ := quotaspec(t, args...)
		out = strings.NewReplacer("testdata/breaking/old.yaml", "main:openapi.yaml", "testdata/breaking/bird.yaml", "openapi.yaml").Replace(out)
		if url != "" {
			out = strings.ReplaceAll(out, url, "http://127.0.0.1:8080")
		}
		return strings.Replace(s, m[3]+m[4], m[3]+out, 1)
	})
	// The sentence about the promises says what the report says.
	counts := regexp.MustCompile(`promises +(\d+) \((\d+) documented, (\d+) recorded, (\d+) inferred\)`).FindStringSubmatch(got)
	sentence := regexp.MustCompile(`Of \d+ promises beyond plain OpenAPI, \d+ are documented, \d+ recorded and \d+ inferred\.`)
	if counts == nil || !sentence.MatchString(got) {
		t.Fatal("the README does not count the promises")
	}
	got = sentence.ReplaceAllString(got, fmt.Sprintf("Of %s promises beyond plain OpenAPI, %s are documented, %s recorded and %s "+
		"inferred.", counts[1], counts[2], counts[3], counts[4]))
	if markers := strings.Count(string(text), "<!-- run: "); found == 0 || found != markers {
		t.Fatalf("the README marks %d blocks to run, and %d were run", markers, found)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(text) {
		t.Errorf("the README does not show what is printed (go test ./cmd/quotaspec -run Readme -update):\n%s", got)
	}
}

// TestReadmeCounts compares the numbers of recordings and of corpus cases in the README with their lists. With -update it
// writes them.
func TestReadmeCounts(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
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
			readme = sentence.ReplaceAllLiteral(readme, []byte(want))
		}
		if !strings.Contains(string(readme), want) {
			t.Errorf("the README does not say %q", want)
		}
	}
	if *update {
		if err := os.WriteFile("../../README.md", readme, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if kindsOf200[recordings.Captured] > 0 || elsewhere != kinds[recordings.Captured] {
		t.Errorf("the README says that no 200 was captured, and nothing of these operations: got %v, %d of others", kindsOf200, elsewhere)
	}
}
