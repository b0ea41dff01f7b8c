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

// What a 500 and the like look like when nothing else is wrong with them.
const (
	iamFailure     = `{"error_msg":"An unexpected error prevented the server from fulfilling your request.","error_code":"IAM.0006"}`
	gatewayFailure = `{"error_msg":"The IAM service is currently unavailable.","error_code":"APIGW.0613","request_id":"1"}`
	imsRefusal     = `{"error":{"message":"The role is invalid.","code":"IMG.0026"}}`
)

// statusFaults answer with a status that is wrong for what was asked.
func statusFaults() []fault {
	list := []fault{}
	undocumented := []string{"status/undocumented", "status/valid-request", "status/repeat"}
	for _, code := range []int{201, 202, 203, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 305, 307, 308} {
		list = append(list, fault{
			fmt.Sprintf("answers %d", code), ims(on(200, all(status(code), header("Location", "/elsewhere")))), spec.Documented,
			append([]string{"ims/only-200-succeeds"}, undocumented...),
		})
	}
	return append(list,
		fault{"answers 204 where IAM does", iam(on(200, status(204))), spec.Documented, append([]string{"iam/only-200-succeeds"}, undocumented...)},
		fault{"is a teapot", ims(on(200, status(418))), spec.Documented, undocumented},
		fault{"answers a status that HTTP does not have", ims(on(200, status(600))), spec.Documented, []string{"status/invalid", "status/valid-request", "status/repeat"}},
		fault{"answers 503 where IAM has none", iam(on(200, all(status(503), whole(gatewayFailure)))), spec.Documented, undocumented},
		fault{"answers 500", iam(on(200, all(status(500), whole(iamFailure)))), spec.Documented, []string{"status/valid-request", "status/repeat"}},
		fault{"answers 503", ims(on(200, all(status(503), whole(gatewayFailure)))), spec.Documented, []string{"status/valid-request", "status/repeat"}},
		fault{"refuses who may ask", ims(on(200, all(status(403), whole(imsRefusal)))), spec.Documented, []string{"status/valid-request", "status/repeat"}},
		fault{"answers 200 with an error", iam(on(400, status(200))), spec.Documented, []string{"showDomainQuota/invalid-type", "schema/required", "member/undocumented"}},
		fault{"answers 404 for a wrong type", iam(on(400, all(status(404), body("IAM.0007", "IAM.0004")))), spec.Inferred, []string{"showDomainQuota/invalid-type"}},
		fault{"answers 500 for a wrong type", iam(on(400, all(status(500), whole(iamFailure)))), spec.Inferred, []string{"showDomainQuota/invalid-type"}},
	)
}

// headerFaults leave headers out, and send some that should not be there.
func headerFaults() []fault {
	return []fault{
		{"forgets the request id", iam(header("X-Request-Id")), spec.Inferred, []string{"iam/request-id"}},
		{"forgets the request id where IMS answers", ims(header("X-Request-Id")), spec.Inferred, []string{"ims/request-id"}},
		{"forgets the request id of errors", answering(on(401, header("X-Request-Id"))), spec.Inferred, []string{"iam/request-id", "ims/request-id"}},
		{"leaves the request id empty", answering(header("X-Request-Id", "")), spec.Inferred, []string{"header/minLength"}},
		{"gives two request ids", answering(header("X-Request-Id", "1", "2")), spec.Inferred, []string{"header/doubled"}},
		{"gives two trace ids", iam(header("X-Iam-Trace-Id", "1", "2")), spec.Recorded, []string{"header/doubled"}},
		{"gives two dates", answering(header("Date", "Tue, 27 Feb 2024 12:00:00 GMT", "Tue, 27 Feb 2024 12:00:00 GMT")), spec.Documented, []string{"header/doubled"}},
		{"names two servers", ims(header("Server", "a", "b")), spec.Documented, []string{"header/doubled"}},
		{"sends a header that nobody knows", answering(on(200, header("X-Quota-Left", "20"))), spec.Undocumented, []string{"header/undocumented"}},
	}
}

