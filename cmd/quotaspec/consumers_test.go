package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrongInBrowser are the checks that fail for the wrong requests of the browser: a misspelt path, another method, a misspelt
// parameter, an unknown value, a slash too many, a misspelt header, a doubled parameter.
var wrongInBrowser = []string{
	"ims/traffic=PUT-404:method/undocumented",
	"showDomainQuota/traffic=200:parameter/undocumented",
	"showDomainQuota/traffic=400:parameter/doubled",
	"showDomainQuota/traffic=400:parameter/enum",
	"showDomainQuota/traffic=404:path/near-miss",
	"showImageQuota/traffic=200:header/near-miss",
	"showImageQuota/traffic=404:path/near-miss",
}

// TestBrowserTraffic judges two HARs that Playwright wrote of a web page. One has seven wrong requests. The other has right
// ones, and also a login on the same host, analytics on another, and a preflight and a favicon, which Playwright leaves out and
// which are here as Chrome's developer tools write them.
func TestBrowserTraffic(t *testing.T) {
	for _, test := range []struct {
		name, file, side string
		code             int
		failed           []string
	}{
		{name: "wrong, consumer", file: "browser-wrong.har", side: "consumer", code: exitFailed, failed: wrongInBrowser},
		{name: "wrong, both", file: "browser-wrong.har", side: "both", code: exitFailed, failed: wrongInBrowser},
		{name: "wrong, provider", file: "browser-wrong.har", side: "provider", code: exitPassed},
		{name: "right, consumer", file: "browser-right.har", side: "consumer", code: exitPassed},
		{name: "right, provider", file: "browser-right.har", side: "provider", code: exitPassed},
	} {
		t.Run(test.name, func(t *testing.T) {
			written := filepath.Join(t.TempDir(), "report.json")
			har := filepath.Join("testdata", "consumers", "har", test.file)
			code, out, errs := quotaspec(t, "verify", "--har", har, "--side", test.side, "--report", "json="+written)
			if code != test.code {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.code, errs, out)
			}
			if diff := cmp.Diff(test.failed, failedChecks(t, written)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBrowserTrafficNotJudged tests that the right HAR lists what it does not judge, and does judge the three right requests.
func TestBrowserTrafficNotJudged(t *testing.T) {
	written := filepath.Join(t.TempDir(), "report.json")
	quotaspec(t, "verify", "--har", "testdata/consumers/har/browser-right.har", "--side", "consumer", "--report", "json="+written)
	var report struct {
		Checks     []struct{ ID string }
		NotChecked []struct{ Method, Origin, Path string } `json:"not_checked"`
	}
	readJSON(t, written, &report)
	got := []string{}
	for _, c := range report.Checks {
		got = append(got, c.ID)
	}
	for _, n := range report.NotChecked {
		got = append(got, fmt.Sprintf("%s %s%s", n.Method, n.Origin, n.Path))
	}
	want := []string{
		"showDomainQuota/traffic=200",
		"showImageQuota/traffic=200",
		"traffic/not-judged",
		"GET http://127.0.0.1:3000/",
		"GET http://127.0.0.1:8080/favicon.ico",
		"POST http://127.0.0.1:8080/v3/auth/tokens",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// failedChecks returns the ids of the failed checks in a JSON report, sorted.
func failedChecks(t *testing.T, file string) (failed []string) {
	t.Helper()
	var report struct {
		Checks []struct{ ID, Status string }
	}
	readJSON(t, file, &report)
	for _, c := range report.Checks {
		if c.Status == "fail" {
			failed = append(failed, c.ID)
		}
	}
	slices.Sort(failed)
	return failed
}

func readJSON(t *testing.T, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
