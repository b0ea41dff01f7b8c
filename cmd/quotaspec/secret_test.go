package main

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// TestCredentialsBeyondLoopback holds where credentials go over plain HTTP: only where it is allowed, and each kind by a
// word of its own.
func TestCredentialsBeyondLoopback(t *testing.T) {
	url := strings.Replace(brokenProvider(t, behaviour{}), "127.0.0.1", "0.0.0.0", 1) // the same machine by a name that says nothing of it
	t.Setenv("QS_TOKEN", server.ReaderToken)
	const reader = "principals: {reader: {token_env: QS_TOKEN, domain_id: " + server.SampleDomainID + "}}\n"
	for _, test := range []struct {
		name, config string // none: the sample credentials
		args         []string
		code         int
		says         string
	}{
		{"of a config", reader, nil, exitNotJudged, "credentials are sent only over https or to loopback, unless quotaspec.yaml has allow_http: true"},
		{"of a config, allowed", reader + "allow_http: true\n", nil, exitPassed, ""},
		{"of a config, not allowed", reader + "allow_http: false\n", nil, exitNotJudged, "allow_http"},
		{"of a config, where samples are allowed", reader, []string{"--allow-sample-credentials"}, exitNotJudged, "allow_http"},
		{"samples", "", nil, exitNotJudged, "--allow-sample-credentials"},
		{"samples, allowed", "", []string{"--allow-sample-credentials"}, exitPassed, ""},
		{"samples, where those of a config are allowed", "allow_http: true\n", nil, exitNotJudged, "--allow-sample-credentials"},
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
		{"localhost", true},
		{"127.0.0.1", true},
		{"127.8.8.8", true},
		{"::1", true},
		{"::ffff:127.0.0.1", true},
		{"", false},
		{"0.0.0.0", false},
		{"::", false},
		{"192.0.2.1", false},
		{"localhost.example.com", false},
		{"127.0.0.1.example.com", false},
	} {
		t.Run(test.host, func(t *testing.T) {
			if got := isLoopback(test.host); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
