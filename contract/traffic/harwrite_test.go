package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

// TestWriterReadsBack tests that a written entry reads back the same.
func TestWriterReadsBack(t *testing.T) {
	started := time.Date(2026, 11, 20, 9, 15, 2, 123456789, time.UTC)
	list := []Entry{
		{Exchange: sample()},
		{Exchange: contract.Exchange{
			Request: contract.Request{
				Method: "POST", Target: "//a%2Fb?x=1&x=2&y=%zz", Header: http.Header{"Content-Type": {"application/json"}, "X-A": {"1", "2"}},
				Body: []byte("{\"a\":\"é<&>\u2028\\u0000\"} \x00"),
			},
			Response: contract.Response{Status: 418, Header: http.Header{"Server": {"b", "a"}, "Content-Type": {"application/json"}},
				Body: []byte("{\"a\":1,\"a\":2}\xff")},
		}},
		{Exchange: contract.Exchange{
			Request:  contract.Request{Method: "HEAD", Target: "/a", Header: http.Header{"Accept": {"*/*"}}, Body: []byte("\xff\xfa\x01\x01")},
			Response: contract.Response{Status: 200, Header: http.Header{"Content-Length": {"77"}}},
		}},
		{Exchange: contract.Exchange{
			Request:  contract.Request{Method: "GET", Target: "*", Header: http.Header{"Accept": {"*/*"}}},
			Response: contract.Response{Status: 500, Header: http.Header{"X-A": {""}}, Body: []byte{}},
		}},
	}
	for i := range list {
		list[i].Origin, list[i].Started, list[i].Took = "https://h:1", started, 1500*time.Microsecond
	}
	list[3].Exchange.Request.Target = "/"
	for _, reason := range Reasons() {
		list = append(list, Entry{Exchange: contract.Exchange{Request: contract.Request{Method: "GET", Target: "/",
			Header: http.Header{"Accept": {"*/*"}}}}, Skip: reason, Origin: "https://h:1", Started: started})
	}
	for i, got := range entries(t, written(t, list...)) {
		want := list[i]
		want.Number, want.Size = i+1, got.Size
		want.Exchange.Origin = want.Origin
		want.Exchange.Unrecorded = contract.UnrecordedFraming
		want.Exchange.Request.Header.Set("Host", "h:1") // of the URL
		if want.Skip != "" {
			want.Exchange.Unrecorded |= contract.UnrecordedResponse
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b contract.Request) bool {
			return a.Method == b.Method && a.Target == b.Target && cmp.Equal(a.Header, b.Header) && bytes.Equal(a.Body, b.Body)
		}), cmp.Comparer(func(a, b contract.Response) bool {
			return a.Status == b.Status && cmp.Equal(a.Header, b.Header) && bytes.Equal(a.Body, b.Body)
		})); diff != "" {
			t.Errorf("entry %d: %s", i+1, diff)
		}
	}
}

// TestWriterLeavesOut tests that a body which is left out reads back as unrecorded.
func TestWriterLeavesOut(t *testing.T) {
	half := packed(strings.Repeat(`{"a":1}`, 100))
	for name, body := range map[string][]byte{"br": []byte("packed"), "gzip": []byte("packed"), "x-gzip": half[:len(half)-4]} {
		ex := sample()
		ex.Response.Header.Set("Content-Encoding", name)
		ex.Response.Body = body
		want := `GET http://h /a "" -> 200 ""; no response body`
		if got := describe(entries(t, written(t, Entry{Exchange: ex, Origin: "http://h"}))[0]); got != want {
			t.Errorf("response in %s: got %s, want %s", name, got, want)
		}
		ex = sample()
		ex.Request.Header.Set("Content-Encoding", name)
		ex.Request.Body = body
		want = `GET http://h /a "" -> 200 "{\"a\":1}"; no request body`
		if got := describe(entries(t, written(t, Entry{Exchange: ex, Origin: "http://h"}))[0]); got != want {
			t.Errorf("request in %s: got %s, want %s", name, got, want)
		}
	}
	ex := sample()
	ex.Request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	ex.Request.Body = []byte("--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nopen-sesame\r\n--x--")
	if har := written(t, Entry{Exchange: ex, Origin: "http://h"}); strings.Contains(har, "sesame") {
		t.Errorf("multipart: got %s", har)
	}
}

