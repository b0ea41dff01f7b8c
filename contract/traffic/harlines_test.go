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
		{name: "one line", file: good, want: "entry 1: /p"},
		{name: "two lines", file: good + "\n" + good + "\n", want: "entry 1: /p, entry 2: /p"},
		{name: "lines of Windows and blank ones", file: good + "\r\n\r\n  \n" + good + "\r\n", want: "entry 1: /p, entry 2: /p"},
		{name: "a byte order mark", file: "\ufeff" + good + "\n" + good, want: "entry 1: /p, entry 2: /p"},
		{name: "packed", file: string(packed(good + "\n" + good)), want: "entry 1: /p, entry 2: /p"},
		{name: "requests only", file: only + "\n" + only + "\n", want: "entry 1: /p, entry 2: /p"},
		{name: "the response first", file: `{"response":` + plainResponse + `,"request":` + plainRequest + "}\n", want: "entry 1: /p"},
		{
			name: "a large response first",
			file: `{"response":{"x":"` + strings.Repeat("a", 100_000) + `"},"request":` + plainRequest + "}\n" + only,
			want: "entry 1: /p, entry 2: /p",
		},
		{name: "a member log in an entry", file: `{"request":` + plainRequest + `,"log":{"entries":[]}}`, want: "entry 1: /p"},
		{name: "a member request beside a log", file: `{"log":{"entries":[` + good + `]},"request":{}}`, want: "entry 1: /p"},
		{
			name: "a line that is no entry", file: good + "\n7\n" + good,
			want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: want an object, got number, entry 3: /p", second),
		},
		{
			name: "a line without a URL", file: good + "\n{\"request\":{\"method\":\"GET\"}}\n" + good,
			want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: request.url is missing, entry 3: /p", second),
		},
		{
			name: "a line that breaks off", file: good + "\n" + good[:50] + "\n" + good,
			want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, entry 3: /p", second),
		},
		{
			name: "a quote missing", file: good + "\n{\"a\n" + good,
			want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, entry 3: /p", second),
		},
		{
			name: "two entries on a line", file: good + "\n" + good + good + "\n" + good,
			want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, entry 3: /p", second),
		},
		{name: "the last line no JSON", file: good + "\nnope", want: fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON", second)},
		{
			name: "the last line cut off", file: good + "\n" + good[:50],
			want: fmt.Sprintf("entry 1: /p, last: read the HAR: entry 2, after byte %d: cut off", second),
		},
		{name: "the only line cut off", file: only[:len(only)-1], want: "last: read the HAR: entry 1, after byte 0: cut off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(summaries(strings.NewReader(tt.file)), ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARLinesLarge tests that a line of more than 64 MiB is skipped with an error.
func TestReadHARLinesLarge(t *testing.T) {
	const good = `{"request":` + plainRequest + `}`
	file := io.MultiReader(strings.NewReader(good+"\n"+`{"x":"`), &repeated{text: "a", times: maxEntry}, strings.NewReader("\"}\n"+good+"\n"))
	want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: larger than 64 MiB, entry 3: /p", len(good+"\n"))
	if got := strings.Join(summaries(file), ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestReadHARLinesMemory tests that the number of lines does not matter to memory.
func TestReadHARLinesMemory(t *testing.T) {
	const n, bound = 100_000, 64 << 20
	line := strings.ReplaceAll(fmt.Sprintf(smallEntry, 1, 1), "\n", "") + "\n"
	read := 0
	var memory runtime.MemStats
	for _, err := range ReadHAR(&repeated{text: line, times: n}) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; read%(n/10) == 0 {
			runtime.GC()
			if runtime.ReadMemStats(&memory); memory.HeapAlloc > bound {
				t.Fatalf("after %d entries: got %d MB on the heap, want at most %d", read, memory.HeapAlloc>>20, bound>>20)
			}
		}
	}
	if read != n {
		t.Errorf("got %d entries, want %d", read, n)
	}
}
