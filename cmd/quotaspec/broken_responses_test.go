package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Error bodies that are right by themselves.
const (
	iamFailure     = `{"error_msg":"An unexpected error prevented the server from fulfilling your request.","error_code":"IAM.0006"}`
	gatewayFailure = `{"error_msg":"The IAM service is currently unavailable.","error_code":"APIGW.0613","request_id":"1"}`
	imsRefusal     = `{"error":{"message":"The role is invalid.","code":"IMG.0026"}}`
)

// statusBreakers return the wrong status.
func statusBreakers() []brokenProvider {
	list := []brokenProvider{}
	undocumented := []string{"status/undocumented", "status/valid-request", "status/repeat"}
	for _, code := range []int{201, 202, 203, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 305, 307, 308} {
		list = append(list, brokenProvider{
			name: fmt.Sprintf("returns %d", code), behaviour: ims(on(200, all(status(code), header("Location", "/elsewhere")))),
			ids: append([]string{"ims/only-200-succeeds"}, undocumented...),
		})
	}
	return append(list,
		brokenProvider{
			name: "returns 204 where IAM does", behaviour: iam(on(200, status(204))),
			ids: append([]string{"iam/only-200-succeeds"}, undocumented...),
		},
		brokenProvider{name: "returns 418", behaviour: ims(on(200, status(418))), ids: undocumented[:2]},
		brokenProvider{
			name: "returns a status that HTTP does not have", behaviour: ims(on(200, status(600))),
			ids: []string{"status/invalid", "status/valid-request", "status/repeat"},
		},
		brokenProvider{
			name: "returns 503 where IAM has none", behaviour: iam(on(200, all(status(503), whole(gatewayFailure)))),
			ids: []string{"status/server-error"},
		},
		brokenProvider{
			name: "returns 500", behaviour: iam(on(200, all(status(500), whole(iamFailure)))),
			ids: []string{"status/server-error"},
		},
		brokenProvider{
			name: "returns 503", behaviour: ims(on(200, all(status(503), whole(gatewayFailure)))),
			ids: []string{"status/server-error"},
		},
		brokenProvider{
			name: "refuses a caller with permission", behaviour: ims(on(200, all(status(403), whole(imsRefusal)))),
			ids: []string{"status/valid-request"},
		},
		brokenProvider{
			name: "returns 200 with an error", behaviour: iam(on(400, status(200))),
			ids: []string{"showDomainQuota/invalid-type", "schema/required", "member/undocumented"},
		},
		brokenProvider{
			name: "returns 404 for a wrong type", behaviour: iam(on(400, all(status(404), body("IAM.0007", "IAM.0004")))),
			grade: spec.Inferred, ids: []string{"showDomainQuota/invalid-type"},
		},
		brokenProvider{
			name: "returns 500 for a wrong type", behaviour: iam(on(400, all(status(500), whole(iamFailure)))), grade: spec.Inferred,
			ids: []string{"showDomainQuota/invalid-type"},
		},
	)
}

// headerBreakers omit headers, or send wrong ones.
func headerBreakers() []brokenProvider {
	return []brokenProvider{
		{name: "omits the request id", behaviour: iam(header("X-Request-Id")), grade: spec.Inferred, ids: []string{"iam/request-id"}},
		{
			name: "omits the request id of IMS", behaviour: ims(header("X-Request-Id")), grade: spec.Inferred,
			ids: []string{"ims/request-id"},
		},
		{
			name: "omits the request id of errors", behaviour: responding(on(401, header("X-Request-Id"))), grade: spec.Inferred,
			ids: []string{"iam/request-id", "ims/request-id"},
		},
		{
			name: "empties the request id", behaviour: responding(header("X-Request-Id", "")), grade: spec.Inferred,
			ids: []string{"header/minLength"},
		},
		{
			name: "gives two request ids", behaviour: responding(header("X-Request-Id", "1", "2")), grade: spec.Inferred,
			ids: []string{"header/doubled"},
		},
		{name: "gives two trace ids", behaviour: iam(header("X-Iam-Trace-Id", "1", "2")), grade: spec.Recorded, ids: []string{"header/doubled"}},
		{
			name:      "gives two dates",
			behaviour: responding(header("Date", "Tue, 27 Feb 2024 12:00:00 GMT", "Tue, 27 Feb 2024 12:00:00 GMT")),
			ids:       []string{"header/doubled"},
		},
		{name: "names two servers", behaviour: ims(header("Server", "a", "b")), ids: []string{"header/doubled"}},
		{
			name: "sends an undocumented header", behaviour: responding(on(200, header("X-Quota-Left", "20"))),
			grade: spec.Undocumented, ids: []string{"header/undocumented"},
		},
	}
}

