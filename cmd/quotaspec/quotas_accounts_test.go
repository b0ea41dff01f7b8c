package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/server"
)

// cloud is a server on loopback for every host name, which captures the requests.
type cloud struct {
	client *http.Client

	mu       sync.Mutex
	requests []string
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{}
	provider := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.requests = append(c.requests, strings.TrimSpace(r.Host+r.URL.Path+" "+r.Header.Get("X-Project-Id")))
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(provider.Close)
	transport := provider.Client().Transport.(*http.Transport)
	transport.TLSClientConfig.ServerName = "example.com" // as its certificate has it
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, provider.Listener.Addr().String())
	}
	c.client = provider.Client()
	return c
}

// TestQuotasRequests tests which requests quotas sends: one for the account to the IAM of the first region, and one for each
// project in its region, however often a flag names it.
func TestQuotasRequests(t *testing.T) {
	const (
		account    = "/v3.0/OS-QUOTA/domains/d"
		globalIAM  = "iam.myhuaweicloud.com" + account
		northIAM   = "iam.cn-north-4.myhuaweicloud.com" + account
		southIAM   = "iam.cn-south-1.myhuaweicloud.com" + account
		northIMS   = "ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/quota"
		southIMS   = "ims.cn-south-1.myhuaweicloud.com/v1/cloudimages/quota"
		north      = "cn-north-4"
		south      = "cn-south-1"
		northOfOne = "cn-north-4=one"
	)
	for _, test := range []struct {
		name            string
		run             accountFlags
		domain, project string // of the environment
		token           string // in place of the access key
		want            []string
	}{
		{name: "the account without a region", run: accountFlags{domain: "d"}, want: []string{globalIAM}},
		{name: "the account of the environment", domain: "d", want: []string{globalIAM}},
		{name: "the flag goes before the environment", run: accountFlags{domain: "d"}, domain: "e", want: []string{globalIAM}},
		{name: "the account at the region's IAM", run: accountFlags{domain: "d", regions: []string{north}}, want: []string{northIAM, northIMS}},
		{
			name: "the account at the first region's IAM", run: accountFlags{domain: "d", regions: []string{south, north}},
			want: []string{southIAM, northIMS, southIMS},
		},
		{
			name: "the account at the IAM of a project's region", run: accountFlags{domain: "d", projects: []string{northOfOne}},
			want: []string{northIAM, northIMS + " one"},
		},
		{name: "a region twice", run: accountFlags{regions: []string{north, north}}, want: []string{northIMS}},
		{name: "a project twice", run: accountFlags{projects: []string{northOfOne, northOfOne}}, want: []string{northIMS + " one"}},
		{
			name: "a project with and without its region",
			run:  accountFlags{regions: []string{north}, projects: []string{northOfOne, "one"}}, want: []string{northIMS + " one"},
		},
		{
			name: "a region and a project in it", run: accountFlags{regions: []string{north}, projects: []string{northOfOne}},
			want: []string{northIMS + " one"},
		},
		{
			name: "a region twice and its project", run: accountFlags{regions: []string{north, north}, projects: []string{"one"}},
			want: []string{northIMS + " one"},
		},
		{
			name: "two projects of a region", run: accountFlags{projects: []string{northOfOne, "cn-north-4=two"}},
			want: []string{northIMS + " one", northIMS + " two"},
		},
		{
			name: "one project in two regions", run: accountFlags{projects: []string{northOfOne, "cn-south-1=one"}},
			want: []string{northIMS + " one", southIMS + " one"},
		},
		{
			name: "a project and another region", run: accountFlags{regions: []string{south}, projects: []string{northOfOne}},
			want: []string{northIMS + " one", southIMS},
		},
		{name: "the project of the environment", run: accountFlags{regions: []string{north}}, project: "one", want: []string{northIMS + " one"}},
		{
			name: "the flag goes before the project of the environment", run: accountFlags{projects: []string{northOfOne}}, project: "two",
			want: []string{northIMS + " one"},
		},
		{
			name: "a token without the project of the environment", run: accountFlags{regions: []string{north}}, project: "one",
			token: "t", want: []string{northIMS},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			cloud := newCloud(t)
			env := environment{domain: test.domain, project: test.project,
				client: client.Client{Token: client.Secret(test.token), HTTPClient: cloud.client}}
			if test.token == "" {
				env.client.AccessKey, env.client.SecretKey = server.ReaderKeyID, client.Secret(server.ReaderSecret)
			}
			accounts, notes, err := test.run.accounts(env, limitFlags{})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(notes, "\n"); got != noteOf(test.want) {
				t.Errorf("got the notes %q, want %q", got, noteOf(test.want))
			}
			results := quotas.AskAll(t.Context(), accounts)
			if diff := cmp.Diff(test.want, slices.Sorted(slices.Values(cloud.requests))); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			for _, place := range results {
				if test.token != "" && place.Project != "" {
					t.Errorf("got project %q for a token", place.Project)
				}
			}
		})
	}
}

