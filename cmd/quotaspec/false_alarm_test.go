package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// TestNoFalseAlarm judges the unchanged provider many times, with tokens and with signatures. Two runs go on at once, so that
// each disturbs the other.
func TestNoFalseAlarm(t *testing.T) {
	runs := 100
	if testing.Short() {
		runs = 10
	}
	url := startProvider(t, behaviour{})
	for _, test := range []struct {
		name string
		args []string
	}{
		{name: "by token", args: []string{"verify", url}},
		{
			name: "by token, on the wire",
			args: []string{"verify", startProvider(t, rewriting(func(_ *http.Request, raw string) string { return raw }))},
		},
		{name: "signed", args: []string{"verify", url, "--config", signedConfig(t)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					for range runs / 2 {
						code, out, errs := quotaspec(t, append(test.args, "--fail-on", "undocumented")...)
						if code != exitPassed || errs != "" || !strings.HasSuffix(out, "checks, 0 failed, 0 errors, 0 skipped, 0 warnings\n") {
							t.Errorf("exit %d, %s\n%s", code, errs, out)
							return
						}
					}
				})
			}
			both.Wait()
		})
	}
}

// signedConfig writes a config in which the reader and the limited principal sign, and the others have tokens.
func signedConfig(t *testing.T) string {
	t.Helper()
	for name, value := range map[string]string{
		"QS_READER_AK": server.ReaderKeyID, "QS_READER_SK": server.ReaderSecret,
		"QS_LIMITED_AK": server.LimitedKeyID, "QS_LIMITED_SK": server.LimitedSecret,
		"QS_STRANGER": server.StrangerToken, "QS_EXPIRED": server.ExpiredToken,
	} {
		t.Setenv(name, value)
	}
	return writeFile(t, "quotaspec.yaml", fmt.Sprintf(`principals:
  reader: {access_key_env: QS_READER_AK, secret_key_env: QS_READER_SK, domain_id: %[1]s, project_id: %[2]s}
  limited: {access_key_env: QS_LIMITED_AK, secret_key_env: QS_LIMITED_SK, domain_id: %[1]s, project_id: %[2]s}
  stranger: {token_env: QS_STRANGER, domain_id: %[3]s, project_id: %[4]s}
  expired: {token_env: QS_EXPIRED, domain_id: %[1]s}
`, server.SampleDomainID, server.SampleProjectID, server.StrangerDomainID, server.StrangerProjectID))
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
