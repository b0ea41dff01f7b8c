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

// The requests that faults are about.

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

func both(conditions ...func(*http.Request) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		for _, holds := range conditions {
			if !holds(r) {
				return false
			}
		}
		return true
	}
}

// What faults make of a request.

func query(raw string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = raw } }

func token(value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("X-Auth-Token", value)
		r.Header.Del("Authorization")
	}
}

func path(p string) func(*http.Request) { return func(r *http.Request) { r.URL.Path = p } }

// promiseFaults break what the documents promise beyond schemas.
func promiseFaults(t *testing.T) []fault {
	t.Helper()
	const mapping = `,{"max":100,"min":10,"quota":10,"type":"mapping","used":null}`
	const idp = `{"max":20,"min":10,"quota":10,"type":"idp","used":9},`
	return []fault{
		// The filter.
		{"ignores type", answering(as(t, typeIs("user"), query(""))), spec.Documented, []string{"showDomainQuota/type-filter"}},
		{"ignores the last type", answering(as(t, typeIs("mapping"), query(""))), spec.Documented, []string{"showDomainQuota/type-filter"}},
		{"answers another type", answering(as(t, typeIs("idp"), query("type=agency"))), spec.Documented, []string{"showDomainQuota/type-filter"}},
		{"answers no type", iam(func(r *http.Request, w *httptest.ResponseRecorder) {
			if typeIs("group")(r) && w.Code == 200 {
				w.Body = bytes.NewBufferString(`{"quotas":{"resources":[]}}`)
			}
		}), spec.Documented, []string{"showDomainQuota/type-filter"}},
		{"answers one type too many", iam(func(r *http.Request, w *httptest.ResponseRecorder) {
			if typeIs("policy")(r) && w.Code == 200 {
				w.Body = bytes.NewBufferString(strings.Replace(w.Body.String(), `}]`, `}`+mapping+`]`, 1))
			}
		}), spec.Documented, []string{"showDomainQuota/type-filter"}},
		{"loses a type", iam(on(200, all(body(idp, "")))), spec.Documented, []string{"showDomainQuota/all-types"}},
		{"answers what nobody asked for with an empty list", iam(func(r *http.Request, w *httptest.ResponseRecorder) {
			if r.URL.RawQuery == "" && w.Code == 200 {
				w.Body = bytes.NewBufferString(`{"quotas":{"resources":[]}}`)
			}
		}), spec.Documented, []string{"showDomainQuota/all-types"}},

		// Wrong types.
		{"takes any type", answering(as(t, typeIs("users"), query(""))), spec.Documented, []string{"showDomainQuota/invalid-type", "showDomainQuota/type-filter"}},
		{"takes a type in capitals", answering(as(t, typeIs("USER"), query("type=user"))), spec.Documented, []string{"showDomainQuota/invalid-type", "showDomainQuota/type-filter"}},
		{"takes an empty type", answering(as(t, typeIs(""), query(""))), spec.Documented, []string{"showDomainQuota/invalid-type", "showDomainQuota/type-filter"}},
		{"takes the first of two types", answering(as(t, typeIs("group", "mapping"), query("type=group"))), spec.Inferred, []string{"showDomainQuota/invalid-type"}},
		{"takes a type twice", answering(as(t, typeIs("group", "group"), query("type=group"))), spec.Inferred, []string{"showDomainQuota/invalid-type"}},
		{"loses a type that it cannot read", answering(as(t, typeIs("%zz"), query(""))), spec.Inferred, []string{"showDomainQuota/invalid-type"}},

		// The numbers.
		{"answers a type twice", iam(on(200, body(idp, idp+idp))), spec.Documented, []string{"iam/each-type-once"}},
		{"answers images twice", ims(on(200, body(`[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]`, `[{"type":"image","used":0,"quota":20,"min":1,"max":1000},{"type":"image","used":1,"quota":20,"min":1,"max":1000}]`))), spec.Inferred, []string{"ims/each-type-once"}},
		{"tells used of mapping", iam(on(200, body(`"type":"mapping","used":null`, `"type":"mapping","used":1`))), spec.Documented, []string{"iam/used-by-type"}},
		{"tells used of nothing", iam(on(200, body(`"type":"user","used":10`, `"type":"user"`))), spec.Documented, []string{"iam/used-by-type"}},
		{"says null for a number", iam(on(200, body(`"used":12`, `"used":null`))), spec.Documented, []string{"iam/used-by-type"}},
		{"sets a quota above its bounds", iam(on(200, body(`"quota":20`, `"quota":9999`))), spec.Inferred, []string{"iam/bounds"}},
		{"sets a quota below its bounds", iam(on(200, body(`"quota":20,`, `"quota":0,`))), spec.Inferred, []string{"iam/bounds"}},
		{"swaps the bounds", ims(on(200, body(`"min":1,"max":1000`, `"min":1000,"max":1`))), spec.Inferred, []string{"ims/bounds"}},
		{"has no quota for nothing", ims(on(200, body(`"quota":20`, `"quota":-1`))), spec.Inferred, []string{"ims/bounds", "ims/no-negative-count"}},
		{"calls private images something else", ims(on(200, body(`"type":"image"`, `"type":"image_shared"`))), spec.Documented, []string{"showImageQuota/image-present"}},
		{"has no images", ims(on(200, whole(`{"quotas":{"resources":[]}}`))), spec.Documented, []string{"showImageQuota/image-present"}},

		// The same again.
		{"changes from answer to answer", ims(on(200, counting(`"quota":20`, `"quota":%d`))), spec.Inferred, []string{"showImageQuota/repeatable"}},
		{"moves the bounds of an account", iam(on(200, counting(`"max":5000`, `"max":5%d`))), spec.Inferred, []string{"showDomainQuota/repeatable"}},

		// What is others' business.
		{"tells the numbers of others", answering(as(t, forStranger, token("stranger-token"))), spec.Documented, []string{"showDomainQuota/other-account"}},
		{"tells the numbers of others if a type is asked for", answering(as(t, both(forStranger, withType), token("stranger-token"))), spec.Documented, []string{"showDomainQuota/other-account"}},
		{"tells others the numbers of the reader", answering(as(t, both(tokenIs("stranger-token"), forReader), token("reader-token"))), spec.Documented, []string{"showDomainQuota/other-account"}},
		{"tells others the numbers of the reader if a type is asked for", answering(as(t, both(tokenIs("stranger-token"), forReader, withType), token("reader-token"))), spec.Documented, []string{"showDomainQuota/other-account"}},
		{"answers everybody with the caller's numbers", answering(as(t, forStranger, path("/v3.0/OS-QUOTA/domains/"+server.SampleDomainID))), spec.Documented, []string{"showDomainQuota/other-account"}},
		{"calls another account a wrong parameter", iam(on(403, all(status(400), body("IAM.0002", "IAM.0007")))), spec.Documented, []string{"showDomainQuota/other-account"}},
		{"tells a number in a refusal", iam(on(403, body(`"error_code"`, `"quota":75,"error_code"`))), spec.Documented, []string{"showDomainQuota/other-account", "member/undocumented"}},
		{"tells numbers deep in a refusal", iam(on(403, body(`"error_code"`, `"details":{"resources":[{"quota":75}]},"error_code"`))), spec.Documented, []string{"showDomainQuota/other-account", "member/undocumented"}},
	}
}

