//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"syscall"
	"testing"
)

// TestServeIdleConnections tests that requests are served while 10,000 idle connections are open.
func TestServeIdleConnections(t *testing.T) {
	n := 10_000
	if testing.Short() { // as with the race detector, which has an end at 8,128 goroutines
		n = 1000
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if most := int(limit.Cur) - 500; n > most {
		t.Logf("this process may have %d files open: %d idle connections", limit.Cur, most)
		n = most
	}
	address, _, _ := startServeProcess(t, "--log", "off")
	idle := make([]net.Conn, n)
	for i := range idle {
		idle[i] = dial(t, address)
	}
	busy := dial(t, address)
	in := bufio.NewReader(busy)
	for range 100 {
		_, _ = io.WriteString(busy, imageRequest+"\r\n")
		if _, err := readImageQuota(t, in); err != nil {
			t.Fatal(err)
		}
	}
	last := bufio.NewReader(idle[n-1])
	_, _ = io.WriteString(idle[n-1], imageRequest+"\r\n")
	if _, err := readImageQuota(t, last); err != nil {
		t.Errorf("the last idle connection: %v", err)
	}
}