// mediaTypeBreakers send a wrong media type or content coding.
func mediaTypeBreakers() []brokenProvider {
	contentType := func(values ...string) behaviour { return responding(header("Content-Type", values...)) }
	list := []brokenProvider{}
	for _, f := range []struct{ name, value, id string }{
		{name: "returns HTML", value: "text/html", id: "media-type/undocumented"},
		{name: "returns JSON as text", value: "text/plain; charset=utf-8", id: "media-type/undocumented"},
		{name: "empties the Content-Type", id: "media-type/malformed"},
		{name: "names half a media type", value: "application", id: "media-type/malformed"},
		{name: "names half a parameter", value: "application/json; charset", id: "media-type/malformed"},
		{name: "names two media types", value: "application/json, text/html", id: "media-type/malformed"},
	} {
		list = append(list, brokenProvider{name: f.name, behaviour: contentType(f.value),
			ids: []string{f.id, "iam/other-method", "iam/unknown-path", "ims/other-method", "ims/unknown-path"}})
	}
	return append(list,
		brokenProvider{
			name: "returns a problem document", behaviour: contentType("application/problem+json"),
			ids: []string{"media-type/undocumented"},
		},
		brokenProvider{
			name: "writes in another charset", behaviour: contentType("application/json; charset=iso-8859-1"),
			ids: []string{"media-type/charset"},
		},
		brokenProvider{
			name: "claims UTF-16", behaviour: contentType("application/json; charset=utf-16"),
			ids: []string{"media-type/charset"},
		},
		brokenProvider{name: "omits the Content-Type", behaviour: ims(on(200, header("Content-Type"))), ids: []string{"media-type/missing"}},
		brokenProvider{
			name: "gives two Content-Types", behaviour: ims(on(200, header("Content-Type", "application/json", "application/json"))),
			ids: []string{"media-type/doubled"},
		},
		brokenProvider{
			name: "uses an unknown content coding", behaviour: ims(on(200, header("Content-Encoding", "zap"))),
			ids: []string{"content-encoding/unknown"},
		},
		brokenProvider{
			name: "claims gzip for plain bytes", behaviour: ims(on(200, header("Content-Encoding", "gzip"))),
			ids: []string{"content-encoding/corrupt"},
		},
		brokenProvider{name: "claims gzip if accepted", behaviour: ims(on(200, func(r *http.Request, w *httptest.ResponseRecorder) {
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				header("Content-Encoding", "gzip")(r, w)
			}
		})), ids: []string{"content-encoding/corrupt"}},
		brokenProvider{name: "cuts gzip off", behaviour: ims(on(200, all(gzipped, cutAfter(40)))), ids: []string{"content-encoding/corrupt"}},
		brokenProvider{name: "compresses twice, claims once", behaviour: ims(on(200, all(gzipped, gzipped))), ids: []string{"body/not-json"}},
		brokenProvider{
			name: "sends a gzip bomb", behaviour: ims(on(200, all(whole(strings.Repeat(" ", 17<<20)), gzipped))),
			ids: []string{"body/too-large"},
		},
	)
}

