package quotaspec_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	codeBlock  = regexp.MustCompile("(?ms)^ *```.*?^ *```$|`[^`\n]*`")
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading    = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	headingURL = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// TestLinks checks that the relative links of all pages lead to files that exist, and their anchors to headings.
func TestLinks(t *testing.T) {
	links := 0
	for _, page := range pages(t, ".") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(codeBlock.ReplaceAllString(string(text), ""), -1) {
			target, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, ":") {
				continue // of another site
			}
			links++
			file := page
			if target != "" {
				file = filepath.Join(filepath.Dir(page), filepath.FromSlash(target))
			}
			if problem := problemOf(file, anchor); problem != "" {
				t.Errorf("%s: the link %s: %s", page, found[1], problem)
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links were checked", links)
	}
}

// pages returns the Markdown files of the repository.
func pages(t *testing.T, root string) []string {
	list := []string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		isHidden := path != root && entry.Name()[0] == '.'
		isForeign := isHidden || entry.Name() == "testdata" || entry.Name() == "node_modules"
		switch {
		case entry.IsDir() && isForeign:
			return filepath.SkipDir
		case filepath.Ext(path) == ".md":
			list = append(list, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// problemOf says what is wrong with a link to a place in a file.
func problemOf(file, anchor string) string {
	if _, err := os.Stat(file); err != nil {
		return "there is no such file"
	}
	if anchor == "" || filepath.Ext(file) != ".md" {
		return "" // of a line in code
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	for _, found := range heading.FindAllStringSubmatch(string(text), -1) {
		if anchorOf(found[1]) == anchor {
			return ""
		}
	}
	return "no heading has this anchor"
}

// anchorOf returns the anchor that GitHub gives a heading: "What is not checked?" has what-is-not-checked.
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, headingURL.ReplaceAllString(heading, "$1"))
}

// TestProblemOf tests that a link that leads nowhere is found.
func TestProblemOf(t *testing.T) {
	for _, test := range []struct{ name, file, anchor, want string }{
		{name: "a file", file: "README.md"},
		{name: "a heading", file: "docs/verify.md", anchor: "what-is-not-checked"},
		{name: "no file", file: "READYOU.md", want: "there is no such file"},
		{name: "no heading", file: "docs/verify.md", anchor: "what-is-checked-not", want: "no heading has this anchor"},
	} {
		if got := problemOf(test.file, test.anchor); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
