package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command line of quotaspec in a page, whether a test runs it or not, has a verb and flags that the command has, so that a
// flag that is renamed turns red here.

// A command line of quotaspec in a block stands at the beginning of a line or after what may precede a command; in the YAML of
// an action, it is the value of args.
var (
	commandLine = regexp.MustCompile(`(?m)(?:^|[|&;(!] *|\$ |run: ['"]?|[A-Z_]+=\S* |\b(?:if|then|do|exec|trap|time) '?)\s*` +
		`(?:\./bin/)?quotaspec +([a-z-].*)$`)
	argsLine = regexp.MustCompile(`(?m)^\s*(?:- )?args: *(?:[>|][-+]?\n\s*)?['"]?` +
		`((?:verify|proxy|breaking|serve|spec|rules|mutate|quotas) .*)$`)
	inlineCode = regexp.MustCompile("`quotaspec +([a-z-][^`\n]*)`")
	goesOn     = regexp.MustCompile(`\\\n\s*`)
	word       = regexp.MustCompile(`(?:[^\s'"|&;<>()]|'[^']*'|"[^"]*")+|[|&;<>()]`)
)

// commandsIn returns the command lines of quotaspec in a page, without the name of the command.
func commandsIn(page, text string) []string {
	list := []string{}
	for _, b := range blocksOf(page, text) {
		joined := goesOn.ReplaceAllString(b.text, " ")
		for _, pattern := range []*regexp.Regexp{commandLine, argsLine} {
			for _, m := range pattern.FindAllStringSubmatch(joined, -1) {
				list = append(list, m[1])
			}
		}
	}
	for _, m := range inlineCode.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

// commandProblem says which verb or flag of a command line does not exist. It reads up to the end of the command in a shell.
func commandProblem(line string) string {
	words := word.FindAllString(line, -1)
	if end := slices.IndexFunc(words, func(w string) bool { return len(w) == 1 && strings.ContainsAny(w, "|&;<>()#") }); end >= 0 {
		words = words[:end]
	}
	if len(words) == 0 || strings.HasSuffix(words[0], ":") { // "quotaspec verify: …" is an output
		return ""
	}
	root := newRoot()
	root.InitDefaultHelpCmd()
	root.InitDefaultVersionFlag()
	root.InitDefaultCompletionCmd("verify")
	verb, rest, err := root.Find(words)
	isVerb := err == nil && (verb != root || strings.HasPrefix(words[0], "-"))
	if !isVerb {
		return fmt.Sprintf("there is no verb %s", words[0])
	}
	for _, w := range rest {
		if flag := unknownFlag(verb, strings.Trim(w, `"'[]`)); flag != "" {
			return fmt.Sprintf("%s has no flag %s", verb.CommandPath(), flag)
		}
	}
	return ""
}

// unknownFlag returns the name of a flag that a verb does not have; "" for any other word.
func unknownFlag(verb *cobra.Command, w string) string {
	verb.InitDefaultHelpFlag()
	name, _, _ := strings.Cut(w, "=")
	switch long, isLong := strings.CutPrefix(name, "--"); {
	case isLong && long != "" && verb.Flags().Lookup(long) == nil:
		return name
	case !isLong && len(name) == 2 && name[0] == '-' && verb.Flags().ShorthandLookup(name[1:]) == nil:
		return name
	}
	return ""
}

// TestCommandLines holds that each command line of quotaspec in a page has a verb and flags that exist.
func TestCommandLines(t *testing.T) {
	found := 0
	for _, page := range readerPages(t) {
		for _, line := range commandsIn(page, textOf(t, page)) {
			found++
			if problem := commandProblem(line); problem != "" {
				t.Errorf("%s: quotaspec %s: %s", page, line, problem)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d command lines were found", found)
	}
}

// TestFlagsInText holds that a flag in the text of a page about the command, such as `--rate 2`, is one of some verb.
func TestFlagsInText(t *testing.T) {
	flag := regexp.MustCompile("`--([a-z][a-z-]*)")
	known := []string{"help", "version", "wrong"} // the last one is of the consumer in docs/test-my-consumer.md
	for _, verb := range newRoot().Commands() {
		verb.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	}
	found := 0
	for _, page := range readerPages(t) {
		isAboutIt := slices.ContainsFunc([]string{
			"README.md", "docs/verify.md", "docs/breaking.md", "docs/contribute-a-recording.md", "docs/test-my-consumer.md",
			"docs/tutorial.md", "docs/how-to/*.md", "docs/reference/*.md", "docs/findings.md",
		}, func(pattern string) bool { is, _ := filepath.Match(pattern, page); return is })
		isOfFleet := slices.Contains([]string{"docs/how-to/judge-a-fleet.md", "docs/reference/fleet.md"}, page) // contract/fleet tests it
		if !isAboutIt || isOfFleet {
			continue
		}
		for _, m := range flag.FindAllStringSubmatch(textOf(t, page), -1) {
			found++
			if !slices.Contains(known, m[1]) {
				t.Errorf("%s: no verb has --%s", page, m[1])
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d flags were found", found)
	}
}

// TestMakeTargets holds that each "make TARGET" in a page is in the Makefile.
func TestMakeTargets(t *testing.T) {
	makefile := textOf(t, "Makefile")
	target := regexp.MustCompile("(?m)(?:`|^\\$ |^(?:- )?run: |^)make ([a-z][a-z-]*)(?:`| |$)")
	found := 0
	for _, page := range readerPages(t) {
		text := ""
		for _, b := range blocksOf(page, textOf(t, page)) {
			text += b.text
		}
		text += strings.Join(regexp.MustCompile("`make [a-z-]+`").FindAllString(textOf(t, page), -1), "\n")
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			found++
			if !strings.Contains(makefile, "\n"+m[1]+":") {
				t.Errorf("%s: there is no make %s", page, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d targets were found", found)
	}
}