// jsonBreakers send invalid JSON, or JSON that some parsers accept.
func jsonBreakers() []brokenProvider {
	list := []brokenProvider{}
	for _, f := range []struct{ name, old, replacement, id string }{
		{name: "repeats a member", old: `"used":0`, replacement: `"used":0,"used":1`, id: "body/duplicate-member"},
		{name: "repeats a member in another spelling", old: `"used":0`, replacement: `"used":0,"us\u0065d":0`, id: "body/duplicate-member"},
		{name: "adds a second document", old: `}]}}`, replacement: `}]}}{}`, id: "body/trailing-bytes"},
		{name: "adds a byte", old: `}]}}`, replacement: "}]}}\x00", id: "body/trailing-bytes"},
		{name: "returns JSON lines", old: `}]}}`, replacement: "}]}}\n{\"quotas\":{\"resources\":[]}}", id: "body/trailing-bytes"},
		{name: "begins with a byte order mark", old: `{"quotas"`, replacement: "\ufeff{\"quotas\"", id: "body/not-json"},
		{name: "returns JSONP", old: `{"quotas"`, replacement: `callback({"quotas"`, id: "body/not-json"},
		{name: "ends with a comma", old: `}]}}`, replacement: `},]}}`, id: "body/not-json"},
		{name: "writes a comment", old: `"used"`, replacement: `/* now */"used"`, id: "body/not-json"},
		{name: "quotes singly", old: `"used"`, replacement: `'used'`, id: "body/not-json"},
		{name: "writes NaN", old: `"used":0`, replacement: `"used":NaN`, id: "body/not-json"},
		{name: "writes a leading zero", old: `"used":0`, replacement: `"used":00`, id: "body/not-json"},
		{name: "omits the end of the body", old: `}]}}`, replacement: `}]}`, id: "body/truncated"},
		{name: "writes 7.0", old: `"quota":20`, replacement: `"quota":7.0`, id: "ims/plain-integers"},
		{name: "writes 1e1", old: `"quota":20`, replacement: `"quota":1e1`, id: "ims/plain-integers"},
		{name: "writes more than 32 bits hold", old: `"max":1000`, replacement: `"max":2147483648`, id: "schema/format"},
		{name: "writes more than 64 bits hold", old: `"max":1000`, replacement: `"max":9223372036854775808`, id: "schema/format"},
		{name: "writes a fraction", old: `"quota":20`, replacement: `"quota":20.5`, id: "schema/type"},
		{name: "writes numbers as strings", old: `"used":0`, replacement: `"used":"0"`, id: "schema/type"},
		{name: "writes numbers as booleans", old: `"used":0`, replacement: `"used":false`, id: "schema/type"},
	} {
		list = append(list, brokenProvider{name: f.name, behaviour: ims(on(200, body(f.old, f.replacement))), ids: []string{f.id}})
	}
	return append(list,
		brokenProvider{
			name: "writes invalid UTF-8", behaviour: ims(on(401, body("Incorrect", "Incorrect \xff"))),
			ids: []string{"body/invalid-utf8"},
		},
		brokenProvider{
			name: "writes half a surrogate", behaviour: ims(on(401, body("Incorrect", `Incorrect \ud83d`))),
			ids: []string{"body/lone-surrogate"},
		},
		brokenProvider{name: "writes in UTF-16", behaviour: ims(on(200, utf16)), ids: []string{"body/not-json"}},
		brokenProvider{name: "sends no body", behaviour: ims(on(200, whole(""))), ids: []string{"body/empty"}},
		brokenProvider{name: "sends white space", behaviour: ims(on(200, whole(" \r\n"))), ids: []string{"body/empty"}},
		brokenProvider{name: "nests without end", behaviour: ims(on(200, whole(strings.Repeat("[", 100_000)))), ids: []string{"body/too-deep"}},
	)
}

