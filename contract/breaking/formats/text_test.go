package formats_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/breaking/formats"
)

// TestVisible checks that no format contains a character that a terminal obeys, whatever the comparison contains.
func TestVisible(t *testing.T) {
	s := samples(t)["hostile"]
	for _, format := range formats.FormatNames() {
		for _, verbose := range []bool{false, true} {
			s.options.Verbose = verbose
			text := s.write(t, format)
			for i, r := range text {
				isVisible := unicode.IsPrint(r) && r != utf8.RuneError
				if !isVisible && r != '\n' && r != '\t' {
					t.Errorf("%s: %U at %q", format, r, text[max(0, i-40):i])
					break
				}
			}
		}
	}
}

// TestTextWidth checks that lines fit a terminal, and that a long comparison has an end.
func TestTextWidth(t *testing.T) {
	for name, s := range samples(t) {
		text := s.write(t, "text")
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 120 && !s.options.Verbose {
				t.Errorf("%s: %d characters: %s", name, n, line)
			}
			if strings.HasSuffix(line, " \n") {
				t.Errorf("%s: a blank at the end of %q", name, line)
			}
		}
		if strings.Contains(text, "\n\n\n") {
			t.Errorf("%s: two blank lines", name)
		}
	}
}

// TestTextNamesBothDocuments checks that long names of documents have two lines.
func TestTextNamesBothDocuments(t *testing.T) {
	c := comparison(t)
	c.Old.Title = strings.Repeat("Pets and Owners ", 4)
	text := sample{comparison: c}.write(t, "text")
	lines := strings.Split(text, "\n")
	if !strings.HasSuffix(lines[0], "(testdata/old/pets.yaml)") || lines[1] != "  → Pets 1.2.0 (testdata/pets.yaml)" {
		t.Errorf("got\n%s\n%s", lines[0], lines[1])
	}
}

// TestTextLimits checks that a group of a thousand findings shows 50 and counts the others by their ids, and that the verbose text
// shows all of them with whole bodies.
func TestTextLimits(t *testing.T) {
	s := samples(t)["thousand"]
	short := s.write(t, "text")
	for _, want := range []string{
		"breaking for consumers: 400 changes.",
		"  and 350 more: 150 enum/added, 200 status/removed (-v lists all)",
		"harmless  200 compatible, 200 editorial (-v lists them)",
	} {
		if !strings.Contains(short, want+"\n") && !strings.Contains(short, want+" ") {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(short, "    place "); n != 150 {
		t.Errorf("%d findings are shown in full, want 50 of each of three groups", n)
	}
	s.options.Verbose = true
	long := s.write(t, "text")
	if n := strings.Count(long, "    place "); n != 1600 || strings.Contains(long, "-v lists") {
		t.Errorf("%d findings are shown in full, want all", n)
	}
	if n := strings.Count(long, `"she likes fish and sleeps all day",`+"\n"); n != 200*20 {
		t.Errorf("%d lines of bodies, want all", n)
	}
}
