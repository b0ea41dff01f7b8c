package pattern

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		name    string
		pattern string
		match   []string
		not     []string
	}{
		{name: "a part of the text is enough", pattern: `b+`, match: []string{"abc"}, not: []string{"ac", ""}},
		{name: "anchors hold for the whole text", pattern: `^a$`, match: []string{"a"}, not: []string{"a\n", "\na", "b\na\nb"}},
		{
			name: "any character but the ends of lines", pattern: `^.$`, match: []string{"a", "é", "😀", "\u0085"},
			not: []string{"\n", "\r", "\u2028", "\u2029"},
		},
		{name: "digits, words and spaces", pattern: `^\d\w\s$`, match: []string{"1_\u00a0", "9z\ufeff", "0A\v"}, not: []string{"٣a ", "1é "}},
		{name: "what is no digit, word or space", pattern: `^\D\W\S$`, match: []string{"٣éa"}, not: []string{"1éa", "xaa", "xé\u3000"}},
		{name: "sets in a class", pattern: `^[\d\-x]+$`, match: []string{"1-x"}, not: []string{"y"}},
		{name: "a set that is not one in a class", pattern: `^[^\S ]$`, match: []string{"\t"}, not: []string{" ", "a"}},
		{name: "an empty class", pattern: `[]`, not: []string{"", "a"}},
		{name: "the class of everything", pattern: `^[^]$`, match: []string{"\n", "a"}, not: []string{""}},
		{name: "a hyphen beside a set", pattern: `^[\w-.]+$`, match: []string{"a-.b"}, not: []string{"/"}},
		{name: "a hyphen at the end of a class", pattern: `^[a-]+$`, match: []string{"-a"}, not: []string{"b"}},
		{name: "what Go reads as a named class", pattern: `^[[:alpha:]$`, match: []string{"[", ":", "p"}, not: []string{"b"}},
		{name: "backspace in a class", pattern: `^[\b]$`, match: []string{"\b"}, not: []string{"b"}},
		{name: "boundaries of words", pattern: `\bé`, match: []string{"aé"}, not: []string{"é"}},
		{name: "control characters", pattern: `^\cJ\t\x41\0$`, match: []string{"\n\tA\x00"}, not: []string{"JtA0"}},
		{name: "characters by number", pattern: `^\u00e9\u{1F600}\ud83d\ude00$`, match: []string{"é😀😀"}, not: []string{"e😀😀"}},
		{name: "half a pair of surrogates", pattern: `^[\ud800-\udfff]|\ud83d$`, not: []string{"", "\ufffd", "😀"}},
		{name: "a range over the surrogates", pattern: `^[\u0000-\uffff]$`, match: []string{"é", "\ufffd"}, not: []string{"😀"}},
		{name: "escaped punctuation", pattern: `^\/\@\-\_\.$`, match: []string{"/@-_."}, not: []string{"/@-_x"}},
		{name: "braces and brackets that open nothing", pattern: `^{a}]{,3}$`, match: []string{"{a}]{,3}"}, not: []string{"a"}},
		{name: "categories", pattern: `^\p{Lu}\p{Letter}\P{L}\p{gc=Decimal_Number}$`, match: []string{"Éa-٣"}, not: []string{"éa-1"}},
		{
			name: "scripts and other properties", pattern: `^\p{Script=Greek}\p{Alphabetic}\p{ASCII}\p{White_Space}$`,
			match: []string{"αé1 "}, not: []string{"aé1 "},
		},
		{name: "a property in a class", pattern: `^[^\p{L}\d]$`, match: []string{"-"}, not: []string{"é", "1"}},
		{name: "repetitions", pattern: `^a{2}b{1,}c{0,2}?d*?$`, match: []string{"aab", "aabbccdd"}, not: []string{"ab", "aabccc"}},
		{
			name: "more repetitions than Go's regexp takes", pattern: `^(?:ab){2,2000}$`,
			match: []string{strings.Repeat("ab", 2000)}, not: []string{"ab", strings.Repeat("ab", 2001)},
		},
		{name: "lookahead", pattern: `^(?=.*[A-Z])(?!.*x).{3,}$`, match: []string{"abC"}, not: []string{"abc", "xbC", "C"}},
		{name: "lookahead and the end", pattern: `^(?=a$)a`, match: []string{"a"}, not: []string{"a\n"}},
		{name: "lookbehind", pattern: `(?<=\$)\d+(?<!0)$`, match: []string{"$15"}, not: []string{"15", "$10"}},
		{name: "a named group and its reference", pattern: `^(?<q>['"])(.)\k<q>\2$`, match: []string{`'a'a`}, not: []string{`'a"a`, `'a'b`}},
		{name: "a reference and a digit", pattern: `^(a)[1]\1[0]$`, match: []string{"a1a0"}, not: []string{"a1a"}},
		{name: "a reference before its group matches nothing", pattern: `^\1a(b)\1$`, match: []string{"abb"}, not: []string{"ab", "babb"}},
		{
			name: "a reference to a group of another branch matches nothing", pattern: `^(?:(a)|b)\1$`, match: []string{"aa", "b"},
			not: []string{"a", "ba"},
		},
		{name: "numbers of groups with and without names", pattern: `^(?<n>a)(b)\1\2$`, match: []string{"abab"}, not: []string{"abba"}},
		{
			name: "sets where the other engine matches", pattern: `^(?=\s)\s\w\d\b[^\d-]$`, match: []string{"\ufeffa1é"},
			not: []string{"\ufeffé1é", "\ufeffa1-"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := Compile(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			for want, texts := range map[bool][]string{true: test.match, false: test.not} {
				for _, text := range texts {
					if got, err := p.Match(text); got != want || err != nil {
						t.Errorf("%s on %q: got %v, %v, want %v", test.pattern, text, got, err, want)
					}
				}
			}
		})
	}
}

