package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// Conditions on requests.

func typeIs(values ...string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.RawQuery == "type="+strings.Join(values, "&type=") }
}

func tokenIs(token string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return r.Header.Get("X-Auth-Token") == token && r.Header.Get("Authorization") == ""
	}
}

func forStranger(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, server.StrangerDomainID) }

func forReader(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, server.SampleDomainID) }

func withType(r *http.Request) bool { return r.URL.RawQuery != "" }

func allOf(conditions ...func(*http.Request) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		for _, holds := range conditions {
			if !holds(r) {
				return false
			}
		}
		return true
	}
}

// Changes of requests.

func query(raw string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = raw } }

func token(value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("X-Auth-Token", value)
		r.Header.Del("Authorization")
	}
}

func toPath(p string) func(*http.Request) { return func(r *http.Request) { r.URL.Path = p } }

// promiseBreakers break promises beyond schemas.
func promiseBreakers(t *testing.T) []brokenProvider {
	t.Helper()
	const mapping = `,{"max":100,"min":10,"quota":10,"type":"mapping","used":null}`
	const idp = `{"max":20,"min":10,"quota":10,"type":"idp","used":9},`
	return []brokenProvider{
		// The filter.
		{name: "ignores type", behaviour: responding(as(t, typeIs("user"), query(""))), ids: []string{"showDomainQuota/type-filter"}},
		{name: "ignores the last type", behaviour: responding(as(t, typeIs("mapping"), query(""))), ids: []string{"showDomainQuota/type-filter"}},
		{
			name: "returns another type", behaviour: responding(as(t, typeIs("idp"), query("type=agency"))),
			ids: []string{"showDomainQuota/type-filter"},
		},
		{name: "returns no type", behaviour: iam(func(r *http.Request, w *httptest.ResponseRecorder) {
			if typeIs("group")(r) && w.Code == 200 {
				w.Body = bytes.NewBufferString(`{"quotas":{"resources":[]}}`)
			}
		}), ids: []string{"showDomainQuota/type-filter"}},
		{name: "returns one type too many", behaviour: iam(func(r *http.Request, w *httptest.ResponseRecorder) {
			if typeIs("policy")(r) && w.Code == 200 {
				w.Body = bytes.NewBufferString(strings.Replace(w.Body.String(), `}]`, `}`+mapping+`]`, 1))
			}
		}), ids: []string{"showDomainQuota/type-filter"}},
		{name: "loses a type", behaviour: iam(on(200, all(body(idp, "")))), ids: []string{"showDomainQuota/all-types"}},
		{name: "returns an empty list without type", behaviour: iam(func(r *http.Request, w *httptest.ResponseRecorder) {
			if r.URL.RawQuery == "" && w.Code == 200 {
				w.Body = bytes.NewBufferString(`{"quotas":{"resources":[]}}`)
			}
		}), ids: []string{"showDomainQuota/all-types"}},

		// Wrong types.
		{
			name: "accepts any type", behaviour: responding(as(t, typeIs("users"), query(""))),
			ids: []string{"showDomainQuota/invalid-type", "showDomainQuota/type-filter"},
		},
		{
			name: "accepts a type in capitals", behaviour: responding(as(t, typeIs("USER"), query("type=user"))),
			ids: []string{"showDomainQuota/invalid-type", "showDomainQuota/type-filter"},
		},
		{
			name: "accepts an empty type", behaviour: responding(as(t, typeIs(""), query(""))),
			ids: []string{"showDomainQuota/invalid-type", "showDomainQuota/type-filter"},
		},
		{
			name: "accepts the first of two types", behaviour: responding(as(t, typeIs("group", "mapping"), query("type=group"))),
			grade: spec.Inferred, ids: []string{"showDomainQuota/invalid-type"},
		},
		{
			name: "accepts a type twice", behaviour: responding(as(t, typeIs("group", "group"), query("type=group"))),
			grade: spec.Inferred, ids: []string{"showDomainQuota/invalid-type"},
		},
		{
			name: "loses a type that it cannot read", behaviour: responding(as(t, typeIs("%zz"), query(""))), grade: spec.Inferred,
			ids: []string{"showDomainQuota/invalid-type"},
		},

		// The numbers.
		{name: "returns a type twice", behaviour: iam(on(200, body(idp, idp+idp))), ids: []string{"iam/each-type-once"}},
		{
			name: "returns images twice",
			behaviour: ims(on(200, body(`[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]`,
				`[{"type":"image","used":0,"quota":20,"min":1,"max":1000},{"type":"image","used":1,"quota":20,"min":1,"max":1000}]`))),
			grade: spec.Inferred, ids: []string{"ims/each-type-once"},
		},
		{
			name: "reports the usage of mapping", behaviour: iam(on(200, body(`"type":"mapping","used":null`, `"type":"mapping","used":1`))),
			ids: []string{"iam/used-by-type"},
		},
		{
			name: "omits the usage of a type", behaviour: iam(on(200, body(`"type":"user","used":10`, `"type":"user"`))),
			ids: []string{"iam/used-by-type"},
		},
		{name: "returns null for a usage", behaviour: iam(on(200, body(`"used":12`, `"used":null`))), ids: []string{"iam/used-by-type"}},
		{
			name: "sets a quota above its bounds", behaviour: iam(on(200, body(`"quota":20`, `"quota":9999`))), grade: spec.Inferred,
			ids: []string{"iam/bounds"},
		},
		{
			name: "sets a quota below its bounds", behaviour: iam(on(200, body(`"quota":20,`, `"quota":0,`))), grade: spec.Inferred,
			ids: []string{"iam/bounds"},
		},
		{
			name: "swaps the bounds", behaviour: ims(on(200, body(`"min":1,"max":1000`, `"min":1000,"max":1`))), grade: spec.Inferred,
			ids: []string{"ims/bounds"},
		},
		{
			name: "has a negative quota", behaviour: ims(on(200, body(`"quota":20`, `"quota":-1`))), grade: spec.Inferred,
			ids: []string{"ims/bounds", "ims/no-negative-count"},
		},
		{
			name: "renames private images", behaviour: ims(on(200, body(`"type":"image"`, `"type":"image_shared"`))),
			ids: []string{"showImageQuota/image-present"},
		},
		{name: "has no images", behaviour: ims(on(200, whole(`{"quotas":{"resources":[]}}`))), ids: []string{"showImageQuota/image-present"}},

		// Repeated requests.
		{
			name: "changes between responses", behaviour: ims(on(200, counted(`"quota":20`, `"quota":%d`))), grade: spec.Inferred,
			ids: []string{"showImageQuota/repeatable"},
		},
		{
			name: "moves the bounds of an account", behaviour: iam(on(200, counted(`"max":5000`, `"max":5%d`))), grade: spec.Inferred,
			ids: []string{"showDomainQuota/repeatable"},
		},

		// Resources of other accounts.
		{
			name: "returns the numbers of other accounts", behaviour: responding(as(t, forStranger, token("stranger-token"))),
			ids: []string{"showDomainQuota/other-account"},
		},
		{
			name:      "returns the numbers of other accounts with type",
			behaviour: responding(as(t, allOf(forStranger, withType), token("stranger-token"))),
			ids:       []string{"showDomainQuota/other-account"},
		},
		{
			name:      "returns the reader's numbers to others",
			behaviour: responding(as(t, allOf(tokenIs("stranger-token"), forReader), token("reader-token"))),
			ids:       []string{"showDomainQuota/other-account"},
		},
		{
			name:      "returns the reader's numbers to others with type",
			behaviour: responding(as(t, allOf(tokenIs("stranger-token"), forReader, withType), token("reader-token"))),
			ids:       []string{"showDomainQuota/other-account"},
		},
		{
			name:      "returns the caller's numbers for any account",
			behaviour: responding(as(t, forStranger, toPath("/v3.0/OS-QUOTA/domains/"+server.SampleDomainID))),
			ids:       []string{"showDomainQuota/other-account"},
		},
		{
			name: "returns 400 for another account", behaviour: iam(on(403, all(status(400), body("IAM.0002", "IAM.0007")))),
			ids: []string{"showDomainQuota/other-account"},
		},
		{
			name: "has a number in a 403", behaviour: iam(on(403, body(`"error_code"`, `"quota":75,"error_code"`))),
			ids: []string{"showDomainQuota/other-account", "member/undocumented"},
		},
		{
			name:      "has nested numbers in a 403",
			behaviour: iam(on(403, body(`"error_code"`, `"details":{"resources":[{"quota":75}]},"error_code"`))),
			ids:       []string{"showDomainQuota/other-account", "member/undocumented"},
		},
	}
}

