package main

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// TestCredentialsBeyondLoopback holds where credentials go over plain HTTP: only where it is allowed, and each kind by a
// word of its own.
func TestCredentialsBeyondLoopback(t *testing.T) {
	url := strings.Replace(startProvider(t, behaviour{}), "127.0.0.1", "0.0.0.0", 1) // the same machine by a name that says nothing of it
	t.Setenv("QS_TOKEN", server.ReaderToken)
	const reader = "principals: {reader: {token_env: QS_TOKEN, domain_id: " + server.SampleDomainID + "}}\n"
	for _, test := range []struct {
		name, config string // none: the sample credentials
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
			code, out, said := quotaspec(t, args...)
			if code != test.code || (said == "") != (test.says == "") || !strings.Contains(said, test.says) {
				t.Errorf("exit %d, %q; want %d, %q\n%s", code, said, test.code, test.says, out)
			}
		})
	}
}

// TestLoopback tests which hosts are this machine, so that credentials and samples may go there.
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