// TestWriterJudgedTheSame tests that an exchange is judged the same after it was written and read.
func TestWriterJudgedTheSame(t *testing.T) {
	list, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	changes := map[string]func(*contract.Exchange){
		"as it is": func(*contract.Exchange) {},
		"packed": func(ex *contract.Exchange) {
			ex.Response.Header.Set("Content-Encoding", "gzip")
			ex.Response.Body = packed(string(ex.Response.Body))
		},
		"status": func(ex *contract.Exchange) { ex.Response.Status = 302 },
		"doubled member": func(ex *contract.Exchange) {
			ex.Response.Body = []byte(strings.Replace(string(ex.Response.Body), "{", `{"x":1,"x":2,`, 1))
		},
		"trailing bytes": func(ex *contract.Exchange) { ex.Response.Body = append(bytes.Clone(ex.Response.Body), " {}"...) },
		"invalid UTF-8": func(ex *contract.Exchange) {
			ex.Response.Body = bytes.Replace(ex.Response.Body, []byte("{"), []byte("{\"\xff\":1,"), 1)
		},
		"lone surrogate": func(ex *contract.Exchange) {
			ex.Response.Body = bytes.Replace(ex.Response.Body, []byte("{"), []byte(`{"\ud800":1,`), 1)
		},
		"cut off":      func(ex *contract.Exchange) { ex.Response.Body = ex.Response.Body[:len(ex.Response.Body)/2] },
		"empty":        func(ex *contract.Exchange) { ex.Response.Body = nil },
		"doubled type": func(ex *contract.Exchange) { ex.Response.Header.Add("Content-Type", "text/html") },
		"undocumented": func(ex *contract.Exchange) {
			ex.Response.Header.Set("X-Undocumented", "a")
			ex.Request.Header.Set("X-Undocumented", "b")
		},
		"doubled header":    func(ex *contract.Exchange) { ex.Response.Header["Server"] = []string{"a", "b"} },
		"doubled parameter": func(ex *contract.Exchange) { ex.Request.Target += "?type=user&type=user" },
		"two credentials":   func(ex *contract.Exchange) { ex.Request.Header.Add("X-Auth-Token", "another-token") },
		"token in the body": func(ex *contract.Exchange) {
			ex.Response.Body = bytes.Replace(ex.Response.Body, []byte(`:"`), []byte(`:"an-auth-token `), 1)
		},
		"credentials in it": func(ex *contract.Exchange) { ex.Response.Header.Set("Set-Cookie", "sid=12345678") },
	}
	judged, findings := 0, 0
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		for change, apply := range changes {
			for _, r := range list {
				ex := r.Exchange()
				ex.Unrecorded = contract.UnrecordedCredentials
				ex.Request.Header = http.Header{"Accept": {"*/*"}, "X-Auth-Token": {"an-auth-token"}}
				apply(&ex)
				back := entries(t, written(t, Entry{Exchange: ex, Origin: "http://127.0.0.1"}))[0]
				want, got := judge.Check(ex), judge.Check(back.Exchange)
				if diff := cmp.Diff(lines(want), lines(got)); diff != "" || back.Skip != "" {
					t.Errorf("%s, %s: %s %s", r.Name(), change, back.Skip, diff)
				}
				judged++
				findings += len(want.Findings)
			}
		}
	}
	if judged < 500 || findings < 500 {
		t.Errorf("only %d exchanges with %d findings were judged", judged, findings)
	}
}

// lines returns a result in lines, without Got, which may be a redacted secret.
func lines(v contract.Result) []string {
	list := []string{fmt.Sprint(v.Judged), v.Operation}
	for _, r := range v.Passed() {
		list = append(list, r.ID)
	}
	for _, d := range v.Findings {
		list = append(list, d.ID+" "+d.Pointer+" "+d.Place()+" "+d.Want)
	}
	for _, n := range v.Covered() {
		list = append(list, n.Pointer())
	}
	return list
}

// TestWriterFile tests that a file is a valid HAR 1.2, and that all of it but the end is written at once.
func TestWriterFile(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, `a "program"`, "1.0")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		visited := 0
		for _, err := range ReadHAR(bytes.NewReader(out.Bytes())) {
			if err == nil {
				visited++
			} else if !strings.Contains(err.Error(), "cut off") {
				t.Error(err)
			}
		}
		if visited != n {
			t.Errorf("without its end: got %d entries, want %d", visited, n)
		}
		if err := w.Write(Entry{Exchange: sample(), Origin: "http://h"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Error(err)
	}
	if err := w.Write(Entry{}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after the end: got %v", err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 5 {
		t.Errorf("got %d lines, want one for each entry", lines)
	}
	var har struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []map[string]any
		}
	}
	if err := json.Unmarshal(out.Bytes(), &har); err != nil || har.Log.Version != "1.2" || har.Log.Creator.Name != `a "program"` ||
		len(har.Log.Entries) != 3 {
		t.Fatalf("got %+v, %v", har, err)
	}
	// The members that HAR 1.2 requires.
	for path, names := range map[string]string{
		"":         "startedDateTime time request response cache timings",
		"request":  "method url httpVersion cookies headers queryString headersSize bodySize",
		"response": "status statusText httpVersion cookies headers content redirectURL headersSize bodySize",
		"timings":  "send wait receive",
	} {
		object := har.Log.Entries[0]
		if path != "" {
			object, _ = object[path].(map[string]any)
		}
		for _, name := range strings.Fields(names) {
			if value, ok := object[name]; !ok || value == nil {
				t.Errorf("%s has no %s", path, name)
			}
		}
	}
}

