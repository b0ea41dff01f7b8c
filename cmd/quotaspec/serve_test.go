package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestServe starts the reference provider as a user does, sends it a request, and stops it.
func TestServe(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		prefer string
		want   int
	}{
		{name: "plain", prefer: "code=500", want: 200},
		{name: "with --prefer", args: []string{"--prefer"}, prefer: "code=500", want: 500},
		{name: "with --prefer, by name", args: []string{"--prefer"}, prefer: "example=policy", want: 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			out, in := io.Pipe()
			done := make(chan int, 1)
			go func() {
				done <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, test.args...), in, io.Discard)
				in.Close()
			}()
			lines := bufio.NewScanner(out)
			lines.Scan()
			if !strings.Contains(lines.Text(), "sample credentials") {
				t.Errorf("the first line does not warn: %s", lines.Text())
			}
			command := ""
			for lines.Scan() {
				if strings.Contains(lines.Text(), "OS-QUOTA") {
					command = lines.Text()
					break
				}
			}
			go func() { _, _ = io.Copy(io.Discard, out) }()
			errs := regexp.MustCompile(`-H '([^:]+): ([^']+)' '(http://[^']+)'`).FindStringSubmatch(command)
			if errs == nil {
				t.Fatalf("no command to try in %q", command)
			}
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, errs[3], nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set(errs[1], errs[2])
			request.Header.Set("Prefer", test.prefer)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != test.want {
				t.Errorf("status %d, want %d", response.StatusCode, test.want)
			}
			stop()
			if code := <-done; code != exitPassed {
				t.Errorf("exit %d, want %d", code, exitPassed)
			}
		})
	}
}

// TestGCPercent tests that there may be 64 MB of garbage, or as much as there is data.
func TestGCPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 1600, 2 << 20: 1600, 4 << 20: 1600, 16 << 20: 400, 64 << 20: 100, 4 << 30: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d bytes: got %d, want %d", live, got, want)
		}
	}
}

// TestServeNamesSamples tests that the page of promises lists the sample credentials with the sample data only, not with a
// data file of the same credentials.
func TestServeNamesSamples(t *testing.T) {
	text, err := os.ReadFile("../../server/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	credentials := []string{
		"reader-token", "limited-token", "stranger-token", "expired-token",
		"QSREADER000000000001 / reader-secret", "QSLIMITED00000000001 / limited-secret",
	}
	for _, test := range []struct {
		name  string
		args  []string
		lists bool
	}{
		{name: "sample data", lists: true},
		{name: "a data file", args: []string{"--data", writeFile(t, "data.yaml", string(text))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, _, stop := startServe(t, test.args...)
			defer stop()
			response, err := http.Get(url + "/docs/promises")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("status %d, %v", response.StatusCode, err)
			}
			for _, c := range credentials {
				if lists := strings.Contains(string(body), c); lists != test.lists {
					t.Errorf("%s is listed: %v, want %v", c, lists, test.lists)
				}
			}
		})
	}
}

// TestServePages tests that /healthz and /docs accept GET and HEAD, and no other method.
func TestServePages(t *testing.T) {
	url, _, stop := startServe(t, "--log", "off")
	for _, test := range []struct {
		name, method, path, mediaType string
		status                        int
	}{
		{name: "health", method: http.MethodGet, path: "/healthz", mediaType: "application/json", status: 200},
		{name: "the head of health", method: http.MethodHead, path: "/healthz", mediaType: "application/json", status: 200},
		{name: "health, another method", method: http.MethodPost, path: "/healthz", mediaType: "application/json", status: 404},
		{name: "the page", method: http.MethodGet, path: "/docs", mediaType: "text/html", status: 200},
		{name: "the head of the page", method: http.MethodHead, path: "/docs", mediaType: "text/html", status: 200},
		{name: "the page, another method", method: http.MethodPost, path: "/docs", mediaType: "application/json", status: 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, url+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Get("Content-Type"); response.StatusCode != test.status || !strings.HasPrefix(got, test.mediaType) {
				t.Errorf("got %d, %q, want %d, %s", response.StatusCode, got, test.status, test.mediaType)
			}
		})
	}
	if code := stop(); code != exitPassed {
		t.Errorf("exit %d", code)
	}
}

// TestServeOwnData tests that serve with a data file prints no sample credentials and accepts the tokens of the file.
func TestServeOwnData(t *testing.T) {
	text, err := os.ReadFile("../../server/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.NewReplacer("-token", "-mine", "-secret", "-mine").Replace(string(text))
	file := writeFile(t, "data.yaml", own)
	url, errs, stop := startServe(t, "--data", file)
	if !strings.HasSuffix(errs, " with the data of "+file+".") {
		t.Errorf("it says %s", errs)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/cloudimages/quota", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Auth-Token", "reader-mine")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	if code := stop(); code != exitPassed {
		t.Errorf("exit %d, want %d", code, exitPassed)
	}
}

// startServe starts serve in this process. It returns the URL, the first line of output, and a function that stops it and
// returns the exit code.
func startServe(t *testing.T, args ...string) (url, first string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan int, 1)
	var errs strings.Builder
	go func() {
		done <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), in, &errs)
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("exit %d: %s", <-done, errs.String())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	t.Cleanup(cancel)
	url = regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text())
	return url, lines.Text(), func() int {
		cancel()
		return <-done
	}
}
