package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// TestServeErrorOrder tests which of several errors is returned: path and method go before the size, the size before the
// credentials.
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
		{name: "nothing is wrong", method: "GET", target: images, token: server.ReaderToken, status: 200, code: `"quotas"`},
		{name: "another method", method: "PUT", target: images, token: server.ReaderToken, status: 404, code: "APIGW.0101"},
		{
			name: "another method, a long query", method: "POST", target: images + longQuery, token: server.ReaderToken, status: 404,
			code: "APIGW.0101",
		},
		{
			name: "another method, a long query, the account", method: "DELETE", target: account + longQuery, token: server.ReaderToken,
			status: 404, code: "APIGW.0101",
		},
		{
			name: "another method, a long header", method: "PUT", target: images, token: server.ReaderToken, header: long, status: 404,
			code: "APIGW.0101",
		},
		{
			name: "another path, a long query", method: "GET", target: "/v1/cloudimages/quotas" + longQuery, token: server.ReaderToken,
			status: 404, code: "APIGW.0101",
		},
		{
			name: "a trailing slash, a long header, an unknown token", method: "GET", target: images + "/", token: "nobody", header: long,
			status: 404, code: "APIGW.0101",
		},
		{name: "a long query, an unknown token", method: "GET", target: account + longQuery, token: "nobody", status: 400, code: "APIGW.0201"},
		{name: "a long header, no token", method: "GET", target: images, header: long, status: 400, code: "APIGW.0201"},
		{
			name: "an unknown token, a wrong type", method: "GET", target: account + "?type=users", token: "nobody", status: 401,
			code: "APIGW.0301",
		},
		{
			name: "a wrong type, another's account", method: "GET", target: account + "?type=users", token: server.StrangerToken,
			status: 400, code: "IAM.0007",
		},
		{name: "another method of what is not in the documents", method: "POST", target: "/healthz", status: 404, code: "APIGW.0101"},
		{name: "another method of the page", method: "POST", target: "/docs", status: 404, code: "APIGW.0101"},
		{name: "another's account", method: "GET", target: account, token: server.StrangerToken, status: 403, code: "IAM.0002"},
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

// TestServeCompressedVaries tests that a compressed response lists its Vary headers for caches.
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
		t.Errorf("got Content-Encoding %q and Vary %q, want gzip, and Accept-Encoding and Prefer", response.Header.Get("Content-Encoding"), vary)
	}
	if code := stop(); code != exitPassed {
		t.Errorf("exit %d", code)
	}
}
