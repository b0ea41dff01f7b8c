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

// forUnknown says whether the account of a request is nobody's. Other probes request an account of the samples.
func forUnknown(r *http.Request) bool {
	id, isAccount := strings.CutPrefix(r.URL.Path, "/v3.0/OS-QUOTA/domains/")
	return isAccount && id != "" && !strings.Contains(id, "/") && !forReader(r) && !forStranger(r)
}

// unknownFaults show only where the account is nobody's.
func unknownFaults(t *testing.T) []fault {
	t.Helper()
	unknown := func(changes ...change) behaviour {
		return answering(func(r *http.Request, w *httptest.ResponseRecorder) {
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
	numbers := as(t, forUnknown, path("/v3.0/OS-QUOTA/domains/"+server.SampleDomainID))
	wrong := []string{"status/unknown-resource"}
	return []fault{
		{"answers an unknown account with numbers", unknown(numbers), spec.Inferred, wrong},
		{"answers an unknown account with zeros", unknown(numbers, replace(`:[0-9]+`, ":0")), spec.Inferred, wrong},
		{"wants other credentials for an unknown account", unknown(status(401), replace(code, `"error_code":"IAM.0067"`)), spec.Inferred, wrong},
		{"numbers the code for an unknown account", unknown(replace(code, `"error_code":4`)), spec.Documented, []string{"schema/type"}},
		{"mixes up the code for an unknown account", unknown(replace(code, `"error_code":"IAM.0007"`)), spec.Documented, []string{"error-code/undocumented"}},
		{"has an empty message for an unknown account", unknown(replace(message, `"error_msg":""`)), spec.Inferred, []string{"iam/no-empty-message"}},
		{"has no message for an unknown account", unknown(replace(message+",", "")), spec.Documented, []string{"schema/required"}},
		{"leaves a placeholder for an unknown account", unknown(replace(message, `"error_msg":"Could not find %(target)s: %(target_id)s."`)), spec.Recorded, []string{"iam/no-placeholder"}},
		{"writes bytes that are no UTF-8 for an unknown account", unknown(replace(message, "\"error_msg\":\"Could not find \xff.\"")), spec.Documented, []string{"body/invalid-utf8"}},
		{"is a teapot for an unknown account", unknown(status(418)), spec.Documented, []string{"status/undocumented"}},
		{"fails at an unknown account", unknown(status(500), whole(iamFailure)), spec.Inferred, wrong},
		{"refuses an unknown account and has numbers", unknown(replace(`^{`, `{"quotas":{"resources":[]},`)), spec.Inferred, []string{"member/of-resource", "member/undocumented"}},
	}
}
