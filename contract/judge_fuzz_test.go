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

// FuzzJudge checks that no pair of messages makes the judge panic, use too much memory or return too many findings, and that the
// findings do not depend on the chunks of a body. The sizes of the chunks are the bytes of split, plus one.
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
		f.Add(request, response, string(c.Probe), []byte{byte(len(response)), 0, 7})
	}
	for _, of := range []struct{ mediaType, body string }{
		{mediaType: "application/json", body: `{"a": [1, "\ud83d\ude00"]}`},
		{mediaType: "application/x-www-form-urlencoded", body: "a=1&a=2&b=%C3%A9"},
		{mediaType: "multipart/form-data; boundary=x", body: "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"},
		{mediaType: "application/jsonl", body: "{\"a\": [1]}\n{}\n"},
		{mediaType: "text/event-stream", body: "event: a\ndata: {}\n\n"},
		{mediaType: "text/plain; charset=utf-8", body: "é"},
	} {
		tail := fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", of.mediaType, len(of.body), of.body)
		f.Add([]byte("POST /echo HTTP/1.1\r\nHost: h\r\n"+tail), []byte("HTTP/1.1 200 OK\r\n"+tail), "", []byte{0, 1, 5, 0})
	}
	echoes := newJudge(f, echo)
	f.Fuzz(func(t *testing.T, request, response []byte, probe string, split []byte) {
		req, err := contract.ParseRequest(request)
		if err != nil {
			return
		}
		resp, err := contract.ParseResponse(response)
		if err != nil {
			return
		}
		for _, judge := range []*contract.Judge{judgeOf(t, "iam"), judgeOf(t, "ims"), echoes} {
			ex := contract.Exchange{Request: req, Response: resp, Probe: spec.Probe(probe)}
			v := bounded(t, judge, ex, len(request)+len(response))
			for _, f := range v.Findings {
				if problem := lineProblem(f.String()); problem != "" || utf8.RuneCountInString(f.Got) > 600 {
					t.Errorf("%s: %q", problem, f)
				}
			}
			inChunks, ok := chunked(t, ex, v, split)
			if diff := cmp.Diff(lines(v), lines(judge.Check(inChunks))); ok && diff != "" {
				t.Errorf("in chunks of %v (-whole +chunks):\n%s", split, diff)
			}
		}
	})
}

// echo is a document with bodies of each kind that is read, on both sides.
const echo = `openapi: 3.2.0
info: {title: Echo, version: '1'}
paths:
  /echo:
    post:
      requestBody: {content: &content
        {application/json: &object {schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}},
         application/x-www-form-urlencoded: *object, multipart/form-data: *object, application/jsonl: *object,
         text/event-stream: {itemSchema: {type: object, properties: {event: {type: string, maxLength: 1}}}},
         text/plain: {schema: {type: string, maxLength: 3}}}}
      responses: {'200': {description: The same., content: *content}}
`

// bounded judges an exchange and checks the memory that it takes. Decompression may use memory up to its own limit.
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

// chunked is an exchange whose bodies come in chunks, each of a size in split, plus one, and the last of what is left. It is
// not ok if the framing is wrong before, or if a message would have another meaning in chunks.
func chunked(t *testing.T, ex contract.Exchange, v contract.Result, split []byte) (in contract.Exchange, ok bool) {
	t.Helper()
	req, resp, in := ex.Request, ex.Response, ex
	isBare := req.Method == http.MethodHead || resp.Status < 200 || resp.Status == 204 || resp.Status == 304
	isChunked := len(req.Header["Transfer-Encoding"])+len(resp.Header["Transfer-Encoding"]) > 0
	isBroken := slices.ContainsFunc(v.Findings, func(d contract.Finding) bool { return strings.HasPrefix(d.ID, "framing/") })
	if isBare || isChunked || isBroken || !v.Judged || v.More > 0 {
		return ex, false
	}
	var err error
	line := fmt.Sprintf("HTTP/1.1 %d x", resp.Status)
	if in.Response, err = contract.ParseResponse(inChunks(line, resp.Header, resp.Body, split)); err != nil {
		t.Fatal(err)
	}
	if len(req.Body) > 0 { // a request without a body has no chunks
		line = req.Method + " " + req.Target + " HTTP/1.1"
		if in.Request, err = contract.ParseRequest(inChunks(line, req.Header, req.Body, split)); err != nil {
			t.Fatal(err)
		}
	}
	return in, true
}

// inChunks writes a message with its body in chunks. Some sizes have leading zeros, and an unknown extension.
func inChunks(line string, header http.Header, body, split []byte) []byte {
	raw := bytes.NewBufferString(line + "\r\n")
	for name, values := range header {
		for _, value := range values {
			if name != "Content-Length" {
				fmt.Fprintf(raw, "%s: %s\r\n", name, value)
			}
		}
	}
	raw.WriteString("Transfer-Encoding: chunked\r\n\r\n")
	for _, size := range split {
		n := min(int(size)+1, len(body))
		if n == 0 {
			break
		}
		fmt.Fprintf(raw, "%0*X;a=\"b\"\r\n%s\r\n", 1+n%3, n, body[:n])
		body = body[n:]
	}
	if len(body) > 0 {
		fmt.Fprintf(raw, "%x\r\n%s\r\n", len(body), body)
	}
	raw.WriteString("0\r\n\r\n")
	return raw.Bytes()
}
