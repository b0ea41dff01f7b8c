package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// startServeProcess starts the command as a process of its own. It returns the address, and what waits for the end and
// returns the log.
func startServeProcess(t *testing.T, args ...string) (address string, process *os.Process, wait func() (log string, err error)) {
	t.Helper()
	var log strings.Builder
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"quotaspec", "serve", "--listen", "127.0.0.1:0"}, args...) // TestMain goes by the name
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // an error if somebody waited before
	})
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("%v, %v: %s", err, cmd.Wait(), log.String())
	}
	return regexp.MustCompile(`127\.0\.0\.1:[0-9]+`).FindString(first), cmd.Process, func() (string, error) {
		_, _ = io.Copy(io.Discard, lines)
		err := cmd.Wait()
		return log.String(), err
	}
}

const imageRequest = "GET /v1/cloudimages/quota HTTP/1.1\r\nHost: quotas.test\r\nX-Auth-Token: reader-token\r\n"

// readImageQuota reads one answer, whole. It says whether the connection ends with it.
func readImageQuota(t *testing.T, in *bufio.Reader) (ends bool, err error) {
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return true, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !json.Valid(body) {
		t.Errorf("got %d %s: %v", response.StatusCode, body, err)
	}
	return response.Close, nil
}

// acceptLate sends a request that is answered so many milliseconds later. The server has accepted it, since it asked for the
// body.
func acceptLate(t *testing.T, conn net.Conn, late int) *bufio.Reader {
	t.Helper()
	in := bufio.NewReader(conn)
	fmt.Fprintf(conn, "%sPrefer: delay=%d\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", imageRequest, late)
	line, err := in.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Errorf("want 100, got %s %v", line, err)
	}
	_, _ = in.ReadString('\n')
	_, _ = io.WriteString(conn, "{}")
	return in
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// TestServeTerminated sends SIGTERM to the process while clients ask without a pause. Requests that it has accepted and that
// take two seconds longer are all answered. Of the others, as many answers arrive as the log tells of.
func TestServeTerminated(t *testing.T) {
	address, process, wait := startServeProcess(t, "--prefer", "--log", "json")
	late := []*bufio.Reader{}
	for range 16 {
		late = append(late, acceptLate(t, dial(t, address), 2000))
	}
	var answered atomic.Int64
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			for askImages(t, address, &answered) {
			}
		})
	}
	for answered.Load() < 500 {
		time.Sleep(time.Millisecond)
	}
	if err := process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for i, in := range late {
		if _, err := readImageQuota(t, in); err != nil {
			t.Errorf("accepted request %d was lost: %v", i, err)
			continue
		}
		answered.Add(1)
	}
	clients.Wait()
	log, err := wait()
	if err != nil {
		t.Errorf("it did not end well: %v", err)
	}
	if told := strings.Count(log, `"msg":"answered"`); int64(told) != answered.Load() {
		t.Errorf("%d answers were sent and %d arrived", told, answered.Load())
	}
}

// askImages asks on one connection until it is closed, and says whether it could be opened.
func askImages(t *testing.T, address string, answered *atomic.Int64) bool {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		if _, err := io.WriteString(conn, imageRequest+"\r\n"); err != nil {
			return true
		}
		ends, err := readImageQuota(t, in)
		if err != nil {
			return true // closed before the request was read, else the log tells of it
		}
		answered.Add(1)
		if ends {
			return true
		}
	}
}
