package deploy

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	fileBlock = regexp.MustCompile("<!-- file: (\\S+) -->\n```[a-z]+\n((?:.*\n)*?)```\n")
	runBlock  = regexp.MustCompile("<!-- run: (\\S+) -->\n```sh\n((?:.*\n)*?)```\n")
)

// pageFiles returns the files that a page shows, by their paths: each block after a line <!-- file: PATH -->. Of a file that it
// shows twice, it returns the last version.
func pageFiles(t *testing.T, page string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, versions := range blocks(t, page, fileBlock) {
		files[name] = versions[len(versions)-1]
	}
	return files
}

// blocks returns the blocks of a page by their names, in the order of the page.
func blocks(t *testing.T, page string, pattern *regexp.Regexp) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
		found[m[1]] = append(found[m[1]], m[2])
	}
	return found
}

// workflows returns the workflows of GitHub on a page, with a name or without.
func workflows(t *testing.T, page string) []string {
	t.Helper()
	list := []string{}
	for _, block := range blocks(t, page, regexp.MustCompile("```(yaml)\n((?:.*\n)*?)```\n"))["yaml"] {
		if strings.HasPrefix(block, "on:") {
			list = append(list, block)
		}
	}
	return list
}

// userPages returns all pages for users.
func userPages(t *testing.T) []string {
	t.Helper()
	pages := []string{"../README.md"}
	for _, pattern := range []string{"../docs/*.md", "../docs/how-to/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	return pages
}

// TestPagesNameTheirFiles tests that no file on the page about CI is left out, so that all of them are checked, and that the
// repository of the tests is what the page shows.
func TestPagesNameTheirFiles(t *testing.T) {
	const page = "../docs/ci.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	files := pageFiles(t, page)
	if all := strings.Count(string(text), "```yaml\n") + strings.Count(string(text), "```groovy\n"); all != len(files) {
		t.Errorf("%d files, and %d of them have a name", all, len(files))
	}
	if got := files[".github/workflows/contract.yml"]; strings.Count(got, "\n") != 6 {
		t.Errorf("the first workflow has not six lines:\n%s", got)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("testdata/repository", name))
		if err == nil && string(got) != want {
			t.Errorf("testdata/repository/%s is not the file of the page", name)
		}
	}
}

// testSyntax checks the files of the pages and our own by actionlint, by the schemas of their vendors and by shellcheck.
func (k kit) testSyntax(t *testing.T) {
	folder, workflow := t.TempDir(), 0
	for i, page := range userPages(t) {
		files := pageFiles(t, page)
		for _, text := range workflows(t, page) {
			workflow++
			files[fmt.Sprintf(".github/workflows/%d.yml", workflow)] = text
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			file := filepath.Join(folder, strconv.Itoa(i), name)
			err := os.MkdirAll(filepath.Dir(file), 0o755)
			if err == nil {
				err = os.WriteFile(file, []byte(files[name]), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			k.check(t, page, file)
		}
	}
	if workflow < 7 {
		t.Errorf("the pages have %d workflows", workflow)
	}
	own, _ := filepath.Glob("../.github/workflows/*.yml")
	for _, file := range append(own, "../action.yml", "../.pre-commit-hooks.yaml", "gitlab/quotaspec.yml") {
		k.check(t, file, absolute(t, file))
	}
	scripts, _ := filepath.Glob("action/*.sh")
	if out, code := execute(t, ".", nil, "shellcheck", scripts...); code != 0 {
		t.Error(out)
	}
}

// check checks a file of a page by the programs for files of its name.
func (k kit) check(t *testing.T, page, file string) {
	t.Helper()
	name, schema := filepath.ToSlash(file), ""
	commands := [][]string{}
	switch {
	case strings.Contains(name, ".github/workflows/"):
		schema = "vendor.github-workflows"
		commands = append(commands, []string{k.actionlint, "-no-color", file})
	case strings.HasSuffix(name, "/action.yml"):
		schema = "vendor.github-actions"
	case strings.HasSuffix(name, ".gitlab-ci.yml"), strings.HasSuffix(name, "gitlab/quotaspec.yml"):
		schema = "vendor.gitlab-ci"
	case strings.HasSuffix(name, ".pre-commit-config.yaml"):
		commands = append(commands, []string{filepath.Join(*actionTools, "pre-commit"), "validate-config", file})
	case strings.HasSuffix(name, ".pre-commit-hooks.yaml"):
		commands = append(commands, []string{filepath.Join(*actionTools, "pre-commit"), "validate-manifest", file})
	}
	if schema != "" {
		commands = append(commands, []string{filepath.Join(*actionTools, "check-jsonschema"), "--builtin-schema", schema, file})
	}
	for _, command := range commands {
		if out, code := execute(t, filepath.Dir(file), nil, command[0], command[1:]...); code != 0 {
			t.Errorf("%s: %s %s", page, strings.Join(command, " "), out)
		}
	}
}

var (
	commandLine = regexp.MustCompile(`(?:quotaspec|args:) (verify|breaking|proxy|serve|spec|rules|mutate|quotas)\b((?:\\\n|[^\n])*)`)
	flagName    = regexp.MustCompile(`--[a-z][a-z-]*`)
)

// testFlags checks that the command has each verb and flag of the files that others use, also of those that no test runs.
func (k kit) testFlags(t *testing.T) {
	lines := 0
	for _, file := range append(userPages(t), "../.pre-commit-hooks.yaml", "gitlab/quotaspec.yml", "action/run.sh") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range commandLine.FindAllStringSubmatch(string(text), -1) {
			lines++
			arguments, _, _ := strings.Cut(m[2], "`")
			arguments, _, _ = strings.Cut(arguments, " | ") // what stands behind it is another command
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