func TestCompileErrors(t *testing.T) {
	for _, test := range []struct{ pattern, want string }{
		{pattern: `a)`, want: "at character 2: this parenthesis closes no group"},
		{pattern: `a(b`, want: "at character 2: this group is not closed"},
		{pattern: `^(abc]`, want: "at character 2: this group is not closed"},
		{pattern: `x[a-`, want: "at character 2: this class is not closed"},
		{pattern: `[z-a]`, want: "at character 2: the range ends before it begins"},
		{pattern: `*a`, want: "at character 1: * has nothing to repeat"},
		{pattern: `a**`, want: "at character 3: * has nothing to repeat"},
		{pattern: `a|{2}`, want: "at character 3: { has nothing to repeat"},
		{pattern: `^*`, want: "at character 2: * repeats an assertion"},
		{pattern: `(?<=a)+`, want: "at character 7: + repeats an assertion"},
		{pattern: `a{3,2}`, want: "at character 2: {3,2} ends before it begins"},
		{pattern: `\`, want: "at character 1: a backslash escapes nothing"},
		{pattern: `\Aa\Z`, want: `at character 1: ECMA-262 has no escape \A`},
		{pattern: `[\a]`, want: `at character 2: ECMA-262 has no escape \a`},
		{pattern: `\01`, want: "at character 1: ECMA-262 has no octal escapes"},
		{pattern: `\x4`, want: `at character 1: \x is followed by two hexadecimal digits`},
		{pattern: `\u12`, want: `at character 1: \u is followed by four hexadecimal digits`},
		{pattern: `\u{110000}`, want: `at character 1: \u{…} holds hexadecimal digits of at most 10ffff`},
		{pattern: `\c1`, want: `at character 1: \c is followed by a letter from A to Z`},
		{pattern: `\p{Klingon}`, want: `at character 1: unknown Unicode property "Klingon"`},
		{pattern: `\p{scx=Greek}`, want: `at character 1: unknown Unicode property "scx=Greek"`},
		{pattern: `\pL`, want: `at character 1: \p is followed by a property, as in \p{Letter}`},
		{pattern: `(?i)a`, want: "at character 1: ECMA-262 has no group that begins with (?i"},
		{pattern: `(?P<n>a)`, want: "at character 1: ECMA-262 has no group that begins with (?P"},
		{pattern: `(?<1>a)`, want: "at character 1: a group has a name of letters, digits, _ and $, as in (?<name>…)"},
		{pattern: `(?<n>a)(?<n>b)`, want: "at character 8: the name n is taken by another group"},
		{pattern: `\k<n>`, want: "at character 1: no group has the name n"},
		{pattern: `(a)\2`, want: `at character 4: \2 refers to a group that is not there`},
		{pattern: strings.Repeat("(", 600), want: "at character 501: groups nest deeper than 500"},
	} {
		if _, err := Compile(test.pattern); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.pattern, err, test.want)
		}
	}
}

// TestTimeout tests that a match beyond the time limit returns an error.
func TestTimeout(t *testing.T) {
	p, err := Compile(`^(?=(a+)+$)(?:\1+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Match(strings.Repeat("a", 64) + "b"); !errors.Is(err, errTimeout) {
		t.Errorf("got %v, want %v", err, errTimeout)
	}
}

// TestNestedRepetitionIsLinear tests that nested repetitions without a lookaround take linear time.
func TestNestedRepetitionIsLinear(t *testing.T) {
	p, err := Compile(`^(a+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	if matched, err := p.Match(strings.Repeat("a", 1<<20) + "b"); matched || err != nil {
		t.Errorf("got %v, %v", matched, err)
	}
}

// TestSuite runs the tests of the JSON-Schema-Test-Suite that depend on ECMA-262, for strings and names of members.
func TestSuite(t *testing.T) {
	const folder = "../../../../shared/conformance/json-schema/tests/draft2020-12/"
	for _, file := range []string{"optional/ecmascript-regex.json", "optional/non-bmp-regex.json", "pattern.json"} {
		data, err := os.ReadFile(filepath.FromSlash(folder + file))
		if err != nil {
			t.Skip("the JSON-Schema-Test-Suite is not here: ", err)
		}
		var groups []struct {
			Description string
			Schema      struct {
				Pattern           *string
				PatternProperties map[string]any
			}
			Tests []struct {
				Description string
				Data        any
				Valid       bool
			}
		}
		if err := json.Unmarshal(data, &groups); err != nil {
			t.Fatal(err)
		}
		for _, group := range groups {
			var source string
			if group.Schema.Pattern != nil {
				source = *group.Schema.Pattern
			}
			for name, schema := range group.Schema.PatternProperties {
				if schema == true {
					source = name
				}
			}
			if source == "" {
				continue
			}
			p, err := Compile(source)
			if err != nil {
				t.Errorf("%s: %s: %v", file, group.Description, err)
				continue
			}
			for _, test := range group.Tests {
				for _, text := range texts(test.Data) {
					if got, err := p.Match(text); got != test.Valid || err != nil {
						t.Errorf("%s: %s: %s: got %v, %v, want %v", file, group.Description, test.Description, got, err, test.Valid)
					}
				}
			}
		}
	}
}

// texts returns a string, or the names of an object's members.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case map[string]any:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		return names
	}
	return nil
}

func BenchmarkMatch(b *testing.B) {
	const source, text = `^[a-z0-9-]+$`, "cn-north-4-image-quota"
	b.Run("pattern", func(b *testing.B) {
		p, err := Compile(source)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			p.Match(text)
		}
	})
	b.Run("regexp", func(b *testing.B) {
		p := regexp.MustCompile(source)
		b.ReportAllocs()
		for b.Loop() {
			p.MatchString(text)
		}
	})
	b.Run("lookahead", func(b *testing.B) {
		p, err := Compile(`^(?=.*\d)[a-z0-9-]+$`)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			p.Match(text)
		}
	})
}
