package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// ownData writes the sample data with other credentials to a file.
func ownData(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../server/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "data.yaml", strings.NewReplacer("-token", "-mine", "-secret", "-mine").Replace(string(text)))
}

// getAs sends a GET request with a token.
func getAs(t *testing.T, url, token string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Auth-Token", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// TestServePrints compares the output of serve when it starts: the sample credentials, and commands to try.
func TestServePrints(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, out := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--log", "off"}, out, io.Discard)
		out.Close()
	}()
	text := ""
	for lines := bufio.NewScanner(read); lines.Scan(); {
		text += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "/docs") {
			stop()
		}
	}
	if got := <-code; got != exitPassed {
		t.Errorf("got exit %d", got)
	}
	compareFile(t, filepath.Join("testdata", "golden", "serve.txt"), regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(text, "ADDRESS"))
}

// TestServeLog tests that each request is logged to stderr in the format of --log.
func TestServeLog(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		line string // a regular expression; "": nothing is logged
	}{
		{name: "by default", line: `^time=\S+ level=INFO msg=answered .*status=200.*\n$`},
		{name: "text", args: []string{"--log", "text"}, line: `^time=\S+ level=INFO msg=answered .*status=200.*\n$`},
		{name: "JSON", args: []string{"--log", "json"}, line: `^\{"time":"[^"]+","level":"INFO","msg":"answered",.*"status":200.*\}\n$`},
		{name: "off", args: []string{"--log", "off"}, line: `^$`},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			read, out := io.Pipe()
			var log strings.Builder
			code := make(chan int, 1)
			go func() {
				code <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, test.args...), out, &log)
				out.Close()
			}()
			lines := bufio.NewReader(read)
			first, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			if status, body := getAs(t, "http://"+addressIn(first)+"/v1/cloudimages/quota", server.ReaderToken); status != http.StatusOK {
				t.Errorf("got status %d, %s", status, body)
			}
			stop()
			if got := <-code; got != exitPassed {
				t.Errorf("got exit %d", got)
			}
			badJSON := strings.HasPrefix(log.String(), "{") && !json.Valid([]byte(log.String()))
			if !regexp.MustCompile(test.line).MatchString(log.String()) || badJSON {
				t.Errorf("got %q, want %s", log.String(), test.line)
			}
		})
	}
}

// TestServeRateLimit tests that requests above the limit get 429, and that there is no limit by default.
func TestServeRateLimit(t *testing.T) {
	for _, test := range []struct {
		name    string
		args    []string
		refused bool
	}{
		{name: "no limit"},
		{name: "no limit, explicitly", args: []string{"--rate-limit", "0"}},
		{name: "a limit", args: []string{"--rate-limit", "1"}, refused: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, _, stop := startServe(t, append([]string{"--log", "off"}, test.args...)...)
			defer stop()
			refused := false
			for range 20 {
				status, _ := getAs(t, url+"/v1/cloudimages/quota", server.ReaderToken)
				refused = refused || status == http.StatusTooManyRequests
			}
			if refused != test.refused {
				t.Errorf("got refused %t, want %t", refused, test.refused)
			}
		})
	}
}

// TestServeDataFile tests that a data file may be served beyond loopback, and that the page fills in no token then.
func TestServeDataFile(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		filled bool
	}{
		{name: "the samples", filled: true},
		{name: "own data", args: []string{"--data", ownData(t)}},
		{name: "own data on every address", args: []string{"--data", ownData(t), "--listen", "0.0.0.0:0"}},
		{name: "the samples on every address", args: []string{"--allow-sample-credentials", "--listen", "0.0.0.0:0"}, filled: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, first, stop := startServe(t, append([]string{"--log", "off"}, test.args...)...)
			defer stop()
			if url == "" {
				url = regexp.MustCompile(`http://[^ ]+`).FindString(first)
			}
			status, body := getAs(t, url+"/docs", "")
			if filled := strings.Contains(body, server.ReaderToken); status != http.StatusOK || filled != test.filled {
				t.Errorf("got status %d, and the token is filled in: %t, want %t", status, filled, test.filled)
			}
		})
	}
}

// TestReachable tests the addresses in the commands that serve prints.
func TestReachable(t *testing.T) {
	for _, test := range []struct{ listens, want string }{
		{listens: "127.0.0.1:8080", want: "127.0.0.1:8080"},
		{listens: "[::]:8080", want: "127.0.0.1:8080"},
		{listens: "0.0.0.0:8080", want: "127.0.0.1:8080"},
		{listens: "[::1]:8080", want: "[::1]:8080"},
		{listens: "192.0.2.7:80", want: "192.0.2.7:80"},
	} {
		if got := reachable(test.listens); got != test.want {
			t.Errorf("%s: got %s, want %s", test.listens, got, test.want)
		}
	}
}

// TestServeLargeData tests that a data file of the largest size is read.
func TestServeLargeData(t *testing.T) {
	file := writeFile(t, "data.yaml", "x: 1\n")
	if err := os.Truncate(file, maxData); err != nil {
		t.Fatal(err)
	}
	code, _, errs := quotaspec(t, "serve", "--data", file)
	if code != exitNotJudged || strings.Contains(errs, "want at most") || strings.Count(errs, "\n") != 1 ||
		!strings.HasPrefix(errs, "quotaspec: "+file+":") {
		t.Errorf("got exit %d, %q", code, errs)
	}
}

// addressIn returns the first address in a line.
func addressIn(line string) string {
	return regexp.MustCompile(`127\.0\.0\.1:[0-9]+`).FindString(line)
}
