//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/server"
)

// TestProxyRecordKilled kills proxies while they record: their folders can be read.
func TestProxyRecordKilled(t *testing.T) {
	t.Parallel()
	provider := startProvider(t, behaviour{})
	for round := range 5 {
		folder := t.TempDir()
		cmd := exec.Command(os.Args[0])
		cmd.Args = []string{"quotaspec", "proxy", "--listen", "127.0.0.1:0", "--upstream", provider, "--record", folder}
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		first, err := bufio.NewReader(stderr).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		at := regexp.MustCompile(`http://127[^ ]+`).FindString(first)
		done := make(chan bool)
		go func() { // different requests until the proxy is gone
			defer close(done)
			for i := 0; ; i++ {
				path := fmt.Sprintf("%s/v3.0/OS-QUOTA/domains/%s?type=%c%d-%d", at, server.SampleDomainID, 'a'+i%26, round, i)
				request, _ := http.NewRequest(http.MethodGet, path, nil)
				request.Header.Set("X-Auth-Token", server.ReaderToken)
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					return
				}
				_ = response.Body.Close()
			}
		}()
		for deadline := time.Now().Add(time.Minute); ; {
			all, err := recordings.Load(os.DirFS(folder))
			if err == nil && len(all) > round {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("got %d recordings, %v", len(all), err)
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		<-done
		all, err := recordings.Load(os.DirFS(folder))
		if err != nil || len(all) <= round {
			t.Errorf("round %d: got %d recordings, %v", round, len(all), err)
		}
	}
}

// TestRecordFull records until no file can grow any more, as on a full disk: the run ends with an error, and the folder can be read.
func TestRecordFull(t *testing.T) {
	t.Parallel()
	provider, folder := startProvider(t, behaviour{}), t.TempDir()
	const limited = `trap '' XFSZ; ulimit -f 4; exec "$@"` // no file beyond 4 KiB; a write fails instead of ending the process
	cmd := exec.Command("bash", "-c", limited, "bash", buildCommand(t), "verify", provider, "--record", folder)
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitNotJudged {
		t.Errorf("got %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "write the recordings: ") {
		t.Errorf("no reason in\n%s", out)
	}
	if all, err := recordings.Load(os.DirFS(folder)); err != nil || len(all) == 0 {
		t.Errorf("got %d recordings, %v", len(all), err)
	}
}
