package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestPrincipalsSend compares the credentials and ids that reach a provider: of each principal, with a token and with an
// access key, for each service and for another API.
func TestPrincipalsSend(t *testing.T) {
	golden, err := filepath.Abs("testdata/golden/sent.txt")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	sent := []string{}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		if r.URL.Path == "/" {
			return // the check that the provider is reachable
		}
		line := r.Method + " " + r.URL.Path
		for _, name := range []string{"X-Auth-Token", "X-Domain-Id", "X-Project-Id", "X-Key", "Authorization"} {
			for _, value := range r.Header.Values(name) {
				value = regexp.MustCompile(`, Signature=.*`).ReplaceAllString(value, "")
				line += fmt.Sprintf("\n    %s: %s", name, value)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, line)
	}))
	t.Cleanup(provider.Close)
	inFolder(t, map[string]string{
		"items.yaml": itemsAPI,
		"tokens.yaml": `principals:
  reader: {iam_token_env: QS_IAM, ims_token_env: QS_IMS, domain_id: own-domain, project_id: own-project}
  limited: {token_env: QS_LIMITED, domain_id: own-domain}
  stranger: {token_env: QS_STRANGER, domain_id: other-domain}
  expired: {token_env: QS_EXPIRED, domain_id: own-domain}
`,
		"keys.yaml": `principals:
  reader: {access_key_env: QS_AK, secret_key_env: QS_SK, domain_id: own-domain, project_id: own-project}
  limited: {access_key_env: QS_LIMITED_AK, secret_key_env: QS_SK, domain_id: own-domain}
  stranger: {access_key_env: QS_STRANGER_AK, secret_key_env: QS_SK, domain_id: other-domain, project_id: other-project}
`,
		"iam.yaml": "principals: {reader: {iam_token_env: QS_IAM, domain_id: own-domain}}",
		"key.yaml": "principals: {reader: {token_env: QS_TILDE}, expired: {token_env: QS_EXPIRED}}",
	})
	for name, value := range map[string]string{
		"QS_IAM": "iam-token", "QS_IMS": "ims-token", "QS_LIMITED": "limited-token", "QS_STRANGER": "stranger-token",
		"QS_EXPIRED": "expired-token",
		"QS_AK":      "READER", "QS_LIMITED_AK": "LIMITED", "QS_STRANGER_AK": "STRANGER", "QS_SK": "secret", "QS_TILDE": "!token~",
	} {
		t.Setenv(name, value)
	}
	text := ""
	for _, args := range []string{"", "--config tokens.yaml", "--config keys.yaml", "--config iam.yaml",
		"--config key.yaml --document items.yaml"} {
		all := append([]string{"verify", provider.URL}, strings.Fields(args)...)
		for _, check := range []string{"plain", "no-credentials", "expired-credentials", "unknown-key", "no-permission", "other-account"} {
			if check != "plain" && check != "no-credentials" && check != "expired-credentials" && strings.Contains(args, "items.yaml") {
				continue // another API has no such check
			}
			all = append(all, "--only", "*/"+check)
		}
		sent = []string{}
		if code, out, errs := quotaspec(t, all...); code == exitPassed {
			t.Errorf("%s: got exit %d\n%s%s", args, code, out, errs)
		}
		slices.Sort(sent)
		text += "verify " + args + "\n  " + strings.Join(sent, "\n  ") + "\n"
	}
	compareFile(t, golden, text)
}
