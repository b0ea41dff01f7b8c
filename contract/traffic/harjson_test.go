package traffic

import (
	"encoding/json"
	"strings"
	"testing"
)

// texts are JSON and near misses of it.
var texts = []string{
	``, ` `, `{}`, `[]`, `[ ]`, ` {"a" : 1 , "b" : [ true,false , null ] } `, `{"a":{"b":[{"c":[[]]}]}}`,
	`[1 2]`, `[1,]`, `[,1]`, `[1`, `{`, `{"a"}`,
	`{"a":}`, `{"a":1,}`, `{a:1}`, `{1:1}`, `{:1}`, `{"a":1 "b":2}`, `{]`, `[}`, `[]]`, `{} {}`, `{}x`, "{}\x00", "\x00",
	"[1\x00]", `nul`, `nulls`, `tru`, `True`,
	`falsey`, `0`, `-0`, `-`, `00`, `01`, `1.`, `.1`, `1.5`, `-1.5e+7`, `1e`, `1e+`, `1E5`, `+1`, `--1`, `1-1`,
	`0x1`, `1_0`, `12345678901234567890`,
	`"`, `"a`, `"\`, `"\"`, `"\u`, `"\u12`, `"\u123"`, `"\u12g4"`, `"\x41"`, `"\'"`, "\"a\nb\"", "\"\x1f\"",
	"\"\x7f\"", "\xef\xbb\xbf{}", "\u00a0{}",
	`"plain"`, `""`, `"\"\\\/\b\f\n\r\t"`, `"\u0000\u0041\u00e9\u20AC"`, `"é€😀"`, `"\ud83d\ude00!"`,
	`"\uD83D\uDE00"`, `"\ud83d"`, `"\ude00\ud83d"`,
	`"\ud83d\u0041"`, `"\ud83d\ud83d\ude00"`, `"\ud83d\n"`, `"\ud83dx"`, "\"\xff\"", "\"a\xff\xfe\\n\xc3\"",
	"\"\xed\xa0\x80\"",
	strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001),
	strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
	strings.Repeat(`{"a":`, 10_001) + "1" + strings.Repeat("}", 10_001),
}

// FuzzDecoder tests that the decoder accepts the same texts as encoding/json, and decodes strings alike.
func FuzzDecoder(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := decoder{data: text}
		value := d.raw()
		d.next()
		if got, want := !d.bad && d.at == len(text), json.Valid([]byte(text)); got != want {
			t.Fatalf("%.100q: is it JSON? got %v, want %v", text, got, want)
		}
		var want string
		if json.Unmarshal([]byte(text), &want) == nil && stringOf(value) != want {
			t.Errorf("%q: got %q, want %q", text, stringOf(value), want)
		}
	})
}

// TestDecoderMembers tests what is handed on of an object: each member in its order, with its name decoded.
func TestDecoderMembers(t *testing.T) {
	d := decoder{data: ` {"a":1, "\u0062":[1, 2] ,"a" : {"a":7},"é\n":"x"} `}
	got := []string{}
	for more := d.open('{'); more; more = d.more('{') {
		got = append(got, d.name()+"="+d.raw())
	}
	if list, want := strings.Join(got, "|"), "a=1|b=[1, 2]|a={\"a\":7}|é\n=\"x\""; list != want || d.bad {
		t.Errorf("got %q, want %q", list, want)
	}
}
