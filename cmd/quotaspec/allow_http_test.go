package main

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// TestCredentialsBeyondLoopback tests that credentials are sent over plain HTTP to a host beyond loopback only if that is
// allowed: those of a config by allow_http, the samples by their flag.
func TestCredentialsBeyondLoopback(t *testing.T) {
	url := strings.Replace(startProvider(t, behaviour{}), "127.0.0.1", "0.0.0.0", 1) // the same machine under another address
	t.Setenv("QS_TOKEN", server.ReaderToken)
	const reader = "principals: {reader: {token_env: QS_TOKEN, domain_id: " + server.SampleDomainID + "}}\n"
	for _, test := range []struct {
		name, config string // "" for the sample credentials
		args         []string
		code         int
		says         string
	}{
		{
			name: "of a config", config: reader, code: exitNotJudged,
			says: "credentials are sent only over https or to loopback, unless quotaspec.yaml has allow_http: true",
		},
		{name: "of a config, allowed", config: reader + "allow_http: true\n", code: exitPassed},
		{name: "of a config, not allowed", config: reader + "allow_http: false\n", code: exitNotJudged, says: "allow_http"},
		{
			name: "of a config, where samples are allowed", config: reader, args: []string{"--allow-sample-credentials"},
			code: exitNotJudged, says: "allow_http",
		},
		{name: "samples", code: exitNotJudged, says: "--allow-sample-credentials"},
		{name: "samples, allowed", args: []string{"--allow-sample-credentials"}, code: exitPassed},
		{
			name: "samples, where those of a config are allowed", config: "allow_http: true\n", code: exitNotJudged,
			says: "--allow-sample-credentials",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"verify", url, "--only", "showDomainQuota/plain"}, test.args...)
			if test.config != "" {
				args = append(args, "--config", writeFile(t, "quotaspec.yaml", test.config))
			}
			code, out, errs := quotaspec(t, args...)
			if code != test.code || (errs == "") != (test.says == "") || !strings.Contains(errs, test.says) {
				t.Errorf("exit %d, %q; want %d, %q\n%s", code, errs, test.code, test.says, out)
			}
		})
	}
}

// TestLoopback tests which hosts are on loopback, so that credentials may be sent there.
func TestLoopback(t *testing.T) {
	for _, test := range []struct {
		host string
		want bool
	}{
		{host: "localhost", want: true},
		{host: "127.0.0.1", want: true},
		{host: "127.8.8.8", want: true},
		{host: "::1", want: true},
		{host: "::ffff:127.0.0.1", want: true},
		{host: ""},
		{host: "0.0.0.0"},
		{host: "::"},
		{host: "192.0.2.1"},
		{host: "localhost.example.com"},
		{host: "127.0.0.1.example.com"},
	} {
		t.Run(test.host, func(t *testing.T) {
			if got := isLoopback(test.host); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
