package fleet_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkEnvoy measures the processor time that Envoy takes for an exchange of 1,000 bytes, as it is and with the recipe, which
// takes the rest of its time to write the exchange. What Envoy takes to start and end is subtracted.
func BenchmarkEnvoy(b *testing.B) {
	command := filepath.Join(install(b), "envoy")
	config := fileOf(b, recipes, "envoy.yaml")
	plain := withoutLines(b, withoutLines(b, config, "- name: quotaspec", "- name: envoy.filters.http.router"), "access_log:", "clusters:")
	for _, bench := range []struct{ name, config string }{{name: "alone", config: plain}, {name: "recorded", config: config}} {
		b.Run(bench.name, func(b *testing.B) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"text": "`+strings.Repeat("a", 1000-len(`{"text": ""}`))+`"}`)
			}))
			defer server.Close()
			_, stop := startEnvoy(b, command, b.TempDir(), bench.config, server.URL)
			idle := stop()
			gateway, stop := startEnvoy(b, command, b.TempDir(), bench.config, server.URL)
			for b.Loop() {
				send(b, http.DefaultClient, "GET", gateway+"/books", "Accept: */*", "")
			}
			used := stop() - idle
			b.ReportMetric(float64(used)/float64(time.Microsecond)/float64(b.N), "cpu-µs/exchange")
		})
	}
}

// withoutLines cuts a part out of a config: from the line with one text up to that with the other.
func withoutLines(t testing.TB, config, from, to string) string {
	t.Helper()
	begin := strings.LastIndex(config[:max(0, strings.Index(config, from))], "\n")
	end := strings.LastIndex(config[:max(0, strings.Index(config, to))], "\n")
	if begin < 0 || end < begin {
		t.Fatalf("no %q before %q in the config", from, to)
	}
	return config[:begin] + config[end:]
}