func TestWriterEmpty(t *testing.T) {
	if got := entries(t, written(t)); len(got) != 0 {
		t.Errorf("got %d entries", len(got))
	}
}

func TestWriterConcurrent(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			for k := range 20 {
				ex := sample()
				ex.Request.Target = fmt.Sprintf("/%d/%d", i, k)
				ex.Request.Header.Set("X-Auth-Token", fmt.Sprintf("a-long-token-%d", i))
				if err := w.Write(Entry{Exchange: ex, Origin: "http://h"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	targets := []string{}
	for _, e := range entries(t, out.String()) {
		targets = append(targets, e.Exchange.Request.Target)
	}
	slices.Sort(targets)
	if len(slices.Compact(targets)) != 400 {
		t.Errorf("got %d targets, want 400", len(targets))
	}
}

// fullDisk accepts a number of writes.
type fullDisk struct{ left, tried int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(b []byte) (int, error) {
	d.tried++
	if d.left--; d.left < 0 {
		return len(b) / 2, errFull
	}
	return len(b), nil
}

// TestWriterFullDisk tests that nothing is written after half an entry, and that Close returns the error too.
func TestWriterFullDisk(t *testing.T) {
	if _, err := NewWriter(&fullDisk{}, "test", "1"); !errors.Is(err, errFull) {
		t.Errorf("head: got %v", err)
	}
	disk := &fullDisk{left: 2}
	w, err := NewWriter(disk, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	got := []bool{}
	for range 3 {
		got = append(got, errors.Is(w.Write(Entry{Exchange: sample()}), errFull))
	}
	got = append(got, errors.Is(w.Close(), errFull))
	if diff := cmp.Diff([]bool{false, true, true, true}, got); diff != "" || disk.tried != 3 {
		t.Errorf("%s; wrote %d times", diff, disk.tried)
	}
}

func BenchmarkWriter(b *testing.B) {
	list, err := recordings.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	ex := list[0].Exchange()
	ex.Request.Header = http.Header{"Accept": {"*/*"}, "X-Auth-Token": {"an-auth-token-of-some-length"}}
	w, err := NewWriter(io.Discard, "test", "1")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(Entry{Exchange: ex, Origin: "http://h"}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// TestWriterSaysThatThereAreNoCredentials tests that a request without credentials reads back as one, and a request whose
// credentials were replaced, or were not recorded to begin with, as one whose credentials are unknown.
func TestWriterSaysThatThereAreNoCredentials(t *testing.T) {
	for _, test := range []struct {
		name       string
		header     http.Header
		unrecorded contract.Unrecorded
		isUnknown  bool
	}{
		{name: "none", header: http.Header{"Accept": {"*/*"}}},
		{name: "a misspelt token", header: http.Header{"X-Auth-Tokn": {"s3cr3t-value"}}},
		{name: "a token", header: http.Header{"X-Auth-Token": {"s3cr3t-value"}}, isUnknown: true},
		{name: "a credential of this API", header: http.Header{"My-Key": {"s3cr3t-value"}}, isUnknown: true},
		{name: "basic", header: http.Header{"Authorization": {"Basic YTpiOnMzY3IzdA=="}}, isUnknown: true},
		{name: "a cookie", header: http.Header{"Cookie": {"session=s3cr3t-value"}}, isUnknown: true},
		{
			name:       "not recorded",
			header:     http.Header{"Accept": {"*/*"}},
			unrecorded: contract.UnrecordedCredentials,
			isUnknown:  true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := sample()
			ex.Request.Header, ex.Unrecorded = test.header, test.unrecorded
			got := entries(t, written(t, Entry{Exchange: ex, Origin: "http://h"}))[0].Exchange.Unrecorded
			if isUnknown := got&contract.UnrecordedCredentials != 0; isUnknown != test.isUnknown {
				t.Errorf("unknown: got %v, want %v", isUnknown, test.isUnknown)
			}
		})
	}
}
