package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// forUnknown reports whether the account of a request does not exist. Other probes request an account of the sample data.
func forUnknown(r *http.Request) bool {
	id, isAccount := strings.CutPrefix(r.URL.Path, "/v3.0/OS-QUOTA/domains/")
	return isAccount && id != "" && !strings.Contains(id, "/") && !forReader(r) && !forStranger(r)
}

// unknownBreakers respond wrongly only for an account that does not exist.
func unknownBreakers(t *testing.T) []brokenProvider {
	t.Helper()
	unknown := func(changes ...change) behaviour {
		return responding(func(r *http.Request, w *httptest.ResponseRecorder) {
			if forUnknown(r) {
				all(changes...)(r, w)
			}
		})
	}
	replace := func(pattern, with string) change {
		return func(_ *http.Request, w *httptest.ResponseRecorder) {
			w.Body = bytes.NewBuffer(regexp.MustCompile(pattern).ReplaceAll(w.Body.Bytes(), []byte(with)))
		}
	}
	const message, code = `"error_msg":"[^"]*"`, `"error_code":"[^"]*"`
	numbers := as(t, forUnknown, toPath("/v3.0/OS-QUOTA/domains/"+server.SampleDomainID))
	wrong := []string{"status/unknown-resource"}
	return []brokenProvider{
		{name: "returns an unknown account with numbers", behaviour: unknown(numbers), grade: spec.Inferred, ids: wrong},
		{name: "returns an unknown account with zeros", behaviour: unknown(numbers, replace(`:[0-9]+`, ":0")), grade: spec.Inferred, ids: wrong},
		{
			name:      "wants other credentials for an unknown account",
			behaviour: unknown(status(401), replace(code, `"error_code":"IAM.0067"`)), grade: spec.Inferred, ids: wrong,
		},
		{name: "numbers the code for an unknown account", behaviour: unknown(replace(code, `"error_code":4`)), ids: []string{"schema/type"}},
		{
			name: "mixes up the code for an unknown account", behaviour: unknown(replace(code, `"error_code":"IAM.0007"`)),
			ids: []string{"error-code/undocumented"},
		},
		{
			name: "has an empty message for an unknown account", behaviour: unknown(replace(message, `"error_msg":""`)),
			grade: spec.Inferred, ids: []string{"iam/no-empty-message"},
		},
		{name: "has no message for an unknown account", behaviour: unknown(replace(message+",", "")), ids: []string{"schema/required"}},
		{
			name:      "leaves a placeholder for an unknown account",
			behaviour: unknown(replace(message, `"error_msg":"Could not find %(target)s: %(target_id)s."`)), grade: spec.Recorded,
			ids: []string{"iam/no-placeholder"},
		},
		{
			name:      "writes invalid UTF-8 for an unknown account",
			behaviour: unknown(replace(message, "\"error_msg\":\"Could not find \xff.\"")), ids: []string{"body/invalid-utf8"},
		},
		{name: "returns 418 for an unknown account", behaviour: unknown(status(418)), ids: []string{"status/undocumented"}},
		{name: "fails at an unknown account", behaviour: unknown(status(500), whole(iamFailure)), ids: []string{"status/server-error"}},
		{
			name: "refuses an unknown account and has numbers", behaviour: unknown(replace(`^{`, `{"quotas":{"resources":[]},`)),
			grade: spec.Inferred, ids: []string{"member/of-resource", "member/undocumented"},
		},
	}
}
