//go:build linux

package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var exporterLoad = flag.Bool("exporter-load", false, "measure the exporter of 1,000 accounts in TestExporterOfManyAccounts")

// TestExporterOfManyAccounts measures the exporter of 1,000 accounts, each with a token of its own, in front of serve: both are
// processes of their own. With an interval of ten seconds it sends 200 requests per second, 30 times as many as by default, while
// 300 scrapes come as those of Prometheus do. The memory is that of the exporter's process, code included.
func TestExporterOfManyAccounts(t *testing.T) {
	if !*exporterLoad {
		t.Skip("without -exporter-load")
	}
	const accounts, scrapes, mostMemory = 1000, 300, 75 << 10 // in kB: 1.5 times the target, since machines differ
	command, folder := buildCommand(t), t.TempDir()
	data, config := strings.Builder{}, strings.Builder{}
	data.WriteString("accounts:\n")
	for i := range accounts {
		fmt.Fprintf(&data, "  - domain_id: \"%032x\"\n    quotas:\n", i+1)
		for _, name := range []string{"user", "group", "idp", "agency", "policy", "assigment_group_mp", "assigment_agency_mp",
			"assigment_group_ep", "assigment_user_ep"} {
			fmt.Fprintf(&data, "      - {type: %s, min: 1, quota: 1000, max: 2000, used: %d}\n", name, i)
		}
		fmt.Fprintf(&data, "      - {type: mapping, min: 10, quota: 10, max: 100}\n    projects:\n      - id: \"%032x\"\n"+
			"        quotas: [{type: image, used: 3, quota: 20, min: 1, max: 1000}]\n", i+1)
	}
	data.WriteString("principals:\n")
	for i := range accounts {
		fmt.Fprintf(&data, "  - {name: p%d, domain_id: \"%032x\", project_id: \"%032x\", tokens: [{value: token-%d}], "+
			"grants: [{effect: Allow, action: \"ims:*:get\", scope: iam-project}]}\n", i, i+1, i+1, i)
	}
	writeText(t, filepath.Join(folder, "data.yaml"), data.String())
	provider, _ := startMeasured(t, exec.Command(command, "serve", "--listen", "127.0.0.1:0", "--log", "off",
		"--data", filepath.Join(folder, "data.yaml")))

	fmt.Fprintf(&config, "endpoints: {iam: %q, ims: %q}\naccounts:\n", provider, provider)
	for i := range accounts {
		token := filepath.Join(folder, fmt.Sprintf("token-%d", i))
		writeText(t, token, fmt.Sprintf("token-%d\n", i))
		fmt.Fprintf(&config, "  - {name: account-%d, domain_id: \"%032x\", token: {file: %q}, regions: [cn-north-4]}\n", i, i+1, token)
	}
	writeText(t, filepath.Join(folder, "quotas.yaml"), config.String())
	exporter, process := startMeasured(t, exec.Command(command, "exporter", "--listen", "127.0.0.1:0", "--interval", "10s",
		"--config", filepath.Join(folder, "quotas.yaml")))

	for series := 0; series < accounts*19; time.Sleep(100 * time.Millisecond) { // 11 limits, 6 usages and 2 of each request
		page, _ := scrapeMeasured(t, exporter)
		series = bytes.Count(page, []byte("account=\"account-"))
	}
	before := requestsOf(t, exporter)
	times, began := []time.Duration{}, time.Now()
	for range scrapes {
		_, took := scrapeMeasured(t, exporter)
		times = append(times, took)
		time.Sleep(50 * time.Millisecond)
	}
	asked := float64(requestsOf(t, exporter)-before) / time.Since(began).Seconds()
	slices.Sort(times)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	memory := map[string]int{}
	for _, m := range regexp.MustCompile(`(VmRSS|VmHWM|RssAnon|RssFile):\s+(\d+) kB`).FindAllStringSubmatch(string(status), -1) {
		memory[m[1]], _ = strconv.Atoi(m[2])
	}
	t.Logf("scrapes: p50 %s, p99 %s; %.0f requests/s meanwhile; memory: VmRSS %d kB (heap and stacks %d, code %d), VmHWM %d kB",
		times[scrapes/2], times[scrapes*99/100], asked, memory["VmRSS"], memory["RssAnon"], memory["RssFile"], memory["VmHWM"])
	if memory["VmRSS"] == 0 || memory["VmHWM"] > mostMemory {
		t.Errorf("memory: %v kB, want at most %d", memory, mostMemory)
	}
}

// startMeasured starts a verb that listens, and returns its URL.
func startMeasured(t *testing.T, cmd *exec.Cmd) (url string, process *os.Process) {
	t.Helper()
	out, printed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = printed, os.Stderr
	err = cmd.Start()
	_ = printed.Close() // so that out ends with the process
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = out.Close()
	})
	line := make([]byte, 1000)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return printedURL.FindString(string(line[:n])), cmd.Process
}

// scrapeMeasured scrapes with gzip, and returns the page and the time until its last byte.
func scrapeMeasured(t *testing.T, exporter string) (page []byte, took time.Duration) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, exporter+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	began := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	packed, err := io.ReadAll(response.Body)
	took = time.Since(began)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", response.Status, err)
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if page, err = io.ReadAll(reader); err != nil {
		t.Fatal(err)
	}
	return page, took
}

// requestsOf returns how many requests the exporter has sent. Each must have succeeded.
func requestsOf(t *testing.T, exporter string) (sent int) {
	t.Helper()
	page, _ := scrapeMeasured(t, exporter)
	for _, m := range regexp.MustCompile(`requests_total\{code="(\w+)",operation="\w+"\} (\S+)`).FindAllSubmatch(page, -1) {
		count, err := strconv.ParseFloat(string(m[2]), 64)
		if err != nil || string(m[1]) != "200" {
			t.Errorf("%s", m[0])
		}
		sent += int(count)
	}
	return sent
}

func writeText(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
