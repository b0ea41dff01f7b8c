package text

import (
	"testing"
	"unicode/utf8"
)

func TestLines(t *testing.T) {
	for _, test := range []struct{ name, text, one, first string }{
		{"nothing", "", "", ""},
		{"white space only", " \n\t", "", ""},
		{"one line", "unknown flag", "unknown flag", "unknown flag"},
		{"several lines", "\n  a  b \r\n\tc\n", "a b c", "a  b"},
	} {
		if got := OneLine(test.text); got != test.one {
			t.Errorf("%s: OneLine: got %q, want %q", test.name, got, test.one)
		}
		if got := FirstLine(test.text); got != test.first {
			t.Errorf("%s: FirstLine: got %q, want %q", test.name, got, test.first)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		name, text string
		limit      int
		want       string
	}{
		{"shorter than the limit", "ab", 3, "ab"},
		{"as long as the limit", "äöü", 3, "äöü"},
		{"longer than the limit", "äöüß", 3, "äö…"},
		{"room for one character", "ab", 1, "…"},
		{"no room", "ab", 0, ""},
		{"less than no room", "ab", -5, ""},
		{"nothing, and no room", "", 0, ""},
	} {
		if got := Shorten(test.text, test.limit); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestShortenPointer(t *testing.T) {
	const p = "/response/body/quotas/0/used"
	for limit, want := range map[int]string{
		100:    p,
		len(p): p,
		16:     "/resp…tas/0/used",
		2:      "…d",
		1:      "…",
		0:      "",
		-1:     "",
	} {
		got := ShortenPointer(p, limit)
		if got != want {
			t.Errorf("to %d: got %q, want %q", limit, got, want)
		}
		if n := utf8.RuneCountInString(got); n > max(limit, 0) {
			t.Errorf("to %d: got %d characters", limit, n)
		}
	}
}
