package traffic

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// summaries lists what ReadHAR yields, one line per entry or error.
func summaries(har io.Reader) []string {
	list := []string{}
	for e, err := range ReadHAR(har) {
		switch {
		case errors.As(err, new(*EntryError)):
			list = append(list, err.Error())
		case err != nil:
			list = append(list, "last: "+err.Error())
		default:
			list = append(list, fmt.Sprintf("entry %d: %s", e.Number, e.Exchange.Request.Target))
		}
	}
	return list
}

// TestReadHARUnreadableEntry tests that the error of an unreadable entry has number, place and reason, and that the entries
// around it are read.
func TestReadHARUnreadableEntry(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	place := len(`{"log":{"entries":[`) + len(good+",")
	for _, tt := range []struct{ name, entry, reason string }{
		{name: "a text", entry: `"}]"`, reason: "want an object, got string"},
		{name: "a number", entry: `7`, reason: "want an object, got number"},
		{name: "a list", entry: `[{}]`, reason: "want an object, got array"},
		{name: "null", entry: `null`, reason: "no request in it"},
		{name: "no request", entry: `{}`, reason: "no request in it"},
		{name: "request of another type", entry: `{"request":[]}`, reason: "request.method is missing"},
		{name: "no method", entry: `{"request":{"url":"http://h"}}`, reason: "request.method is missing"},
		{name: "method of another type", entry: `{"request":{"method":7,"url":"http://h"}}`, reason: "request.method is missing"},
		{name: "no URL", entry: `{"request":{"method":"GET"}}`, reason: "request.url is missing"},
		{name: "a comma too many", entry: `{"request":` + plainRequest + `,}`, reason: "not JSON"},
		{name: "a control character", entry: "{\"request\":{\"url\":\"\x01\"}}", reason: "not JSON"},
		{name: "no word", entry: `nope`, reason: "not JSON"},
		{name: "too deep", entry: strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), reason: "not JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: %s, entry 3: /p", place, tt.reason)
			har := `{"log":{"entries":[` + good + `,` + tt.entry + `,` + good + `]}}`
			if got := strings.Join(summaries(strings.NewReader(har)), ", "); got != want {
				t.Errorf("in a HAR:\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

// TestReadHARBracketMissing tests that the reading ends where brackets do not match.
func TestReadHARBracketMissing(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	har := `{"log":{"entries":[` + good + `,` + good[:len(good)-1] + `,` + good + `]}}`
	want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, last: read the HAR: not JSON after byte %d, behind entry 2",
		len(`{"log":{"entries":[`+good+`,`), len(har)-len("}}"))
	if got := strings.Join(summaries(strings.NewReader(har)), ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestReadHARLargeEntry tests that an entry of more than 64 MiB is skipped with an error, wherever its bytes are.
func TestReadHARLargeEntry(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	for _, tt := range []struct{ name, before, more, after string }{
		{name: "in a text", before: `{"request":{"method":"GET","url":"http://h/q","x":"`, more: `\"}`, after: `"}}`},
		{name: "in many members", before: `{"request":{"method":"GET","url":"http://h/q"`, more: `,"x":[{}]`, after: `}}`},
		{name: "in the name of a member", before: `{"`, more: `name`, after: `":1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			times := maxEntry/len(tt.more) + 1
			har := io.MultiReader(strings.NewReader(`{"log":{"entries":[`+good+`,`+tt.before), &repeated{text: tt.more, times: times},
				strings.NewReader(tt.after+`,`+good+`]}}`))
			want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: larger than 64 MiB, entry 3: /p", len(`{"log":{"entries":[`+good+`,`))
			if got := strings.Join(summaries(har), ", "); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestReadHARLargestEntry tests that an entry of exactly 64 MiB is read, and that one byte more is too large.
func TestReadHARLargestEntry(t *testing.T) {
	const before, after = `{"request":{"method":"GET","url":"http://h/p","x":"`, `"}}`
	for _, tt := range []struct {
		name string
		size int
		want string
	}{
		{name: "the bound", size: maxEntry, want: "entry 1: /p"},
		{name: "one more", size: maxEntry + 1, want: "entry 1, after byte 19: larger than 64 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har := io.MultiReader(strings.NewReader(`{"log":{"entries":[`+before), &repeated{text: "a", times: tt.size - len(before+after)},
				strings.NewReader(after+`]}}`))
			if got := strings.Join(summaries(har), ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARLargeEntryCutOff tests that a file which ends within a too large entry is reported as cut off.
func TestReadHARLargeEntryCutOff(t *testing.T) {
	har := io.MultiReader(strings.NewReader(`{"log":{"entries":[{"x":"`), &repeated{text: "a", times: maxEntry})
	const want = "read the HAR: entry 1, after byte 19: larger than 64 MiB, and not ended"
	for _, err := range ReadHAR(har) {
		if err == nil || err.Error() != want || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// repeated reads a text many times over.
type repeated struct {
	text  string
	times int
	rest  string
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.times == 0 {
			return 0, io.EOF
		}
		n := min(r.times, 4096)
		r.times -= n
		r.rest = strings.Repeat(r.text, n)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestReadHARPlaces tests that the place of an unreadable entry counts entries and bytes, including a byte order mark,
// packed or not.
func TestReadHARPlaces(t *testing.T) {
	const entry = `{"request":{}}`
	for _, tt := range []struct {
		name  string
		parts []string // between and around the entries
	}{
		{name: "close together", parts: []string{`{"log":{"entries":[`, `,`, `,`, `]}}`}},
		{name: "with blanks", parts: []string{`{"log":{"entries":[ `, " ,\n", ",\r\n\t", " ]}}"}},
		{name: "a byte order mark", parts: []string{"\ufeff" + `{"log":{"entries":[`, `,`, `,`, `]}}`}},
		{name: "lines", parts: []string{"", "\n", "\r\n\n", "\n"}},
		{name: "lines behind a byte order mark", parts: []string{"\ufeff", "\n", "\n", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har, want := tt.parts[0], []string{}
			for i, part := range tt.parts[1:] {
				want = append(want, fmt.Sprintf("%d after %d", i+1, len(har)))
				har += entry + part
			}
			for _, file := range []string{har, string(packed(har))} {
				got := []string{}
				for _, err := range ReadHAR(strings.NewReader(file)) {
					e, ok := errors.AsType[*EntryError](err)
					if !ok {
						t.Fatal(err)
					}
					got = append(got, fmt.Sprintf("%d after %d", e.Number, e.Offset))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}
