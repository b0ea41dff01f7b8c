//go:build unix

package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestExporterSignals tests the exporter as a process: SIGHUP reads a new config, a wrong one is one line and keeps the old, and
// SIGTERM ends it with exit code 0.
func TestExporterSignals(t *testing.T) {
	t.Parallel()
	provider := startProvider(t, behaviour{})
	config := filepath.Join(t.TempDir(), "quotas.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	named := func(name string) string {
		return "accounts: [{name: " + name + ", domain_id: d78cbac186b744899480f25bd022f468, token: {env: EXPORTER_TOKEN}, " +
			"endpoints: {iam: \"" + provider + "\"}}]\n"
	}
	write(named("first"))
	cmd := exec.Command(os.Args[0])
	cmd.Args = []string{"quotaspec", "exporter", "--config", config, "--listen", "127.0.0.1:0"} // TestMain runs the command under this name
	cmd.Env = append(os.Environ(), "EXPORTER_TOKEN=reader-token")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // an error if the test has waited before
	})
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasSuffix(first, "/metrics with the quotas of 1 account in 1 place.\n") {
		t.Fatalf("printed %q, %v", first, err)
	}
	url := printedURL.FindString(first)
	log := bufio.NewReader(errs)

	waitForMetric(t, url, `huaweicloud_quota_used{account="first",service="iam",type="user"} 10`)
	write(named("second"))
	hangUp(t, cmd, log, `msg="the configuration was read again: quotas of 1 account in 1 place"`)
	page := waitForMetric(t, url, `huaweicloud_quota_used{account="second",service="iam",type="user"} 10`)
	if strings.Contains(page, `account="first"`) {
		t.Error("the old account is still there")
	}
	write("accounts: [{nmae: third}]\n")
	hangUp(t, cmd, log, `msg="the configuration is wrong, the old one stays" error=`)
	page = waitForMetric(t, url, "huaweicloud_quota_config_last_reload_successful 0")
	if !strings.Contains(page, `huaweicloud_quota_up{account="second",service="iam"} 1`) {
		t.Error("a wrong config ends the old account")
	}
	write(named("second"))
	hangUp(t, cmd, log, "read again")
	waitForMetric(t, url, "huaweicloud_quota_config_last_reload_successful 1")

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(log)
	if err := cmd.Wait(); err != nil || len(rest) != 0 {
		t.Errorf("SIGTERM: %v, logged %q", err, rest)
	}
}

// hangUp sends SIGHUP and waits for the next line of the log, which must have this text.
func hangUp(t *testing.T, cmd *exec.Cmd, log *bufio.Reader, want string) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	line, err := log.ReadString('\n')
	if err != nil || !strings.Contains(line, want) {
		t.Fatalf("logged %q, %v, want %s", line, err, want)
	}
}

// waitForMetric scrapes until a page has a line, and returns that page.
func waitForMetric(t *testing.T, url, line string) (page string) {
	t.Helper()
	for range 600 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s, %v", response.Status, err)
		}
		if page = string(body); strings.Contains("\n"+page, "\n"+line+"\n") {
			return page
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no line %s in\n%s", line, page)
	return ""
}