// mediaTypeFaults say of a body what is not so.
func mediaTypeFaults() []fault {
	contentType := func(values ...string) behaviour { return answering(header("Content-Type", values...)) }
	list := []fault{}
	for _, f := range []struct{ name, value, id string }{
		{"answers HTML", "text/html", "media-type/undocumented"},
		{"answers JSON as text", "text/plain; charset=utf-8", "media-type/undocumented"},
		{"leaves the Content-Type empty", "", "media-type/malformed"},
		{"names half a media type", "application", "media-type/malformed"},
		{"names half a parameter", "application/json; charset", "media-type/malformed"},
		{"names two media types", "application/json, text/html", "media-type/malformed"},
	} {
		list = append(list, fault{f.name, contentType(f.value), spec.Documented, []string{f.id, "iam/other-method", "iam/unknown-path", "ims/other-method", "ims/unknown-path"}})
	}
	return append(list,
		fault{"answers a problem document", contentType("application/problem+json"), spec.Documented, []string{"media-type/undocumented"}},
		fault{"writes in another charset", contentType("application/json; charset=iso-8859-1"), spec.Documented, []string{"media-type/charset"}},
		fault{"writes in UTF-16, it says", contentType("application/json; charset=utf-16"), spec.Documented, []string{"media-type/charset"}},
		fault{"forgets the Content-Type", ims(on(200, header("Content-Type"))), spec.Documented, []string{"media-type/missing"}},
		fault{"gives two Content-Types", ims(on(200, header("Content-Type", "application/json", "application/json"))), spec.Documented, []string{"media-type/doubled"}},
		fault{"names a coding that nobody knows", ims(on(200, header("Content-Encoding", "zap"))), spec.Documented, []string{"content-encoding/unknown"}},
		fault{"says gzip and sends none", ims(on(200, header("Content-Encoding", "gzip"))), spec.Documented, []string{"content-encoding/corrupt"}},
		fault{"compresses badly if asked", ims(on(200, func(r *http.Request, w *httptest.ResponseRecorder) {
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				header("Content-Encoding", "gzip")(r, w)
			}
		})), spec.Documented, []string{"content-encoding/corrupt"}},
		fault{"cuts gzip off", ims(on(200, all(gzipped, cutAfter(40)))), spec.Documented, []string{"content-encoding/corrupt"}},
		fault{"compresses twice and says it once", ims(on(200, all(gzipped, gzipped))), spec.Documented, []string{"body/not-json"}},
		fault{"sends a bomb", ims(on(200, all(whole(strings.Repeat(" ", 17<<20)), gzipped))), spec.Documented, []string{"body/too-large"}},
	)
}

// jsonFaults send bodies that some parsers take and others do not, or that none takes.
func jsonFaults() []fault {
	list := []fault{}
	for _, f := range []struct{ name, old, replacement, id string }{
		{"repeats a member", `"used":0`, `"used":0,"used":1`, "body/duplicate-member"},
		{"repeats a member in another spelling", `"used":0`, `"used":0,"us\u0065d":0`, "body/duplicate-member"},
		{"adds a second document", `}]}}`, `}]}}{}`, "body/trailing-bytes"},
		{"adds a byte", `}]}}`, "}]}}\x00", "body/trailing-bytes"},
		{"answers JSON lines", `}]}}`, "}]}}\n{\"quotas\":{\"resources\":[]}}", "body/trailing-bytes"},
		{"begins with a byte order mark", `{"quotas"`, "\ufeff{\"quotas\"", "body/not-json"},
		{"answers JSONP", `{"quotas"`, `callback({"quotas"`, "body/not-json"},
		{"ends with a comma", `}]}}`, `},]}}`, "body/not-json"},
		{"writes a comment", `"used"`, `/* now */"used"`, "body/not-json"},
		{"quotes singly", `"used"`, `'used'`, "body/not-json"},
		{"writes NaN", `"used":0`, `"used":NaN`, "body/not-json"},
		{"writes a leading zero", `"used":0`, `"used":00`, "body/not-json"},
		{"forgets the end of the body", `}]}}`, `}]}`, "body/truncated"},
		{"writes 7.0", `"quota":20`, `"quota":7.0`, "ims/plain-integers"},
		{"writes 1e1", `"quota":20`, `"quota":1e1`, "ims/plain-integers"},
		{"writes more than 32 bits hold", `"max":1000`, `"max":2147483648`, "schema/format"},
		{"writes more than 64 bits hold", `"max":1000`, `"max":9223372036854775808`, "schema/format"},
		{"writes a fraction", `"quota":20`, `"quota":20.5`, "schema/type"},
		{"writes numbers as strings", `"used":0`, `"used":"0"`, "schema/type"},
		{"writes numbers as booleans", `"used":0`, `"used":false`, "schema/type"},
	} {
		list = append(list, fault{f.name, ims(on(200, body(f.old, f.replacement))), spec.Documented, []string{f.id}})
	}
	return append(list,
		fault{"writes bytes that are no UTF-8", ims(on(401, body("Incorrect", "Incorrect \xff"))), spec.Documented, []string{"body/invalid-utf8"}},
		fault{"writes half a surrogate", ims(on(401, body("Incorrect", `Incorrect \ud83d`))), spec.Documented, []string{"body/lone-surrogate"}},
		fault{"writes in UTF-16", ims(on(200, utf16)), spec.Documented, []string{"body/not-json"}},
		fault{"sends no body", ims(on(200, whole(""))), spec.Documented, []string{"body/empty"}},
		fault{"sends white space", ims(on(200, whole(" \r\n"))), spec.Documented, []string{"body/empty"}},
		fault{"nests without end", ims(on(200, whole(strings.Repeat("[", 100_000)))), spec.Documented, []string{"body/too-deep"}},
	)
}

