package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestKnownPaths checks what is judged at all: the document's paths.
func TestKnownPaths(t *testing.T) {
	const iam = `{"error_msg":"No.","error_code":"IAM.0004"}`
	for _, test := range []struct {
		name, method, target string
		judged               bool
		near                 string // the finding
	}{
		{name: "the path", method: "GET", target: accountPath, judged: true},
		{name: "the path, escaped", method: "GET", target: "/v3.0/OS%2DQUOTA/domains/a%2Fb", judged: true},
		{name: "another path", method: "GET", target: "/v3.0/OS-QUOTA/groups/1"},
		{name: "in other case", method: "GET", target: "/v3.0/os-quota/domains/1", near: "path/near-miss"},
		{name: "longer", method: "GET", target: accountPath + "/more"},
		{name: "with a slash at the end", method: "GET", target: accountPath + "/", near: "path/near-miss"},
		{name: "with an empty segment", method: "GET", target: "/v3.0/OS-QUOTA/domains/"},
		{name: "with a doubled slash", method: "GET", target: "/v3.0/OS-QUOTA//domains/1", near: "path/near-miss"},
		{name: "with a bad escape", method: "GET", target: "/v3.0/OS-QUOTA/domains/%zz"},
		{name: "the root", method: "GET", target: "/"},
		{name: "a star", method: "OPTIONS", target: "*"},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := test.method + " " + test.target + " HTTP/1.1\r\nHost: x\r\nX-Auth-Token: secret-of-the-reader\r\n\r\n"
			response, operation, passed := responseWith(200, "?"), "", []string(nil)
			if test.judged {
				response, operation, passed = responseWith(404, iam), "showDomainQuota", []string{
					"iam/only-200-succeeds", "iam/request-id", "iam/host", "iam/no-placeholder", "iam/no-empty-message",
				}
			}
			v := checkRaw(t, judgeOf(t, "iam"), request, response)
			near := ""
			for _, f := range v.Findings {
				near += f.ID
			}
			if near != "" {
				operation = "showDomainQuota"
			}
			if v.Judged != test.judged || v.Operation != operation || near != test.near || len(v.Errors) > 0 {
				t.Errorf("judged %t as %q, errors %v; want %t as %q, finding %q\n%s", v.Judged, v.Operation, v.Errors, test.judged,
					operation, test.near, lines(v))
			}
			if diff := cmp.Diff(passed, contract.PassedIDs(v)); diff != "" {
				t.Errorf("passed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPathPrecedence checks which of several paths that fit a request is meant.
func TestPathPrecedence(t *testing.T) {
	const paths = `
  /pets/{id}: {get: *op}
  /pets/{name}: {delete: *op}
  /pets/{id}.json: {get: *op}
  /pets/mine: {get: *op}
  /{kind}/{id}/names: {get: *op}
  /pets/{id}/{part}: {get: *op}
  /pets/{id}#rename: {put: *op}
  /pets/{id}#again: {get: *op}
  /pets: {get: *op, post: *op}
  /pets?beta=true: {post: *op}
`
	judge := newJudge(t,
		"openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\nx-op: &op {responses: {200: {description: Yes.}}}\npaths:"+paths)
	for _, test := range []struct{ name, method, target, operation, findings string }{
		{name: "the only one", method: "GET", target: "/pets/1", operation: "GET /pets/{id}"},
		{name: "the same shape for another method", method: "DELETE", target: "/pets/1", operation: "DELETE /pets/{name}"},
		{name: "a method that neither has", method: "POST", target: "/pets/1", findings: "method/undocumented"},
		{name: "more text in a segment", method: "GET", target: "/pets/1.json", operation: "GET /pets/{id}.json"},
		{name: "no parameter", method: "GET", target: "/pets/mine", operation: "GET /pets/mine"},
		{name: "no parameter, without the method", method: "DELETE", target: "/pets/mine", findings: "method/undocumented"},
		{name: "text in an earlier segment", method: "GET", target: "/pets/1/names", operation: "GET /pets/{id}/{part}"},
		{name: "a fragment is never sent", method: "PUT", target: "/pets/1", operation: "PUT /pets/{id}#rename"},
		{name: "a query in the path", method: "POST", target: "/pets?beta=true", operation: "POST /pets?beta=true"},
		{name: "another query", method: "POST", target: "/pets?beta=false", operation: "POST /pets", findings: "parameter/undocumented"},
		{name: "without that query", method: "POST", target: "/pets", operation: "POST /pets"},
		{
			name: "a query for another method", method: "GET", target: "/pets?beta=true", operation: "GET /pets",
			findings: "parameter/undocumented",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := judge.Check(contract.Exchange{
				Request: contract.Request{Method: test.method, Target: test.target}, Response: contract.Response{Status: 200},
			})
			ids := ""
			for _, f := range result.Findings {
				ids += f.ID
			}
			if result.Operation != test.operation || ids != test.findings {
				t.Errorf("got %q with %q, want %q with %q", result.Operation, ids, test.operation, test.findings)
			}
		})
	}
}

// TestUndocumentedMethodsAndPaths checks that another method, and a probe of another path, are judged by the rules for them, and by no
// rule that needs an operation. The corpus lists what they break, this test what they pass.
func TestUndocumentedMethodsAndPaths(t *testing.T) {
	passes := map[string]string{
		"method-post-refused":                          "only-200-succeeds other-method request-id host",
		"method-post-refused-compressed":               "only-200-succeeds other-method request-id host",
		"method-post-refused-with-another-code":        "only-200-succeeds request-id host",
		"method-post-refused-without-a-body":           "only-200-succeeds request-id host",
		"method-post-refused-in-words":                 "only-200-succeeds request-id host",
		"method-post-answered":                         "only-200-succeeds request-id host",
		"method-post-created":                          "request-id host",
		"method-post-not-allowed":                      "only-200-succeeds request-id host",
		"method-post-throttled":                        "only-200-succeeds request-id host",
		"method-post-failed":                           "only-200-succeeds request-id host",
		"method-options-answered":                      "request-id host",
		"method-head-refused":                          "only-200-succeeds other-method request-id host",
		"method-head-refused-with-a-body":              "only-200-succeeds other-method request-id host",
		"method-head-answered":                         "only-200-succeeds request-id host",
		"method-head-what-get-would-have-been-told":    "only-200-succeeds other-method request-id host",
		"method-head-in-chunks-that-do-not-come":       "only-200-succeeds other-method request-id host",
		"method-head-a-line-that-is-no-header":         "only-200-succeeds other-method request-id host",
		"method-head-bare-line-feeds":                  "only-200-succeeds other-method request-id host",
		"method-head-a-head-without-an-end":            "only-200-succeeds other-method request-id host",
		"method-head-two-lengths":                      "only-200-succeeds other-method request-id host",
		"method-head-a-length-that-is-none":            "only-200-succeeds other-method request-id host",
		"method-post-minus-nothing":                    "only-200-succeeds request-id host",
		"request-undocumented-method":                  "only-200-succeeds other-method request-id host",
		"request-method-in-other-case":                 "only-200-succeeds other-method request-id host",
		"probe-unknown-path-account-refused":           "unknown-path",
		"probe-unknown-path-account-answered":          "",
		"probe-unknown-path-account-other-code":        "",
		"probe-unknown-path-account-throttled":         "",
		"probe-unknown-path-image-refused":             "unknown-path",
		"probe-unknown-path-image-answered":            "",
		"probe-unknown-path-image-other-code":          "",
		"probe-unknown-path-image-throttled":           "",
		"probe-other-method-account-refused":           "only-200-succeeds other-method request-id host",
		"probe-other-method-image-answered":            "only-200-succeeds request-id host",
		"probe-other-method-image-throttled":           "only-200-succeeds request-id host",
		"probe-other-method-image-refused":             "only-200-succeeds other-method request-id host",
		"method-put-account-refused-without-a-code":    "only-200-succeeds request-id host",
		"method-delete-account-refused-without-a-code": "only-200-succeeds request-id host",
		"method-put-image-refused-without-a-code":      "only-200-succeeds request-id host",
		"method-delete-image-refused-without-a-code":   "only-200-succeeds request-id host",
		"probe-unknown-path-account-neighbouring-code": "",
		"probe-unknown-path-image-neighbouring-code":   "",
	}
	for _, c := range allCases(t) {
		passed, listed := passes[c.Name]
		if listed != (c.Operation == "") {
			t.Errorf("%s: listed %t, of operation %q", c.Name, listed, c.Operation)
		}
		if !listed {
			continue
		}
		delete(passes, c.Name)
		got := []string{}
		for _, id := range contract.PassedIDs(judgeOf(t, c.Document).Check(c.Exchange)) {
			got = append(got, strings.TrimPrefix(id, c.Document+"/"))
		}
		if diff := cmp.Diff(passed, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: passed (-want +got):\n%s", c.Name, diff)
		}
	}
	for name := range passes {
		t.Errorf("no case is called %s", name)
	}
}
