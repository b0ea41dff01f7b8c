package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/internal/signature"
)

// serveUntil serves with Serve. It returns the address, and a function that ends the server and returns its error.
func serveUntil(t *testing.T, h http.Handler) (address string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, listener, h) }()
	t.Cleanup(cancel)
	return listener.Addr().String(), func() error {
		cancel()
		return <-done
	}
}

const plainRequest = "GET " + imsPath + " HTTP/1.1\r\nHost: quotas.test\r\n" + reader + "\r\n"

// TestShutdownUnderLoad ends the server while clients send requests without a pause, some on new connections, some on kept ones,
// some slowly. Every request that reached it gets a complete response. Other clients only find the connection refused or closed.
func TestShutdownUnderLoad(t *testing.T) {
	s := newServer(t, Options{Prefer: true})
	var begun, answered atomic.Int64
	enough := make(chan struct{})
	address, stop := serveUntil(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if begun.Add(1) == 500 {
			close(enough)
		}
		s.ServeHTTP(w, r)
	}))
	var clients sync.WaitGroup
	for i := range 24 {
		slow := ""
		if i%4 == 0 {
			slow = "Prefer: delay=100\r\n"
		}
		clients.Go(func() {
			for askUntilClosed(t, address, plainRequest+slow+"\r\n", i%3 > 0, &answered) {
			}
		})
	}
	<-enough
	if err := stop(); err != nil {
		t.Errorf("it did not end well: %v", err)
	}
	clients.Wait()
	if begun.Load() != answered.Load() {
		t.Errorf("%d requests were begun and %d answered", begun.Load(), answered.Load())
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("somebody still listens")
	}
}

// askUntilClosed sends requests on one connection until it is closed, or one request if it is not kept. It reports whether it
// could connect.
func askUntilClosed(t *testing.T, address, text string, keep bool, answered *atomic.Int64) bool {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		if _, err := io.WriteString(conn, text); err != nil {
			return true
		}
		response, err := http.ReadResponse(in, nil)
		if err != nil {
			return true // closed between requests, or never accepted: the count shows whether a request had begun
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != resources(imageQuota) {
			t.Errorf("got %d %s: %v", response.StatusCode, body, err)
		}
		answered.Add(1)
		if response.Close || !keep {
			return true
		}
	}
}

// TestOthersAreServed occupies a server with malicious clients, and sends other requests meanwhile.
func TestOthersAreServed(t *testing.T) {
	wrong := signature.Key{ID: LimitedKeyID, Secret: "wrong"}
	count := func(n int) int {
		if testing.Short() {
			return max(1, n/10)
		}
		return n
	}
	// each opens a connection and says what of it is kept open.
	tests := []struct {
		name string
		each func(t *testing.T, conn net.Conn, i int)
		n    int
	}{
		{name: "connections on which nothing is asked", each: func(*testing.T, net.Conn, int) {}, n: count(1000)},
		{
			name: "heads that do not end",
			each: func(_ *testing.T, conn net.Conn, _ int) {
				_, _ = io.WriteString(conn, "GET "+imsPath+" HTTP/1.1\r\nHost: quo")
			},
			n: count(300),
		},
		{
			name: "bodies that do not come",
			each: func(_ *testing.T, conn net.Conn, _ int) {
				_, _ = io.WriteString(conn, plainRequest+"Content-Length: 1000\r\n\r\n{")
			},
			n: count(300),
		},
		{
			name: "answers that nobody reads",
			each: func(_ *testing.T, conn net.Conn, _ int) {
				_, _ = io.WriteString(conn, strings.Repeat(plainRequest+"\r\n", 100))
			},
			n: count(50),
		},
		{
			name: "headers without end",
			each: func(t *testing.T, conn net.Conn, _ int) {
				_, _ = io.WriteString(conn, "GET "+imsPath+" HTTP/1.1\r\nHost: a\r\n")
				text := strings.Repeat("X-Endless: "+strings.Repeat("a", 1000)+"\r\n", 10)
				for sent := 0; ; sent += len(text) {
					if _, err := io.WriteString(conn, text); err != nil {
						return
					}
					if sent > 64<<20 {
						t.Error("64 MB of headers were taken")
						return
					}
				}
			},
			n: count(5),
		},
		{
			name: "wrong signatures",
			each: func(t *testing.T, conn net.Conn, i int) {
				key := wrong
				if i%2 == 0 {
					key = signature.Key{ID: fmt.Sprintf("QSNOBODY%012d", i), Secret: "wrong"}
				}
				lines := strings.Join(sign(t, imsPath, "", key, signedAt, nil), "\r\n")
				_, _ = io.WriteString(conn, "GET "+imsPath+" HTTP/1.1\r\nHost: quotas.test\r\n"+lines+"\r\n\r\n")
				if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || response.StatusCode != http.StatusUnauthorized {
					t.Errorf("a wrong signature: %v %v", response, err)
				}
			},
			n: count(300),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, at(signedAt))
			address, stop := serveUntil(t, s)
			conns := make([]net.Conn, test.n)
			var group sync.WaitGroup
			for worker := range 8 {
				group.Go(func() {
					for i := worker; i < test.n; i += 8 {
						conn, err := net.Dial("tcp", address)
						if err != nil {
							t.Errorf("connection %d: %v", i, err)
							return
						}
						conns[i] = conn
						test.each(t, conn, i)
					}
				})
			}
			for range 20 { // while they do, and below after they did
				wantAnswer(t, ask(t, address, "GET "+imsPath, reader), http.StatusOK, resources(imageQuota))
			}
			group.Wait()
			wantAnswer(t, ask(t, address, "GET "+imsPath, sign(t, imsPath, "", readerKey, signedAt, nil)...), http.StatusOK, resources(imageQuota))
			if keys := len(s.keyring.keys); keys != 2 {
				t.Errorf("%d keys are remembered, want the two that somebody holds", keys)
			}
			for _, conn := range conns {
				if conn != nil {
					conn.Close()
				}
			}
			if err := stop(); err != nil {
				t.Errorf("it did not end well: %v", err)
			}
		})
	}
}

// TestTimeouts checks that no client can keep a connection for ever, and that the head of a request has less time than its body.
func TestTimeouts(t *testing.T) {
	s := HTTPServer(nil)
	for name, timeout := range map[string]time.Duration{
		"ReadHeaderTimeout": s.ReadHeaderTimeout, "ReadTimeout": s.ReadTimeout, "WriteTimeout": s.WriteTimeout, "IdleTimeout": s.IdleTimeout,
	} {
		if timeout <= 0 {
			t.Errorf("%s is not set", name)
		}
	}
	if s.ReadHeaderTimeout >= s.ReadTimeout {
		t.Errorf("the head may take %s, and the whole request %s", s.ReadHeaderTimeout, s.ReadTimeout)
	}
}
