package formats_test

import (
	"regexp"
	"strings"
	"testing"
)

var (
	ourTag   = regexp.MustCompile(`^</?(details|summary|code|pre)>`)
	inCode   = regexp.MustCompile("`[^`\n]*`")
	inPre    = regexp.MustCompile(`(?s)<pre>.*?</pre>`)
	ourLink  = regexp.MustCompile(`\[[^][]*\]\(https://github\.com/quotaspec/[^()|<>"\s]*\)`)
	tableRow = regexp.MustCompile(`(?m)^\|.*$`)
)

// TestMarkdown checks that a comparison is within GitHub's limit, and that none of its texts becomes markup: a tag, a cell, a
// heading or a link.
func TestMarkdown(t *testing.T) {
	for name, s := range samples(t) {
		t.Run(name, func(t *testing.T) {
			text := s.write(t, "markdown")
			if limit := 60_000; len(text) > limit {
				t.Errorf("%d bytes", len(text))
			}
			for i := range text {
				if text[i] == '<' && !ourTag.MatchString(text[i:]) {
					t.Errorf("a tag: %.40q", text[i:])
				}
			}
			for _, tag := range []string{"details", "summary", "code", "pre"} {
				if opened, closed := strings.Count(text, "<"+tag+">"), strings.Count(text, "</"+tag+">"); opened != closed {
					t.Errorf("%d of <%s>, %d closed", opened, tag, closed)
				}
			}
			plain := inCode.ReplaceAllString(inPre.ReplaceAllString(text, ""), "")
			plain = ourLink.ReplaceAllString(plain, "")
			for _, forbidden := range []string{"\n# h", "](", "```"} {
				if strings.Contains(plain, forbidden) {
					t.Errorf("%q in the text", forbidden)
				}
			}
			for _, row := range tableRow.FindAllString(text, -1) {
				if n := strings.Count(row, "|"); n != 6 {
					t.Errorf("%d bars: %s", n, row)
				}
			}
		})
	}
}

// TestMarkdownLimit checks that a comparison that is too long has a table, witnesses, and the number of what was left out.
func TestMarkdownLimit(t *testing.T) {
	text := samples(t)["thousand"].write(t, "markdown")
	for _, want := range []string{"| | 1140 more | | | |", "<pre>", "entries are left out", "<summary>compatible: 200 changes"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if len(text) < 40_000 {
		t.Errorf("%d bytes: more would fit", len(text))
	}
}
