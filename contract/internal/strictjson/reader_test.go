package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// texts are bodies for the reader: valid ones, invalid ones, and those that only encoding/json accepts.
var texts = []string{
	// Values.
	`null`, `true`, `false`, `0`, `-0`, `7`, `""`, `"a"`, `[]`, `{}`, ` [ ] `, "\t{\r\n}\n", `[1,"a",null,true,{"a":[]}]`,
	`[ 1 , 2 ]`, `[1 ,2]`, `[1, 2]`, "[1\n]", `{ "a" : 1 , "b" : 2 }`,
	`{"a":1,"b":{"c":[1,2,3]}}`, `{"":1}`, `[[[]]]`, `[{}]`, `{"a":{}}`, `"\u0061"`, `"\ud83d\ude80"`, `"\"\\\/\b\f\n\r\t"`, `"🚀"`,
	"\"\u2028\u007f\"",
	// Numbers.
	`-`, `+1`, `01`, `-01`, `00`, `1.`, `.5`, `1.5`, `-1.5e10`, `1e`, `1e+`, `1E+5`, `1e-5`, `1e400`, `1_000`, `0x10`, `1.e5`,
	`1e5.`, `--1`, `1-`, `Infinity`, `NaN`, `-Infinity`,
	`123456789012345678901234567890`, `1.0000000000000000000001`, `[1 2]`, `[1,]`, `[,1]`, `1 2`, `1,`,
	// Words.
	`t`, `tr`, `tru`, `True`, `trux`, `truex`, `nul`, `nulll`, `fals`, `fxlse`, `[tru`, `[tru]`, `undefined`, `nan`,
	// Strings.
	`"`, `"a`, `"\`, `"\"`, `"\x"`, `"\u"`, `"\u1"`, `"\u12"`, `"\u123"`, `"\u12`, `"\u00zz"`, `"\uzzzz"`, `"\uD800"`, `"\udc00"`,
	`"\ud800\ud800"`, `"\udc00\ud800"`,
	`"\ud800\u0041"`, `"\ud800\n"`, `"\ud800x"`, `"\ud800\`, `"\ud800\u`, `"\ud800\udc0"`, `"\ud800\ud800\udc00"`, `["\u1"]`,
	`{"a":"\u1"}`, `'a'`, "\"\n\"", "[\"\n", "{\"a\":\"\t", "\"\n", "\"\x00\"", "\"\x1f\"", "\"\x7f\"",
	"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf0\x9f\x9a\"", "\"\xe2\x82\"", "\"\xf4\x90\x80\x80\"", "{\"\xff\":1}",
	"\xff", "[\xff]", "\"\\\xff\"",
	// Structure.
	``, ` `, "\n\t\r ", "\x00", "\ufeff{}", "\v", "\u00a0", `{`, `[`, `}`, `]`, `:`, `,`, `{]`, `[}`, `{"a"`, `{"a":`, `{"a":1`,
	`{"a":1,`, `{"a":1,}`, `{,}`, `{a:1}`, `{1:1}`, `{"a" 1}`, `{"a"::1}`,
	`{"a":1 "b":2}`, `{"a":1,,"b":2}`, `[1,,2]`, `[1`, `[1,`, `[[]`, `[]]`, `{}}`, `{}{}`, `[][]`, `null null`, `{}x`, "{}\x00",
	"[1]\n\n", `/**/1`, `1//`, `{"a":[}`, `{"a":{]`, `[{"a":1]`,
	// Duplicate members.
	`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"a":{"b":1,"b":2},"a":3}`, `[{"a":1,"a":2,"a":3}]`, `{"":1,"":2}`, `{"A":1,"a":2}`,
	"{\"\xff\":1,\"\xfe\":2}",
}

func TestParse(t *testing.T) {
	for _, text := range texts {
		agree(t, []byte(text))
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { agree(t, data) })
}

// agree compares the reader with encoding/json, which accepts more: but only where Parse reports an error besides the value.
func agree(t *testing.T, data []byte) {
	t.Helper()
	value, errs, ok := Parse(data)
	count := map[string]int{}
	for _, f := range errs {
		count[f.ID]++
	}
	if count["body/too-deep"] > 0 {
		return // encoding/json allows 10000 levels
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var want any
	err := decoder.Decode(&want)
	for _, c := range []struct {
		says      string
		got, want bool
	}{
		{says: "there is a value", got: ok, want: err == nil},
		{says: "there is a value and nothing after it", got: ok && count["body/trailing-bytes"] == 0, want: json.Valid(data)},
		{says: "it is empty", got: count["body/empty"] > 0, want: errors.Is(err, io.EOF)},
		{says: "it is cut off", got: count["body/truncated"] > 0, want: errors.Is(err, io.ErrUnexpectedEOF)},
	} {
		if c.got != c.want {
			t.Errorf("%q: %s: got %t, want %t (errors %v, encoding/json: %v)", data, c.says, c.got, c.want, errs, err)
		}
	}
	if !ok || err != nil {
		return
	}
	if diff := cmp.Diff(want, value.Any()); diff != "" {
		t.Errorf("%q: the value (-want +got):\n%s", data, diff)
	}
	if !Equal(value, FromAny(want)) {
		t.Errorf("%q: the value is not equal to the one that encoding/json reads", data)
	}
	read := data[:decoder.InputOffset()]
	if got, want := count["body/invalid-utf8"] > 0, !utf8.Valid(read); got != want {
		t.Errorf("%q: invalid UTF-8: got %t, want %t", data, got, want)
	}
	if got, want := count["body/duplicate-member"], duplicates(read); got != want {
		t.Errorf("%q: members twice: got %d, want %d", data, got, want)
	}
	for _, f := range errs {
		if !value.At(f.Pointer).Exists() && count["body/duplicate-member"] == 0 {
			t.Errorf("%q: %s is at %q, where there is nothing", data, f.ID, f.Pointer)
		}
	}
}

// duplicates counts the duplicate members, from the tokens of encoding/json.
func duplicates(data []byte) (n int) {
	type level struct {
		names  map[string]bool // nil: an array
		isName bool
	}
	levels := []*level{{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if err != nil {
			return n
		}
		top := levels[len(levels)-1]
		if top.names != nil && token != json.Delim('}') {
			if top.isName = !top.isName; top.isName {
				if top.names[token.(string)] {
					n++
				}
				top.names[token.(string)] = true
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			levels = append(levels, &level{names: map[string]bool{}})
		case json.Delim('['):
			levels = append(levels, &level{})
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:len(levels)-1]
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []SyntaxError
	}{
		{
			name: "a duplicate in an element", text: `{"a":[{},{"b":1,"b":2}]}`,
			want: []SyntaxError{{"body/duplicate-member", "/a/1/b", "the member appears twice"}},
		},
		{
			name: "a name with a slash and a tilde", text: `{"a/b":{"c~d":1,"c~d":2}}`,
			want: []SyntaxError{{"body/duplicate-member", "/a~1b/c~0d", "the member appears twice"}},
		},
		{
			name: "a name that is escaped already", text: `{"~1":{"x":"\ud800"}}`,
			want: []SyntaxError{{"body/lone-surrogate", "/~01/x", `\uD800 alone`}},
		},
		{name: "an empty name", text: `{"":{"":1,"":2}}`, want: []SyntaxError{{"body/duplicate-member", "//", "the member appears twice"}}},
		{
			name: "three times", text: `{"a":1,"a":2,"a":3}`,
			want: []SyntaxError{{"body/duplicate-member", "/a", "the member appears twice"}, {"body/duplicate-member", "/a",
				"the member appears twice"}},
		},
		{name: "a name of invalid UTF-8", text: "{\"a\":{\"\xff\":1}}", want: []SyntaxError{{"body/invalid-utf8", "/a", "byte 0xff at 7"}}},
		{name: "a value of invalid UTF-8", text: "[\"\xff\"]", want: []SyntaxError{{"body/invalid-utf8", "/0", "byte 0xff at 2"}}},
		{name: "bytes after the value", text: "[] x", want: []SyntaxError{{"body/trailing-bytes", "", "1 more bytes after the value"}}},
		{
			name: "an error before the end", text: `["\ud800"`,
			want: []SyntaxError{{"body/lone-surrogate", "/0", `\uD800 alone`}, {"body/truncated", "", "no comma between elements at byte 9"}},
		},
		{
			name: "half a pair, then half an escape", text: `"\ud800\udc0`,
			want: []SyntaxError{{"body/truncated", "", "an invalid escape at byte 12"}},
		},
		{name: "half a pair, then a backslash", text: `"\ud800\`, want: []SyntaxError{{"body/truncated", "", "an invalid escape at byte 8"}}},
		{name: "half a pair, then another escape", text: `"\ud800\n"`, want: []SyntaxError{{"body/lone-surrogate", "", `\uD800 alone`}}},
		{
			name: "a control character that is space elsewhere", text: "[\"a\n",
			want: []SyntaxError{{"body/not-json", "", "a control character in a string at byte 3"}},
		},
		{name: "a word that ends in space", text: "[tru ]", want: []SyntaxError{{"body/not-json", "", "not true, false or null at byte 4"}}},
		{
			name: "a half in the element after others", text: `[0,[],{},["\udc00"]]`,
			want: []SyntaxError{{"body/lone-surrogate", "/3/0", `\uDC00 alone`}},
		},
		{name: "no colon", text: `{"a" 1}`, want: []SyntaxError{{"body/not-json", "", "no colon after a member name at byte 5"}}},
		{name: "nothing", text: " ", want: []SyntaxError{{"body/empty", "", "no JSON value"}}},
	} {
		_, errs, _ := Parse([]byte(test.text))
		if diff := cmp.Diff(test.want, errs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestDepth(t *testing.T) {
	nested := func(open, end string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(end, n) }
	for _, test := range []struct {
		name, text, want string
	}{
		{name: "arrays at the limit", text: nested("[", "]", maxDepth), want: ""},
		{name: "objects at the limit", text: nested(`{"a":`, "}", maxDepth), want: ""},
		{name: "arrays one deeper", text: nested("[", "]", maxDepth+1), want: "body/too-deep"},
		{name: "objects one deeper", text: nested(`{"a":`, "}", maxDepth+1), want: "body/too-deep"},
		{name: "far deeper, and cut off", text: strings.Repeat("[", 1<<20), want: "body/too-deep"},
		{name: "wide, not deep", text: "[" + strings.Repeat("[],", 5000) + "[]]", want: ""},
	} {
		_, errs, ok := Parse([]byte(test.text))
		got := ""
		if len(errs) > 0 {
			got = errs[0].ID
		}
		if got != test.want || ok != (test.want == "") {
			t.Errorf("%s: got %q, ok %t; want %q", test.name, got, ok, test.want)
		}
	}
}

// TestParseIsLinear tests that Parse allocates in proportion to the text, so that no body can stop the judge.
func TestParseIsLinear(t *testing.T) {
	read := func(text string) (allocated float64, errs []SyntaxError) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, errs, _ = Parse([]byte(text))
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc), errs
	}
	for _, test := range []struct {
		name string
		text func(n int) string
	}{
		{
			name: "a long name above many elements",
			text: func(n int) string {
				return `{"` + strings.Repeat("a", 100*n) + `":[` + strings.Repeat("0,", 10*n) + `0]}`
			},
		},
		{
			name: "a long name above many levels",
			text: func(n int) string {
				return `{"` + strings.Repeat("a", 100*n) + `":` + strings.Repeat("[", n/10) + strings.Repeat("]", n/10) + `}`
			},
		},
		{
			name: "one large object",
			text: func(n int) string {
				var b strings.Builder
				for i := range 10 * n {
					fmt.Fprintf(&b, `,"%d":0`, i)
				}
				return "{" + b.String()[1:] + "}"
			},
		},
		{name: "nothing but errors", text: func(n int) string { return "[\"" + strings.Repeat("\xff", 100*n) + "\"]" }},
	} {
		once, _ := read(test.text(1000))
		four, errs := read(test.text(4000))
		if four > 6*once { // a square would be sixteen times as much
			t.Errorf("%s: got %.0f bytes allocated, and %.0f for four times the text", test.name, once, four)
		}
		if most := 1000; len(errs) > most {
			t.Errorf("%s: got %d errors, want at most %d", test.name, len(errs), most)
		}
	}
}

// TestLargeObject reads objects with many members, of different names and of one name. In quadratic time it would take
// minutes.
func TestLargeObject(t *testing.T) {
	const many = 200_000
	var b strings.Builder
	for i := range many {
		fmt.Fprintf(&b, `,"%d":%d`, i, i)
	}
	v, errs, ok := Parse([]byte("{" + b.String()[1:] + "}"))
	if !ok || len(errs) > 0 || v.Len() != many {
		t.Errorf("different names: got %d members and %d errors, want %d and none", v.Len(), len(errs), many)
	}
	if !Equal(v, v) {
		t.Error("the object is not equal to itself")
	}
	v, errs, ok = Parse([]byte(`{"a":0` + strings.Repeat(`,"a":0`, many) + "}"))
	if !ok || len(errs) != maxErrors || v.Len() != 1 {
		t.Errorf("one name: got %d members and %d errors, want 1 and %d", v.Len(), len(errs), maxErrors)
	}
}

func TestTooLarge(t *testing.T) {
	_, errs, ok := Parse(make([]byte, maxText+1))
	if ok || len(errs) != 1 || errs[0].ID != "body/too-large" {
		t.Errorf("got %v, ok %t", errs, ok)
	}
}

// TestParseCopies tests that a Value does not change with the bytes that it was read from.
func TestParseCopies(t *testing.T) {
	data := []byte(`{"a":"x"}`)
	v, _, _ := Parse(data)
	clear(data)
	if got := v.Member("a").Text(); got != "x" {
		t.Errorf("got %q", got)
	}
}

// TestFree reads several texts, each with the memory that the previous one returned.
func TestFree(t *testing.T) {
	texts := []string{}
	for _, text := range []string{`["first"]`, `["\u0062", {"a": 1}]`, string(quotas), `["a", "a"]`, `{"a": 1, "a": 2}`} {
		v := mustParse(t, text)
		if got := v.Compact(); !Equal(v, mustParse(t, got)) {
			t.Errorf("%s: got %s", text, got)
		}
		texts = append(texts, v.At("/0").Text())
		v.Free()
	}
	if want := []string{"first", "b", "", "a", ""}; !slices.Equal(texts, want) {
		t.Errorf("after Free: got the texts %q, want %q", texts, want)
	}
	Value{}.Free()
}

// TestFreeTwice frees a value and then its part, which must leave alone the text that was read in between.
func TestFreeTwice(t *testing.T) {
	const want = `["second", "text"]`
	first := mustParse(t, `{"a": [1, 2]}`)
	part := first.Member("a")
	first.Free()
	second := mustParse(t, want)
	first.Free()
	part.Free()
	third := mustParse(t, `["third", true]`)
	if got := second.At("/0").Text() + " " + second.At("/1").Text(); got != "second text" {
		t.Errorf("got %q of %s after another value was freed twice", got, want)
	}
	if got := third.At("/0").Text(); got != "third" {
		t.Errorf("got %q of the third text", got)
	}
}

func TestAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which short tests run with, empties the pool")
	}
	got := testing.AllocsPerRun(1000, func() {
		v, _, _ := Parse(quotas)
		v.Free()
	})
	if got > 1 {
		t.Errorf("got %.0f allocations for a body of %d bytes, want at most that of the text", got, len(quotas))
	}
}

// TestPlainEnd compares plainEnd with a loop, for each byte at each place among others.
func TestPlainEnd(t *testing.T) {
	isPlain := func(c byte) bool { return c != '"' && c != '\\' && c >= ' ' && c < 0x80 }
	for c := range 256 {
		for _, other := range []byte{'a', ' ', '!', '#', '[', ']', 0x7f} {
			for _, second := range []byte{other, 0, '"', '\\', 0xff} {
				for at := range 20 {
					text := []byte(strings.Repeat(string(rune(other)), 20))
					text[(at+1)%20] = second
					text[at] = byte(c)
					want := 0
					for want < len(text) && isPlain(text[want]) {
						want++
					}
					if got := plainEnd(string(text), 0); got != want {
						t.Fatalf("%q: got %d, want %d", text, got, want)
					}
				}
			}
		}
	}
}
