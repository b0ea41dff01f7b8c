package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
)

const gateway401 = "Incorrect IAM authentication information: "

// TestDocumentedErrors reads every example of an error in openapi/iam.yaml and openapi/ims.yaml.
func TestDocumentedErrors(t *testing.T) {
	const domain, image = "showDomainQuota", "showImageQuota"
	for _, test := range []struct {
		name      string // of the example
		operation string
		status    int
		body      string
		code      string
		message   string
		requestID string
	}{
		{name: "invalid-parameter", operation: domain, status: 400, body: `{"error_msg":"Request parameter type is invalid.",` +
			`"error_code":"IAM.0007"}`,
			code: "IAM.0007", message: "Request parameter type is invalid.", requestID: ""},
		{name: "token-missing", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`x-auth-token not found","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "x-auth-token not found", requestID: "******"},
		{name: "token-undecryptable", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication ` +
			`information: decrypt token fail","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "decrypt token fail", requestID: "******"},
		{name: "token-expired", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`token expires, expires_at: xxx","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "token expires, expires_at: xxx", requestID: "******"},
		{name: "key-unknown", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: Get ` +
			`secretKey failed,ak:******,err:ak not exist","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "Get secretKey failed,ak:******,err:ak not exist", requestID: "******"},
		{name: "key-locked", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: AK ` +
			`access failed to reach the limit,forbidden.","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "AK access failed to reach the limit,forbidden.", requestID: "******"},
		{name: "signature-wrong", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`verify aksk signature fail, ......","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "verify aksk signature fail, ......", requestID: "******"},
		{name: "signature-expired", operation: domain, status: 401, body: `{"error_msg":"Incorrect IAM authentication ` +
			`information: calc ak sk signature fail:signature expired","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "calc ak sk signature fail:signature expired", requestID: "******"},
		{name: "not-authorized", operation: domain, status: 403, body: `{"error_msg":"You are not authorized to perform the ` +
			`requested action.","error_code":"IAM.0002"}`,
			code: "IAM.0002", message: "You are not authorized to perform the requested action.", requestID: ""},
		{name: "policy", operation: domain, status: 403, body: `{"error_msg":"Policy doesn't allow iam:quotas:listQuotas to be ` +
			`performed.","error_code":"IAM.0003"}`,
			code: "IAM.0003", message: "Policy doesn't allow iam:quotas:listQuotas to be performed.", requestID: ""},
		{name: "not-found", operation: domain, status: 404, body: `{"error_msg":"Could not find domain: ` +
			`00000000000000000000000000000000.","error_code":"IAM.0004"}`,
			code: "IAM.0004", message: "Could not find domain: 00000000000000000000000000000000.", requestID: ""},
		{name: "unknown-path", operation: domain, status: 404, body: `{"error_msg":"The API does not exist or has not been ` +
			`published in the environment","error_code":"APIGW.0101","request_id":"71d53ba40c3ad62cdea44b5e9ce5996b"}`,
			code: "APIGW.0101", message: "The API does not exist or has not been published in the " +
				"environment", requestID: "71d53ba40c3ad62cdea44b5e9ce5996b"},
		{name: "throttled", operation: domain, status: 429, body: `{"error_msg":"The throttling threshold has been reached: ` +
			`policy ip over ratelimit,limit:5,time:5 second","error_code":"APIGW.0308","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			code: "APIGW.0308", message: "The throttling threshold has been reached: policy ip over ratelimit,limit:5," +
				"time:5 second", requestID: "c50619de20b0e70590f57a99dbed044f"},
		{name: "internal-error", operation: domain, status: 500, body: `{"error_msg":"An unexpected error prevented the server ` +
			`from fulfilling your request.","error_code":"IAM.0006"}`,
			code: "IAM.0006", message: "An unexpected error prevented the server from fulfilling your request.", requestID: ""},

		{name: "image-type", operation: image, status: 400, body: `{"error":{"message":"The imagetype is invalid.","code":"IMG.0024"}}`,
			code: "IMG.0024", message: "The imagetype is invalid.", requestID: ""},
		{name: "body-too-large", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`calc aksk signature fail:body too large","error_code":"APIGW.0301","request_id":"xxxxx"}`,
			code: "APIGW.0301", message: gateway401 + "calc aksk signature fail:body too large", requestID: "xxxxx"},
		{name: "token-missing", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`x-auth-token not found","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "x-auth-token not found", requestID: "******"},
		{name: "token-undecryptable", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication ` +
			`information: decrypt token fail","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "decrypt token fail", requestID: "******"},
		{name: "token-expired", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`token expires, expires_at: xxx","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "token expires, expires_at: xxx", requestID: "******"},
		{name: "key-unknown", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: Get ` +
			`secretKey failed,ak:******,err:ak not exist","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "Get secretKey failed,ak:******,err:ak not exist", requestID: "******"},
		{name: "key-locked", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: AK ` +
			`access failed to reach the limit,forbidden.","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "AK access failed to reach the limit,forbidden.", requestID: "******"},
		{name: "signature-wrong", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication information: ` +
			`verify aksk signature fail, ......","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "verify aksk signature fail, ......", requestID: "******"},
		{name: "signature-expired", operation: image, status: 401, body: `{"error_msg":"Incorrect IAM authentication ` +
			`information: calc ak sk signature fail:signature expired","error_code":"APIGW.0301","request_id":"******"}`,
			code: "APIGW.0301", message: gateway401 + "calc ak sk signature fail:signature expired", requestID: "******"},
		{name: "no-permission", operation: image, status: 403, body: `{"error":{"message":"The role is invalid. You need to ` +
			`apply for the required permissions or pass the real-name authentication.","code":"IMG.0026"}}`,
			code: "IMG.0026", message: "The role is invalid. You need to apply for the required permissions or pass the real-name " +
				"authentication.", requestID: ""},
		{name: "unknown-path", operation: image, status: 404, body: `{"error_msg":"The API does not exist or has not been ` +
			`published in the environment.","error_code":"APIGW.0101","request_id":"71d53ba40c3ad62cdea44b5e9ce5996b"}`,
			code: "APIGW.0101", message: "The API does not exist or has not been published in the " +
				"environment.", requestID: "71d53ba40c3ad62cdea44b5e9ce5996b"},
		{name: "throttled", operation: image, status: 429, body: `{"error_msg":"The throttling threshold has been reached: ` +
			`policy ip over ratelimit,limit:5,time:5 second","error_code":"APIGW.0308","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			code: "APIGW.0308", message: "The throttling threshold has been reached: policy ip over ratelimit,limit:5," +
				"time:5 second", requestID: "c50619de20b0e70590f57a99dbed044f"},
		{name: "internal-error", operation: image, status: 500, body: `{"error_msg":"Internal server error.",` +
			`"error_code":"APIGW.0601","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			code: "APIGW.0601", message: "Internal server error.", requestID: "c50619de20b0e70590f57a99dbed044f"},
		{name: "unavailable", operation: image, status: 503, body: `{"error_msg":"The IAM service is currently unavailable.",` +
			`"error_code":"APIGW.0613","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			code: "APIGW.0613", message: "The IAM service is currently unavailable.", requestID: "c50619de20b0e70590f57a99dbed044f"},
	} {
		t.Run(fmt.Sprintf("%s/%d/%s", test.operation, test.status, test.name), func(t *testing.T) {
			c := fake(t, fixed(test.status, "application/json", test.body))
			for _, operation := range calls {
				if operation.operation != test.operation {
					continue
				}
				_, isNil, err := operation.call(t.Context(), c)
				want := &client.Error{Operation: test.operation, Status: test.status, Code: test.code, Message: test.message, RequestID: test.requestID}
				got, _ := errors.AsType[*client.Error](err)
				if diff := cmp.Diff(want, got); diff != "" || !isNil {
					t.Errorf("error (-want +got), list %t:\n%s", !isNil, diff)
				}
			}
		})
	}
}

// TestOtherShapes reads error bodies that the documents do not describe, such as the HTML page of a proxy.
func TestOtherShapes(t *testing.T) {
	long := strings.Repeat("é", 2000)
	for _, test := range []struct {
		name      string
		body      string
		requestID string // the header
		want      client.Error
	}{
		{
			name: "request id of the header first", body: `{"error_msg":"m","error_code":"c","request_id":"body"}`,
			requestID: "header", want: client.Error{Code: "c", Message: "m", RequestID: "header"},
		},
		{name: "Keystone", body: `{"error":{"code":401,"message":"The request you have made requires authentication.",` +
			`"title":"Unauthorized"}}`, requestID: "",
			want: client.Error{Code: "401", Message: "The request you have made requires authentication."}},
		{name: "code a number", body: `{"error_code":1101,"error_msg":"m"}`, want: client.Error{Code: "1101", Message: "m"}},
		{name: "code without message", body: `{"error_code":"IAM.0002"}`, want: client.Error{Code: "IAM.0002"}},
		{name: "message without code", body: `{"error":{"message":"m"}}`, want: client.Error{Message: "m"}},
		{
			name: "members of other types",
			body: `{"error_msg":["m"],"error_code":{"a":1},"request_id":null,"error":{"message":"m","code":true}}`,
			want: client.Error{Message: "m"},
		},
		{
			name: "error a string", body: `{"error":"invalid_token","request_id":"r"}`,
			want: client.Error{Message: `{"error":"invalid_token","request_id":"r"}`, RequestID: "r"},
		},
		{
			name: "lines and controls in words",
			body: `{"error_msg":" a\r\n\tb\u0000\u001b[31m\u202ec\u2028d ","error_code":"I\nAM","request_id":"r\n1"}`,
			want: client.Error{Code: "I AM", Message: "a b[31mc d", RequestID: "r 1"},
		},
		{
			name: "long words", body: `{"error_msg":"` + long + `","error_code":"` + long + `"}`,
			want: client.Error{Code: long[:116] + "…", Message: long[:1020] + "…"},
		},
		{
			name: "HTML", body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\x00\x1b\r\n</html>",
			want: client.Error{Message: "<html> <head><title>502 Bad Gateway</title></head> </html>"},
		},
		{
			name: "long HTML", body: "<p>" + strings.Repeat("x", 200),
			want: client.Error{Message: "<p>" + strings.Repeat("x", 114) + "…"},
		},
		{name: "cut between runes", body: "x" + long, want: client.Error{Message: "x" + long[:116] + "…"}},
		{name: "just short enough", body: long[:120], want: client.Error{Message: long[:120]}},
		{name: "not UTF-8", body: "caf\xe9 \xff\xfe", want: client.Error{Message: "caf"}},
		{name: "empty", requestID: "r1", want: client.Error{Message: "no readable body", RequestID: "r1"}},
		{name: "controls only", body: "\x00\x01\r\n", want: client.Error{Message: "no readable body"}},
		{name: "null", body: "null", want: client.Error{Message: "null"}},
		{name: "array", body: "[1]", want: client.Error{Message: "[1]"}},
		{name: "truncated", body: `{"error_msg":"m","error_c`, want: client.Error{Message: `{"error_msg":"m","error_c`}},
		{name: "trailing bytes", body: `{"error_msg":"m"}x`, want: client.Error{Message: `{"error_msg":"m"}x`}},
		{
			name: "far over the limit", body: `{"error_msg":"m","error_code":"c"}` + strings.Repeat(" ", 1<<22),
			want: client.Error{Message: `{"error_msg":"m","error_code":"c"}`},
		},
	} {
		for _, operation := range calls {
			t.Run(test.name+"/"+operation.operation, func(t *testing.T) {
				c := fake(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", test.requestID)
					fixed(502, "text/html", test.body)(w, r)
				})
				_, _, err := operation.call(t.Context(), c)
				got, _ := errors.AsType[*client.Error](err)
				want := test.want
				want.Operation, want.Status = operation.operation, 502
				if diff := cmp.Diff(&want, got); diff != "" {
					t.Fatalf("error (-want +got):\n%s", diff)
				}
				if line := err.Error(); strings.ContainsAny(line, "\r\n\x00\x1b") || !utf8.ValidString(line) {
					t.Errorf("not one line of text: %q", line)
				}
			})
		}
	}
}

// TestStatuses checks that every status but 200 is an error, whatever the body, and of which kind.
func TestStatuses(t *testing.T) {
	kinds := map[int]string{400: "invalid", 401: "unauthorized", 403: "forbidden", 404: "not found", 429: "throttled",
		500: "unavailable", 502: "unavailable", 503: "unavailable", 504: "unavailable"}
	for _, status := range []int{201, 202, 203, 204, 205, 206, 226, 300, 301, 302, 303, 304, 305, 307, 308, 399,
		400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 414, 418, 429, 431, 494, 500, 501, 502, 503, 504, 505, 599, 999} {
		c := fake(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(image)) // net/http drops it where the status allows none
		})
		for _, operation := range calls {
			_, isNil, err := operation.call(t.Context(), c)
			got, _ := errors.AsType[*client.Error](err)
			if got == nil || got.Status != status || !isNil {
				t.Errorf("%s, %d: got list %t, error %v, want an *Error of this status alone", operation.operation, status, !isNil, err)
				continue
			}
			wrapped := fmt.Errorf("outer: %w", err)
			var is []string
			for _, helper := range []struct {
				name     string
				is       func(error) bool
				sentinel error
			}{
				{name: "invalid", is: client.IsInvalid, sentinel: client.ErrInvalid},
				{name: "unauthorized", is: client.IsUnauthorized, sentinel: client.ErrUnauthorized},
				{name: "forbidden", is: client.IsForbidden, sentinel: client.ErrForbidden},
				{name: "not found", is: client.IsNotFound, sentinel: client.ErrNotFound},
				{name: "throttled", is: client.IsThrottled, sentinel: client.ErrThrottled},
				{name: "unavailable", is: client.IsUnavailable, sentinel: client.ErrUnavailable},
			} {
				if helper.is(wrapped) != errors.Is(err, helper.sentinel) || helper.is(nil) || helper.is(client.ErrNoCredentials) {
					t.Errorf("%d: helper and sentinel of %s differ, or it is true of nil", status, helper.name)
				}
				if helper.is(wrapped) {
					is = append(is, helper.name)
				}
			}
			want := slices.DeleteFunc([]string{kinds[status]}, func(kind string) bool { return kind == "" })
			if !slices.Equal(is, want) {
				t.Errorf("%d: got %q, want %q", status, is, want)
			}
		}
	}
}

func TestErrorLine(t *testing.T) {
	for _, test := range []struct {
		name string
		err  client.Error
		want string
	}{
		{name: "all", err: client.Error{
			Operation: "showDomainQuota", Status: 404, Code: "IAM.0004", Message: "Could not find domain: 0.", RequestID: "r1"},
			want: "showDomainQuota: status 404, code IAM.0004: Could not find domain: 0 (request r1)"},
		{
			name: "code only", err: client.Error{Operation: "showImageQuota", Status: 403, Code: "IMG.0026"},
			want: "showImageQuota: status 403, code IMG.0026",
		},
		{
			name: "message only", err: client.Error{Operation: "showImageQuota", Status: 502, Message: "<html>"},
			want: "showImageQuota: status 502: <html>",
		},
		{name: "nothing", err: client.Error{Operation: "showImageQuota", Status: 204}, want: "showImageQuota: status 204"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.err.Error(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
