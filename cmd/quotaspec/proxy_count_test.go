//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// TestProxyCountsAll tests that every exchange is judged and recorded exactly once: of concurrent clients on open connections,
// right and wrong ones, known and unknown paths, up to the last before the end.
func TestProxyCountsAll(t *testing.T) {
	const consumers, rounds = 8, 10
	folder := t.TempDir()
	record, written := filepath.Join(folder, "traffic.har"), filepath.Join(folder, "report.json")
	url, stop := startProxy(t, "--upstream", servertest.New(t), "--record", record, "--report", "json="+written)
	var group sync.WaitGroup
	for range consumers {
		group.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for range rounds {
				for _, path := range []string{"/v1/cloudimages/quota", "/v3.0/OS-QUOTA/domains/" + server.SampleDomainID, "/elsewhere"} {
					request, _ := http.NewRequest(http.MethodGet, url+path, nil)
					request.Header.Set("X-Auth-Token", server.ReaderToken)
					response, err := client.Do(request)
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
			}
		})
	}
	group.Wait()
	if code, out := stop(); code != exitPassed {
		t.Errorf("got exit %d:\n%s", code, out)
	}

	var judged struct {
		Checks []struct {
			ID, Status, Reason string
			Times              int
		}
	}
	text, err := os.ReadFile(written)
	if err == nil {
		err = json.Unmarshal(text, &judged)
	}
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range judged.Checks {
		got[c.ID] = fmt.Sprintf("%d %s %s", c.Times, c.Status, c.Reason)
	}
	const each = consumers * rounds
	for id, want := range map[string]string{
		"showImageQuota/traffic=200":  fmt.Sprintf("%d pass ", each),
		"showDomainQuota/traffic=200": fmt.Sprintf("%d pass ", each),
		"traffic/not-judged":          fmt.Sprintf("1 skip not judged: %d of a path that no document knows", each),
	} {
		if got[id] != want {
			t.Errorf("%s: got %q, want %q", id, got[id], want)
		}
	}

	har, err := os.Open(record)
	if err != nil {
		t.Fatal(err)
	}
	defer har.Close()
	recorded := 0
	for _, err := range traffic.ReadHAR(har) {
		if err != nil {
			t.Fatal(err)
		}
		recorded++
	}
	if recorded != 3*each {
		t.Errorf("%d exchanges were recorded, want %d", recorded, 3*each)
	}
}

// TestProxyRecordMode tests that a recording has mode 0600 whatever the umask is.
func TestProxyRecordMode(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	record := filepath.Join(t.TempDir(), "traffic.har")
	_, end, err := (&proxy{record: record}).recorder(nil, verify.NewTally(nil), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(record); err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v, want -rw-------", info.Mode(), err)
	}
}
