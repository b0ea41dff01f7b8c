package client_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quotaspec/quotaspec/client"
)

// faultyNetwork is a provider on pipes that picks a network fault, or none, for each try. Its quota is the number of the call,
// so a response that belongs to another call, or that is cut within the number, shows.
type faultyNetwork struct {
	random *rand.Rand
	number int // of the call
	tries  int // of this call, including failed dials
}

// dial returns a connection for one request.
func (n *faultyNetwork) dial(context.Context, string, string) (net.Conn, error) {
	n.tries++
	fault := n.random.IntN(len(networkFaults))
	if fault == 0 {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	ours, theirs := net.Pipe()
	text := fmt.Sprintf(`{"quotas":{"resources":[{"type":"image","used":0,"quota":%d,"min":1,"max":1000}]}}`, n.number)
	go func() {
		defer theirs.Close()
		if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
			networkFaults[fault](theirs, text)
		}
	}()
	return ours, nil
}

func write(conn io.Writer, status int, headers, text string) {
	fmt.Fprintf(conn, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "+
		"%d\r\n%s\r\n%s", status, len(text), headers, text)
}

// networkFaults are the responses of the faulty network: broken connections, error statuses, and some complete responses.
var networkFaults = []func(conn net.Conn, text string){
	nil, // the connection is refused
	func(conn net.Conn, text string) { write(conn, 200, "", text) },
	func(conn net.Conn, text string) { write(conn, 200, "Retry-After: 3600\r\n", text) },
	func(net.Conn, string) {}, // dropped
	func(conn net.Conn, _ string) { _, _ = io.WriteString(conn, "HTTP/1.1 200 O") },
	func(conn net.Conn, _ string) { _, _ = io.WriteString(conn, "no HTTP at all\r\n\r\n") },
	func(conn net.Conn, text string) { // half a body
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(text), text[:len(text)/2])
	},
	func(conn net.Conn, text string) { // all of the body but its end
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(text), text)
	},
	func(conn net.Conn, text string) { // half a number, whole as a message
		write(conn, 200, "", text[:strings.Index(text, `,"min"`)-1])
	},
	func(conn net.Conn, text string) { slowly(conn, text, time.Millisecond) },
	func(conn net.Conn, text string) { slowly(conn, text, 5*time.Second) }, // longer than the timeout
	func(conn net.Conn, _ string) { _, _ = io.Copy(io.Discard, conn) },     // never responds
	func(conn net.Conn, _ string) { write(conn, 429, "", "") },
	func(conn net.Conn, _ string) { write(conn, 429, "Retry-After: 2\r\n", "slow down") },
	func(conn net.Conn, _ string) { write(conn, 429, "Retry-After: 3600\r\n", "") },
	func(conn net.Conn, _ string) { // a clock that is a day ahead
		ahead := time.Now().Add(24 * time.Hour).UTC()
		write(conn, 429, "Date: "+ahead.Format(http.TimeFormat)+"\r\nRetry-After: "+ahead.Add(4*time.Second).Format(http.TimeFormat)+"\r\n", "")
	},
	func(conn net.Conn, _ string) { // by that clock our signature has expired
		write(conn, 401, "", `{"error_msg":"calc ak sk signature fail:signature expired","error_code":"APIGW.0301"}`)
	},
	func(conn net.Conn, _ string) { write(conn, 502, "", "<html>Bad Gateway</html>") },
	func(conn net.Conn, text string) { write(conn, 503, "", text) },
	func(conn net.Conn, text string) { write(conn, 504, "Retry-After: soon\r\n", text) },
	func(conn net.Conn, text string) { write(conn, 302, "Location: http://127.0.0.1/\r\n", text) },
	func(conn net.Conn, _ string) { write(conn, 200, "", "") },
	func(conn net.Conn, _ string) { write(conn, 200, "", strings.Repeat(" ", 1<<20+1)) },
}

// slowly sends a response a few bytes at a time.
func slowly(conn net.Conn, text string, each time.Duration) {
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(text))
	for few := range slices.Chunk([]byte(text), 8) {
		time.Sleep(each)
		if _, err := conn.Write(few); err != nil {
			return
		}
	}
}

// TestFaultyNetwork makes a thousand calls. No call returns a wrong number, exceeds its retries, or returns late after it is
// canceled. No goroutine is left: synctest fails a test whose goroutines do not end. Its clock skips the hours that the calls
// take, and makes durations exact.
func TestFaultyNetwork(t *testing.T) {
	const retries = 3
	calls := 1000
	if testing.Short() {
		calls = 200
	}
	synctest.Test(t, func(t *testing.T) {
		network := &faultyNetwork{random: rand.New(rand.NewPCG(1, 2))}
		wire := &http.Transport{DialContext: network.dial, DisableKeepAlives: true}
		defer wire.CloseIdleConnections()
		c := &client.Client{
			AccessKey: "AK", SecretKey: client.Secret("secret"), IMSURL: "http://ims.example.com", Retries: retries,
			HTTPClient: &http.Client{Transport: wire, Timeout: 30 * time.Second},
		}
		succeeded, failed, again, canceled := 0, 0, 0, 0
		for range calls {
			network.number++
			network.tries = 0
			ctx, cancel := context.WithCancel(t.Context())
			var end time.Time
			if network.number%4 == 0 {
				time.AfterFunc(time.Duration(network.random.Int64N(int64(5*time.Second))), func() { end = time.Now(); cancel() })
			}
			begun := time.Now()
			quotas, err := c.ImageQuotas(ctx)
			synctest.Wait() // for the goroutines of a canceled call
			isOwn := len(quotas) == 1 && int(quotas[0].Quota) == network.number
			switch {
			case err == nil && !isOwn:
				t.Errorf("call %d: got %v", network.number, quotas)
			case err != nil && quotas != nil:
				t.Errorf("call %d: got %v with %v", network.number, quotas, err)
			case err == nil:
				succeeded++
			case errors.Is(err, context.Canceled):
				canceled++
				if late := time.Since(end); late > 10*time.Millisecond || end.IsZero() {
					t.Errorf("call %d: returned %s after it was canceled", network.number, late)
				}
			default:
				failed++
			}
			if network.tries > 1+retries {
				t.Errorf("call %d: got %d tries, want %d at most", network.number, network.tries, 1+retries)
			}
			if network.tries > 1 {
				again++
			}
			if took := time.Since(begun); took > (1+retries)*30*time.Second+retries*31*time.Second {
				t.Errorf("call %d: took %s", network.number, took)
			}
			cancel()
		}
		time.Sleep(time.Minute) // until the slow responses notice that their connection is closed
		t.Logf("%d succeeded, %d failed, %d canceled, %d with more than one try", succeeded, failed, canceled, again)
		if succeeded < calls/10 || failed < calls/10 || canceled < calls/20 || again < calls/4 {
			t.Error("some kind of result is rare: the test proves too little")
		}
	})
}
