package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// change alters what a provider answers.
type change func(r *http.Request, w *httptest.ResponseRecorder)

// brokenProvider is the reference server with its answers changed, on a real socket.
func brokenProvider(t *testing.T, change change) string {
	t.Helper()
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		reference.ServeHTTP(recorder, r)
		change(r, recorder)
		for name, values := range recorder.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	}))
	t.Cleanup(provider.Close)
	return provider.URL
}

// body replaces text in the answers with a status.
func body(status int, old, replacement string) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == status {
			w.Body = bytes.NewBufferString(strings.ReplaceAll(w.Body.String(), old, replacement))
		}
	}
}

// as answers a request as if it had been another.
func as(t *testing.T, when func(*http.Request) bool, alter func(*http.Request)) change {
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return func(r *http.Request, w *httptest.ResponseRecorder) {
		if !when(r) {
			return
		}
		other := r.Clone(r.Context())
		alter(other)
		*w = *httptest.NewRecorder()
		reference.ServeHTTP(w, other)
	}
}

// fault is one way in which a provider breaks the contract.
type fault struct {
	name     string
	change   change
	id       string // what verify must call it
	inferred bool   // nobody but us says that it is wrong
}

func faultNamed(t *testing.T, name string) change {
	t.Helper()
	for _, f := range faults(t) {
		if f.name == name {
			return f.change
		}
	}
	t.Fatalf("no provider %q", name)
	return nil
}

// TestBrokenProviders breaks one promise at a time: verify must find each, with its id and a command to repeat it, and
// what is only inferred must be a warning until it is asked for.
func TestBrokenProviders(t *testing.T) {
	for _, test := range faults(t) {
		t.Run(test.name, func(t *testing.T) {
			url := brokenProvider(t, test.change)
			code, out, _ := quotaspec(t, "verify", url, "--fail-on", "inferred")
			if code != exitBroken {
				t.Errorf("exit %d, want %d", code, exitBroken)
			}
			for _, want := range []string{test.id + " at /response", "repeat   curl -i ", url} {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in:\n%s", want, out)
				}
			}
			code, _, _ = quotaspec(t, "verify", url)
			if want := map[bool]int{true: exitKept, false: exitBroken}[test.inferred]; code != want {
				t.Errorf("at the default grade: exit %d, want %d", code, want)
			}
		})
	}
}

