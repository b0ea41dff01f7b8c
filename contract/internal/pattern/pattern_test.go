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
		{"a part of the text is enough", `b+`, []string{"abc"}, []string{"ac", ""}},
		{"anchors hold for the whole text", `^a$`, []string{"a"}, []string{"a\n", "\na", "b\na\nb"}},
		{"any character but the ends of lines", `^.$`, []string{"a", "é", "😀", "\u0085"}, []string{"\n", "\r", "\u2028", "\u2029"}},
		{"digits, words and spaces", `^\d\w\s$`, []string{"1_\u00a0", "9z\ufeff", "0A\v"}, []string{"٣a ", "1é "}},
		{"what is no digit, word or space", `^\D\W\S$`, []string{"٣éa"}, []string{"1éa", "xaa", "xé\u3000"}},
		{"sets in a class", `^[\d\-x]+$`, []string{"1-x"}, []string{"y"}},
		{"a set that is not one in a class", `^[^\S ]$`, []string{"\t"}, []string{" ", "a"}},
		{"an empty class", `[]`, nil, []string{"", "a"}},
		{"the class of everything", `^[^]$`, []string{"\n", "a"}, []string{""}},
		{"a hyphen beside a set", `^[\w-.]+$`, []string{"a-.b"}, []string{"/"}},
		{"a hyphen at the end of a class", `^[a-]+$`, []string{"-a"}, []string{"b"}},
		{"what Go reads as a named class", `^[[:alpha:]$`, []string{"[", ":", "p"}, []string{"b"}},
		{"backspace in a class", `^[\b]$`, []string{"\b"}, []string{"b"}},
		{"boundaries of words", `\bé`, []string{"aé"}, []string{"é"}},
		{"control characters", `^\cJ\t\x41\0$`, []string{"\n\tA\x00"}, []string{"JtA0"}},
		{"characters by number", `^\u00e9\u{1F600}\ud83d\ude00$`, []string{"é😀😀"}, []string{"e😀😀"}},
		{"half a pair of surrogates", `^[\ud800-\udfff]|\ud83d$`, nil, []string{"", "\ufffd", "😀"}},
		{"a range over the surrogates", `^[\u0000-\uffff]$`, []string{"é", "\ufffd"}, []string{"😀"}},
		{"escaped punctuation", `^\/\@\-\_\.$`, []string{"/@-_."}, []string{"/@-_x"}},
		{"braces and brackets that open nothing", `^{a}]{,3}$`, []string{"{a}]{,3}"}, []string{"a"}},
		{"categories", `^\p{Lu}\p{Letter}\P{L}\p{gc=Decimal_Number}$`, []string{"Éa-٣"}, []string{"éa-1"}},
		{"scripts and other properties", `^\p{Script=Greek}\p{Alphabetic}\p{ASCII}\p{White_Space}$`, []string{"αé1 "}, []string{"aé1 "}},
		{"a property in a class", `^[^\p{L}\d]$`, []string{"-"}, []string{"é", "1"}},
		{"repetitions", `^a{2}b{1,}c{0,2}?d*?$`, []string{"aab", "aabbccdd"}, []string{"ab", "aabccc"}},
		{"more repetitions than Go's regexp takes", `^(?:ab){2,2000}$`, []string{strings.Repeat("ab", 2000)}, []string{"ab", strings.Repeat("ab", 2001)}},
		{"lookahead", `^(?=.*[A-Z])(?!.*x).{3,}$`, []string{"abC"}, []string{"abc", "xbC", "C"}},
		{"lookahead and the end", `^(?=a$)a`, []string{"a"}, []string{"a\n"}},
		{"lookbehind", `(?<=\$)\d+(?<!0)$`, []string{"$15"}, []string{"15", "$10"}},
		{"a named group and its reference", `^(?<q>['"])(.)\k<q>\2$`, []string{`'a'a`}, []string{`'a"a`, `'a'b`}},
		{"a reference and a digit", `^(a)[1]\1[0]$`, []string{"a1a0"}, []string{"a1a"}},
		{"a reference before its group matches nothing", `^\1a(b)\1$`, []string{"abb"}, []string{"ab", "babb"}},
		{"a reference to a group of another branch matches nothing", `^(?:(a)|b)\1$`, []string{"aa", "b"}, []string{"a", "ba"}},
		{"numbers of groups with and without names", `^(?<n>a)(b)\1\2$`, []string{"abab"}, []string{"abba"}},
		{"sets where the other engine matches", `^(?=\s)\s\w\d\b[^\d-]$`, []string{"\ufeffa1é"}, []string{"\ufeffé1é", "\ufeffa1-"}},
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
		{`a)`, "at character 2: this parenthesis closes no group"},
		{`a(b`, "at character 2: this group is not closed"},
		{`^(abc]`, "at character 2: this group is not closed"},
		{`x[a-`, "at character 2: this class is not closed"},
		{`[z-a]`, "at character 2: the range ends before it begins"},
		{`*a`, "at character 1: * has nothing to repeat"},
		{`a**`, "at character 3: * has nothing to repeat"},
		{`a|{2}`, "at character 3: { has nothing to repeat"},
		{`^*`, "at character 2: * repeats an assertion"},
		{`(?<=a)+`, "at character 7: + repeats an assertion"},
		{`a{3,2}`, "at character 2: {3,2} ends before it begins"},
		{`\`, "at character 1: a backslash escapes nothing"},
		{`\Aa\Z`, `at character 1: ECMA-262 has no escape \A`},
		{`[\a]`, `at character 2: ECMA-262 has no escape \a`},
		{`\01`, "at character 1: ECMA-262 has no octal escapes"},
		{`\x4`, `at character 1: \x is followed by two hexadecimal digits`},
		{`\u12`, `at character 1: \u is followed by four hexadecimal digits`},
		{`\u{110000}`, `at character 1: \u{…} holds hexadecimal digits of at most 10ffff`},
		{`\c1`, `at character 1: \c is followed by a letter from A to Z`},
		{`\p{Klingon}`, `at character 1: unknown Unicode property "Klingon"`},
		{`\p{scx=Greek}`, `at character 1: unknown Unicode property "scx=Greek"`},
		{`\pL`, `at character 1: \p is followed by a property, as in \p{Letter}`},
		{`(?i)a`, "at character 1: ECMA-262 has no group that begins with (?i"},
		{`(?P<n>a)`, "at character 1: ECMA-262 has no group that begins with (?P"},
		{`(?<1>a)`, "at character 1: a group has a name of letters, digits, _ and $, as in (?<name>…)"},
		{`(?<n>a)(?<n>b)`, "at character 8: the name n is taken by another group"},
		{`\k<n>`, "at character 1: no group has the name n"},
		{`(a)\2`, `at character 4: \2 refers to a group that is not there`},
		{strings.Repeat("(", 600), "at character 501: groups nest deeper than 500"},
	} {
		if _, err := Compile(test.pattern); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.pattern, err, test.want)
		}
	}
}

// A pattern that would need more time than there is ends with an error that says so.
func TestTimeout(t *testing.T) {
	p, err := Compile(`^(?=(a+)+$)(?:\1+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Match(strings.Repeat("a", 64) + "b"); !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v, want %v", err, ErrTimeout)
	}
}

// Without a lookaround, the same nesting is linear and needs no limit.
func TestNestedRepetitionIsLinear(t *testing.T) {
	p, err := Compile(`^(a+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	if matched, err := p.Match(strings.Repeat("a", 1<<20) + "b"); matched || err != nil {
		t.Errorf("got %v, %v", matched, err)
	}
}

// The expressions of the JSON-Schema-Test-Suite that depend on ECMA-262, on values that are strings or names of members.
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

// texts gives a string, or the names of an object's members.
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
