//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
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
