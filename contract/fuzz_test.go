package contract_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/openapi/spec"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// FuzzJudge holds that no two messages make the judge panic, cost memory out of proportion, or say more than can be read;
// and that what it says of a response does not depend on the chunks in which its body came.
func FuzzJudge(f *testing.F) {
	files := os.DirFS("corpus")
	for _, c := range allCases(f) {
		request, err := fs.ReadFile(files, c.Request)
		if err != nil {
			f.Fatal(err)
		}
		response, err := fs.ReadFile(files, c.Response)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(request, response, string(c.Probe), uint8(len(response)))
	}
	f.Fuzz(func(t *testing.T, request, response []byte, probe string, chunk uint8) {
		asked, err := contract.ParseRequest(request)
		if err != nil {
			return
		}
		answered, err := contract.ParseResponse(response)
		if err != nil {
			return
		}
		for _, name := range []string{"iam", "ims"} {
			ex := contract.Exchange{Request: asked, Response: answered, Probe: spec.Probe(probe)}
			v := bounded(t, judgeOf(t, name), ex, len(request)+len(response))
			for _, d := range v.Findings {
				if fault := lineFault(d.String()); fault != "" || utf8.RuneCountInString(d.Got) > 600 {
					t.Errorf("%s: %q", fault, d)
				}
			}
			if chunks(asked, answered, v) {
				inChunks := ex
				inChunks.Response = rejoin(t, answered, int(chunk)+1)
				if diff := cmp.Diff(lines(v), lines(judgeOf(t, name).Check(inChunks))); diff != "" {
					t.Errorf("in chunks of %d (-whole +chunks):\n%s", int(chunk)+1, diff)
				}
			}
		}
	})
}

// bounded judges and holds what that costs. What a coding unpacks to costs as much as its limit allows.
func bounded(t *testing.T, judge *contract.Judge, ex contract.Exchange, size int) contract.Result {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v := judge.Check(ex)
	runtime.ReadMemStats(&after)
	packed := ex.Request.Header.Get("Content-Encoding")+ex.Response.Header.Get("Content-Encoding") != ""
	if cost, most := after.TotalAlloc-before.TotalAlloc, uint64(64<<20+20_000*size); cost > most && !packed {
		t.Errorf("judging %d bytes cost %d bytes, want at most %d", size, cost, most)
	}
	if len(v.Findings) > 2000 {
		t.Errorf("got %d findings", len(v.Findings))
	}
	return v
}

// chunks says whether a response can be sent in chunks, and nothing else be changed by that.
func chunks(asked contract.Request, answered contract.Response, v contract.Result) bool {
	if asked.Method == http.MethodHead || answered.Status < 200 || answered.Status == 204 || answered.Status == 304 || len(answered.Header["Transfer-Encoding"]) > 0 {
		return false
	}
	framing := func(d contract.Finding) bool { return strings.HasPrefix(d.ID, "framing/") && !d.Request() }
	return v.Judged && v.More == 0 && !slices.ContainsFunc(v.Findings, framing)
}

// rejoin sends a response in chunks of a size and reads it again.
func rejoin(t *testing.T, r contract.Response, size int) contract.Response {
	t.Helper()
	var raw bytes.Buffer
	fmt.Fprintf(&raw, "HTTP/1.1 %d x\r\n", r.Status)
	for name, values := range r.Header {
		for _, value := range values {
			if name != "Content-Length" {
				fmt.Fprintf(&raw, "%s: %s\r\n", name, value)
			}
		}
	}
	raw.WriteString("Transfer-Encoding: chunked\r\n\r\n")
	for part := range slices.Chunk(r.Body, size) {
		fmt.Fprintf(&raw, "%x\r\n%s\r\n", len(part), part)
	}
	raw.WriteString("0\r\n\r\n")
	again, err := contract.ParseResponse(raw.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return again
}
