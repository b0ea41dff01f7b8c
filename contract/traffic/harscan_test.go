package traffic

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// TestReadHARSyntax tests the error for a file that is not JSON or not a HAR, and which entries are read before it.
func TestReadHARSyntax(t *testing.T) {
	const good = `{"request":` + plainRequest + `}`
	const head = `{"log":{"entries":[` // 19 bytes
	const noHAR = "last: read the HAR: not a HAR: want an object after byte 0"
	notJSON := func(at int) string { return fmt.Sprintf("last: read the HAR: not JSON after byte %d", at) }
	for _, tt := range []struct{ name, file, want string }{
		{name: "a negative number", file: "-1", want: noHAR},
		{name: "a number", file: "0", want: noHAR},
		{name: "the largest digit", file: "9", want: noHAR},
		{name: "true", file: "true", want: noHAR},
		{name: "false", file: "false", want: noHAR},
		{name: "null", file: "null", want: noHAR},
		{name: "a text", file: `"log"`, want: noHAR},
		{name: "a plus", file: "+1", want: notJSON(0)},
		{name: "a bracket", file: "}", want: notJSON(0)},
		{name: "half a byte order mark", file: "\xef\xbb{}", want: notJSON(0)},

		{name: "a name without quotes", file: `{a:1}`, want: notJSON(1)},
		{name: "a name with a bad escape", file: `{"\x":1}`, want: notJSON(5)},
		{name: "a comma first", file: `{,"a":1}`, want: notJSON(1)},
		{name: "no colon", file: `{"a" 1}`, want: notJSON(5)},
		{name: "a comma for a colon", file: `{"a",1}`, want: notJSON(4)},
		{name: "two colons", file: `{"a"::1}`, want: notJSON(5)},
		{name: "no value", file: `{"a":}`, want: notJSON(5)},
		{name: "a comma for a value", file: `{"a":,"b":1}`, want: notJSON(5)},
		{name: "a colon behind a value", file: `{"a":1:2}`, want: notJSON(6)},
		{name: "two values, a space between", file: `{"a":1 2}`, want: notJSON(7)},
		{name: "two values, a tab between", file: "{\"a\":1\t2}", want: notJSON(7)},
		{name: "two values, a line between", file: "{\"a\":1\n2}", want: notJSON(7)},
		{name: "two values, a return between", file: "{\"a\":1\r2}", want: notJSON(7)},
		{name: "two commas", file: `{"a":1,,"b":1}`, want: notJSON(7)},
		{name: "a comma last", file: `{"a":1,}`, want: notJSON(7)},
		{name: "a bracket of a list", file: `{"a":1]`, want: notJSON(6)},
		{name: "brackets in a text", file: `{"a":"}]{[","b":[{"c":"\"}"}],"log":{"entries":[]}}`},
		{name: "a name in escapes", file: `{"l\u006fg":{"entries":[` + good + `]}}`, want: "entry 1: /p"},
		{name: "a name of 1025 bytes", file: `{"` + strings.Repeat("a", 1025) + `":1,"log":{"entries":[` + good + `]}}`, want: "entry 1: /p"},

		{name: "entries: a comma first", file: head + `,` + good + `]}}`, want: "last: read the HAR: entry 1, after byte 19: not JSON"},
		{name: "entries: a colon", file: head + `:]}}`, want: "last: read the HAR: entry 1, after byte 19: not JSON"},
		{name: "entries: no comma", file: head + good + good + `]}}`, want: "entry 1: /p, " + notJSON(19+len(good)) + ", behind entry 1"},
		{
			name: "entries: two commas", file: head + good + `,,` + good + `]}}`,
			want: fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: not JSON", 20+len(good)),
		},
		{
			name: "entries: a comma last", file: head + good + `,]}}`,
			want: fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: not JSON", 20+len(good)),
		},
		{name: "entries: a bracket of an object", file: head + good + `}}`, want: "entry 1: /p, " + notJSON(19+len(good)) + ", behind entry 1"},
		{name: "entries twice", file: head + good + `],"entries":[` + good + `]}}`, want: "entry 1: /p, entry 2: /p"},
		{name: "another log", file: head + good + `]},"log":{"entries":[` + good + `]}}`, want: "entry 1: /p, entry 2: /p"},
		{name: "blanks behind", file: head + "]}} \t\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(summaries(strings.NewReader(tt.file)), ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARByteByByte tests that it does not matter in which parts a file arrives.
func TestReadHARByteByByte(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	entries := []string{good, `{"a":"\"}]\\","request":` + plainRequest + `}`, ` 7 `, `nope`, `"\"]"`, good}
	padding := `"x":"` + strings.Repeat("a", 100_000) + `",` // more than what is read ahead
	for name, file := range map[string]string{
		"a HAR": `{` + padding + `"log":{"entries":[` + strings.Join(entries, ",") + `]},"l":-1.5e3}`,
		"lines": good[:len(good)-1] + `,` + strings.TrimSuffix(padding, ",") + "}\n" + strings.Join(entries, "\r\n") + "\n",
	} {
		want := strings.Join(summaries(strings.NewReader(file)), ", ")
		got := strings.Join(summaries(iotest.OneByteReader(strings.NewReader(file))), ", ")
		if got != want || strings.Count(want, "not JSON") != 1 || strings.Count(want, "/p") < 3 {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}

// FuzzReadHAR tests that the reader never panics, and that an error is one line and comes last.
func FuzzReadHAR(f *testing.F) {
	f.Add([]byte(oneEntry(plainRequest, plainResponse)))
	f.Add([]byte("\ufeff{}"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte(`{"log":{"entries":[[}],{"a":"\"]},7,nope,{}]},"x":1e9}`))
	f.Add([]byte("{\"request\":{\"method\":\"GET\",\"url\":\"http://h\"}}\n\n7\n{\"request\":"))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"POST","url":"http://h","postData":{"text":"a","params":[{}]}},` +
		`"response":{"status":1e300,"_error":{},"content":{"size":-1e300,"encoding":"base64","text":"=="}},"cache":{"afterRequest":[]}}]}}`))
	f.Add([]byte(`{"consumer":{},"interactions":[{"description":"a\n","request":{"method":"GET","path":"/a","query":{"\n":{}}}}]}`))
	f.Add([]byte(`{"interactions":[{"type":"Synchronous/HTTP","request":{"method":"PUT","path":"/é #","query":"a b","headers":{"A":[null,7]},` +
		`"body":{"content":"==","encoded":"base64"}},"response":{"status":1e9,"body":{"content":[1]}}},{"type":7}]}`))
	f.Fuzz(func(t *testing.T, har []byte) {
		var last error
		number := 0
		for e, err := range ReadHAR(bytes.NewReader(har)) {
			if last != nil {
				t.Fatal("something after the error")
			}
			var unreadable *EntryError
			if errors.As(err, &unreadable) {
				if number++; unreadable.Number != number || unreadable.Reason == "" || strings.Contains(unreadable.Reason, "\n") {
					t.Errorf("entry %d: got %v", number, err)
				}
				continue
			}
			if last = err; err != nil {
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("more than one line: %q", err)
				}
				continue
			}
			number++
			if isOtherReason := e.Skip != "" && !slices.Contains(Reasons(), e.Skip); isOtherReason || e.Number != number {
				t.Errorf("entry %d: got number %d, reason %q", number, e.Number, e.Skip)
			}
		}
	})
}
