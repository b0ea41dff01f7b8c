//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// TestProxyRecordsNoCredentials tests that the recording contains no value that the document declares as a credential,
// whatever its name is.
func TestProxyRecordsNoCredentials(t *testing.T) {
	judges, err := (&command.Documents{Document: "testdata/otherapi/tickets.yaml"}).Judges(t.Context(), http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	p := proxy{record: filepath.Join(t.TempDir(), "record.har")}
	observe, end, err := p.recorder(judges, verify.NewTally(judges), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	observe(traffic.Entry{Origin: "http://h", Exchange: contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/tickets?key=first-of-the-two",
			Header: http.Header{"Tickets-Key": {"second-of-the-two"}}},
		Response: contract.Response{Status: 200, Header: http.Header{"Content-Type": {"text/plain"}},
			Body: []byte("first-of-the-two second-of-the-two")},
	}})
	if err := end(); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(p.record)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(written, []byte("of-the-two")) || !bytes.Contains(written, []byte("/tickets")) {
		t.Errorf("the record holds a credential, or no exchange: %s", written)
	}
}

// TestProxyRecordIsPrivate tests that a recording replaces an older one and gets mode 0600.
func TestProxyRecordIsPrivate(t *testing.T) {
	p := proxy{record: filepath.Join(t.TempDir(), "record.har")}
	if err := os.WriteFile(p.record, bytes.Repeat([]byte("old"), 1000), 0o644); err != nil {
		t.Fatal(err)
	}
	_, end, err := p.recorder(nil, verify.NewTally(nil), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(p.record)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v, want mode 0600", info.Mode(), err)
	}
	if written, err := os.ReadFile(p.record); err != nil || bytes.Contains(written, []byte("old")) {
		t.Errorf("got %s, %v", written, err)
	}
}

// TestProxyRecordFails tests that a failed recording is one line when it fails, as the proxy may run for days after that, and one in
// the end, however many exchanges there are.
func TestProxyRecordFails(t *testing.T) {
	p := proxy{record: filepath.Join(t.TempDir(), "pipe")}
	if err := syscall.Mkfifo(p.record, 0o600); err != nil {
		t.Fatal(err)
	}
	began := make(chan error, 1)
	go func() { // reads the beginning and goes
		reader, err := os.Open(p.record)
		if err == nil {
			_, err = reader.Read(make([]byte, 10))
			reader.Close()
		}
		began <- err
	}()
	judges, err := (&command.Documents{}).Judges(t.Context(), http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	observe, end, err := p.recorder(judges, verify.NewTally(judges), &log)
	if err != nil {
		t.Fatal(err)
	}
	if err := <-began; err != nil {
		t.Fatal(err)
	}
	for range 3 {
		observe(traffic.Entry{Origin: "http://h"})
	}
	if want := "quotaspec: write the HAR: write " + p.record + ": broken pipe; nothing more is recorded\n"; log.String() != want {
		t.Errorf("got %q, want %q", log.String(), want)
	}
	if err := end(); err == nil || strings.Count(err.Error(), "write the HAR") != 1 || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one line", err)
	}
}

// TestProxyRecordBreaksOff tests that a proxy whose recording fails ends with exit code 2, but forwards and judges the
// traffic.
func TestProxyRecordBreaksOff(t *testing.T) {
	record := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(record, 0o600); err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() { // reads the beginning and goes
		reader, err := os.Open(record)
		if err == nil {
			_, err = reader.Read(make([]byte, 10))
			reader.Close()
		}
		gone <- err
	}()
	at, stop := startProxyLogged(t, "--upstream", servertest.New(t), "--record", record)
	if err := <-gone; err != nil {
		t.Fatal(err)
	}
	if status, body := getAs(t, at+"/v1/cloudimages/quota", server.ReaderToken); status != http.StatusOK {
		t.Errorf("got status %d, %s", status, body)
	}
	code, out, errs := stop()
	failed := "quotaspec: write the HAR: write " + record + ": broken pipe"
	if want := failed + "; nothing more is recorded\n" + failed + "\n"; code != exitNotJudged || errs != want ||
		!strings.Contains(out, "traffic     1 passed\n") {
		t.Errorf("got exit %d, %q, want %q\n%s", code, errs, want, out)
	}
}

// TestProxyVerb runs the proxy in front of a provider that first sends too many bytes, and then closes the connection without
// a response.
func TestProxyVerb(t *testing.T) {
	provider := listen(t)
	go func() {
		for responses := 0; ; responses++ {
			conn, err := provider.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 10_000))
			if responses == 0 {
				body := `{"quotas":{"resources":[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]}}`
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nX-Request-Id: 1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%smore",
					len(body), body)
			}
			conn.Close()
		}
	}()
	var logged bytes.Buffer // by net/http
	defer log.SetOutput(log.Writer())
	log.SetOutput(&logged)
	at, stop := startProxy(t, "--upstream", "http://"+provider.Addr().String())
	for _, want := range []int{200, 502} {
		request, _ := http.NewRequest(http.MethodGet, at+"/v1/cloudimages/quota", nil)
		request.Header.Set("X-Auth-Token", "secret-of-the-reader")
		request.Close = true
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("got status %d, want %d", response.StatusCode, want)
		}
	}
	code, out := stop()
	if code != exitFailed {
		t.Errorf("got exit %d", code)
	}
	if log.Writer() != &logged || logged.Len() > 0 {
		t.Errorf("net/http logs what the provider sent: %q", logged.String())
	}
	for _, want := range []string{"framing/content-length", contract.NoResponse} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}
