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

// startServeProcess starts serve as a process of its own. It returns the address, the process, and a function that waits for
// its end and returns the log.
func startServeProcess(t *testing.T, args ...string) (address string, process *os.Process, wait func() (log string, err error)) {
	t.Helper()
	var log strings.Builder
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"quotaspec", "serve", "--listen", "127.0.0.1:0"}, args...) // TestMain runs the command under this name
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
		_ = cmd.Wait() // an error if the test has waited before
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

// readImageQuota reads one complete response. It reports whether the connection ends after it.
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

// acceptLate sends a request with a delay of its response in milliseconds. When it returns, the server has accepted the
// request, since it has requested the body.
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

// TestServeTerminated sends SIGTERM to the process while clients send requests without a pause. All accepted requests get a
// response, also those that take two seconds. Every response in the log arrives.
func TestServeTerminated(t *testing.T) {
	address, process, wait := startServeProcess(t, "--prefer", "--log", "json")
	late := []*bufio.Reader{}
	for range 16 {
		late = append(late, acceptLate(t, dial(t, address), 2000))
	}
	var received atomic.Int64
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			for sendImageRequests(t, address, &received) {
			}
		})
	}
	for received.Load() < 500 {
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
		received.Add(1)
	}
	clients.Wait()
	log, err := wait()
	if err != nil {
		t.Errorf("serve failed: %v", err)
	}
	if logged := strings.Count(log, `"msg":"answered"`); int64(logged) != received.Load() {
		t.Errorf("%d responses were sent and %d arrived", logged, received.Load())
	}
}

// sendImageRequests sends requests on one connection until it is closed. It reports whether the connection could be opened.
func sendImageRequests(t *testing.T, address string, received *atomic.Int64) bool {
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
			return true // closed before the request was read, or the log has it
		}
		received.Add(1)
		if ends {
			return true
		}
	}
}
