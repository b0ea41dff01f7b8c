//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const pingDocument = `openapi: 3.0.3
info: {title: Ping, version: 1.0.0}
paths:
  /ping:
    get:
      operationId: ping
      security: [{}]
      responses: {'204': {description: Pong.}, default: {description: No.}}
`

// startPing starts a provider of /ping that responds to everything else with 404. It counts the requests.
func startPing(t *testing.T) (url string, requests *atomic.Int32) {
	requests = &atomic.Int32{}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.URL.Path != "/ping" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(provider.Close)
	return provider.URL, requests
}

// TestCommands runs the setup and the teardown of a config.
func TestCommands(t *testing.T) {
	const secret = "Zk7LeakOfTheSetup"
	t.Setenv("QS_SECRET", secret)
	for _, test := range []struct {
		name            string
		setup, teardown string // of a shell; $LOG is a file
		code            int
		want            string   // the content of the file
		errs            []string // parts of stderr, in which TARGET stands for the URL
		unsent          bool     // no request was sent
	}{
		{
			name:  "both run, around the requests",
			setup: `echo "setup for $QUOTASPEC_TARGET" >> $LOG; echo seeded`, teardown: `echo teardown >> $LOG`,
			want: "setup for TARGET\nteardown\n", errs: []string{"seeded\n"},
		},
		{
			name: "a failing setup ends the run", setup: `echo one >&2; echo no database >&2; exit 3`, teardown: `echo teardown >> $LOG`,
			code: exitNotJudged, want: "teardown\n", unsent: true, errs: []string{"one\n", ": exit status 3: no database\n"},
		},
		{
			name: "a failing teardown is logged", setup: "true", teardown: `echo teardown >> $LOG; echo cannot >&2; exit 4`,
			want: "teardown\n", errs: []string{"quotaspec: teardown sh -c ", ": exit status 4: cannot\n"},
		},
		{
			name: "secrets are hidden", setup: `echo out $QS_SECRET; echo errs $QS_SECRET >&2; exit 1`, teardown: "true",
			code: exitNotJudged, unsent: true, errs: []string{"out REDACTED", "exit status 1: errs REDACTED"},
		},
		{
			name: "a process that stays does not block", setup: `sleep 5 & echo started`, teardown: "true", errs: []string{"started\n"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, requests := startPing(t)
			log := filepath.Join(t.TempDir(), "log")
			t.Setenv("LOG", log)
			config := fmt.Sprintf("setup: [[sh, -c, %q]]\nteardown: [[sh, -c, %q]]\nheaders: {X-Key: {env: QS_SECRET}}\n",
				test.setup, test.teardown)
			code, out, errs := quotaspec(t, "verify", url, "--document", writeFile(t, "ping.yaml", pingDocument),
				"--config", writeFile(t, "quotaspec.yaml", config), "--only", "ping/plain")
			if code != test.code {
				t.Errorf("got exit %d, want %d\n%s%s", code, test.code, out, errs)
			}
			written, _ := os.ReadFile(log)
			if got := strings.ReplaceAll(string(written), url, "TARGET"); got != test.want {
				t.Errorf("the commands have written %q, want %q", got, test.want)
			}
			for _, part := range test.errs {
				if !strings.Contains(errs, part) {
					t.Errorf("no %q in:\n%s", part, errs)
				}
			}
			if strings.Contains(out+errs, secret) {
				t.Errorf("the secret is shown:\n%s%s", out, errs)
			}
			if wasSent := requests.Load() > 0; wasSent == test.unsent {
				t.Errorf("%d requests were sent", requests.Load())
			}
		})
	}
}

// TestCommandsOfTraffic tests that a run without a live provider runs no commands.
func TestCommandsOfTraffic(t *testing.T) {
	config := writeFile(t, "quotaspec.yaml", "setup: [[sh, -c, 'exit 3']]")
	code, out, errs := quotaspec(t, "verify", "--document", writeFile(t, "ping.yaml", pingDocument), "--config", config)
	if code != exitPassed {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

// TestCommandsOfStoppedRun tests that Ctrl-C ends the run, or its setup, and that the teardown runs then too.
func TestCommandsOfStoppedRun(t *testing.T) {
	for _, test := range []struct{ name, setup string }{
		{name: "in a request", setup: "true"},
		{name: "in the setup", setup: `echo ready >> $LOG; sleep 20`},
	} {
		t.Run(test.name, func(t *testing.T) {
			busy := make(chan bool, 1)
			provider := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/ping" {
					busy <- true
					<-r.Context().Done()
				}
			}))
			defer provider.Close()
			log := filepath.Join(t.TempDir(), "log")
			t.Setenv("LOG", log)
			config := fmt.Sprintf("setup: [[sh, -c, %q]]\nteardown: [[sh, -c, 'echo teardown >> $LOG']]\n", test.setup)
			cmd, _ := newCommand(t, "verify", provider.URL, "--document", writeFile(t, "ping.yaml", pingDocument),
				"--config", writeFile(t, "quotaspec.yaml", config), "--only", "ping/plain", "--timeout", "1m")
			isReady := func() bool {
				written, _ := os.ReadFile(log)
				return strings.HasPrefix(string(written), "ready")
			}
			for range 1000 { // ten seconds
				if len(busy) > 0 || isReady() {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != exitNotJudged {
				t.Errorf("got exit %d, want %d", code, exitNotJudged)
			}
			if written, _ := os.ReadFile(log); !strings.HasSuffix(string(written), "teardown\n") {
				t.Errorf("the commands have written %q", written)
			}
		})
	}
}
