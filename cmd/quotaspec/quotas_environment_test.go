package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuotasEnvironment tests that quotas sends the value of each variable in the right header or path.
func TestQuotasEnvironment(t *testing.T) {
	all := []string{envAccessKey, envSecretKey, envSecurityToken, envToken, envDomain, envProject}
	const (
		account = "/v3.0/OS-QUOTA/domains/the-account"
		images  = "/v1/cloudimages/quota"
	)
	for _, test := range []struct {
		name string
		env  map[string]string
		want []string // requests, with the headers that variables fill
	}{
		{
			name: "a token", env: map[string]string{envToken: "the-token"},
			want: []string{images + " X-Auth-Token=the-token"},
		},
		{
			name: "an access key", env: map[string]string{envAccessKey: "the-key", envSecretKey: "the-secret"},
			want: []string{images + " Access=the-key"},
		},
		{
			name: "a temporary access key", env: map[string]string{envAccessKey: "the-key", envSecretKey: "the-secret",
				envSecurityToken: "the-security-token"},
			want: []string{images + " Access=the-key X-Security-Token=the-security-token"},
		},
		{
			name: "an account and a project", env: map[string]string{envAccessKey: "the-key", envSecretKey: "the-secret",
				envDomain: "the-account", envProject: "the-project"},
			want: []string{account + " Access=the-key", images + " Access=the-key X-Project-Id=the-project"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range all {
				t.Setenv(name, test.env[name])
			}
			requests := make(chan string, len(all))
			cloud := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				request := r.URL.Path
				if _, signed, ok := strings.Cut(r.Header.Get("Authorization"), " Access="); ok {
					key, _, _ := strings.Cut(signed, ",")
					request += " Access=" + key
				}
				for _, name := range []string{"X-Auth-Token", "X-Security-Token", "X-Project-Id"} {
					if value := r.Header.Get(name); value != "" {
						request += " " + name + "=" + value
					}
				}
				requests <- request
				w.WriteHeader(http.StatusForbidden)
			}))
			t.Cleanup(cloud.Close)
			if code, out, errs := quotaspec(t, "quotas", "--endpoint", cloud.URL); code != exitUnknown {
				t.Errorf("got exit %d, want %d: %s\n%s", code, exitUnknown, errs, out)
			}
			close(requests)
			got := map[string]bool{}
			for request := range requests {
				got[request] = true
			}
			want := map[string]bool{}
			for _, request := range test.want {
				want[request] = true
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}
