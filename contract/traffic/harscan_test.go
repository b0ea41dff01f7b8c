package traffic

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

// TestReadHARSyntax tests at which byte the reading of a file ends that is no JSON, or no HAR, and which entries were read before.
func TestReadHARSyntax(t *testing.T) {
	const good = `{"request":` + plainRequest + `}`
	const head = `{"log":{"entries":[` // 19 bytes
	const noHAR = "last: read the HAR: not a HAR: want an object after byte 0"
	notJSON := func(at int) string { return fmt.Sprintf("last: read the HAR: not JSON after byte %d", at) }
	for _, tt := range []struct{ name, file, want string }{
		{"a negative number", "-1", noHAR},
		{"a number", "0", noHAR},
		{"the largest digit", "9", noHAR},
		{"true", "true", noHAR},
		{"false", "false", noHAR},
		{"null", "null", noHAR},
		{"a text", `"log"`, noHAR},
		{"a plus", "+1", notJSON(0)},
		{"a bracket", "}", notJSON(0)},
		{"half a byte order mark", "\xef\xbb{}", notJSON(0)},

		{"a name without quotes", `{a:1}`, notJSON(1)},
		{"a name with a bad escape", `{"\x":1}`, notJSON(5)},
		{"a comma first", `{,"a":1}`, notJSON(1)},
		{"no colon", `{"a" 1}`, notJSON(5)},
		{"a comma for a colon", `{"a",1}`, notJSON(4)},
		{"two colons", `{"a"::1}`, notJSON(5)},
		{"no value", `{"a":}`, notJSON(5)},
		{"a comma for a value", `{"a":,"b":1}`, notJSON(5)},
		{"a colon behind a value", `{"a":1:2}`, notJSON(6)},
		{"two values, a space between", `{"a":1 2}`, notJSON(7)},
		{"two values, a tab between", "{\"a\":1\t2}", notJSON(7)},
		{"two values, a line between", "{\"a\":1\n2}", notJSON(7)},
		{"two values, a return between", "{\"a\":1\r2}", notJSON(7)},
		{"two commas", `{"a":1,,"b":1}`, notJSON(7)},
		{"a comma last", `{"a":1,}`, notJSON(7)},
		{"a bracket of a list", `{"a":1]`, notJSON(6)},
		{"brackets in a text", `{"a":"}]{[","b":[{"c":"\"}"}],"log":{"entries":[]}}`, ""},
		{"a name in escapes", `{"l\u006fg":{"entries":[` + good + `]}}`, "entry 1: /p"},
		{"a name of 1025 bytes", `{"` + strings.Repeat("a", 1025) + `":1,"log":{"entries":[` + good + `]}}`, "entry 1: /p"},

		{"entries: a comma first", head + `,` + good + `]}}`, "last: read the HAR: entry 1, after byte 19: not JSON"},
		{"entries: a colon", head + `:]}}`, "last: read the HAR: entry 1, after byte 19: not JSON"},
		{"entries: no comma", head + good + good + `]}}`, "entry 1: /p, " + notJSON(19+len(good)) + ", behind entry 1"},
		{"entries: two commas", head + good + `,,` + good + `]}}`, fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: not JSON", 20+len(good))},
		{"entries: a comma last", head + good + `,]}}`, fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: not JSON", 20+len(good))},
		{"entries: a bracket of an object", head + good + `}}`, "entry 1: /p, " + notJSON(19+len(good)) + ", behind entry 1"},
		{"entries twice", head + good + `],"entries":[` + good + `]}}`, "entry 1: /p, entry 2: /p"},
		{"another log", head + good + `]},"log":{"entries":[` + good + `]}}`, "entry 1: /p, entry 2: /p"},
		{"blanks behind", head + "]}} \t\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(outcomes(strings.NewReader(tt.file)), ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARByteByByte tests that it does not matter where the parts end in which a file arrives.
func TestReadHARByteByByte(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	entries := []string{good, `{"a":"\"}]\\","request":` + plainRequest + `}`, ` 7 `, `nope`, `"\"]"`, good}
	padding := `"x":"` + strings.Repeat("a", 100_000) + `",` // more than what is read ahead
	for name, file := range map[string]string{
		"a HAR": `{` + padding + `"log":{"entries":[` + strings.Join(entries, ",") + `]},"l":-1.5e3}`,
		"lines": good[:len(good)-1] + `,` + strings.TrimSuffix(padding, ",") + "}\n" + strings.Join(entries, "\r\n") + "\n",
	} {
		want := strings.Join(outcomes(strings.NewReader(file)), ", ")
		got := strings.Join(outcomes(iotest.OneByteReader(strings.NewReader(file))), ", ")
		if got != want || strings.Count(want, "not JSON") != 1 || strings.Count(want, "/p") < 3 {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}