// noteOf returns the note of a run with these requests: which of the two kinds of quotas it does not request.
func noteOf(requests []string) string {
	kind := func(path string) bool {
		return slices.ContainsFunc(requests, func(r string) bool { return strings.Contains(r, path) })
	}
	switch {
	case !kind("/domains/"):
		return "account quotas are not requested: set --domain or HUAWEICLOUD_SDK_DOMAIN_ID"
	case !kind("/cloudimages/"):
		return "image quotas are not requested: set --region"
	}
	return ""
}

// TestQuotasTimeout tests that --timeout ends a request without a response.
func TestQuotasTimeout(t *testing.T) {
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envDomain, envProject} {
		t.Setenv(name, "")
	}
	t.Setenv(envToken, server.ReaderToken)
	stop := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		case <-time.After(time.Minute): // so that a test that fails ends
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(hanging.Close)
	t.Cleanup(func() { close(stop) })
	code, out, errs := quotaspec(t, "quotas", "--endpoint", hanging.URL, "--timeout", "10ms")
	if code != exitUnknown || strings.Contains(out, "403") || !strings.Contains(out, "request failed: showImageQuota: ") {
		t.Errorf("got exit %d, %s\n%s", code, errs, out)
	}
}

// TestQuotasUnknownType tests that an unknown type in a flag is reported, and decides the exit code unless a quota is
// critical.
func TestQuotasUnknownType(t *testing.T) {
	t.Setenv(envToken, server.ReaderToken)
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envDomain, envProject} {
		t.Setenv(name, "")
	}
	provider := startProvider(t, iam(on(200, body(`"type":"policy"`, `"type":"vault"`)))) // which no document has
	const unknown = `quotaspec: unknown type "quotas": it is neither in the responses nor in the documents`
	for _, test := range []struct {
		name string
		args []string
		want int
		line string
	}{
		{name: "a warning alone", want: exitWarning},
		{name: "--ignore without a warning", args: []string{"--warn", "95", "--ignore", "quotas"}, want: exitUnknown, line: unknown},
		{name: "--ignore and a warning", args: []string{"--ignore", "quotas"}, want: exitUnknown, line: unknown},
		{name: "--ignore and a critical quota", args: []string{"--critical", "80", "--ignore", "quotas"}, want: exitCritical, line: unknown},
		{name: "--threshold and a warning", args: []string{"--threshold", "quotas=1/2"}, want: exitUnknown, line: unknown},
		{
			name: "--ignore of another case", args: []string{"--ignore", "User"}, want: exitUnknown,
			line: `quotaspec: unknown type "User": it is neither in the responses nor in the documents`,
		},
		{
			name: "--ignore of a word of another rule", args: []string{"--ignore", "host"}, want: exitUnknown,
			line: `quotaspec: unknown type "host": it is neither in the responses nor in the documents`,
		},
		{
			name: "the first of several, by name", args: []string{"--threshold", "d=1/2", "--threshold", "c=1/2", "--threshold", "b=1/2",
				"--threshold", "e=1/2", "--ignore", "f"}, want: exitUnknown,
			line: `quotaspec: unknown type "b": it is neither in the responses nor in the documents`,
		},
		{name: "--ignore of a documented type", args: []string{"--ignore", "image_shared"}, want: exitWarning},
		{name: "--ignore of a type that only the provider knows", args: []string{"--ignore", "vault"}, want: exitWarning},
		{name: "--threshold of a type that only the provider knows", args: []string{"--threshold", "vault=1/2"}, want: exitCritical},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"quotas", "--endpoint", provider, "--domain", server.SampleDomainID}, test.args...)
			code, out, errs := quotaspec(t, args...)
			if code != test.want || strings.TrimSuffix(errs, "\n") != test.line || !strings.Contains(out, "idp") {
				t.Errorf("got exit %d, want %d; stderr %q, want %q; stdout:\n%s", code, test.want, errs, test.line, out)
			}
		})
	}
}
