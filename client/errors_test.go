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

// TestDocumentedErrors has every example of an error of openapi/iam.yaml and openapi/ims.yaml.
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
		{"invalid-parameter", domain, 400, `{"error_msg":"Request parameter type is invalid.","error_code":"IAM.0007"}`,
			"IAM.0007", "Request parameter type is invalid.", ""},
		{"token-missing", domain, 401, `{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "x-auth-token not found", "******"},
		{"token-undecryptable", domain, 401, `{"error_msg":"Incorrect IAM authentication information: decrypt token fail","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "decrypt token fail", "******"},
		{"token-expired", domain, 401, `{"error_msg":"Incorrect IAM authentication information: token expires, expires_at: xxx","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "token expires, expires_at: xxx", "******"},
		{"key-unknown", domain, 401, `{"error_msg":"Incorrect IAM authentication information: Get secretKey failed,ak:******,err:ak not exist","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "Get secretKey failed,ak:******,err:ak not exist", "******"},
		{"key-locked", domain, 401, `{"error_msg":"Incorrect IAM authentication information: AK access failed to reach the limit,forbidden.","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "AK access failed to reach the limit,forbidden.", "******"},
		{"signature-wrong", domain, 401, `{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail, ......","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "verify aksk signature fail, ......", "******"},
		{"signature-expired", domain, 401, `{"error_msg":"Incorrect IAM authentication information: calc ak sk signature fail:signature expired","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "calc ak sk signature fail:signature expired", "******"},
		{"not-authorized", domain, 403, `{"error_msg":"You are not authorized to perform the requested action.","error_code":"IAM.0002"}`,
			"IAM.0002", "You are not authorized to perform the requested action.", ""},
		{"policy", domain, 403, `{"error_msg":"Policy doesn't allow iam:quotas:listQuotas to be performed.","error_code":"IAM.0003"}`,
			"IAM.0003", "Policy doesn't allow iam:quotas:listQuotas to be performed.", ""},
		{"not-found", domain, 404, `{"error_msg":"Could not find domain: 00000000000000000000000000000000.","error_code":"IAM.0004"}`,
			"IAM.0004", "Could not find domain: 00000000000000000000000000000000.", ""},
		{"unknown-path", domain, 404, `{"error_msg":"The API does not exist or has not been published in the environment","error_code":"APIGW.0101","request_id":"71d53ba40c3ad62cdea44b5e9ce5996b"}`,
			"APIGW.0101", "The API does not exist or has not been published in the environment", "71d53ba40c3ad62cdea44b5e9ce5996b"},
		{"throttled", domain, 429, `{"error_msg":"The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:5 second","error_code":"APIGW.0308","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			"APIGW.0308", "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:5 second", "c50619de20b0e70590f57a99dbed044f"},
		{"internal-error", domain, 500, `{"error_msg":"An unexpected error prevented the server from fulfilling your request.","error_code":"IAM.0006"}`,
			"IAM.0006", "An unexpected error prevented the server from fulfilling your request.", ""},

		{"image-type", image, 400, `{"error":{"message":"The imagetype is invalid.","code":"IMG.0024"}}`,
			"IMG.0024", "The imagetype is invalid.", ""},
		{"body-too-large", image, 401, `{"error_msg":"Incorrect IAM authentication information: calc aksk signature fail:body too large","error_code":"APIGW.0301","request_id":"xxxxx"}`,
			"APIGW.0301", gateway401 + "calc aksk signature fail:body too large", "xxxxx"},
		{"token-missing", image, 401, `{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "x-auth-token not found", "******"},
		{"token-undecryptable", image, 401, `{"error_msg":"Incorrect IAM authentication information: decrypt token fail","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "decrypt token fail", "******"},
		{"token-expired", image, 401, `{"error_msg":"Incorrect IAM authentication information: token expires, expires_at: xxx","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "token expires, expires_at: xxx", "******"},
		{"key-unknown", image, 401, `{"error_msg":"Incorrect IAM authentication information: Get secretKey failed,ak:******,err:ak not exist","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "Get secretKey failed,ak:******,err:ak not exist", "******"},
		{"key-locked", image, 401, `{"error_msg":"Incorrect IAM authentication information: AK access failed to reach the limit,forbidden.","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "AK access failed to reach the limit,forbidden.", "******"},
		{"signature-wrong", image, 401, `{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail, ......","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "verify aksk signature fail, ......", "******"},
		{"signature-expired", image, 401, `{"error_msg":"Incorrect IAM authentication information: calc ak sk signature fail:signature expired","error_code":"APIGW.0301","request_id":"******"}`,
			"APIGW.0301", gateway401 + "calc ak sk signature fail:signature expired", "******"},
		{"no-permission", image, 403, `{"error":{"message":"The role is invalid. You need to apply for the required permissions or pass the real-name authentication.","code":"IMG.0026"}}`,
			"IMG.0026", "The role is invalid. You need to apply for the required permissions or pass the real-name authentication.", ""},
		{"unknown-path", image, 404, `{"error_msg":"The API does not exist or has not been published in the environment.","error_code":"APIGW.0101","request_id":"71d53ba40c3ad62cdea44b5e9ce5996b"}`,
			"APIGW.0101", "The API does not exist or has not been published in the environment.", "71d53ba40c3ad62cdea44b5e9ce5996b"},
		{"throttled", image, 429, `{"error_msg":"The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:5 second","error_code":"APIGW.0308","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			"APIGW.0308", "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:5 second", "c50619de20b0e70590f57a99dbed044f"},
		{"internal-error", image, 500, `{"error_msg":"Internal server error.","error_code":"APIGW.0601","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			"APIGW.0601", "Internal server error.", "c50619de20b0e70590f57a99dbed044f"},
		{"unavailable", image, 503, `{"error_msg":"The IAM service is currently unavailable.","error_code":"APIGW.0613","request_id":"c50619de20b0e70590f57a99dbed044f"}`,
			"APIGW.0613", "The IAM service is currently unavailable.", "c50619de20b0e70590f57a99dbed044f"},
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

// TestOtherShapes: what a client meets beside the documents.
func TestOtherShapes(t *testing.T) {
	long := strings.Repeat("é", 2000)
	for _, test := range []struct {
		name      string
		body      string
		requestID string // the header
		want      client.Error
	}{
		{"request id of the header first", `{"error_msg":"m","error_code":"c","request_id":"body"}`, "header", client.Error{Code: "c", Message: "m", RequestID: "header"}},
		{"Keystone", `{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}`, "",
			client.Error{Code: "401", Message: "The request you have made requires authentication."}},
		{"code a number", `{"error_code":1101,"error_msg":"m"}`, "", client.Error{Code: "1101", Message: "m"}},
		{"code without message", `{"error_code":"IAM.0002"}`, "", client.Error{Code: "IAM.0002"}},
		{"message without code", `{"error":{"message":"m"}}`, "", client.Error{Message: "m"}},
		{"members of other types", `{"error_msg":["m"],"error_code":{"a":1},"request_id":null,"error":{"message":"m","code":true}}`, "", client.Error{Message: "m"}},
		{"error a string", `{"error":"invalid_token","request_id":"r"}`, "", client.Error{Message: `{"error":"invalid_token","request_id":"r"}`, RequestID: "r"}},
		{"lines and controls in words", `{"error_msg":" a\r\n\tb\u0000\u001b[31m\u202ec\u2028d ","error_code":"I\nAM","request_id":"r\n1"}`, "", client.Error{Code: "I AM", Message: "a b[31mc d", RequestID: "r 1"}},
		{"long words", `{"error_msg":"` + long + `","error_code":"` + long + `"}`, "", client.Error{Code: long[:116] + "…", Message: long[:1020] + "…"}},
		{"HTML", "<html>\r\n<head><title>502 Bad Gateway</title></head>\x00\x1b\r\n</html>", "", client.Error{Message: "<html> <head><title>502 Bad Gateway</title></head> </html>"}},
		{"long HTML", "<p>" + strings.Repeat("x", 200), "", client.Error{Message: "<p>" + strings.Repeat("x", 114) + "…"}},
		{"cut between runes", "x" + long, "", client.Error{Message: "x" + long[:116] + "…"}},
		{"just short enough", long[:120], "", client.Error{Message: long[:120]}},
		{"not UTF-8", "caf\xe9 \xff\xfe", "", client.Error{Message: "caf"}},
		{"empty", "", "r1", client.Error{Message: "no readable body", RequestID: "r1"}},
		{"controls only", "\x00\x01\r\n", "", client.Error{Message: "no readable body"}},
		{"null", "null", "", client.Error{Message: "null"}},
		{"array", "[1]", "", client.Error{Message: "[1]"}},
		{"truncated", `{"error_msg":"m","error_c`, "", client.Error{Message: `{"error_msg":"m","error_c`}},
		{"trailing bytes", `{"error_msg":"m"}x`, "", client.Error{Message: `{"error_msg":"m"}x`}},
		{"far over the limit", `{"error_msg":"m","error_code":"c"}` + strings.Repeat(" ", 1<<22), "", client.Error{Message: `{"error_msg":"m","error_code":"c"}`}},
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

// TestStatuses: only 200 succeeds, whatever the body, and each status is the one kind of error that it should be.
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
				{"invalid", client.IsInvalid, client.ErrInvalid},
				{"unauthorized", client.IsUnauthorized, client.ErrUnauthorized},
				{"forbidden", client.IsForbidden, client.ErrForbidden},
				{"not found", client.IsNotFound, client.ErrNotFound},
				{"throttled", client.IsThrottled, client.ErrThrottled},
				{"unavailable", client.IsUnavailable, client.ErrUnavailable},
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
		{"all", client.Error{Operation: "showDomainQuota", Status: 404, Code: "IAM.0004", Message: "Could not find domain: 0.", RequestID: "r1"},
			"showDomainQuota: status 404, code IAM.0004: Could not find domain: 0 (request r1)"},
		{"code only", client.Error{Operation: "showImageQuota", Status: 403, Code: "IMG.0026"}, "showImageQuota: status 403, code IMG.0026"},
		{"message only", client.Error{Operation: "showImageQuota", Status: 502, Message: "<html>"}, "showImageQuota: status 502: <html>"},
		{"nothing", client.Error{Operation: "showImageQuota", Status: 204}, "showImageQuota: status 204"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.err.Error(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
