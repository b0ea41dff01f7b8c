package main

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// slowBreakers never complete a response, or not in time. Their further findings depend on the speed of the machine.
func slowBreakers() []brokenProvider {
	list := []brokenProvider{}
	for _, f := range []struct {
		name string
		send func(conn net.Conn, head, body string)
		ids  []string
	}{
		{name: "never responds", send: func(net.Conn, string, string) {}, ids: []string{"framing/no-answer"}},
		{name: "stops within a line", send: func(conn net.Conn, head, _ string) { write(conn, head[:5]) }, ids: []string{"framing/unfinished"}},
		{
			name: "stops within the head", send: func(conn net.Conn, head, _ string) { write(conn, head[:40]) },
			ids: []string{"framing/unfinished"},
		},
		{
			name: "stops before the body", send: func(conn net.Conn, head, _ string) { write(conn, head+"\r\n") },
			ids: []string{"framing/unfinished"},
		},
		{
			name: "stops within the body", send: func(conn net.Conn, head, body string) { write(conn, head+"\r\n"+body[:20]) },
			ids: []string{"framing/unfinished"},
		},
		{name: "stops within a chunk", send: func(conn net.Conn, head, body string) {
			write(conn, withoutLine(head, "Content-Length")+"Transfer-Encoding: chunked\r\n\r\nfff\r\n"+body)
		}, ids: []string{"framing/unfinished"}},
		{
			name: "sends only 100 Continue", send: func(conn net.Conn, _, _ string) { write(conn, "HTTP/1.1 100 Continue\r\n\r\n") },
			ids: []string{"framing/unfinished"},
		},
		{name: "drips", send: func(conn net.Conn, head, body string) {
			for _, b := range []byte(head + "\r\n" + body) {
				if _, err := conn.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}, ids: []string{"framing/unfinished"}},
		{name: "drips without end", send: func(conn net.Conn, head, body string) {
			write(conn, withoutLine(head, "Content-Length")+"\r\n"+body)
			for {
				if _, err := conn.Write([]byte(" ")); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}, ids: []string{"framing/unfinished"}},
		{name: "sends a body without end", send: func(conn net.Conn, head, _ string) {
			write(conn, withoutLine(head, "Content-Length")+"\r\n")
			forever(conn, strings.Repeat(`{"quotas":`, 100))
		}, ids: []string{"framing/endless"}},
		{name: "sends more than it claims, without end", send: func(conn net.Conn, head, body string) {
			write(conn, head+"\r\n"+body)
			forever(conn, strings.Repeat(" ", 1000))
		}, ids: []string{"framing/content-length"}},
		{name: "sends chunks without end", send: func(conn net.Conn, head, _ string) {
			write(conn, withoutLine(head, "Content-Length")+"Transfer-Encoding: chunked\r\n\r\n")
			forever(conn, "3e8\r\n"+strings.Repeat(" ", 1000)+"\r\n")
		}, ids: []string{"framing/endless"}},
		{name: "sends headers without end", send: func(conn net.Conn, head, _ string) {
			write(conn, head)
			forever(conn, strings.Repeat("X-Header: value\r\n", 100))
		}, ids: []string{"framing/endless"}},
		{name: "sends a line without end", send: func(conn net.Conn, _, _ string) {
			write(conn, "HTTP/1.1 200 ")
			forever(conn, strings.Repeat("OK", 1000))
		}, ids: []string{"framing/endless"}},
		{name: "sends 102 without end", send: func(conn net.Conn, _, _ string) {
			forever(conn, strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 100))
		}, ids: []string{"framing/endless"}},
	} {
		list = append(list, brokenProvider{name: f.name, ids: f.ids, behaviour: behaviour{send: func(conn net.Conn, r *http.Request, raw []byte) {
			if !plainImage(r) {
				_, _ = conn.Write(raw)
				return
			}
			head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
			f.send(conn, head+"\r\n", body)
			_, _ = io.Copy(io.Discard, conn) // until the other side closes the connection
		}}})
	}
	return append(list, brokenProvider{name: "resets the connection", ids: []string{"framing/no-answer"},
		behaviour: behaviour{send: func(conn net.Conn, r *http.Request, raw []byte) {
			if !plainImage(r) {
				_, _ = conn.Write(raw)
				return
			}
			_ = conn.(*net.TCPConn).SetLinger(0)
		}}})
}

func write(conn net.Conn, text string) { _, _ = io.WriteString(conn, text) }

// forever sends a text until the other side closes the connection.
func forever(conn net.Conn, text string) {
	for {
		if _, err := io.WriteString(conn, text); err != nil {
			return
		}
	}
}

// TestSlowProviders judges providers that are slow or endless for one request. The other requests must be judged as usual. All
// runs wait for their timeouts together, since only GOMAXPROCS parallel subtests would.
func TestSlowProviders(t *testing.T) {
	t.Parallel()
	type result struct {
		url, out, errs string
		code           int
	}
	tests := slowBreakers()
	results := make([]result, len(tests))
	var runs sync.WaitGroup
	for i, test := range tests {
		timeout := "2s"
		if test.ids[0] == "framing/endless" {
			timeout = "5m" // a slow machine must be able to read as much as is read at most
		}
		url := startProvider(t, test.behaviour)
		runs.Go(func() {
			code, out, errs := quotaspec(t, "verify", url, "-v", "--timeout", timeout, "--fail-on", "inferred")
			results[i] = result{url: url, out: out, errs: errs, code: code}
		})
	}
	runs.Wait()
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url, code, out, errs := results[i].url, results[i].code, results[i].out, results[i].errs
			if code != exitFailed {
				t.Errorf("exit %d, want %d: %s", code, exitFailed, errs)
			}
			if raised := findings(t, out, url); !slices.Contains(raised, test.ids[0]) {
				t.Errorf("no %s in:\n%s", test.ids[0], out)
			}
			for _, check := range []string{"showImageQuota/plain", "showImageQuota/repeatable"} {
				// On a busy machine, a third request may time out, after which the operation is not asked again.
				isSkipped := strings.Contains(out, "skip   "+check+" (probes)\n       the last 3 requests of this operation")
				if !strings.Contains(out, "FAIL   "+check+" (probes)") && !isSkipped {
					t.Errorf("%s does not fail in:\n%s", check, out)
				}
			}
		})
	}
}
