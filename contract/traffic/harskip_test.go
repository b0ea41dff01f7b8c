package traffic

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// outcomes lists what ReadHAR yields, one line each.
func outcomes(har io.Reader) []string {
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

// TestReadHARUnreadableEntry tests that an entry that cannot be read is named by number, place and reason, and that those
// around it are read.
func TestReadHARUnreadableEntry(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	place := len(`{"log":{"entries":[`) + len(good+",")
	for _, tt := range []struct{ name, entry, reason string }{
		{"a text", `"}]"`, "want an object, got string"},
		{"a number", `7`, "want an object, got number"},
		{"a list", `[{}]`, "want an object, got array"},
		{"null", `null`, "no request in it"},
		{"no request", `{}`, "no request in it"},
		{"request of another type", `{"request":[]}`, "request.method is missing"},
		{"no method", `{"request":{"url":"http://h"}}`, "request.method is missing"},
		{"method of another type", `{"request":{"method":7,"url":"http://h"}}`, "request.method is missing"},
		{"no URL", `{"request":{"method":"GET"}}`, "request.url is missing"},
		{"a comma too many", `{"request":` + plainRequest + `,}`, "not JSON"},
		{"a control character", "{\"request\":{\"url\":\"\x01\"}}", "not JSON"},
		{"no word", `nope`, "not JSON"},
		{"too deep", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "not JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: %s, entry 3: /p", place, tt.reason)
			har := `{"log":{"entries":[` + good + `,` + tt.entry + `,` + good + `]}}`
			if got := strings.Join(outcomes(strings.NewReader(har)), ", "); got != want {
				t.Errorf("in a HAR:\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

// TestReadHARBracketMissing tests that the reading ends where brackets do not match: what follows could be anything.
func TestReadHARBracketMissing(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	har := `{"log":{"entries":[` + good + `,` + good[:len(good)-1] + `,` + good + `]}}`
	want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: not JSON, last: read the HAR: not JSON after byte %d, behind entry 2",
		len(`{"log":{"entries":[`+good+`,`), len(har)-len("}}"))
	if got := strings.Join(outcomes(strings.NewReader(har)), ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestReadHARLargeEntry tests that an entry of more than 64 MiB is named and passed over, wherever in it the bytes are.
func TestReadHARLargeEntry(t *testing.T) {
	const good = `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	for _, tt := range []struct{ name, before, more, after string }{
		{"in a text", `{"request":{"method":"GET","url":"http://h/q","x":"`, `\"}`, `"}}`},
		{"in many members", `{"request":{"method":"GET","url":"http://h/q"`, `,"x":[{}]`, `}}`},
		{"in the name of a member", `{"`, `name`, `":1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			times := maxEntry/len(tt.more) + 1
			har := io.MultiReader(strings.NewReader(`{"log":{"entries":[`+good+`,`+tt.before), &repeated{text: tt.more, times: times}, strings.NewReader(tt.after+`,`+good+`]}}`))
			want := fmt.Sprintf("entry 1: /p, entry 2, after byte %d: larger than 64 MiB, entry 3: /p", len(`{"log":{"entries":[`+good+`,`))
			if got := strings.Join(outcomes(har), ", "); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestReadHARLargestEntry tests the bound: one byte more is too large.
func TestReadHARLargestEntry(t *testing.T) {
	const before, after = `{"request":{"method":"GET","url":"http://h/p","x":"`, `"}}`
	for _, tt := range []struct {
		name string
		size int
		want string
	}{
		{"the bound", maxEntry, "entry 1: /p"},
		{"one more", maxEntry + 1, "entry 1, after byte 19: larger than 64 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har := io.MultiReader(strings.NewReader(`{"log":{"entries":[`+before), &repeated{text: "a", times: tt.size - len(before+after)}, strings.NewReader(after+`]}}`))
			if got := strings.Join(outcomes(har), ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestReadHARLargeEntryCutOff tests that the end of a file within an entry that is too large is the last error.
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
