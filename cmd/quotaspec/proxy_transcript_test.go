package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestProxyTranscript compares the output, report and recording of the proxy for right and wrong responses, a near miss, and
// an unknown path.
func TestProxyTranscript(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-New", "1")
		_, _ = io.WriteString(w, r.URL.Query().Get("body"))
	}))
	t.Cleanup(upstream.Close)
	compareGolden := inFolder(t, map[string]string{"items.yaml": itemsAPI, "record.har": "old"})
	for _, test := range []struct {
		name  string
		args  []string
		wrong bool // with wrong responses too
		code  int
	}{
		{name: "proxy", wrong: true, code: exitFailed},
		{name: "proxy-right", code: exitPassed},
		{name: "proxy-undocumented", args: []string{"--fail-on", "undocumented"}, code: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"--document", "items.yaml", "--upstream", upstream.URL, "--record", "record.har", "--report",
				"json=report.json"}, test.args...)
			url, stop := startProxy(t, args...)
			targets := []string{"/items?body=[1]", "/v1/items?body=[2]", "/elsewhere?token=hidden", "/elsewhere"}
			if test.wrong {
				targets = append(targets, `/items?body=["x"]`, "/Items")
			}
			for _, target := range targets {
				response, err := http.Get(url + target)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			code, out := stop()
			if code != test.code {
				t.Errorf("got exit %d, want %d", code, test.code)
			}
			named := strings.NewReplacer(upstream.URL, "$UPSTREAM")
			compareGolden(t, test.name+".txt", named.Replace(out))
			var report struct {
				Subject    string            `json:"subject"`
				FailOn     string            `json:"fail_on"`
				Error      string            `json:"error"`
				Conclusion string            `json:"conclusion"`
				NotChecked []json.RawMessage `json:"not_checked"`
			}
			var record struct {
				Log struct {
					Creator struct{ Name, Version string }
					Entries []json.RawMessage
				}
			}
			for name, to := range map[string]any{"report.json": &report, "record.har": &record} {
				text, err := os.ReadFile(name)
				if err == nil {
					err = json.Unmarshal(text, to)
				}
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if creator := record.Log.Creator; creator.Name != "quotaspec" || creator.Version != toolVersion() ||
				len(record.Log.Entries) != len(targets) {
				t.Errorf("got a record of %d requests by %v, want %d", len(record.Log.Entries), creator, len(targets))
			}
			text, err := json.MarshalIndent(report, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, test.name+".json", named.Replace(string(text))+"\n")
		})
	}
}

// TestProxyWithoutTraffic tests that a proxy without traffic ends with exit code 2.
func TestProxyWithoutTraffic(t *testing.T) {
	_, stop := startProxy(t, "--upstream", "http://127.0.0.1:1")
	if code, out := stop(); code != exitNotJudged || out != "" {
		t.Errorf("got exit %d, want %d, and %q", code, exitNotJudged, out)
	}
}