// schemaBreakers send JSON that does not match its schema.
func schemaBreakers() []brokenProvider {
	return []brokenProvider{
		{name: "returns null", behaviour: ims(on(200, whole("null"))), ids: []string{"schema/nullable"}},
		{
			name: "returns a list", behaviour: ims(on(200, all(body(`{"quotas":`, `[{"quotas":`), body(`]}}`, `]}}]`)))),
			ids: []string{"schema/type"},
		},
		{name: "returns an empty object", behaviour: ims(on(200, whole("{}"))), ids: []string{"schema/required"}},
		{name: "returns null for a list", behaviour: iam(on(200, whole(`{"quotas":{"resources":null}}`))), ids: []string{"schema/nullable"}},
		{
			name: "returns null for an element", behaviour: ims(on(200, whole(`{"quotas":{"resources":[null]}}`))),
			ids: []string{"schema/nullable"},
		},
		{name: "returns an object for a list", behaviour: ims(on(200, whole(`{"quotas":{"resources":{}}}`))), ids: []string{"schema/type"}},
		{name: "returns null for used", behaviour: ims(on(200, body(`"used":0`, `"used":null`))), ids: []string{"schema/nullable"}},
		{name: "omits max", behaviour: ims(on(200, body(`,"max":1000`, ""))), ids: []string{"schema/required"}},
		{
			name: "omits the quota of one type", behaviour: iam(on(200, body(`"quota":10,"type":"mapping"`, `"type":"mapping"`))),
			ids: []string{"schema/required"},
		},
		{name: "misspells a member", behaviour: ims(on(200, body(`"used"`, `"Used"`))), ids: []string{"schema/required", "member/undocumented"}},
		{
			name: "returns a negative usage of images", behaviour: ims(on(200, body(`"used":0`, `"used":-1`))), grade: spec.Inferred,
			ids: []string{"ims/no-negative-count"},
		},
		{
			name: "returns a negative usage of users", behaviour: iam(on(200, body(`"used":10`, `"used":-10`))), grade: spec.Inferred,
			ids: []string{"iam/no-negative-count"},
		},
		{
			name: "writes a usage with a decimal point", behaviour: iam(on(200, body(`"used":10`, `"used":10.0`))),
			ids: []string{"iam/plain-integers"},
		},
		{
			name: "corrects the vendor's spelling", behaviour: iam(on(200, body("assigment", "assignment"))),
			ids: []string{"iam/type-spelling", "iam/known-type", "showDomainQuota/all-types", "showDomainQuota/type-filter"},
		},
		{
			name: "returns a type in capitals", behaviour: ims(on(200, body(`"image"`, `"IMAGE"`))),
			ids: []string{"ims/type-spelling", "ims/known-type", "showImageQuota/image-present"},
		},
		{
			name: "returns a type with a capital", behaviour: ims(on(200, body(`"type":"image"`, `"type":"Image"`))),
			ids: []string{"ims/type-spelling", "ims/known-type", "showImageQuota/image-present"},
		},
		{
			name:      "returns a type with a capital in addition",
			behaviour: ims(on(200, body(`}]}}`, `},{"type":"Image","used":0,"quota":20,"min":1,"max":1000}]}}`))),
			ids:       []string{"ims/type-spelling", "ims/known-type"},
		},
		{
			name:      "adds a type of image",
			behaviour: ims(on(200, body(`}]}}`, `},{"type":"snapshot","used":0,"quota":20,"min":1,"max":1000}]}}`))),
			grade:     spec.Inferred, ids: []string{"ims/known-type"},
		},
		{name: "adds a type of resource", behaviour: iam(on(200, func(r *http.Request, w *httptest.ResponseRecorder) {
			if !withType(r) {
				body(`}]}}`, `},{"max":100,"min":10,"quota":10,"type":"scim_token","used":1}]}}`)(r, w)
			}
		})), grade: spec.Inferred, ids: []string{"iam/known-type"}},
		{
			name: "adds a member", behaviour: ims(on(200, body(`"used":0`, `"used":0,"unit":"pieces"`))), grade: spec.Undocumented,
			ids: []string{"member/undocumented"},
		},
	}
}

