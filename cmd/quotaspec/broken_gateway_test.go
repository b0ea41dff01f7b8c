package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/server"
)

// TestBrokenGateway disables one check of the server at a time: a function changes the request before the server sees it.
// Verify must fail, with tokens or with signatures, and must pass if nothing is disabled. If all signatures are refused, it says so.
func TestBrokenGateway(t *testing.T) {
	everybodyMay := server.Sample()
	for i := range everybodyMay.Principals {
		everybodyMay.Principals[i].Grants = []server.Grant{{Action: "*", Effect: server.Allow, Scope: server.AllResources}}
	}
	late := func() time.Time { return time.Now().Add(16 * time.Minute) }
	within := func() time.Time { return time.Now().Add(14 * time.Minute) }
	none := func(*http.Request) {}
	tests := []struct {
		name    string
		options server.Options
		sees    func(r *http.Request) // changes the request before the copy receives it
		green   bool
		signed  bool // shows in signed requests only
	}{
		{name: "nothing is disabled", sees: none, green: true},
		{name: "the clocks differ by 14 minutes", options: server.Options{Now: within}, sees: none, green: true},
		{name: "the permission is not checked", options: server.Options{Data: &everybodyMay}, sees: none},
		{name: "the signature is not checked", sees: func(r *http.Request) {
			if strings.HasPrefix(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 Access=") {
				token(server.ReaderToken)(r)
			}
		}},
		{name: "the clocks differ by 16 minutes", options: server.Options{Now: late}, sees: none, signed: true},
		{name: "the signed headers are ignored", sees: func(r *http.Request) {
			a := r.Header.Get("Authorization")
			r.Header.Set("Authorization", regexp.MustCompile(`SignedHeaders=[^,]*`).ReplaceAllString(a, "SignedHeaders=host;x-sdk-date"))
			if a == "" {
				r.Header.Del("Authorization")
			}
		}, signed: true},
	}
	config := signedConfig(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			copied, err := server.New(test.options)
			if err != nil {
				t.Fatal(err)
			}
			provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				test.sees(r)
				copied.ServeHTTP(w, r)
			}))
			defer provider.Close()
			for how, args := range map[string][]string{"by token": {}, "signed": {"--config", config}} {
				want := exitFailed
				unseen := test.signed && how == "by token"
				says := ""
				switch {
				case test.green || unseen:
					want = exitPassed
				case test.signed: // as if the key were unknown
					want = exitNotJudged
					says = ": are QS_READER_AK and QS_READER_SK still valid, and both clocks right?"
				}
				code, out, errs := quotaspec(t, append([]string{"verify", provider.URL, "--fail-on", "inferred"}, args...)...)
				if code != want || !strings.Contains(errs, says) {
					t.Errorf("%s: exit %d, want %d\n%s%s", how, code, want, errs, out)
				}
			}
		})
	}
}