// faults lists the broken providers: copies of the reference server with one promise broken each.
func faults(t *testing.T) []fault {
	token := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("X-Auth-Token", value) }
	}
	isToken := func(value string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.Header.Get("X-Auth-Token") == value }
	}
	return []fault{
		{"answers 201", func(_ *http.Request, w *httptest.ResponseRecorder) {
			if w.Code == 200 {
				w.Code = 201
			}
		}, "iam/only-200-succeeds", false},
		{"redirects", func(_ *http.Request, w *httptest.ResponseRecorder) {
			if w.Code == 200 {
				w.Code = 301
				w.Header().Set("Location", "/elsewhere")
			}
		}, "ims/only-200-succeeds", false},
		{"ignores type", as(t, func(r *http.Request) bool { return r.URL.Query().Get("type") == "user" }, func(r *http.Request) { r.URL.RawQuery = "" }), "showDomainQuota/type-filter", false},
		{"takes any type", as(t, func(r *http.Request) bool { return r.URL.Query().Get("type") == "users" }, func(r *http.Request) { r.URL.RawQuery = "" }), "showDomainQuota/invalid-type", false},
		{"takes an empty type", as(t, func(r *http.Request) bool { return r.URL.RawQuery == "type=" }, func(r *http.Request) { r.URL.RawQuery = "" }), "showDomainQuota/invalid-type", false},
		{"takes the first of two types", as(t, func(r *http.Request) bool { return strings.Count(r.URL.RawQuery, "type=") == 2 }, func(r *http.Request) { r.URL.RawQuery = "type=user" }), "showDomainQuota/invalid-type", true},
		{"loses a type that it cannot read", as(t, func(r *http.Request) bool { return r.URL.RawQuery == "type=%zz" }, func(r *http.Request) { r.URL.RawQuery = "" }), "showDomainQuota/invalid-type", true},
		{"does not ask for credentials", as(t, func(r *http.Request) bool { return r.Header.Get("X-Auth-Token") == "" }, token("reader-token")), "iam/no-credentials", false},
		{"takes any token", as(t, func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-Auth-Token"), "quotaspec") }, token("reader-token")), "ims/unknown-credentials", false},
		{"takes garbage for a token", as(t, isToken("{no token}"), token("reader-token")), "ims/malformed-credentials", false},
		{"takes expired tokens", as(t, isToken("expired-token"), token("reader-token")), "iam/expired-credentials", false},
		{"does not ask for permission", as(t, func(r *http.Request) bool {
			return r.Header.Get("X-Auth-Token") == "limited-token" && strings.HasPrefix(r.URL.Path, "/v1")
		}, token("reader-token")), "showImageQuota/no-permission", false},
		{"asks for a permission that nobody needs", as(t, isToken("limited-token"), token("stranger-token")), "status/valid-request", false},
		{"tells the numbers of others", as(t, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, server.StrangerDomainID) }, token("stranger-token")), "showDomainQuota/other-account", false},
		{"tells a number in a refusal", body(403, `"error_code"`, `"quota":75,"error_code"`), "showDomainQuota/other-account", false},
		{"loses a type", body(200, `{"max":20,"min":10,"quota":10,"type":"idp","used":9},`, ""), "showDomainQuota/all-types", false},
		{"answers a type twice", body(200, `{"max":20,`, `{"max":1,"min":1,"quota":1,"type":"user","used":1},{"max":20,`), "iam/each-type-once", false},
		{"tells used of mapping", body(200, `"type":"mapping","used":null`, `"type":"mapping","used":1`), "iam/used-by-type", false},
		{"writes numbers as strings", body(200, `"used":0`, `"used":"0"`), "schema/type", false},
		{"writes 20.0", body(200, `"quota":20`, `"quota":20.0`), "schema/integer-literal", false},
		{"answers null for a list", body(200, `"resources":[`, `"resources":null,"x":[`), "schema/nullable", false},
		{"corrects the vendor's spelling", body(200, "assigment", "assignment"), "schema/enum", false},
		{"leaves a placeholder", body(401, "Incorrect", "%(target)s"), "iam/no-placeholder", false},
		{"answers a flat error for IMS", func(r *http.Request, w *httptest.ResponseRecorder) {
			if w.Code == 403 && strings.HasPrefix(r.URL.Path, "/v1") {
				w.Body = bytes.NewBufferString(`{"error_msg":"The role is invalid.","error_code":"IMG.0026"}`)
			}
		}, "schema/required", true},
		{"numbers its error codes", body(401, `"APIGW.0301"`, `301`), "schema/type", false},
		{"mixes up codes", body(401, `APIGW.0301`, `APIGW.0101`), "error-code/undocumented", false},
		{"answers HTML", func(_ *http.Request, w *httptest.ResponseRecorder) { w.Header().Set("Content-Type", "text/html") }, "media-type/undocumented", false},
		{"repeats a member", body(200, `"used":0`, `"used":0,"used":1`), "body/duplicate-member", false},
		{"adds a second document", func(_ *http.Request, w *httptest.ResponseRecorder) { w.Body.WriteString("{}") }, "body/trailing-bytes", false},
		{"fails", func(_ *http.Request, w *httptest.ResponseRecorder) { w.Code = 500 }, "status/valid-request", false},

		{"sets a quota above its bounds", body(200, `"quota":20`, `"quota":9999`), "iam/bounds", true},
		{"forgets the request id", func(_ *http.Request, w *httptest.ResponseRecorder) { w.Header().Del("X-Request-Id") }, "header/missing", true},
		{"answers 405", func(_ *http.Request, w *httptest.ResponseRecorder) {
			if w.Code == 404 {
				w.Code = 405
			}
		}, "ims/other-method", true},
		{"answers unknown paths with 403", func(_ *http.Request, w *httptest.ResponseRecorder) {
			if w.Code == 404 {
				w.Code = 403
			}
		}, "iam/unknown-path", true},
		{"changes from answer to answer", counting(), "showImageQuota/repeatable", true},
		{"calls private images something else", body(200, `"type":"image"`, `"type":"image_shared"`), "showImageQuota/image-present", true},
	}
}

// counting answers another quota each time, within its bounds.
func counting() change {
	n := byte('0')
	return func(_ *http.Request, w *httptest.ResponseRecorder) {
		n = '0' + (n-'0'+1)%10
		w.Body = bytes.NewBufferString(strings.ReplaceAll(w.Body.String(), `"used":0,"quota":20`, `"used":0,"quota":2`+string(n)))
	}
}

// quotaspec runs the command in this process.
func quotaspec(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}