// errorBreakers send errors that do not match their schema, or with a code of another status.
func errorBreakers() []brokenProvider {
	return []brokenProvider{
		{
			name:      "returns a flat error for IMS",
			behaviour: ims(on(403, whole(`{"error_msg":"The role is invalid.","error_code":"IMG.0026"}`))), grade: spec.Inferred,
			ids: []string{"schema/required", "member/undocumented"},
		},
		{
			name: "returns a nested error for IAM", behaviour: iam(on(403, whole(imsRefusal))),
			ids: []string{"schema/required", "member/undocumented"},
		},
		{
			name: "returns a nested error for the gateway", behaviour: ims(on(401, whole(imsRefusal))), grade: spec.Recorded,
			ids: []string{"schema/required", "member/undocumented"},
		},
		{
			name:      "returns HTML for an error",
			behaviour: ims(on(403, all(header("Content-Type", "text/html"), whole("<h1>Forbidden</h1>")))), grade: spec.Inferred,
			ids: []string{"media-type/undocumented"},
		},
		{name: "returns nothing for an error", behaviour: iam(on(403, whole(""))), ids: []string{"body/empty"}},
		{name: "omits the message", behaviour: iam(on(400, whole(`{"error_code":"IAM.0007"}`))), ids: []string{"schema/required"}},
		{
			name: "empties the message", behaviour: iam(on(400, body("Request parameter type is invalid.", ""))),
			grade: spec.Inferred, ids: []string{"iam/no-empty-message"},
		},
		{
			name: "empties the message of IMS", behaviour: ims(on(403, whole(`{"error":{"message":"","code":"IMG.0026"}}`))),
			grade: spec.Inferred, ids: []string{"ims/no-empty-message"},
		},
		{
			name:      "leaves the message of the gateway empty",
			behaviour: ims(on(401, whole(`{"error_msg":"","error_code":"APIGW.0301","request_id":"1"}`))), grade: spec.Inferred,
			ids: []string{"ims/gateway-no-empty-message"},
		},
		{
			name:      "leaves an error of the gateway without its request",
			behaviour: ims(on(401, whole(`{"error_msg":"No.","error_code":"APIGW.0301"}`))), grade: spec.Inferred,
			ids: []string{"ims/gateway-request-id"},
		},
		{
			name:      "leaves an error of the gateway before IAM without its request",
			behaviour: iam(on(401, whole(`{"error_msg":"No.","error_code":"APIGW.0301"}`))), grade: spec.Inferred,
			ids: []string{"iam/gateway-request-id"},
		},
		{name: "empties the code", behaviour: iam(on(400, body("IAM.0007", ""))), ids: []string{"schema/minLength"}},
		{
			name: "numbers its error codes", behaviour: ims(on(401, body(`"APIGW.0301"`, `301`))), grade: spec.Recorded,
			ids: []string{"schema/type"},
		},
		{
			name: "lists its error codes", behaviour: ims(on(401, body(`"APIGW.0301"`, `["APIGW.0301"]`))), grade: spec.Recorded,
			ids: []string{"schema/type"},
		},
		{
			name: "mixes up codes", behaviour: ims(on(401, body("APIGW.0301", "APIGW.0101"))), grade: spec.Recorded,
			ids: []string{"error-code/undocumented"},
		},
		{
			name: "gives the code of the other service", behaviour: ims(on(403, body("IMG.0026", "IAM.0003"))), grade: spec.Inferred,
			ids: []string{"error-code/undocumented"},
		},
		{name: "gives a code of its own", behaviour: iam(on(400, body("IAM.0007", "QUOTA.1"))), ids: []string{"error-code/undocumented"}},
		{
			name: "gives the code of another account with 400", behaviour: iam(on(400, body("IAM.0007", "IAM.0002"))),
			ids: []string{"error-code/undocumented"},
		},
		{
			name: "leaves a placeholder of IAM", behaviour: iam(on(400, body("parameter type", "parameter %(key)s"))),
			grade: spec.Recorded, ids: []string{"iam/no-placeholder"},
		},
		{
			name: "leaves a placeholder of IMS", behaviour: ims(on(403, body("The role", "%s: the role"))), grade: spec.Inferred,
			ids: []string{"ims/no-placeholder"},
		},
		{
			name: "leaves a placeholder of the gateway", behaviour: ims(on(401, body("Incorrect", "%(target)s: incorrect"))),
			grade: spec.Recorded, ids: []string{"ims/gateway-no-placeholder"},
		},
		{
			name: "leaves a placeholder for a number", behaviour: ims(on(401, body("Incorrect", "%d: incorrect"))),
			grade: spec.Recorded, ids: []string{"ims/gateway-no-placeholder"},
		},
	}
}

// gzipped compresses the body.
func gzipped(_ *http.Request, w *httptest.ResponseRecorder) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(w.Body.Bytes())
	_ = z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	w.Body = &b
}

// utf16 encodes the body with two bytes for each character.
func utf16(_ *http.Request, w *httptest.ResponseRecorder) {
	wide := []byte{}
	for _, b := range w.Body.Bytes() {
		wide = append(wide, 0, b)
	}
	w.Body = bytes.NewBuffer(wide)
}

// cutAfter truncates a body after n bytes.
func cutAfter(n int) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) { w.Body.Truncate(n) }
}
