package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TestUserAgent tests that each kind of request that the command makes up names the tool and its version.
func TestUserAgent(t *testing.T) {
	before := version
	t.Cleanup(func() { version = before })
	version = "1.2.3"
	var mu sync.Mutex
	agents := map[string]string{} // by kind of request; one that differs from the first is marked
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")[0]
		agent := r.Header.Get("User-Agent")
		mu.Lock()
		if first, known := agents[kind]; known && first != agent {
			agent += ", not always"
		}
		agents[kind] = agent
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		switch kind {
		case "openapi.json":
			_, _ = w.Write([]byte(`{"openapi":"3.0.3","info":{"title":"Ping","version":"1"},"security":[{"t":[]}],
				"paths":{"/ping":{"get":{"operationId":"ping","responses":{"204":{"description":"Yes."}}}}},
				"components":{"securitySchemes":{"t":{"type":"http","scheme":"bearer"}}}}`))
		case "token":
			_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "the-token", "token_type": "Bearer", "expires_in": 3600})
		case "ping":
			w.WriteHeader(http.StatusNoContent)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer provider.Close()
	t.Setenv("QS_ID", "the-id")
	t.Setenv("QS_SECRET", "the-secret")
	t.Setenv(envToken, "the-token")
	config := writeFile(t, "quotaspec.yaml", "principals: {reader: {oauth2: {token_url: \""+provider.URL+
		"/token\", client_id_env: QS_ID, client_secret_env: QS_SECRET}}}\n")
	quotaspec(t, "verify", provider.URL, "--document", provider.URL+"/openapi.json", "--config", config)
	quotaspec(t, "quotas", "--endpoint", provider.URL)
	for _, kind := range []string{"", "openapi.json", "token", "ping", "v1"} {
		if got := agents[kind]; got != "quotaspec/1.2.3" {
			t.Errorf("requests of /%s: got the User-Agent %q", kind, got)
		}
	}
}
