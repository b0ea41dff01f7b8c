package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The pages of docs/reference are written from the code and the schemas: -update writes them, as make update does.

const generated = "Written by `make update` from the code; do not edit.\n\n"

// TestReference compares docs/reference with the verbs and flags, the keys of quotaspec.yaml and the schemas of reports.
func TestReference(t *testing.T) {
	for _, page := range []struct {
		name string
		text string
	}{
		{name: "cli.md", text: cliPage()},
		{name: "config.md", text: configPage()},
		{name: "quotas-config.md", text: quotasConfigPage()},
		{name: "report.md", text: schemaPage(t, "../../docs/report.schema.json")},
		{name: "comparison.md", text: schemaPage(t, "../../docs/comparison.schema.json")},
		{name: "quotas.md", text: schemaPage(t, "../../docs/quotas.schema.json")},
	} {
		t.Run(page.name, func(t *testing.T) {
			compareFile(t, "../../docs/reference/"+page.name, page.text)
		})
	}
}

// exitRows are the exit codes, each with a command that ends with it; testdata/breaking is the folder that it runs in.
var exitRows = []struct {
	code    int
	verbs   string
	means   string
	command string
}{
	{code: exitPassed, verbs: "all but `quotas`", means: "judged, and everything passed; or printed", command: "breaking old.yaml old.yaml"},
	{code: exitFailed, verbs: "`verify`, `proxy`, `breaking`, `mutate`, `rules --unproven`", means: "judged, and something failed",
		command: "breaking old.yaml new.yaml"},
	{code: exitNotJudged, verbs: "all but `quotas`", command: "breaking old.yaml none.yaml",
		means: "not judged: wrong usage, a provider that cannot be reached or does not answer, nothing selected or matched, " +
			"credentials refused, only errors. Every report that was asked for is written, with the error in it"},
	{code: exitOK, verbs: "`quotas`", means: "below every threshold", command: "quotas --endpoint $PROVIDER --domain " + sampleDomain +
		" --ignore idp"},
	{code: exitWarning, verbs: "`quotas`", means: "a quota has reached its warning threshold",
		command: "quotas --endpoint $PROVIDER --domain " + sampleDomain},
	{code: exitCritical, verbs: "`quotas`", means: "a quota has reached its critical threshold",
		command: "quotas --endpoint $PROVIDER --domain " + sampleDomain + " --critical 90"},
	{code: exitUnknown, verbs: "`quotas`", means: "a request failed, or wrong usage", command: "quotas --output xml"},
}

const sampleDomain = "d78cbac186b744899480f25bd022f468"

// TestExitCodes runs a command for each exit code of the page.
func TestExitCodes(t *testing.T) {
	provider := startProvider(t, behaviour{})
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envDomain, envProject} {
		t.Setenv(name, "")
	}
	t.Setenv(envToken, "reader-token")
	t.Chdir("testdata/breaking")
	for _, exit := range exitRows {
		args := strings.Fields(strings.ReplaceAll(exit.command, "$PROVIDER", provider))
		if code, out, errs := quotaspec(t, args...); code != exit.code {
			t.Errorf("quotaspec %s: got exit %d, want %d\n%s%s", exit.command, code, exit.code, out, errs)
		}
	}
}

func cliPage() string {
	root := newRoot()
	verbs := slices.DeleteFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == "help" || c.Hidden })
	var b strings.Builder
	fmt.Fprintf(&b, "# The command line\n\n%s| verb | does |\n|---|---|\n", generated)
	for _, verb := range verbs {
		fmt.Fprintf(&b, "| [%s](#%s) | %s |\n", verb.Name(), verb.Name(), verb.Short)
	}
	b.WriteString("\n`quotaspec VERB --help` prints what is below. A flag and its value are two words, or one with `=`.\n" +
		"\n## Exit codes\n\n| code | of | means |\n|---|---|---|\n")
	for _, exit := range exitRows {
		fmt.Fprintf(&b, "| %d | %s | %s |\n", exit.code, exit.verbs, exit.means)
	}
	b.WriteString("\nA second Ctrl-C ends any verb at once, with 128 and the number of the signal.\n")
	for _, verb := range verbs {
		fmt.Fprintf(&b, "\n## %s\n\n`%s`\n\n%s\n", verb.Name(), verb.UseLine(), prose(verb.Long))
		mark := "run: help"
		if verb.Name() == quotasVerb {
			mark = "not run: it asks the cloud"
		}
		fmt.Fprintf(&b, "\n<!-- %s -->\n```sh\n%s\n```\n", mark, outdent(verb.Example))
		if rows := flagRows(verb.LocalFlags()); rows != "" {
			fmt.Fprintf(&b, "\n| flag | default | does |\n|---|---|---|\n%s", rows)
		}
	}
	return b.String()
}

// flagRows lists flags, but for --help.
func flagRows(flags *pflag.FlagSet) string {
	rows := ""
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Hidden {
			return
		}
		value, says := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		switch isBool := f.Value.Type() == "bool"; {
		case f.NoOptDefVal != "" && !isBool:
			name += "[=VALUE]"
		case value != "" && !isBool:
			name += " " + value
		}
		byDefault := f.DefValue
		if slices.Contains([]string{"", "[]", "false", "0", "0s"}, byDefault) {
			byDefault = ""
		} else {
			byDefault = "`" + byDefault + "`"
		}
		rows += fmt.Sprintf("| `%s` | %s | %s |\n", name, byDefault, markup.ReplaceAllString(says, `\$0`))
	})
	return rows
}

// markup are the characters of a help that Markdown would take for its own.
var markup = regexp.MustCompile(`[*_<>|\[\]]`)

// prose makes Markdown of a help: its paragraphs, and its indented lines as a block.
func prose(help string) string {
	lines, inBlock := []string{}, false
	for line := range strings.SplitSeq(help, "\n") {
		isBlock := strings.HasPrefix(line, "  ")
		if isBlock != inBlock {
			inBlock = isBlock
			if isBlock {
				lines = append(lines, "", "```text")
			} else {
				lines = append(lines, "```", "")
			}
		}
		if isBlock {
			line = strings.TrimPrefix(line, "  ")
		} else {
			line = markup.ReplaceAllString(line, `\$0`)
		}
		lines = append(lines, line)
	}
	if inBlock {
		lines = append(lines, "```")
	}
	return strings.Join(lines, "\n")
}

// outdent takes the indentation of a help's examples away.
func outdent(example string) string {
	return strings.TrimPrefix(strings.ReplaceAll(example, "\n  ", "\n"), "  ")
}

// TestReferenceIsComplete holds that the index names every page of the reference.
func TestReferenceIsComplete(t *testing.T) {
	index, err := os.ReadFile("../../docs/reference/README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir("../../docs/reference")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.Name() != "README.md" && !strings.Contains(string(index), "]("+file.Name()+")") {
			t.Errorf("docs/reference/README.md does not name %s", file.Name())
		}
	}
}