// counted puts a different number between 100 and 1000 into each response.
func counted(old, format string) change {
	var n atomic.Int64
	return func(r *http.Request, w *httptest.ResponseRecorder) {
		body(old, fmt.Sprintf(format, 100+n.Add(1)))(r, w)
	}
}

// credentialBreakers accept wrong credentials, or refuse right ones.
func credentialBreakers(t *testing.T) []brokenProvider {
	t.Helper()
	unsigned := func(r *http.Request) bool { _, sent := r.Header["Authorization"]; return !sent }
	isIAM := func(r *http.Request) bool { return !isIMS(r) }
	made := func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-Auth-Token"), "quotaspec") }
	unsent := func(r *http.Request) bool { _, sent := r.Header["X-Auth-Token"]; return !sent }
	list := []brokenProvider{}
	for _, service := range []struct {
		name string
		is   func(*http.Request) bool
		only func(change) behaviour
	}{{name: "iam", is: isIAM, only: iam}, {name: "ims", is: isIMS, only: ims}} {
		let := func(when func(*http.Request) bool) behaviour {
			return responding(as(t, allOf(service.is, when), token("reader-token")))
		}
		for _, f := range []struct {
			what, rule string
			when       func(*http.Request) bool
		}{
			{what: "accepts no credentials", rule: "no-credentials", when: allOf(unsigned, unsent)},
			{what: "accepts garbage as a token", rule: "malformed-credentials", when: tokenIs("{no token}")},
			{what: "accepts any token", rule: "unknown-credentials", when: made},
			{
				what: "accepts an empty token", rule: "malformed-credentials",
				when: func(r *http.Request) bool { _, sent := r.Header["X-Auth-Token"]; return sent && tokenIs("")(r) },
			},
			{
				what: "accepts garbage as a signature", rule: "malformed-credentials",
				when: func(r *http.Request) bool { return r.Header.Get("Authorization") == "SDK-HMAC-SHA256 {no token}" },
			},
			{what: "accepts any word as a signature", rule: "unknown-credentials", when: func(r *http.Request) bool {
				return strings.HasPrefix(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 quotaspec")
			}},
			{what: "accepts expired tokens", rule: "expired-credentials", when: tokenIs("expired-token")},
			{what: "accepts any signature", rule: "unknown-key", when: func(r *http.Request) bool {
				return strings.HasPrefix(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 Access=")
			}},
		} {
			list = append(list,
				brokenProvider{name: f.what + " (" + service.name + ")", behaviour: let(f.when), ids: []string{service.name + "/" + f.rule}},
				brokenProvider{name: "returns 404 instead of 401: " + f.what + " (" + service.name + ")",
					behaviour: service.only(func(r *http.Request, w *httptest.ResponseRecorder) {
						if w.Code == 401 && f.when(r) {
							w.Code = 404
							body("APIGW.0301", "APIGW.0101")(r, w)
						}
					}), ids: []string{service.name + "/" + f.rule}},
			)
		}
	}
	return append(list,
		brokenProvider{name: "redirects requests without credentials",
			behaviour: responding(on(401, all(status(302), header("Location", "/login"), header("Content-Type", "text/html"), whole("<a>")))),
			ids: []string{"iam/only-200-succeeds", "ims/only-200-succeeds", "status/undocumented",
				"iam/no-credentials", "iam/malformed-credentials", "iam/unknown-credentials", "iam/expired-credentials", "iam/unknown-key",
				"ims/no-credentials", "ims/malformed-credentials", "ims/unknown-credentials", "ims/expired-credentials", "ims/unknown-key"}},
		brokenProvider{
			name:      "accepts no credentials for a request with type",
			behaviour: responding(as(t, allOf(unsigned, unsent, withType), token("reader-token"))), ids: []string{"iam/no-credentials"},
		},
		brokenProvider{
			name:      "ignores permissions",
			behaviour: responding(as(t, allOf(isIMS, tokenIs("limited-token")), token("reader-token"))),
			ids:       []string{"showImageQuota/no-permission"},
		},
		brokenProvider{
			name:      "returns 404 without permission",
			behaviour: ims(on(403, all(status(404), whole(`{"error_msg":"There is nothing.","error_code":"APIGW.0101","request_id":"1"}`)))),
			ids:       []string{"showImageQuota/no-permission"},
		},
		brokenProvider{
			name:      "requires an undocumented permission",
			behaviour: responding(as(t, allOf(isIAM, tokenIs("limited-token")), token("stranger-token"))),
			ids:       []string{"status/valid-request"},
		},
		brokenProvider{
			name: "rejects the reader", behaviour: responding(as(t, tokenIs("reader-token"), token("another-token"))),
			ids: []string{"status/valid-request", "status/unknown-resource", "showDomainQuota/invalid-type", "showDomainQuota/other-account"},
		},
	)
}

// pathBreakers respond wrongly to other methods and to unknown paths.
func pathBreakers(t *testing.T) []brokenProvider {
	t.Helper()
	unknown := []string{"iam/other-method", "iam/unknown-path", "ims/other-method", "ims/unknown-path"}
	other := []string{"iam/other-method", "ims/other-method"}
	isOther := func(r *http.Request) bool { return r.Method != http.MethodGet }
	missing := func(c change) change { // a 404 for an unknown account is not changed
		return on(404, func(r *http.Request, w *httptest.ResponseRecorder) {
			if !forUnknown(r) {
				c(r, w)
			}
		})
	}
	get := func(r *http.Request) { r.Method = http.MethodGet }
	trimmed := func(r *http.Request) { r.URL.Path = strings.TrimSuffix(r.URL.Path, "/") }
	otherMethods := func(c change) behaviour {
		return responding(func(r *http.Request, w *httptest.ResponseRecorder) {
			if isOther(r) {
				c(r, w)
			}
		})
	}
	return []brokenProvider{
		{name: "returns 405", behaviour: responding(missing(all(status(405), header("Allow", "GET")))), grade: spec.Inferred, ids: unknown},
		{
			name: "returns 405 without its methods", behaviour: responding(missing(status(405))),
			ids: append([]string{"header/missing"}, unknown...),
		},
		{
			name: "returns unknown paths with 403", behaviour: iam(missing(status(403))), grade: spec.Inferred,
			ids: []string{"iam/unknown-path", "iam/other-method"},
		},
		{
			name:      "returns unknown paths with a page",
			behaviour: ims(missing(all(header("Content-Type", "text/html"), whole("<h1>Not Found</h1>")))), grade: spec.Inferred,
			ids: []string{"ims/unknown-path", "ims/other-method"},
		},
		{
			name: "returns unknown paths with its own code", behaviour: ims(missing(body("APIGW.0101", "APIGW.0100"))),
			grade: spec.Inferred, ids: []string{"ims/unknown-path", "ims/other-method"},
		},
		{
			name: "returns unknown paths with 200", behaviour: responding(missing(all(status(200), whole("{}")))), grade: spec.Inferred,
			ids: unknown,
		},
		{name: "returns every method", behaviour: responding(as(t, isOther, get)), grade: spec.Inferred, ids: other},
		{
			name:      "returns HEAD as GET",
			behaviour: responding(as(t, func(r *http.Request) bool { return r.Method == http.MethodHead && isIMS(r) }, get)),
			grade:     spec.Inferred, ids: []string{"ims/other-method"},
		},
		{
			name: "creates what is posted", behaviour: otherMethods(all(status(201), whole("{}"))),
			ids: []string{"iam/only-200-succeeds", "ims/only-200-succeeds", "iam/other-method", "ims/other-method"},
		},
		{name: "lists its methods", behaviour: otherMethods(func(r *http.Request, w *httptest.ResponseRecorder) {
			if r.Method == http.MethodOptions {
				all(status(204), header("Allow", "GET, OPTIONS"))(r, w)
			}
		}), ids: []string{"iam/only-200-succeeds", "ims/only-200-succeeds", "iam/other-method", "ims/other-method"}},
		{
			name: "does not implement other methods", behaviour: otherMethods(status(501)), grade: spec.Inferred,
			ids: []string{"status/no-answer"},
		},
		{
			name: "fails at paths that it does not know", behaviour: responding(missing(status(500))),
			ids: []string{"status/no-answer", "iam/unknown-path", "ims/unknown-path"},
		},
		{
			name:      "accepts a slash at the end",
			behaviour: responding(as(t, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "quota/") }, trimmed)),
			grade:     spec.Inferred, ids: []string{"ims/unknown-path"},
		},
		{name: "sends a slash at the end elsewhere", behaviour: responding(func(r *http.Request, w *httptest.ResponseRecorder) {
			if strings.HasSuffix(r.URL.Path, "/") {
				all(status(301), header("Location", strings.TrimSuffix(r.URL.Path, "/")), whole(""))(r, w)
			}
		}), grade: spec.Inferred, ids: []string{"iam/unknown-path", "ims/unknown-path"}},
		{name: "accepts doubled slashes for one", behaviour: responding(as(t,
			func(r *http.Request) bool { return strings.Contains(r.URL.Path, "//") }, func(r *http.Request) {
				r.URL.Path = strings.ReplaceAll(r.URL.Path, "//", "/")
			})), grade: spec.Inferred, ids: []string{"iam/unknown-path", "ims/unknown-path"}},
		{
			name:      "accepts a path in capitals",
			behaviour: responding(as(t, func(r *http.Request) bool { return r.URL.Path == "/V1/CLOUDIMAGES/QUOTA" }, toPath("/v1/cloudimages/quota"))),
			grade:     spec.Inferred, ids: []string{"ims/unknown-path"},
		},
		{name: "accepts what is longer", behaviour: responding(as(t,
			func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/more") }, func(r *http.Request) {
				r.URL.Path = strings.TrimSuffix(r.URL.Path, "/more")
			})), grade: spec.Inferred, ids: []string{"iam/unknown-path", "ims/unknown-path"}},
	}
}
