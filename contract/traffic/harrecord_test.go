package traffic

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/quotaspec/quotaspec/contract"
)

// TestRecord tests that a record is read as the entry of a file is, with what may stand around it, and that the error of what is no
// entry says what it is instead.
func TestRecord(t *testing.T) {
	const good = `{"startedDateTime":"2026-11-20T09:15:02Z","time":1,"request":` + plainRequest + `,"response":` + plainResponse + `}`
	const head = `{"log":{"version":"1.2","creator":{"name":"quotaspec","version":"1"},"pages":[],"entries":[`
	const isHAR = "a whole HAR or its beginning, want one entry: quotaspec-fleet send makes a record of each"
	const isMore = "more after the end of the entry, want one entry a record"
	for _, test := range []struct{ name, value, reason string }{
		{name: "an entry", value: good},
		{name: "a line", value: good + "\n"},
		{name: "a line of a HAR", value: good + ",\n"},
		{name: "a line of a HAR on Windows, with white space before and behind the comma", value: "\t " + good + " , \r\n"},
		{name: "the response and much else first", value: `{"x":"` + strings.Repeat("a", 100_000) + `",` + good[1:]},
		{name: "an entry with a member of Pact files", value: `{"provider":"pets",` + good[1:]},
		{name: "no bytes", reason: "it is empty"},
		{name: "a line end", value: "\n", reason: "it is empty"},
		{name: "a comma", value: ",\n", reason: "it is empty"},
		{name: "two commas", value: good + ",,", reason: isMore},
		{name: "null", value: "null", reason: "no request in it"},
		{name: "a text", value: `"a"`, reason: "want an object, got string"},
		{name: "a list of entries", value: "[" + good + "]", reason: "want an object, got array"},
		{name: "an object of another kind", value: `{"message":"GET /p"}`, reason: "no request in it"},
		{name: "no URL", value: `{"request":{"method":"GET"}}`, reason: "request.url is missing"},
		{name: "words", value: "GET /p HTTP/1.1", reason: "not JSON"},
		{name: "bytes", value: "\x00\x00\x00\x00\x07", reason: "not JSON"},
		{name: "a quote missing", value: `{"request:{}}`, reason: "cut off"},
		{name: "cut off", value: good[:80], reason: "cut off"},
		{name: "two entries", value: good + good, reason: isMore},
		{name: "two lines", value: good + "\n" + good + "\n", reason: isMore},
		{name: "two elements", value: good + ",\n" + good, reason: isMore},
		{name: "a HAR", value: head + good + "]}}", reason: isHAR},
		{name: "the first line of a HAR", value: head + "\n", reason: isHAR},
		{name: "the last line of a HAR", value: "]}}\n", reason: "not JSON"},
		{name: "a Pact file", value: `{"consumer":{},"interactions":[]}`, reason: "a Pact file, want an entry of a HAR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			value := []byte(test.value)
			raw := Record(value, 4711)
			clear(value) // the queue may use its memory again
			got, err := new(Decoder).Decode(raw)
			if test.reason != "" {
				if want := "entry 4711: " + test.reason; err == nil || err.Error() != want {
					t.Errorf("got  %v\nwant %s", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for want := range ReadHAR(strings.NewReader(good)) {
				want.Number, want.Size = 4711, len(test.value)
				if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(contract.Request{}, contract.Response{}, contract.Exchange{})); diff != "" {
					t.Errorf("(-in a file +in a record)\n%s", diff)
				}
			}
		})
	}
}

// TestRecordTooLarge tests the bound of a record.
func TestRecordTooLarge(t *testing.T) {
	const before, after = `{"request":{"method":"GET","url":"http://h/p","x":"`, `"}}`
	value := before + strings.Repeat("a", maxEntry-len(before+after)) + after
	if e, err := new(Decoder).Decode(Record([]byte(value), 1)); err != nil || e.Exchange.Request.Target != "/p" {
		t.Errorf("64 MiB: got %q, %v", e.Exchange.Request.Target, err)
	}
	if _, err := new(Decoder).Decode(Record([]byte(value+" "), 1)); err == nil || err.Error() != "entry 1: larger than 64 MiB" {
		t.Errorf("one byte more: got %v", err)
	}
}

// TestRawEntryText tests that the text of an entry has its bytes as they are in the file, and none around them.
func TestRawEntryText(t *testing.T) {
	const one, two = "{\"request\": {\"method\":\"GET\",\n\"url\":\"http://h/p?\\u00e4\"} }", `{"request":{}}`
	line := strings.ReplaceAll(one, "\n", " ")
	for _, test := range []struct {
		name, file string
		want       []string
	}{
		{name: "a HAR", file: `{"log":{"entries":[ ` + one + " ,\n" + two + "\n]}}", want: []string{one, two}},
		{name: "lines", file: "  " + line + "  \r\n\n" + two, want: []string{line, two}},
		{name: "what is no entry", file: `{"log":{"entries":[7 , {nope}, ` + two + `]}}`, want: []string{"7", "{nope}", two}},
		{name: "a Pact file", file: `{"interactions":[{"request":{"method":"GET","path":"/p"}}]}`, want: []string{""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := []string{}
			for raw, err := range ScanHAR(strings.NewReader(test.file)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, raw.Text())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("texts (-want +got)\n%s", diff)
			}
		})
	}
}

// TestScanHARStreams tests that each entry of a file that is still being written is found as soon as its last byte is there, without
// what comes after it; of lines, as soon as the line ends.
func TestScanHARStreams(t *testing.T) {
	const entry = `{"response":{"status":200},"request":{"method":"GET","url":"http://h/p"}}`
	for _, test := range []struct {
		name  string
		parts []string // each gives one entry
		end   string
	}{
		{name: "a HAR", parts: []string{`{"log":{"entries":[` + "\n" + entry, ",\n" + entry, ",\n" + entry}, end: "\n]}}\n"},
		{name: "lines", parts: []string{entry + "\n", entry + "\n", entry + "\n"}},
		{name: "lines behind a byte order mark", parts: []string{"\ufeff" + entry + "\n", entry + "\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, w := io.Pipe()
			found := make(chan string)
			go func() {
				defer close(found)
				for raw, err := range ScanHAR(r) {
					if err != nil {
						t.Error(err)
					}
					found <- raw.Text()
				}
			}()
			for i, part := range test.parts {
				for _, b := range []byte(part) { // byte by byte, as a slow network does
					if _, err := w.Write([]byte{b}); err != nil {
						t.Fatal(err)
					}
				}
				select {
				case got := <-found:
					if got != entry {
						t.Errorf("part %d: got %q", i, got)
					}
				case <-time.After(10 * time.Second):
					t.Fatalf("part %d: its entry was not found before more was written", i)
				}
			}
			go func() {
				_, _ = io.Copy(w, bytes.NewReader([]byte(test.end)))
				_ = w.Close()
			}()
			for more := range found {
				t.Errorf("one more: %q", more)
			}
		})
	}
}
