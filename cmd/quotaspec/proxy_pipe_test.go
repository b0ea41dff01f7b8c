//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"testing"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// TestProxyRecordsToStdout records into a pipe, as quotaspec proxy --record /dev/stdout | … does: the reader gets each exchange as
// it ends and a HAR without anything behind it, and the report is on stderr.
func TestProxyRecordsToStdout(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Args = []string{"quotaspec", "proxy", "--listen", "127.0.0.1:0", "--upstream", servertest.New(t), "--record", "/dev/stdout"}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile(`http://127[^ ]+`).FindString(first)
	const exchanges = 3
	send := func() {
		if status, body := getAs(t, at+"/v1/cloudimages/quota", server.ReaderToken); status != http.StatusOK {
			t.Errorf("got status %d, %s", status, body)
		}
	}
	send()
	read, report := 0, []byte{}
	for _, err := range traffic.ReadHAR(stdout) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; read < exchanges {
			send()
			continue
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		report, _ = io.ReadAll(lines) // while the pipe of the recording is still open
	}
	if err := cmd.Wait(); err != nil || read != exchanges || !bytes.Contains(report, []byte("kept: 1 check, ")) {
		t.Errorf("got %d exchanges, %v\n%s", read, err, report)
	}
}
