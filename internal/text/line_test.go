package text

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestLines(t *testing.T) {
	for _, test := range []struct{ name, text, one, first string }{
		{name: "empty text"},
		{name: "white space only", text: " \n\t"},
		{name: "one line", text: "unknown flag", one: "unknown flag", first: "unknown flag"},
		{name: "several lines", text: "\n  a  b \r\n\tc\n", one: "a b c", first: "a  b"},
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
		{name: "shorter than the limit", text: "ab", limit: 3, want: "ab"},
		{name: "as long as the limit", text: "äöü", limit: 3, want: "äöü"},
		{name: "longer than the limit", text: "äöüß", limit: 3, want: "äö…"},
		{name: "a limit of one character", text: "ab", limit: 1, want: "…"},
		{name: "a limit of zero", text: "ab"},
		{name: "a negative limit", text: "ab", limit: -5},
		{name: "empty text, limit of zero"},
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

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{name: "nothing", width: 5, want: []string{""}},
		{name: "it fits", text: "a  b\nc", width: 5, want: []string{"a b c"}},
		{name: "one character too many", text: "a b cd", width: 5, want: []string{"a b", "cd"}},
		{name: "a long word", text: "a verylong b", width: 5, want: []string{"a", "verylong", "b"}},
		{name: "characters, not bytes", text: "云云 云云", width: 5, want: []string{"云云 云云"}},
	} {
		if got := Wrap(test.text, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
