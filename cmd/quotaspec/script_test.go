package main

import (
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/server"
)

// The exit codes of all verbs but quotas, in the tests.
const (
	exitPassed    = command.ExitPassed
	exitFailed    = command.ExitFailed
	exitNotJudged = command.ExitNotJudged
)

// TestMain lets scripts and tests run the command as a process of its own: the test binary called as "quotaspec" runs main.
func TestMain(m *testing.M) {
	pauseInLog = time.Hour
	testscript.Main(m, map[string]func(){
		"quotaspec": main,
	})
}

// TestScripts runs the scripts in testdata/script: commands with their output and exit codes. $PROVIDER is the reference
// server.
func TestScripts(t *testing.T) {
	t.Parallel()
	reference, err := server.New(server.Options{Prefer: true})
	if err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(reference)
	t.Cleanup(provider.Close)
	targets := badTargets(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PROVIDER", provider.URL)
			env.Setenv("HOST", strings.TrimPrefix(provider.URL, "http://"))
			env.Setenv("PROVIDER_HOST", strings.TrimPrefix(provider.URL, "http://"))
			for name, url := range targets {
				env.Setenv(name, url)
			}
			env.Setenv("CHROMIUM_HAR", filepath.Join(here, "../../contract/traffic/testdata/chromium.har"))
			env.Setenv("CHECK_BREAKING", filepath.Join(here, "../../tools/check-breaking.sh"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"refused": refused, "exits": exits, "sparse": sparse},
	})
}

// exits runs the command and fails unless it has this exit code: exits CODE ARGS…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	err := ts.Exec("quotaspec", args[1:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit %d, want %s", code, args[0])
	}
}

// refused runs the command and fails unless it exits with 2, prints nothing to stdout, and prints one line with this text to
// stderr: refused TEXT ARGS…
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: refused TEXT ARGS…")
	}
	exits(ts, false, append([]string{strconv.Itoa(exitNotJudged)}, args[1:]...))
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("it printed %q", out)
	}
	errs := ts.ReadFile("stderr")
	if strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "quotaspec: ") {
		ts.Fatalf("want one line, got %q", errs)
	}
	if !strings.Contains(errs, ts.MkAbs(args[0])) && !strings.Contains(errs, args[0]) {
		ts.Fatalf("want a line with %q, got %q", args[0], errs)
	}
}

// sparse makes a file of this size that takes no space on the disk: sparse FILE BYTES
func sparse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sparse FILE BYTES")
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o600))
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}
