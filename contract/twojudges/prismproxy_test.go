package twojudges

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// startPrism starts Prism's proxy between this process, which sends the request of an exchange, and a server in this process, which
// responds as the exchange does. Prism reports what it finds in a header, or responds with a problem of its own. An exchange that
// ends Prism is none in which it finds something: Prism is started again.
func startPrism(t *testing.T, folder string, exchanges []contract.Exchange) *judgeProcess {
	t.Helper()
	var current atomic.Pointer[contract.Exchange]
	upstream := listen(t)
	go func() {
		for {
			conn, err := upstream.Accept()
			if err != nil {
				return // the test has ended
			}
			go respondAs(conn, &current)
		}
	}()
	client := &prismClient{}
	prism := &judgeProcess{}
	start := func() {
		client.address, prism.pid = prismCommand(t, filepath.Join(folder, "iam.yaml"), "http://"+upstream.Addr().String())
	}
	start()
	prism.ask = func(t *testing.T, first, count int) (found []int) {
		t.Helper()
		for i := first; i < first+count; i++ {
			n := i % len(exchanges)
			current.Store(&exchanges[n])
			isWrong, err := client.send(exchanges[n].Request)
			if err != nil {
				t.Logf("Prism fails at exchange %d: %v", n, err)
				start()
			}
			if isWrong {
				found = append(found, n)
			}
		}
		return found
	}
	return prism
}

// prismCommand starts the proxy, and returns its address once it accepts connections.
func prismCommand(t *testing.T, document, upstream string) (address string, pid int) {
	t.Helper()
	free := listen(t)
	address = free.Addr().String()
	_ = free.Close()
	command := exec.Command(filepath.Join(*judgesTools, prismPath), "proxy", document, upstream,
		"-h", "127.0.0.1", "-p", address[strings.LastIndex(address, ":")+1:], "-v", "silent")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return address, command.Process.Pid
		}
	}
	t.Fatal("Prism does not listen")
	return "", 0
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// respondAs responds to each request of a connection as the current exchange does.
func respondAs(conn net.Conn, current *atomic.Pointer[contract.Exchange]) {
	defer func() { _ = conn.Close() }()
	for in := bufio.NewReader(conn); ; {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		response := current.Load().Response
		message := bytes.NewBuffer(nil)
		fmt.Fprintf(message, "HTTP/1.1 %d Status\r\nContent-Length: %d\r\n", response.Status, len(response.Body))
		writeMessage(message, response.Header, response.Body)
		_, err = conn.Write(message.Bytes())
		if err != nil || response.Status == http.StatusNoContent { // after which the body would be the next response
			return
		}
	}
}

// writeMessage writes what follows the first line of a message and its length.
func writeMessage(message *bytes.Buffer, header http.Header, body []byte) {
	for name, values := range header {
		for _, value := range values {
			if name != "Content-Length" {
				fmt.Fprintf(message, "%s: %s\r\n", name, value)
			}
		}
	}
	message.WriteString("\r\n")
	message.Write(body)
}

// prismClient sends requests through the proxy, all on one connection while that lasts.
type prismClient struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

func (c *prismClient) send(request contract.Request) (isWrong bool, err error) {
	if c.conn == nil {
		if c.conn, err = net.Dial("tcp", c.address); err != nil {
			return false, err
		}
		c.in = bufio.NewReader(c.conn)
	}
	keep := false
	defer func() {
		if !keep {
			_ = c.conn.Close()
			c.conn = nil
		}
	}()
	message := bytes.NewBuffer(nil)
	fmt.Fprintf(message, "%s %s HTTP/1.1\r\n", request.Method, request.Target)
	if len(request.Body) > 0 {
		fmt.Fprintf(message, "Content-Length: %d\r\n", len(request.Body))
	}
	writeMessage(message, request.Header, request.Body)
	_ = c.conn.SetDeadline(time.Now().Add(8 * time.Second)) // after an exception, Prism never responds
	if _, err := c.conn.Write(message.Bytes()); err != nil {
		return false, err
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return false, err
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return false, err
	}
	keep = !response.Close
	isProblem := strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json")
	return isProblem || response.Header.Get("Sl-Violations") != "", nil
}
