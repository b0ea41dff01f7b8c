package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/server"
)

// tokenProvider starts the reference server of one service. It accepts "NAME-reader-token" for "reader-token" and captures
// every token that it receives.
func tokenProvider(t *testing.T, name string) (url string, tokens func() []string) {
	t.Helper()
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	received := map[string]bool{}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		for _, token := range r.Header.Values("X-Auth-Token") {
			received[token] = true
		}
		mu.Unlock()
		if own, ok := strings.CutPrefix(r.Header.Get("X-Auth-Token"), name+"-"); ok {
			r.Header.Set("X-Auth-Token", own)
		}
		reference.ServeHTTP(w, r)
	}))
	t.Cleanup(provider.Close)
	return provider.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		list := []string{}
		for token := range received {
			if strings.Contains(token, "reader") { // the others are made up by probes
				list = append(list, token)
			}
		}
		slices.Sort(list)
		return list
	}
}

// TestTokensStayApart tests that the token of one service is never sent to the other.
func TestTokensStayApart(t *testing.T) {
	for name, value := range map[string]string{"QS_IAM": "iam-reader-token", "QS_IMS": "ims-reader-token", "QS_BOTH": "reader-token"} {
		t.Setenv(name, value)
	}
	for _, test := range []struct {
		name     string
		reader   string // of the config
		iam, ims []string
	}{
		{
			name: "one for each", reader: "{iam_token_env: QS_IAM, ims_token_env: QS_IMS, %s}", iam: []string{"iam-reader-token"},
			ims: []string{"ims-reader-token"},
		},
		{name: "for IAM only", reader: "{iam_token_env: QS_IAM, %s}", iam: []string{"iam-reader-token"}, ims: []string{}},
		{name: "for IMS only", reader: "{ims_token_env: QS_IMS, %s}", iam: []string{}, ims: []string{"ims-reader-token"}},
		{name: "one for both", reader: "{token_env: QS_BOTH, %s}", iam: []string{"reader-token"}, ims: []string{"reader-token"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			iamURL, iamTokens := tokenProvider(t, "iam")
			imsURL, imsTokens := tokenProvider(t, "ims")
			reader := fmt.Sprintf(test.reader, "domain_id: "+server.SampleDomainID+", project_id: "+server.SampleProjectID)
			config := writeFile(t, "quotaspec.yaml", fmt.Sprintf("targets: {iam: %q, ims: %q}\nprincipals:\n  reader: %s\n", iamURL, imsURL, reader))
			code, out, errs := quotaspec(t, "verify", "--config", config)
			if code != exitPassed {
				t.Errorf("got exit %d: %s\n%s", code, errs, out)
			}
			if diff := cmp.Diff(test.iam, iamTokens()); diff != "" {
				t.Errorf("sent to IAM (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.ims, imsTokens()); diff != "" {
				t.Errorf("sent to IMS (-want +got):\n%s", diff)
			}
			if strings.Contains(out+errs, "reader-token") {
				t.Errorf("the output has a token:\n%s%s", out, errs)
			}
		})
	}
}
