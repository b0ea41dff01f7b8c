package sample

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
)

// TestMatching holds which text is made for a pattern, and that it matches.
func TestMatching(t *testing.T) {
	for _, test := range []struct {
		name, pattern string
		length        int
		want          string
	}{
		{name: "nothing", pattern: ``, want: ""},
		{name: "a literal", pattern: `^v1$`, want: "v1"},
		{name: "a part", pattern: `b+`, want: "b"},
		{name: "a longer part", pattern: `^b`, length: 3, want: "bxx"},
		{name: "a longer part at the end", pattern: `b$`, length: 3, want: "xxb"},
		{name: "a longer text", pattern: `^b`, length: 300, want: "b" + strings.Repeat("x", 299)},
		{name: "digits", pattern: `^\d{3}-\d+$`, want: "111-1"},
		{name: "more digits", pattern: `^\d{3}-\d+$`, length: 8, want: "111-1111"},
		{name: "hexadecimal", pattern: `^[0-9a-f]{8}$`, want: "aaaaaaaa"},
		{name: "no vowel", pattern: `^[^a-z]$`, want: "1"},
		{name: "the shortest alternative", pattern: `^(horse|cat|mouse)s?$`, want: "cat"},
		{name: "the alternative of a length", pattern: `^(a|b+|[0-9a-f]{64})$`, length: 5, want: "bbbbb"},
		{name: "nested repetitions", pattern: `^([a-z]+\.)+com$`, length: 9, want: "xxxxx.com"},
		{name: "optional repetitions", pattern: `^(/[a-z]+)*$`, length: 4, want: "/xxx"},
		{name: "an anchor and an alternative", pattern: `^$|^\w{2}$`, length: 2, want: "xx"},
		{name: "a lookahead", pattern: `^(?=.{3,})[a-z]+$`, length: 3, want: "xxx"},
		{name: "a favourite that is forbidden", pattern: `^(?!x)[a-z]+$`, want: "a"},
		{name: "a lookahead that wants a digit", pattern: `^(?=.*\d)[a-z0-9]{4}$`, want: "1111"},
		{name: "a lookahead with parentheses", pattern: `^(?![()\)]).$`, want: "x"},
		{name: "a code point", pattern: `^\u00e9\u{1F600}$`, want: "é😀"},
		{name: "a named group", pattern: `^(?<year>\d{4})$`, want: "1111"},
		{name: "boundaries", pattern: `\bcat\b`, want: "cat"},
		{name: "many repetitions", pattern: `^[a-z]{1,5000}$`, want: "x"},
		{name: "a date", pattern: `^[0-9]{4}-(0[1-9]|1[0-2])-\d\d$`, want: "1111-01-11"},
		{name: "lazy", pattern: `^.*?z$`, want: "z"},
		{name: "another script", pattern: `^\p{Script=Greek}$`, want: "Ͱ"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Matching(test.pattern, test.length)
			if !ok || got != test.want {
				t.Fatalf("got %q %v, want %q", got, ok, test.want)
			}
			compiled, err := pattern.Compile(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if matched, err := compiled.Match(got); !matched || err != nil {
				t.Errorf("%q does not match: %v", got, err)
			}
			if utf8.RuneCountInString(got) < test.length {
				t.Errorf("%q has fewer than %d characters", got, test.length)
			}
		})
	}
}

// TestMatchingNothing holds that there is no text for patterns that nothing matches, or nothing simple. The nested ones would take
// for ever if a part were made more than once for each part around it.
func TestMatchingNothing(t *testing.T) {
	for _, test := range []struct{ name, pattern string }{
		{name: "an error", pattern: `(`},
		{name: "an empty class", pattern: `^[]$`},
		{name: "a contradiction", pattern: `^a$b`},
		{name: "a backreference", pattern: `^(a|b)c\1$`},
		{name: "lookaheads that only a search finds", pattern: `^(?=.*q)(?=.*[7-8]).{8,}$`},
		{name: "nested alternatives", pattern: "^" + strings.Repeat("(a|b|", 200) + "c" + strings.Repeat(")", 200) + "!~$[]"},
		{name: "nested repetitions", pattern: "^" + strings.Repeat("(", 30) + "a" + strings.Repeat("*b)+", 30) + "[]$"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := Matching(test.pattern, 100); ok {
				t.Errorf("got %q", got)
			}
		})
	}
}
