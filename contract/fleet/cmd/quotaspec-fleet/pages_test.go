package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/reference/fleet.md")

const (
	repository = "../../../.."
	guide      = "docs/how-to/judge-a-fleet.md"
	reference  = "docs/reference/fleet.md"
)

// TestReference compares the page of the command line with the help of each verb.
func TestReference(t *testing.T) {
	var page strings.Builder
	page.WriteString("# The command line of quotaspec-fleet\n\nWritten by `make update` from the code; do not edit.\n\n" +
		"[Judge a fleet](../how-to/judge-a-fleet.md) explains how it is used.\n")
	for _, verb := range verbs() {
		var out, errs bytes.Buffer
		if code := run(t.Context(), []string{verb.Name(), "--help"}, strings.NewReader(""), &out, &errs); code != 0 || errs.Len() > 0 {
			t.Fatalf("%s --help: exit %d\n%s", verb.Name(), code, &errs)
		}
		fmt.Fprintf(&page, "\n## %s\n\n```text\n%s\n```\n", verb.Name(), strings.TrimSpace(out.String()))
	}
	if *update {
		if err := os.WriteFile(filepath.Join(repository, reference), []byte(page.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(textOf(t, reference), page.String()); diff != "" {
		t.Errorf("%s is not what the help says, -update writes it (-page +help):\n%s", reference, diff)
	}
}

// verbs are those that the help lists.
func verbs() []*cobra.Command {
	return slices.DeleteFunc(newRoot().Commands(), func(c *cobra.Command) bool { return c.Name() == "help" || c.Hidden })
}

var (
	lineGoesOn  = regexp.MustCompile(`\\\n\s*`)
	commandLine = regexp.MustCompile("quotaspec-fleet +([a-z-][^`\n|;&>()#]*)")
)

// TestCommandLines holds that each command line of quotaspec-fleet in a page has a verb and flags that exist.
func TestCommandLines(t *testing.T) {
	found := 0
	err := filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		isHidden := path != repository && strings.HasPrefix(entry.Name(), ".")
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (isHidden || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range commandLine.FindAllSubmatch(lineGoesOn.ReplaceAll(text, []byte(" ")), -1) {
			found++
			if problem := commandProblem(strings.Fields(string(m[1]))); problem != "" {
				t.Errorf("%s: quotaspec-fleet %s: %s", path, m[1], problem)
			}
		}
		return err
	})
	if err != nil || found < 10 {
		t.Errorf("%d command lines were found, %v", found, err)
	}
}

// TestCommandProblem tests that a wrong command line is found.
func TestCommandProblem(t *testing.T) {
	for line, want := range map[string]string{
		"judge --brokers a:1 --topic exchanges": "",
		"judge --broker a:1":                    "judge has no flag --broker",
		"report -v --report html=a.html":        "",
		"report --every=1s":                     "report has no flag --every",
		"verify --har a.har":                    "there is no verb verify",
		"--version":                             "",
	} {
		if got := commandProblem(strings.Fields(line)); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

// commandProblem says which verb or flag of a command line does not exist.
func commandProblem(words []string) string {
	root := newRoot()
	root.InitDefaultVersionFlag()
	verb, rest, err := root.Find(words)
	if isVerb := err == nil && (verb != root || strings.HasPrefix(words[0], "-")); !isVerb {
		return "there is no verb " + words[0]
	}
	verb.InitDefaultHelpFlag()
	for _, w := range rest {
		name, _, _ := strings.Cut(strings.Trim(w, `"'[]`), "=")
		long, isLong := strings.CutPrefix(name, "--")
		isShort := len(name) == 2 && name[0] == '-'
		if isLong && verb.Flags().Lookup(long) == nil || isShort && verb.Flags().ShorthandLookup(name[1:]) == nil {
			return verb.Name() + " has no flag " + name
		}
	}
	return ""
}

// TestFlagsInText holds that a flag in the text of the guide, such as `--group`, is one of some verb.
func TestFlagsInText(t *testing.T) {
	known := []string{"file-flush-interval-msec"} // of Envoy
	for _, verb := range verbs() {
		verb.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	}
	found := regexp.MustCompile("`--([a-z][a-z-]*)").FindAllStringSubmatch(textOf(t, guide), -1)
	for _, m := range found {
		if !slices.Contains(known, m[1]) {
			t.Errorf("%s: no verb has --%s", guide, m[1])
		}
	}
	if len(found) < 5 {
		t.Errorf("only %d flags were found", len(found))
	}
}
