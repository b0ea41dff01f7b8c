//go:build unix

package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

var harEntries = flag.Int("entries", 100_000, "how many exchanges BenchmarkHAR judges")

// BenchmarkHAR measures verify --har from the start of the process to its end. Exchanges are counted per second of one core,
// including reading the file and collecting garbage.
func BenchmarkHAR(b *testing.B) {
	command := buildCommand(b)
	file := filepath.Join(b.TempDir(), "traffic.har")
	writeTraffic(b, file, *harEntries)
	var processor, peak float64
	for b.Loop() {
		verify := exec.Command(command, "verify", "--har", file)
		if out, err := verify.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		processor += (verify.ProcessState.UserTime() + verify.ProcessState.SystemTime()).Seconds()
		if used, ok := verify.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, float64(used.Maxrss)/1024) // kilobytes, on Linux
		}
	}
	judged := float64(b.N * *harEntries)
	b.ReportMetric(judged/b.Elapsed().Seconds(), "exchanges/s")
	b.ReportMetric(judged/processor, "exchanges/cpu-s")
	b.ReportMetric(peak, "MB-peak")
}

// writeTraffic writes exchanges of both services in turn, with the headers that a browser or a proxy records. Every response
// has other numbers, and one in a hundred is a refusal.
func writeTraffic(b *testing.B, name string, entries int) {
	b.Helper()
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprint(w, `{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"pages":[],"entries":[`)
	for i := range entries {
		url, status, body := accountResponse(i)
		switch {
		case i%100 == 99:
			status, body = 403, `{"error_msg":"You are not authorized to perform the requested action.","error_code":"IAM.0002"}`
		case i%2 == 1:
			url = "https://ims.eu.myhuaweicloud.com/v1/cloudimages/quota"
			body = fmt.Sprintf(`{"quotas":{"resources":[{"type":"image","used":%d,"quota":20,"min":1,"max":1000}]}}`, i%20)
		}
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, `
{"startedDateTime":"2025-12-01T12:00:00.%03dZ","time":%d.5,"request":{"method":"GET","url":"%s","httpVersion":"HTTP/1.1","cookies":[],`+
			`"headers":[{"name":"Host","value":"example.com"},{"name":"Accept","value":"application/json"},{"name":"Accept-Encoding",`+
			`"value":"gzip"},`+
			`{"name":"User-Agent","value":"bench/1.0"},{"name":"X-Auth-Token","value":"REDACTED"}],"queryString":[],"headersSize":-1,"bodySize":0},`+
			`"response":{"status":%d,"statusText":"","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Content-Type",`+
			`"value":"application/json"},`+
			`{"name":"Date","value":"Mon, 01 Dec 2025 12:00:00 GMT"},{"name":"Server","value":"api-gateway"},{"name":"X-Request-Id",`+
			`"value":"%032x"}],`+
			`"redirectURL":"","headersSize":-1,"bodySize":%d,"content":{"size":%[6]d,"mimeType":"application/json","text":%[7]q}},`+
			`"cache":{},"timings":{"send":0,"wait":1,"receive":0}}`, i%1000, i%50, url, status, i, len(body), body)
	}
	fmt.Fprint(w, "\n]}}\n")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
}

// accountResponse returns a response with the ten quotas of an account.
func accountResponse(i int) (url string, status int, body string) {
	quotas := []string{}
	for k, name := range []string{
		"user", "group", "idp", "agency", "policy",
		"assigment_group_mp", "assigment_agency_mp", "assigment_group_ep", "assigment_user_ep", "mapping",
	} {
		used := fmt.Sprint((i + k) % 50)
		if name == "mapping" {
			used = "null"
		}
		quotas = append(quotas, fmt.Sprintf(`{"max":1000,"min":10,"quota":50,"type":"%s","used":%s}`, name, used))
	}
	return "https://iam.myhuaweicloud.com/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468", 200, `{"quotas":{"resources":[` +
		strings.Join(quotas, ",") + `]}}`
}
