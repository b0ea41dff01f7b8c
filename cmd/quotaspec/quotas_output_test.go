package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// fullDisk is a writer that always fails.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestQuotasNotWritten tests that a failed write ends quotas with exit code 3.
func TestQuotasNotWritten(t *testing.T) {
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envProject} {
		t.Setenv(name, "")
	}
	t.Setenv(envToken, server.ReaderToken)
	t.Setenv(envDomain, server.SampleDomainID)
	provider := startProvider(t, behaviour{})
	for format := range quotaFormats {
		t.Run(format, func(t *testing.T) {
			var errs strings.Builder
			code := run(t.Context(), []string{"quotas", "--endpoint", provider, "--output", format}, fullDisk{}, &errs)
			if want := "quotaspec: write the quotas: no space left\n"; code != exitUnknown || errs.String() != want {
				t.Errorf("got exit %d, %q; want %d, %q", code, errs.String(), exitUnknown, want)
			}
		})
	}
}
