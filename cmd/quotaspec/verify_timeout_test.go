package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/server"
)

// TestVerifyTimeout tests that --timeout ends a probe: the provider responds later, but before the default timeout.
func TestVerifyTimeout(t *testing.T) {
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	late := startHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" { // the check that the provider is reachable
			select {
			case <-r.Context().Done():
			case <-time.After(defaultTimeout / 4):
			}
		}
		reference.ServeHTTP(w, r)
	}), behaviour{})
	code, out, errs := quotaspec(t, "verify", late, "--only", "showImageQuota/plain", "--timeout", "1s")
	ended := code == exitFailed && strings.Contains(out, "framing/no-answer")
	// On a busy machine, even the check that the provider is reachable takes longer: nothing has answered then.
	silent := code == exitNotJudged && strings.Contains(errs, "nothing answered: no response in time (1 request)")
	if !ended && !silent {
		t.Errorf("got exit %d, %s\n%s", code, errs, out)
	}
}
