package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/server"
)

// TestServeStrict tests which findings serve --strict returns in headers, and which requests --strict=refuse refuses.
func TestServeStrict(t *testing.T) {
	usual, _, _ := startServe(t, "--log", "off")
	reporting, _, _ := startServe(t, "--log", "off", "--strict")
	refusing, _, _ := startServe(t, "--log", "off", "--strict=refuse")
	for _, test := range strictCases {
		t.Run(test.name, func(t *testing.T) {
			status, found, body := test.send(t, usual)
			if status != test.status || len(found) > 0 {
				t.Errorf("without --strict: got status %d, %q, want %d", status, found, test.status)
			}
			status, found, strictBody := test.send(t, reporting)
			if status != test.status || !strings.Contains(body, "request_id") && strictBody != body {
				t.Errorf("--strict: got status %d, %s\nwant %d, %s", status, strictBody, test.status, body)
			}
			test.wantFindings(t, found)
			status, found, body = test.send(t, refusing)
			if status != test.refused || !strings.Contains(body, test.code) {
				t.Errorf("--strict=refuse: got status %d, %s\nwant %d, %s", status, body, test.refused, test.code)
			}
			test.wantFindings(t, found)
		})
	}
}

func (c strictCase) send(t *testing.T, url string) (status int, found []string, body string) {
	t.Helper()
	method := c.method
	if method == "" {
		method = http.MethodGet
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url+c.target, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		request.Header.Set(tokenHeader, c.token)
	}
	if name, value, ok := strings.Cut(c.header, ": "); ok {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Values(findingHeader), string(text)
}

// wantFindings compares header lines with the beginnings of those that are expected.
func (c strictCase) wantFindings(t *testing.T, got []string) {
	t.Helper()
	begins := []string{}
	for i, line := range got {
		if strings.Contains(line, "-token") || len(line) > maxFindingLine {
			t.Errorf("a secret, or too long: %q", line)
		}
		if i < len(c.findings) && strings.HasPrefix(line, c.findings[i]) {
			line = c.findings[i]
		}
		begins = append(begins, line)
	}
	if diff := cmp.Diff(append([]string{}, c.findings...), begins); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestServeStrictManyFindings tests that a response has at most 20 findings, of at most 300 bytes each.
func TestServeStrictManyFindings(t *testing.T) {
	url, _, _ := startServe(t, "--log", "off", "--strict")
	query := "?" + strings.Repeat("%C3%A9", 200) + "=1"
	for i := range 30 {
		query += fmt.Sprintf("&p%d=1", i)
	}
	test := strictCase{target: accountPath + query + "&type=users", token: server.ReaderToken}
	_, found, _ := test.send(t, url)
	if len(found) != maxFindings {
		t.Fatalf("got %d findings, want %d", len(found), maxFindings)
	}
	for _, line := range found {
		if len(line) > maxFindingLine {
			t.Errorf("%d bytes: %s", len(line), line)
		}
	}
}

// TestServeStrictLog tests that each finding is one line of the log, in both formats, with the ID of the request.
func TestServeStrictLog(t *testing.T) {
	for _, format := range []string{"text", "json", "off"} {
		t.Run(format, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			read, out := io.Pipe()
			var log bytes.Buffer
			code := make(chan int, 1)
			go func() {
				code <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--strict", "--log", format}, out, &log)
				out.Close()
			}()
			lines := bufio.NewReader(read)
			first, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			test := strictCase{target: accountPath + "?type=users&typ=" + server.ReaderToken, token: server.ReaderToken}
			_, found, _ := test.send(t, "http://"+addressIn(first))
			stop()
			if got := <-code; got != exitPassed || len(found) != 2 {
				t.Errorf("got exit %d and %q", got, found)
			}
			if strings.Contains(log.String(), server.ReaderToken) {
				t.Errorf("a secret in the log:\n%s", log.String())
			}
			switch written := strings.Split(strings.TrimSpace(log.String()), "\n"); format {
			case "off":
				if log.Len() > 0 {
					t.Errorf("got %s", log.String())
				}
			case "text":
				if len(written) != 3 || !strings.Contains(written[1], `level=WARN msg="wrong request" request_id=`) {
					t.Errorf("got\n%s", log.String())
				}
			default:
				checkStrictJSON(t, written, found)
			}
		})
	}
}

// checkStrictJSON checks that the log has a line for the response, and then one for each finding.
func checkStrictJSON(t *testing.T, written, found []string) {
	t.Helper()
	if len(written) != 1+len(found) {
		t.Fatalf("got\n%s", strings.Join(written, "\n"))
	}
	type line struct {
		Level, Msg, Finding string
		RequestID           string `json:"request_id"`
	}
	var first line
	for i, text := range written {
		var got line
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if i == 0 {
			first = got
			continue
		}
		if want := (line{"WARN", "wrong request", found[i-1], first.RequestID}); got != want || got.RequestID == "" {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// TestStrictlyPassesBodies tests that the provider gets the body that was sent, also one that is too large to judge.
func TestStrictlyPassesBodies(t *testing.T) {
	judges, err := (&command.Documents{}).Judges(t.Context(), http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	var length atomic.Int64
	provider := httptest.NewServer(strictly(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		length.Store(int64(len(body)))
	}), judges, nil))
	defer provider.Close()
	for _, test := range []struct {
		name   string
		length int
		found  int
	}{
		{name: "none"},
		{name: "small", length: 10, found: 1},
		{name: "larger than the judge reads", length: 17 << 20},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := strictCase{target: imagesPath, body: strings.Repeat("a", test.length), token: server.ReaderToken}
			if _, found, _ := c.send(t, provider.URL); len(found) != test.found || int(length.Load()) != test.length {
				t.Errorf("got %d bytes and %q, want %d and %d findings", length.Load(), found, test.length, test.found)
			}
		})
	}
}

// TestPartName tests which part of a request a refusal names.
func TestPartName(t *testing.T) {
	for pointer, want := range map[string]string{
		"/request":            "request",
		"/request/headers":    "headers",
		"/request/headers/x":  "x",
		"/request/body/a/0":   "body",
		"/request/query/type": "type",
	} {
		if got := partName(pointer); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
}