// counting puts another number into each answer, above 20 and below 1000.
func counting(old, format string) change {
	var n atomic.Int64
	return func(r *http.Request, w *httptest.ResponseRecorder) {
		body(old, fmt.Sprintf(format, 100+n.Add(1)))(r, w)
	}
}

// credentialFaults let somebody in, or keep somebody out, in each way that there is.
func credentialFaults(t *testing.T) []fault {
	t.Helper()
	unsigned := func(r *http.Request) bool { _, sent := r.Header["Authorization"]; return !sent }
	isIAM := func(r *http.Request) bool { return !isIMS(r) }
	made := func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-Auth-Token"), "quotaspec") }
	unsent := func(r *http.Request) bool { _, sent := r.Header["X-Auth-Token"]; return !sent }
	list := []fault{}
	for _, service := range []struct {
		name string
		is   func(*http.Request) bool
		only func(change) behaviour
	}{{"iam", isIAM, iam}, {"ims", isIMS, ims}} {
		let := func(when func(*http.Request) bool) behaviour {
			return answering(as(t, both(service.is, when), token("reader-token")))
		}
		for _, f := range []struct {
			what, rule string
			when       func(*http.Request) bool
		}{
			{"does not ask for credentials", "no-credentials", both(unsigned, unsent)},
			{"takes garbage for a token", "malformed-credentials", tokenIs("{no token}")},
			{"takes any token", "unknown-credentials", made},
			{"takes an empty token", "malformed-credentials", func(r *http.Request) bool { _, sent := r.Header["X-Auth-Token"]; return sent && tokenIs("")(r) }},
			{"takes garbage for a signature", "malformed-credentials", func(r *http.Request) bool { return r.Header.Get("Authorization") == "SDK-HMAC-SHA256 {no token}" }},
			{"takes any word for a signature", "unknown-credentials", func(r *http.Request) bool {
				return strings.HasPrefix(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 quotaspec")
			}},
			{"takes expired tokens", "expired-credentials", tokenIs("expired-token")},
			{"takes any signature", "unknown-key", func(r *http.Request) bool {
				return strings.HasPrefix(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 Access=")
			}},
		} {
			list = append(list,
				fault{f.what + " (" + service.name + ")", let(f.when), spec.Documented, []string{service.name + "/" + f.rule}},
				fault{"where it should ask who is there, says that it does not exist: " + f.what + " (" + service.name + ")", service.only(func(r *http.Request, w *httptest.ResponseRecorder) {
					if w.Code == 401 && f.when(r) {
						w.Code = 404
						body("APIGW.0301", "APIGW.0101")(r, w)
					}
				}), spec.Documented, []string{service.name + "/" + f.rule}},
			)
		}
	}
	return append(list,
		fault{"sends who has no credentials to a page", answering(on(401, all(status(302), header("Location", "/login"), header("Content-Type", "text/html"), whole("<a>")))), spec.Documented,
			[]string{"iam/only-200-succeeds", "ims/only-200-succeeds", "status/undocumented",
				"iam/no-credentials", "iam/malformed-credentials", "iam/unknown-credentials", "iam/expired-credentials", "iam/unknown-key",
				"ims/no-credentials", "ims/malformed-credentials", "ims/unknown-credentials", "ims/expired-credentials", "ims/unknown-key"}},
		fault{"does not ask for credentials if a type is asked for", answering(as(t, both(unsigned, unsent, withType), token("reader-token"))), spec.Documented, []string{"iam/no-credentials"}},
		fault{"does not ask for permission", answering(as(t, both(isIMS, tokenIs("limited-token")), token("reader-token"))), spec.Documented, []string{"showImageQuota/no-permission"}},
		fault{"says 404 to who has no permission", ims(on(403, all(status(404), whole(`{"error_msg":"There is nothing.","error_code":"APIGW.0101","request_id":"1"}`)))), spec.Documented, []string{"showImageQuota/no-permission"}},
		fault{"asks for a permission that nobody needs", answering(as(t, both(isIAM, tokenIs("limited-token")), token("stranger-token"))), spec.Documented, []string{"status/valid-request"}},
		fault{"does not know the reader", answering(as(t, tokenIs("reader-token"), token("another-token"))), spec.Documented, []string{"status/valid-request", "status/repeat", "status/unknown-resource", "showDomainQuota/invalid-type", "showDomainQuota/other-account"}},
	)
}

// pathFaults answer what is beside the path and the method.
func pathFaults(t *testing.T) []fault {
	t.Helper()
	unknown := []string{"iam/other-method", "iam/unknown-path", "ims/other-method", "ims/unknown-path"}
	other := []string{"iam/other-method", "ims/other-method"}
	isOther := func(r *http.Request) bool { return r.Method != http.MethodGet }
	missing := func(c change) change { // an account that does not exist is no path that does not exist
		return on(404, func(r *http.Request, w *httptest.ResponseRecorder) {
			if !forUnknown(r) {
				c(r, w)
			}
		})
	}
	get := func(r *http.Request) { r.Method = http.MethodGet }
	trimmed := func(r *http.Request) { r.URL.Path = strings.TrimSuffix(r.URL.Path, "/") }
	otherMethods := func(c change) behaviour {
		return answering(func(r *http.Request, w *httptest.ResponseRecorder) {
			if isOther(r) {
				c(r, w)
			}
		})
	}
	return []fault{
		{"answers 405", answering(missing(all(status(405), header("Allow", "GET")))), spec.Inferred, unknown},
		{"answers 405 without its methods", answering(missing(status(405))), spec.Documented, append([]string{"header/missing"}, unknown...)},
		{"answers unknown paths with 403", iam(missing(status(403))), spec.Inferred, []string{"iam/unknown-path", "iam/other-method"}},
		{"answers unknown paths with a page", ims(missing(all(header("Content-Type", "text/html"), whole("<h1>Not Found</h1>")))), spec.Inferred, []string{"ims/unknown-path", "ims/other-method"}},
		{"answers unknown paths with its own code", ims(missing(body("APIGW.0101", "APIGW.0100"))), spec.Inferred, []string{"ims/unknown-path", "ims/other-method"}},
		{"answers unknown paths with 200", answering(missing(all(status(200), whole("{}")))), spec.Inferred, unknown},
		{"answers every method", answering(as(t, isOther, get)), spec.Inferred, other},
		{"answers HEAD as GET", answering(as(t, func(r *http.Request) bool { return r.Method == http.MethodHead && isIMS(r) }, get)), spec.Inferred, []string{"ims/other-method"}},
		{"creates what is posted", otherMethods(all(status(201), whole("{}"))), spec.Documented, []string{"iam/only-200-succeeds", "ims/only-200-succeeds", "iam/other-method", "ims/other-method"}},
		{"tells its methods", otherMethods(func(r *http.Request, w *httptest.ResponseRecorder) {
			if r.Method == http.MethodOptions {
				all(status(204), header("Allow", "GET, OPTIONS"))(r, w)
			}
		}), spec.Documented, []string{"iam/only-200-succeeds", "ims/only-200-succeeds", "iam/other-method", "ims/other-method"}},
		{"does not implement other methods", otherMethods(status(501)), spec.Documented, []string{"status/no-answer"}},
		{"fails at paths that it does not know", answering(missing(status(500))), spec.Documented, []string{"status/no-answer", "iam/unknown-path", "ims/unknown-path"}},
		{"takes a slash at the end", answering(as(t, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "quota/") }, trimmed)), spec.Inferred, []string{"ims/unknown-path"}},
		{"sends a slash at the end elsewhere", answering(func(r *http.Request, w *httptest.ResponseRecorder) {
			if strings.HasSuffix(r.URL.Path, "/") {
				all(status(301), header("Location", strings.TrimSuffix(r.URL.Path, "/")), whole(""))(r, w)
			}
		}), spec.Inferred, []string{"iam/unknown-path", "ims/unknown-path"}},
		{"takes doubled slashes for one", answering(as(t, func(r *http.Request) bool { return strings.Contains(r.URL.Path, "//") }, func(r *http.Request) {
			r.URL.Path = strings.ReplaceAll(r.URL.Path, "//", "/")
		})), spec.Inferred, []string{"iam/unknown-path", "ims/unknown-path"}},
		{"takes a path in capitals", answering(as(t, func(r *http.Request) bool { return r.URL.Path == "/V1/CLOUDIMAGES/QUOTA" }, path("/v1/cloudimages/quota"))), spec.Inferred, []string{"ims/unknown-path"}},
		{"takes what is longer", answering(as(t, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/more") }, func(r *http.Request) {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, "/more")
		})), spec.Inferred, []string{"iam/unknown-path", "ims/unknown-path"}},
	}
}
