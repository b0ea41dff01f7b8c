package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// TestServeErrorOrder tests which error is returned of several that a request deserves: the path and the method go before the
// size, the size before the credentials.
func TestServeErrorOrder(t *testing.T) {
	url, _, stop := startServe(t, "--log", "off")
	const images = "/v1/cloudimages/quota"
	account := "/v3.0/OS-QUOTA/domains/" + server.SampleDomainID
	longQuery, long := "?type="+strings.Repeat("a", 33<<10), strings.Repeat("a", 33<<10)
	for _, test := range []struct {
		name, method, target, token, header string
		status                              int
		code                                string
	}{
		{"nothing is wrong", "GET", images, server.ReaderToken, "", 200, `"quotas"`},
		{"another method", "PUT", images, server.ReaderToken, "", 404, "APIGW.0101"},
		{"another method, a long query", "POST", images + longQuery, server.ReaderToken, "", 404, "APIGW.0101"},
		{"another method, a long query, the account", "DELETE", account + longQuery, server.ReaderToken, "", 404, "APIGW.0101"},
		{"another method, a long header", "PUT", images, server.ReaderToken, long, 404, "APIGW.0101"},
		{"another path, a long query", "GET", "/v1/cloudimages/quotas" + longQuery, server.ReaderToken, "", 404, "APIGW.0101"},
		{"a trailing slash, a long header, nobody's token", "GET", images + "/", "nobody", long, 404, "APIGW.0101"},
		{"a long query, nobody's token", "GET", account + longQuery, "nobody", "", 400, "APIGW.0201"},
		{"a long header, no token", "GET", images, "", long, 400, "APIGW.0201"},
		{"nobody's token, a wrong type", "GET", account + "?type=users", "nobody", "", 401, "APIGW.0301"},
		{"a wrong type, another's account", "GET", account + "?type=users", server.StrangerToken, "", 400, "IAM.0007"},
		{"another method of what is not in the documents", "POST", "/healthz", "", "", 404, "APIGW.0101"},
		{"another method of the page", "POST", "/docs", "", "", 404, "APIGW.0101"},
		{"another's account", "GET", account, server.StrangerToken, "", 403, "IAM.0002"},
	} {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, url+test.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{"X-Auth-Token": test.token, "X-Long": test.header} {
				if value != "" {
					request.Header.Set(name, value)
				}
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || !strings.Contains(string(body), test.code) {
				t.Errorf("got %d %s, %v, want %d %s", response.StatusCode, body, err, test.status, test.code)
			}
		})
	}
	if code := stop(); code != exitPassed {
		t.Errorf("exit %d", code)
	}
}

// TestServeCompressedVaries tests that a cache learns what a compressed answer depends on.
func TestServeCompressedVaries(t *testing.T) {
	url, _, stop := startServe(t, "--log", "off", "--variant", "compressed", "--prefer")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/cloudimages/quota", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Auth-Token", server.ReaderToken)
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	vary := response.Header.Values("Vary")
	if response.Header.Get("Content-Encoding") != "gzip" || !slices.Contains(vary, "Accept-Encoding") || !slices.Contains(vary, "Prefer") {
		t.Errorf("got Content-Encoding %q and Vary %q, want gzip, and Accept-Encoding beside Prefer", response.Header.Get("Content-Encoding"), vary)
	}
	if code := stop(); code != exitPassed {
		t.Errorf("exit %d", code)
	}
}
