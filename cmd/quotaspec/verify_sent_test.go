package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// TestSentCredentialsAreDocumented captures what verify sends to a provider without a config. The manual must list every
// credential and method.
func TestSentCredentialsAreDocumented(t *testing.T) {
	var mu sync.Mutex
	sent := map[string]bool{}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		sent[r.Method] = true
		for _, name := range []string{"X-Auth-Token", "Authorization"} {
			value := r.Header.Get(name)
			if key := regexp.MustCompile("Access=([^,]+)").FindStringSubmatch(value); key != nil {
				value = key[1]
			}
			if value != "" {
				sent["`"+value+"`"] = true
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer provider.Close()
	quotaspec(t, "verify", provider.URL)
	manual, err := os.ReadFile("../../docs/verify.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(manual), "## Judge the quota endpoints\n")
	section, _, _ = strings.Cut(section, "\n## ")
	section = strings.Replace(section, "X-Auth-Token: ", "", 1)
	for what := range sent {
		if !strings.Contains(section, what) {
			t.Errorf("the manual does not list %s", what)
		}
	}
	if len(sent) < 10 {
		t.Errorf("got only %v", sent)
	}
}
