package main

import (
	"bufio"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
)

// startProxy starts the proxy in this process. It returns its URL, and a function that stops it and returns its exit code and
// output.
func startProxy(t *testing.T, args ...string) (url string, stop func() (code int, stdout string)) {
	t.Helper()
	url, all := startProxyLogged(t, args...)
	return url, func() (int, string) {
		code, out, _ := all()
		return code, out
	}
}

// startProxyLogged is startProxy whose stop also returns the lines on stderr after the first one.
func startProxyLogged(t *testing.T, args ...string) (url string, stop func() (code int, stdout, stderr string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	read, stderr := io.Pipe()
	var out strings.Builder
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"proxy", "--listen", "127.0.0.1:0"}, args...), &out, stderr)
		stderr.Close()
	}()
	lines := bufio.NewReader(read)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("exit %d: %s", <-code, first)
	}
	rest := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(lines)
		rest <- string(text)
	}()
	return regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(first), func() (int, string, string) {
		cancel()
		return <-code, out.String(), <-rest
	}
}