// schemaFaults send JSON of another shape.
func schemaFaults() []fault {
	return []fault{
		{"answers null", ims(on(200, whole("null"))), spec.Documented, []string{"schema/nullable"}},
		{"answers a list", ims(on(200, all(body(`{"quotas":`, `[{"quotas":`), body(`]}}`, `]}}]`)))), spec.Documented, []string{"schema/type"}},
		{"answers an empty object", ims(on(200, whole("{}"))), spec.Documented, []string{"schema/required"}},
		{"answers null for a list", iam(on(200, whole(`{"quotas":{"resources":null}}`))), spec.Documented, []string{"schema/nullable"}},
		{"answers null for an element", ims(on(200, whole(`{"quotas":{"resources":[null]}}`))), spec.Documented, []string{"schema/nullable"}},
		{"answers an object for a list", ims(on(200, whole(`{"quotas":{"resources":{}}}`))), spec.Documented, []string{"schema/type"}},
		{"answers null for used", ims(on(200, body(`"used":0`, `"used":null`))), spec.Documented, []string{"schema/nullable"}},
		{"leaves max out", ims(on(200, body(`,"max":1000`, ""))), spec.Documented, []string{"schema/required"}},
		{"leaves the quota of one type out", iam(on(200, body(`"quota":10,"type":"mapping"`, `"type":"mapping"`))), spec.Documented, []string{"schema/required"}},
		{"misspells a member", ims(on(200, body(`"used"`, `"Used"`))), spec.Documented, []string{"schema/required", "member/undocumented"}},
		{"uses fewer than none", ims(on(200, body(`"used":0`, `"used":-1`))), spec.Inferred, []string{"ims/no-negative-count"}},
		{"uses fewer users than none", iam(on(200, body(`"used":10`, `"used":-10`))), spec.Inferred, []string{"iam/no-negative-count"}},
		{"writes a count of users with a point", iam(on(200, body(`"used":10`, `"used":10.0`))), spec.Documented, []string{"iam/plain-integers"}},
		{"corrects the vendor's spelling", iam(on(200, body("assigment", "assignment"))), spec.Documented, []string{"iam/type-spelling", "iam/known-type", "showDomainQuota/all-types", "showDomainQuota/type-filter"}},
		{"answers a type in capitals", ims(on(200, body(`"image"`, `"IMAGE"`))), spec.Documented, []string{"ims/type-spelling", "ims/known-type", "showImageQuota/image-present"}},
		{"answers a type with a capital", ims(on(200, body(`"type":"image"`, `"type":"Image"`))), spec.Documented, []string{"ims/type-spelling", "ims/known-type", "showImageQuota/image-present"}},
		{"answers a type with a capital beside the right one", ims(on(200, body(`}]}}`, `},{"type":"Image","used":0,"quota":20,"min":1,"max":1000}]}}`))), spec.Documented, []string{"ims/type-spelling", "ims/known-type"}},
		{"adds a type of image", ims(on(200, body(`}]}}`, `},{"type":"snapshot","used":0,"quota":20,"min":1,"max":1000}]}}`))), spec.Inferred, []string{"ims/known-type"}},
		{"adds a type of resource", iam(on(200, func(r *http.Request, w *httptest.ResponseRecorder) {
			if !withType(r) {
				body(`}]}}`, `},{"max":100,"min":10,"quota":10,"type":"scim_token","used":1}]}}`)(r, w)
			}
		})), spec.Inferred, []string{"iam/known-type"}},
		{"adds a member", ims(on(200, body(`"used":0`, `"used":0,"unit":"pieces"`))), spec.Undocumented, []string{"member/undocumented"}},
	}
}

