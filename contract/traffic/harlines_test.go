package traffic

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// TestReadHARLines tests a file that has one entry on each line.
func TestReadHARLines(t *testing.T) {
	const good = `{"startedDateTime":"2026-11-20T09:15:02Z","time":1,"request":` + plainRequest + `,"response":` + plainResponse + `}`
	const only = `{"request":` + plainRequest + `}`
	second := len(good + "\n")
	for _, tt := range []struct{ name, file, want string }{
		{"one line", good, "entry 1: /p"},
		{"two lines", good + "\n" + good + "\n", "entry 1: /p, entry 2: /p"},
		{"lines of Windows and blank ones", good + "\r\n\r\n  \n" + good + "\r\n", "entry 1: /p, entry 2: /p"},
		{"a byte order mark", "\ufeff" + good + "\n" + good, "entry 1: /p, entry 2: /p"},
		{"packed", string(packed(good + "\n" + good)), "entry 1: /p, entry 2: /p"},
		{"requests only", only + "\n" + only + "\n", "entry 1: /p, entry 2: /p"},
		{"the response first", `{"response":` + plainResponse + `,"request":` + plainRequest + "}\n", "entry 1: /p"},
		{"a large response first", `{"response":{"x":"` + strings.Repeat("a", 100_000) + `"},"request":` + plainRequest + "}\n" + only, "entry 1: /p, entry 2: /p"},
		{"a member log in an entry", `{"request":` + plainRequest + `,"log":{"entries":[]}}`, "entry 1: /p"},
		{"a member request beside a log", `{"log":{"entries":[` + good + `]},"request":{}}`, "entry 1: /p"},
		{"a line that is no entry", good + "\n7\n" + good, fmt.Sprintf("entry 1: /p, entry 2, after byte %d: want an object, got number, entry 3: /p", second)},
		{"a line without a URL", good + "\n{\"request\":{\"method\":\"GET\"}}\n" + good, fmt.Sprintf("entry 1: /p, entry 2, after byte %d: request.url is missing, entry 3: /p", second)},
		{"a line that breaks off", good + "\n" + good[:50] + "\n" + good, fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, entry 3: /p", second)},
		{"a quote missing", good + "\n{\"a\n" + good, fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, entry 3: /p", second)},
		{"two entries on a line", good + "\n" + good + good + "\n" + good, fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, entry 3: /p", second)},
		{"the last line no JSON", good + "\nnope", fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON", second)},
		{"the last line cut off", good + "\n" + good[:50], fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: cut off", second)},
		{"the only line cut off", only[:len(only)-1], "last: read the HAR: entry 1, after byte 0: cut off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(outcomes(strings.NewReader(tt.file)), ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARLinesLarge tests that a line of more than 64 MiB is named and passed over.
func TestReadHARLinesLarge(t *testing.T) {
	const good = `{"request":` + plainRequest + `}`
	file := io.MultiReader(strings.NewReader(good+"\n"+`{"x":"`), &repeated{text: "a", times: maxEntry}, strings.NewReader("\"}\n"+good+"\n"))
	want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: larger than 64 MiB, entry 3: /p", len(good+"\n"))
	if got := strings.Join(outcomes(file), ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestReadHARLinesMemory tests that a file of any number of lines is read in little memory.
func TestReadHARLinesMemory(t *testing.T) {
	const n, bound = 100_000, 64 << 20
	line := strings.ReplaceAll(fmt.Sprintf(smallEntry, 1, 1), "\n", "") + "\n"
	seen := 0
	var memory runtime.MemStats
	for _, err := range ReadHAR(&repeated{text: line, times: n}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen%(n/10) == 0 {
			runtime.GC()
			if runtime.ReadMemStats(&memory); memory.HeapAlloc > bound {
				t.Fatalf("after %d entries: got %d MB on the heap, want at most %d", seen, memory.HeapAlloc>>20, bound>>20)
			}
		}
	}
	if seen != n {
		t.Errorf("got %d entries, want %d", seen, n)
	}
}
