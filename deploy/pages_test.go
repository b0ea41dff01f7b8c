package deploy

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	fileBlock = regexp.MustCompile("<!-- file: (\\S+) -->\n```[a-z]+\n((?:.*\n)*?)```\n")
	runBlock  = regexp.MustCompile("<!-- run: (\\S+) -->\n```sh\n((?:.*\n)*?)```\n")
)

// pageFiles returns the files that a page shows, by their paths: each block after a line <!-- file: PATH -->.
func pageFiles(t *testing.T, page string) map[string]string { return blocks(t, page, fileBlock) }

// blocks returns the blocks of a page by their names.
func blocks(t *testing.T, page string, pattern *regexp.Regexp) map[string]string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
		if _, ok := found[m[1]]; ok {
			t.Fatalf("%s has %s twice", page, m[1])
		}
		found[m[1]] = m[2]
	}
	if len(found) == 0 {
		t.Fatalf("%s has no such block", page)
	}
	return found
}

// ciPages are the pages that show files for CI.
var ciPages = []string{"../docs/ci.md", "../docs/breaking.md"}

// TestPagesNameTheirFiles tests that no block of YAML on the page about CI is left out, so that all of them are checked.
func TestPagesNameTheirFiles(t *testing.T) {
	text, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	named := len(pageFiles(t, "../docs/ci.md"))
	if all := strings.Count(string(text), "```yaml\n") + strings.Count(string(text), "```groovy\n"); all != named {
		t.Errorf("%d files, and %d of them have a name", all, named)
	}
	if got := pageFiles(t, "../docs/ci.md")[".github/workflows/contract.yml"]; strings.Count(got, "\n") != 6 {
		t.Errorf("the first workflow has not six lines:\n%s", got)
	}
	if pageFiles(t, "../docs/ci.md")[".github/workflows/breaking.yml"] != pageFiles(t, "../docs/breaking.md")[".github/workflows/breaking.yml"] {
		t.Error("docs/ci.md and docs/breaking.md show two different workflows")
	}
	for name, want := range pageFiles(t, "../docs/ci.md") {
		got, err := os.ReadFile(filepath.Join("testdata/repository", name))
		if err == nil && string(got) != want {
			t.Errorf("testdata/repository/%s is not the file of the page", name)
		}
	}
}

// testSyntax checks the files of the pages and our own by actionlint and by the schemas of their vendors.
func (k kit) testSyntax(t *testing.T) {
	folder := t.TempDir()
	check := func(file string) {
		name, base := filepath.ToSlash(file), filepath.Base(file)
		commands := [][]string{}
		schema := func(of string) {
			commands = append(commands, []string{filepath.Join(*actionTools, "check-jsonschema"), "--builtin-schema", of, file})
		}
		switch {
		case strings.Contains(name, ".github/workflows/"):
			schema("vendor.github-workflows")
			commands = append(commands, []string{k.actionlint, "-no-color", file})
		case base == "action.yml":
			schema("vendor.github-actions")
		case base == ".gitlab-ci.yml" || strings.Contains(name, "gitlab/"):
			schema("vendor.gitlab-ci")
		case base == ".pre-commit-config.yaml":
			commands = append(commands, []string{filepath.Join(*actionTools, "pre-commit"), "validate-config", file})
		case base == ".pre-commit-hooks.yaml":
			commands = append(commands, []string{filepath.Join(*actionTools, "pre-commit"), "validate-manifest", file})
		default:
			return
		}
		for _, command := range commands {
			if out, code := execute(t, folder, nil, command[0], command[1:]...); code != 0 {
				t.Errorf("%s %s", strings.Join(command, " "), out)
			}
		}
	}
	for _, page := range ciPages {
		files := pageFiles(t, page)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			file := filepath.Join(folder, filepath.Base(page), name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(files[name]), 0o644); err != nil {
				t.Fatal(err)
			}
			check(file)
		}
	}
	own, _ := filepath.Glob("../.github/workflows/*.yml")
	for _, file := range append(own, "../action.yml", "../.pre-commit-hooks.yaml", "gitlab/quotaspec.yml") {
		check(absolute(t, file))
	}
	scripts, _ := filepath.Glob("action/*.sh")
	if out, code := execute(t, ".", nil, "shellcheck", scripts...); code != 0 {
		t.Error(out)
	}
}

var (
	commandLine = regexp.MustCompile(`(?:quotaspec|args:) (verify|breaking|proxy|serve|spec|rules|mutate|quotas)\b((?:\\\n|[^\n])*)`)
	flagName    = regexp.MustCompile(`--[a-z][a-z-]*`)
)

// testFlags checks that the command has each verb and flag of the files that others use, also of those that no test runs.
func (k kit) testFlags(t *testing.T) {
	lines := 0
	for _, file := range append(ciPages, "../.pre-commit-hooks.yaml", "gitlab/quotaspec.yml", "action/run.sh") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range commandLine.FindAllStringSubmatch(string(text), -1) {
			lines++
			arguments, _, _ := strings.Cut(m[2], "`")
			help, code := execute(t, ".", nil, k.command, m[1], "--help")
			if code != 0 {
				t.Errorf("%s: no verb %s", file, m[1])
			}
			for _, name := range flagName.FindAllString(arguments, -1) {
				if !regexp.MustCompile(name + `\b`).MatchString(help) {
					t.Errorf("%s: %s has no flag %s: %s", file, m[1], name, m[0])
				}
			}
		}
	}
	if lines < 20 {
		t.Errorf("only %d lines were checked", lines)
	}
}