// errorFaults send errors of another shape, or with a code of another status.
func errorFaults() []fault {
	return []fault{
		{"answers a flat error for IMS", ims(on(403, whole(`{"error_msg":"The role is invalid.","error_code":"IMG.0026"}`))), spec.Inferred, []string{"schema/required", "member/undocumented"}},
		{"answers a nested error for IAM", iam(on(403, whole(imsRefusal))), spec.Documented, []string{"schema/required", "member/undocumented"}},
		{"answers a nested error for the gateway", ims(on(401, whole(imsRefusal))), spec.Recorded, []string{"schema/required", "member/undocumented"}},
		{"answers HTML for an error", ims(on(403, all(header("Content-Type", "text/html"), whole("<h1>Forbidden</h1>")))), spec.Inferred, []string{"media-type/undocumented"}},
		{"answers nothing for an error", iam(on(403, whole(""))), spec.Documented, []string{"body/empty"}},
		{"forgets the message", iam(on(400, whole(`{"error_code":"IAM.0007"}`))), spec.Documented, []string{"schema/required"}},
		{"leaves the message empty", iam(on(400, body("Request parameter type is invalid.", ""))), spec.Inferred, []string{"iam/no-empty-message"}},
		{"leaves the message of IMS empty", ims(on(403, whole(`{"error":{"message":"","code":"IMG.0026"}}`))), spec.Inferred, []string{"ims/no-empty-message"}},
		{"leaves the message of the gateway empty", ims(on(401, whole(`{"error_msg":"","error_code":"APIGW.0301","request_id":"1"}`))), spec.Inferred, []string{"ims/gateway-no-empty-message"}},
		{"leaves an error of the gateway without its request", ims(on(401, whole(`{"error_msg":"No.","error_code":"APIGW.0301"}`))), spec.Inferred, []string{"ims/gateway-request-id"}},
		{"leaves an error of the gateway before IAM without its request", iam(on(401, whole(`{"error_msg":"No.","error_code":"APIGW.0301"}`))), spec.Inferred, []string{"iam/gateway-request-id"}},
		{"leaves the code empty", iam(on(400, body("IAM.0007", ""))), spec.Documented, []string{"schema/minLength"}},
		{"numbers its error codes", ims(on(401, body(`"APIGW.0301"`, `301`))), spec.Recorded, []string{"schema/type"}},
		{"lists its error codes", ims(on(401, body(`"APIGW.0301"`, `["APIGW.0301"]`))), spec.Recorded, []string{"schema/type"}},
		{"mixes up codes", ims(on(401, body("APIGW.0301", "APIGW.0101"))), spec.Recorded, []string{"error-code/undocumented"}},
		{"gives the code of the other service", ims(on(403, body("IMG.0026", "IAM.0003"))), spec.Inferred, []string{"error-code/undocumented"}},
		{"gives a code of its own", iam(on(400, body("IAM.0007", "QUOTA.1"))), spec.Documented, []string{"error-code/undocumented"}},
		{"gives the code of another account with 400", iam(on(400, body("IAM.0007", "IAM.0002"))), spec.Documented, []string{"error-code/undocumented"}},
		{"leaves a placeholder of IAM", iam(on(400, body("parameter type", "parameter %(key)s"))), spec.Recorded, []string{"iam/no-placeholder"}},
		{"leaves a placeholder of IMS", ims(on(403, body("The role", "%s: the role"))), spec.Inferred, []string{"ims/no-placeholder"}},
		{"leaves a placeholder of the gateway", ims(on(401, body("Incorrect", "%(target)s: incorrect"))), spec.Recorded, []string{"ims/gateway-no-placeholder"}},
		{"leaves a placeholder for a number", ims(on(401, body("Incorrect", "%d: incorrect"))), spec.Recorded, []string{"ims/gateway-no-placeholder"}},
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

// utf16 writes the body with two bytes for each character.
func utf16(_ *http.Request, w *httptest.ResponseRecorder) {
	wide := []byte{}
	for _, b := range w.Body.Bytes() {
		wide = append(wide, 0, b)
	}
	w.Body = bytes.NewBuffer(wide)
}

// cutAfter cuts a body off.
func cutAfter(n int) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) { w.Body.Truncate(n) }
}
