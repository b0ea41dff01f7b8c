package contract_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// The messages of these tests are raw bytes, since many faults are in the framing.

const (
	accountPath = "/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468"
	imagePath   = "/v1/cloudimages/quota"
)

// askFor is a request with nothing wrong in it.
func askFor(target string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: example.com\r\nX-Auth-Token: secret-of-the-reader\r\n\r\n"
}

// answer is a response with the right framing. More headers go behind the usual ones.
func answer(status int, body string, headers ...string) string {
	head := fmt.Sprintf("HTTP/1.1 %d Status\r\nX-Request-Id: 1\r\n", status)
	all := strings.Join(headers, "\r\n")
	if !strings.Contains(all, "Content-Type") {
		head += "Content-Type: application/json\r\n"
	}
	if !strings.Contains(all, "Content-Length") && !strings.Contains(all, "Transfer-Encoding") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	for _, h := range headers {
		head += h + "\r\n"
	}
	return head + "\r\n" + body
}

// without takes a line out of the head.
func without(raw, header string) string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	kept := lines[:0]
	for _, line := range lines {
		if !strings.HasPrefix(line, header+":") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\r\n") + "\r\n\r\n" + body
}

const (
	imageBody   = `{"quotas":{"resources":[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]}}`
	groupBody   = `{"quotas":{"resources":[{"max":200,"min":10,"quota":20,"type":"group","used":6}]}}`
	mappingBody = `{"quotas":{"resources":[{"max":100,"min":10,"quota":10,"type":"mapping","used":null}]}}`
	iamError    = `{"error_msg":"Request parameter type is invalid.","error_code":"IAM.0007"}`
	imsError    = `{"error":{"message":"The role is invalid.","code":"IMG.0026"}}`
	gateError   = `{"error_msg":"The API does not exist","error_code":"APIGW.0101","request_id":"1"}`
)

var allTypes = []string{
	"user", "group", "idp", "agency", "policy",
	"assigment_group_mp", "assigment_agency_mp", "assigment_group_ep", "assigment_user_ep", "mapping",
}

// account is a body with the given types.
func account(types ...string) string {
	items := []string{}
	for _, name := range types {
		used := "1"
		if name == "mapping" {
			used = "null"
		}
		items = append(items, fmt.Sprintf(`{"max":100,"min":10,"quota":10,"type":"%s","used":%s}`, name, used))
	}
	return `{"quotas":{"resources":[` + strings.Join(items, ",") + `]}}`
}

func zipped(body string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(body))
	_ = w.Close()
	return b.String()
}

func swap(s, old, replacement string) string {
	if !strings.Contains(s, old) {
		panic("nothing to swap: " + old)
	}
	return strings.Replace(s, old, replacement, 1)
}

func TestResponseFaults(t *testing.T) {
	group := accountPath + "?type=group"
	deep := strings.Repeat("[", 600) + strings.Repeat("]", 600)
	for _, test := range []struct {
		name   string
		target string
		raw    string
		want   []string
	}{
		// Statuses.
		{"undocumented error", imagePath, answer(418, gateError), []string{"status/undocumented"}},
		{"undocumented success", imagePath, answer(201, imageBody), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"no content", imagePath, "HTTP/1.1 204 No Content\r\nX-Request-Id: 1\r\n\r\n", []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"partial content", imagePath, answer(206, imageBody), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"multiple choices", imagePath, answer(300, imageBody), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"moved permanently", imagePath, answer(301, "", "Location: /"), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"found", imagePath, answer(302, "", "Location: /"), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"not modified", imagePath, "HTTP/1.1 304 Not Modified\r\nX-Request-Id: 1\r\n\r\n", []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"temporary redirect", imagePath, answer(307, "", "Location: /"), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"permanent redirect", imagePath, answer(308, "", "Location: /"), []string{"status/undocumented", "ims/only-200-succeeds"}},
		{"unavailable where it is not documented", accountPath, answer(503, gateError), []string{"status/undocumented"}},

		// The body as JSON.
		{"empty body", imagePath, answer(200, ""), []string{"body/empty"}},
		{"white space only", imagePath, answer(200, " \n"), []string{"body/empty"}},
		{"no JSON", imagePath, answer(200, "quota: 20"), []string{"body/not-json"}},
		{"single quotes", imagePath, answer(200, "{'quotas':1}"), []string{"body/not-json"}},
		{"comma at the end", imagePath, answer(200, swap(imageBody, "1000}]", "1000},]")), []string{"body/not-json"}},
		{"comment", imagePath, answer(200, "/**/"+imageBody), []string{"body/not-json"}},
		{"byte order mark", imagePath, answer(200, "\ufeff"+imageBody), []string{"body/not-json"}},
		{"NaN", imagePath, answer(200, swap(imageBody, "20", "NaN")), []string{"body/not-json"}},
		{"leading zero", imagePath, answer(200, swap(imageBody, "20", "020")), []string{"body/not-json"}},
		{"plus sign", imagePath, answer(200, swap(imageBody, "20", "+20")), []string{"body/not-json"}},
		{"control character in a string", imagePath, answer(400, swap(imsError, "role", "ro\tle")), []string{"body/not-json"}},
		{"cut off", imagePath, answer(200, imageBody[:40]), []string{"body/truncated"}},
		{"bytes after the value", imagePath, answer(200, imageBody+"x"), []string{"body/trailing-bytes"}},
		{"a second value", imagePath, answer(200, imageBody+imageBody), []string{"body/trailing-bytes"}},
		{"NUL at the end", imagePath, answer(200, imageBody+"\x00"), []string{"body/trailing-bytes"}},
		{"duplicate member", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":0,"used":0`)), []string{"body/duplicate-member"}},
		{"duplicate member, escaped", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":0,"us\u0065d":1`)), []string{"body/duplicate-member"}},
		{"duplicate member at the top", imagePath, answer(200, `{"quotas":{"resources":[]},`+imageBody[1:]), []string{"body/duplicate-member"}},
		{"invalid UTF-8", imagePath, answer(400, swap(imsError, "role", "ro\xffle")), []string{"body/invalid-utf8"}},
		{"overlong UTF-8", imagePath, answer(400, swap(imsError, "role", "ro\xc0\xafle")), []string{"body/invalid-utf8", "body/invalid-utf8"}},
		{"lone high surrogate", imagePath, answer(400, swap(imsError, "role", `ro\ud800le`)), []string{"body/lone-surrogate"}},
		{"lone low surrogate", imagePath, answer(400, swap(imsError, "role", `ro\udc00le`)), []string{"body/lone-surrogate"}},
		{"surrogates the wrong way round", imagePath, answer(400, swap(imsError, "role", `ro\udc00\ud800le`)), []string{"body/lone-surrogate", "body/lone-surrogate"}},
		{"nested too deep", imagePath, answer(200, deep), []string{"body/too-deep"}},

		// Numbers.
		{"fraction", imagePath, answer(200, swap(imageBody, ":20", ":20.5")), []string{"schema/type"}},
		{"7.0", imagePath, answer(200, swap(imageBody, ":20", ":7.0")), []string{"schema/integer-literal"}},
		{"1e1", imagePath, answer(200, swap(imageBody, ":20", ":1e1")), []string{"schema/integer-literal"}},
		{"beyond int32", imagePath, answer(200, swap(imageBody, ":1000", ":2147483648")), []string{"schema/format"}},
		{"beyond int32, negative", imagePath, answer(200, swap(imageBody, `"min":1`, `"min":-2147483649`)), []string{"schema/format"}},
		{"beyond int64", imagePath, answer(200, swap(imageBody, ":1000", ":9223372036854775808")), []string{"schema/format"}},
		{"beyond a double", imagePath, answer(200, swap(imageBody, ":1000", ":1e400")), []string{"schema/type"}},
		{"number as string", imagePath, answer(200, swap(imageBody, ":20", `:"20"`)), []string{"schema/type"}},
		{"negative used", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":-1`)), []string{"schema/minimum"}},

		// The schema.
		{"array instead of object", imagePath, answer(200, "["+imageBody+"]"), []string{"schema/type"}},
		{"null", imagePath, answer(200, "null"), []string{"schema/nullable"}},
		{"no quotas", imagePath, answer(200, `{}`), []string{"schema/required"}},
		{"quotas null", imagePath, answer(200, `{"quotas":null}`), []string{"schema/nullable"}},
		{"no resources", imagePath, answer(200, `{"quotas":{}}`), []string{"schema/required"}},
		{"resources null", imagePath, answer(200, `{"quotas":{"resources":null}}`), []string{"schema/nullable"}},
		{"resources an object", imagePath, answer(200, `{"quotas":{"resources":{}}}`), []string{"schema/type"}},
		{"resource null", imagePath, answer(200, `{"quotas":{"resources":[null]}}`), []string{"schema/nullable"}},
		{"no max", imagePath, answer(200, swap(imageBody, `,"max":1000`, "")), []string{"schema/required"}},
		{"two members missing", imagePath, answer(200, swap(imageBody, `,"min":1,"max":1000`, "")), []string{"schema/required", "schema/required"}},
		{"used null", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":null`)), []string{"schema/nullable"}},
		{"unknown type", imagePath, answer(200, swap(imageBody, `"image"`, `"images"`)), []string{"schema/enum"}},
		{"type in other case", imagePath, answer(200, swap(imageBody, `"image"`, `"Image"`)), []string{"schema/enum"}},
		{"type corrected", group, answer(200, swap(account("assigment_user_ep"), "assigment", "assignment")), []string{"schema/enum"}},
		{"member misspelt", imagePath, answer(200, swap(imageBody, `"used"`, `"Used"`)), []string{"schema/required", "member/undocumented"}},
		{"undocumented member", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":0,"unit":""`)), []string{"member/undocumented"}},
		{"undocumented member at the top", imagePath, answer(200, `{"x":1,`+imageBody[1:]), []string{"member/undocumented"}},

		// Errors.
		{"flat where nested is documented", imagePath, answer(403, iamError), []string{"schema/required", "member/undocumented", "member/undocumented"}},
		{"nested where flat is documented", accountPath, answer(403, imsError), []string{"schema/required", "schema/required", "member/undocumented"}},
		{"nested where the gateway answers", imagePath, answer(404, imsError), []string{"schema/required", "schema/required", "member/undocumented"}},
		{"code as number", imagePath, answer(400, swap(imsError, `"IMG.0026"`, "26")), []string{"schema/type"}},
		{"no message", accountPath, answer(400, `{"error_code":"IAM.0007"}`), []string{"schema/required"}},
		{"empty code", accountPath, answer(400, swap(iamError, "IAM.0007", "")), []string{"schema/minLength"}},
		{"code of another status", accountPath, answer(404, iamError), []string{"error-code/undocumented"}},
		{"code of the other service", imagePath, answer(400, swap(imsError, "IMG.0026", "IAM.0007")), []string{"error-code/undocumented"}},
		{"placeholder left", accountPath, answer(400, swap(iamError, "parameter type", "parameter %(key)s")), []string{"iam/no-placeholder"}},
		{"placeholder %s left", imagePath, answer(400, swap(imsError, "role", "role %s")), []string{"ims/no-placeholder"}},
		{"placeholder %d left", imagePath, answer(404, swap(gateError, "API", "%d API")), []string{"ims/gateway-no-placeholder"}},

		// Relations.
		{"filter not obeyed", group, answer(200, account(allTypes...)), []string{"showDomainQuota/type-filter"}},
		{"filter answers another type", group, answer(200, account("user")), []string{"showDomainQuota/type-filter"}},
		{"filter answers nothing", group, answer(200, account()), []string{"showDomainQuota/type-filter"}},
		{"a type missing", accountPath, answer(200, account(allTypes[:9]...)), []string{"showDomainQuota/all-types"}},
		{"no type at all", accountPath, answer(200, account()), []string{"showDomainQuota/all-types"}},
		{"a type twice", accountPath, answer(200, account(append([]string{"user"}, allTypes...)...)), []string{"iam/each-type-once"}},
		{"quota above max", group, answer(200, swap(groupBody, `"quota":20`, `"quota":201`)), []string{"iam/bounds"}},
		{"quota below min", group, answer(200, swap(groupBody, `"quota":20`, `"quota":9`)), []string{"iam/bounds"}},
		{"min above max", imagePath, answer(200, swap(imageBody, `"min":1`, `"min":2000`)), []string{"ims/bounds"}},
		{"used of mapping told", accountPath + "?type=mapping", answer(200, swap(mappingBody, "null", "3")), []string{"iam/used-by-type"}},
		{"used untold", group, answer(200, swap(groupBody, `,"used":6`, "")), []string{"iam/used-by-type"}},
		{"used null where it is told", group, answer(200, swap(groupBody, `"used":6`, `"used":null`)), []string{"iam/used-by-type"}},
		{"no image", imagePath, answer(200, swap(imageBody, `"image"`, `"image_shared"`)), []string{"showImageQuota/image-present"}},

		// Media types and codings.
		{"HTML", imagePath, answer(200, "<html>", "Content-Type: text/html"), []string{"media-type/undocumented"}},
		{"JSON as text", imagePath, answer(200, imageBody, "Content-Type: text/plain"), []string{"media-type/undocumented"}},
		{"another charset", imagePath, answer(200, imageBody, "Content-Type: application/json; charset=iso-8859-1"), []string{"media-type/charset"}},
		{"UTF-16 by name", imagePath, answer(200, imageBody, "Content-Type: application/json; charset=utf-16"), []string{"media-type/charset"}},
		{"malformed Content-Type", imagePath, answer(200, imageBody, "Content-Type: application/json; charset"), []string{"media-type/malformed"}},
		{"Content-Type without subtype", imagePath, answer(200, imageBody, "Content-Type: json"), []string{"media-type/malformed"}},
		{"a list as Content-Type", imagePath, answer(200, imageBody, "Content-Type: application/json, text/html"), []string{"media-type/malformed"}},
		{"charset twice", imagePath, answer(200, imageBody, "Content-Type: application/json; charset=utf-8; charset=latin1"), []string{"media-type/malformed"}},
		{"two Content-Types", imagePath, answer(200, imageBody, "Content-Type: application/json", "Content-Type: application/json"), []string{"media-type/doubled"}},
		{"no Content-Type", imagePath, without(answer(200, imageBody), "Content-Type"), []string{"media-type/missing"}},
		{"unknown coding", imagePath, answer(200, imageBody, "Content-Encoding: zap"), []string{"content-encoding/unknown"}},
		{"gzip that is none", imagePath, answer(200, imageBody, "Content-Encoding: gzip"), []string{"content-encoding/corrupt"}},
		{"gzip cut off", imagePath, answer(200, zipped(imageBody)[:30], "Content-Encoding: gzip"), []string{"content-encoding/corrupt"}},

		// Framing and headers.
		{"Content-Length too small", imagePath, answer(200, imageBody, "Content-Length: 10"), []string{"framing/content-length"}},
		{"Content-Length too large", imagePath, answer(200, imageBody, "Content-Length: 1000"), []string{"framing/content-length"}},
		{"Content-Length no number", imagePath, answer(200, imageBody, "Content-Length: many"), []string{"framing/content-length"}},
		{"Content-Length signed", imagePath, answer(200, imageBody, fmt.Sprintf("Content-Length: +%d", len(imageBody))), []string{"framing/content-length"}},
		{"two Content-Lengths", imagePath, answer(200, imageBody, "Content-Length: 1", "Content-Length: 2"), []string{"framing/content-length"}},
		{"Content-Length beside chunks", imagePath, answer(200, chunked(imageBody), "Transfer-Encoding: chunked", "Content-Length: 5"), []string{"framing/content-length"}},
		{"chunks without an end", imagePath, answer(200, strings.TrimSuffix(chunked(imageBody), "0\r\n\r\n"), "Transfer-Encoding: chunked"), []string{"framing/chunked"}},
		{"a chunk without size", imagePath, answer(200, "x\r\n"+imageBody, "Transfer-Encoding: chunked"), []string{"framing/chunked", "body/empty"}},
		{"bytes after the last chunk", imagePath, answer(200, chunked(imageBody)+"more", "Transfer-Encoding: chunked"), []string{"framing/chunked"}},
		{"unknown transfer coding", imagePath, answer(200, imageBody, "Transfer-Encoding: zap"), []string{"framing/transfer-encoding"}},
		{"bare line feeds", imagePath, strings.Replace(answer(200, imageBody), "\r\n", "\n", 1), []string{"framing/line-ending"}},
		{"a line that is no header", imagePath, answer(200, imageBody, "nonsense"), []string{"framing/header-syntax"}},
		{"space before the colon", imagePath, answer(200, imageBody, "Server : x"), []string{"framing/header-syntax"}},
		{"control character in a header", imagePath, answer(200, imageBody, "Server: a\x01b"), []string{"framing/header-syntax"}},
		{"head without an end", imagePath, "HTTP/1.1 200 OK\r\nX-Request-Id: 1\r\nContent-Type: application/json\r\n", []string{"framing/truncated", "body/empty"}},
		{"body where none may be", imagePath, "HTTP/1.1 204 No Content\r\nX-Request-Id: 1\r\n\r\nx", []string{"framing/body-forbidden", "status/undocumented", "ims/only-200-succeeds"}},
		{"no request id", imagePath, without(answer(200, imageBody), "X-Request-Id"), []string{"header/missing"}},
		{"empty request id", imagePath, swap(answer(200, imageBody), "X-Request-Id: 1", "X-Request-Id:"), []string{"header/minLength"}},
		{"two request ids", imagePath, answer(200, imageBody, "X-Request-Id: 2"), []string{"header/doubled"}},
		{"two Dates", imagePath, answer(200, imageBody, "Date: a", "Date: b"), []string{"header/doubled"}},
		{"undocumented header", imagePath, answer(200, imageBody, "X-Quota-Left: 20"), []string{"header/undocumented"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			verdict := judge(t, askFor(test.target), test.raw)
			if diff := cmp.Diff(test.want, idsOf(verdict)); diff != "" {
				t.Errorf("ids (-want +got):\n%s%s", diff, lines(verdict))
			}
		})
	}
}

func TestRequestFaults(t *testing.T) {
	head := func(lines ...string) string {
		return "GET " + imagePath + " HTTP/1.1\r\nHost: example.com\r\n" + strings.Join(append(lines, "", ""), "\r\n")
	}
	const token = "X-Auth-Token: secret-of-the-reader"
	for _, test := range []struct {
		name string
		raw  string
		want []string
	}{
		{"unknown type", askFor(accountPath + "?type=users"), []string{"parameter/enum"}},
		{"type in other case", askFor(accountPath + "?type=User"), []string{"parameter/enum"}},
		{"type corrected", askFor(accountPath + "?type=assignment_user_ep"), []string{"parameter/enum"}},
		{"type with a blank", askFor(accountPath + "?type=user%20"), []string{"parameter/enum"}},
		{"a list of types", askFor(accountPath + "?type=user,group"), []string{"parameter/enum"}},
		{"empty type", askFor(accountPath + "?type="), []string{"parameter/enum"}},
		{"type without a value", askFor(accountPath + "?type"), []string{"parameter/enum"}},
		{"the same type twice", askFor(accountPath + "?type=user&type=user"), []string{"parameter/doubled"}},
		{"two types", askFor(accountPath + "?type=user&type=group"), []string{"parameter/doubled"}},
		{"name in other case", askFor(accountPath + "?Type=user"), []string{"parameter/undocumented"}},
		{"undocumented parameter", askFor(imagePath + "?limit=10"), []string{"parameter/undocumented"}},
		{"bad escape", askFor(accountPath + "?type=%zz"), []string{"query/malformed"}},
		{"half an escape", askFor(accountPath + "?type=user%2"), []string{"query/malformed"}},
		{"semicolon", askFor(accountPath + "?type=user;x=1"), []string{"query/malformed", "parameter/enum"}},
		{"no credentials", head(), []string{"credentials/missing"}},
		{"empty token", head("X-Auth-Token:"), []string{"credentials/missing"}},
		{"two tokens", head(token, "X-Auth-Token: another-secret"), []string{"credentials/doubled"}},
		{"two signatures", head("Authorization: a-secret", "Authorization: another-secret"), []string{"credentials/doubled"}},
		{"malformed date", head(token, "X-Sdk-Date: 2024-02-27T12:00:00Z"), []string{"parameter/pattern"}},
		{"two dates", head(token, "X-Sdk-Date: 20240227T120000Z", "X-Sdk-Date: 20240227T120000Z"), []string{"parameter/doubled"}},
		{"undocumented header", head(token, "X-Quota: 1"), []string{"header/undocumented"}},
		{"two Hosts", head(token, "Host: other.example"), []string{"header/doubled"}},
		{"a body", swap(head(token), "\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n{}"), []string{"body/undocumented"}},
		{"wrong Content-Length", swap(head(token), "\r\n\r\n", "\r\nContent-Length: 3\r\n\r\n"), []string{"framing/content-length"}},
		{"undocumented method", swap(askFor(imagePath), "GET", "POST"), []string{"method/undocumented"}},
		{"method in other case", swap(askFor(imagePath), "GET", "get"), []string{"method/undocumented"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, body := 400, imsError
			switch {
			case strings.Contains(test.name, "method"):
				status, body = 404, gateError
			case strings.Contains(test.raw, accountPath):
				status, body = 400, iamError
			}
			verdict := judge(t, test.raw, answer(status, body))
			if diff := cmp.Diff(test.want, idsOf(verdict)); diff != "" {
				t.Errorf("ids (-want +got):\n%s%s", diff, lines(verdict))
			}
			for _, d := range verdict.Deviations {
				if !d.Request() {
					t.Errorf("%s is laid to the provider", d)
				}
			}
		})
	}
}

// TestLegalVariants holds what a provider may do and must not be blamed for, at any grade.
func TestLegalVariants(t *testing.T) {
	for _, test := range []struct{ name, target, raw string }{
		{"as documented", imagePath, answer(200, imageBody)},
		{"charset utf-8", imagePath, answer(200, imageBody, "Content-Type: application/json; charset=utf-8")},
		{"charset in upper case, quoted", imagePath, answer(200, imageBody, `Content-Type: application/json;charset="UTF-8"`)},
		{"charset utf8, as the vendor writes", imagePath, answer(200, imageBody, "Content-Type: application/json;charset=utf8")},
		{"media type in other case", imagePath, answer(200, imageBody, "Content-Type: Application/JSON")},
		{"header names in other case", imagePath, swap(swap(answer(200, imageBody), "Content-Type", "content-type"), "X-Request-Id", "x-request-ID")},
		{"white space", imagePath, answer(200, strings.NewReplacer("{", " {\n\t", ":", " : ", ",", "\r\n, ").Replace(imageBody)+"\n")},
		{"minus zero", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":-0`))},
		{"other order of members", imagePath, answer(200, `{"quotas":{"resources":[{"max":1000,"min":1,"quota":20,"used":0,"type":"image"}]}}`)},
		{"other order of elements", accountPath, answer(200, account(reversed(allTypes)...))},
		{"escaped names and values", imagePath, answer(200, swap(imageBody, `"type":"image"`, `"\u0074ype":"im\u0061ge"`))},
		{"all three types", imagePath, answer(200, `{"quotas":{"resources":[`+item("image")+","+item("image_shared")+","+item("image_member")+`]}}`)},
		{"used of mapping absent", accountPath + "?type=mapping", answer(200, swap(mappingBody, `,"used":null`, ""))},
		{"used above the quota", imagePath, answer(200, swap(imageBody, `"used":0`, `"used":21`))},
		{"largest integers", imagePath, answer(200, swap(swap(imageBody, ":1000", ":2147483647"), `"used":0`, `"used":2147483647`))},
		{"smallest minimum", imagePath, answer(200, swap(imageBody, `"min":1`, `"min":-2147483648`))},
		{"code in other case", accountPath, answer(400, swap(iamError, "IAM.0007", "Iam.0007"))},
		{"another message", accountPath, answer(400, swap(iamError, "Request parameter type is invalid.", "参数无效 \\ud83d\\ude00"))},
		{"empty message", accountPath, answer(400, swap(iamError, "Request parameter type is invalid.", ""))},
		{"error without request id in the body", imagePath, answer(404, swap(gateError, `,"request_id":"1"`, ""))},
		{"code of IAM with 401", accountPath, answer(401, `{"error_msg":"The token has expired.","error_code":"IAM.0066"}`)},
		{"throttled", imagePath, answer(429, swap(gateError, "APIGW.0101", "APIGW.0308"), "Retry-After: 5")},
		{"chunked", imagePath, answer(200, chunked(imageBody), "Transfer-Encoding: chunked")},
		{"chunked, with an extension and a trailer", imagePath, answer(200, fmt.Sprintf("%x;a=b\r\n%s\r\n0\r\nX-T: 1\r\n\r\n", len(imageBody), imageBody), "Transfer-Encoding: chunked")},
		{"ended by the end of the connection", imagePath, without(answer(200, imageBody), "Content-Length")},
		{"compressed", imagePath, answer(200, zipped(imageBody), "Content-Encoding: gzip")},
		{"identity", imagePath, answer(200, imageBody, "Content-Encoding: identity")},
		{"HTTP/1.0", imagePath, swap(answer(200, imageBody), "HTTP/1.1", "HTTP/1.0")},
		{"after an interim response", imagePath, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(200, imageBody)},
		{"registered headers", imagePath, answer(200, imageBody, "Server: api-gateway", "Date: x", "Cache-Control: no-cache", "Cache-Control: no-store", "Set-Cookie: a=b", "Set-Cookie: c=d", "X-Frame-Options: DENY")},
		{"trace id of IAM", accountPath + "?type=group", answer(200, groupBody, "X-Iam-Trace-Id: x")},
	} {
		t.Run(test.name, func(t *testing.T) {
			verdict := judge(t, askFor(test.target), test.raw)
			if len(verdict.Deviations) > 0 || len(verdict.Errors) > 0 || !verdict.Judged {
				t.Errorf("judged: %t, errors: %v, deviations:\n%s", verdict.Judged, verdict.Errors, lines(verdict))
			}
		})
	}
}

func TestLegalRequests(t *testing.T) {
	for _, test := range []struct{ name, raw string }{
		{"by token", askFor(accountPath)},
		{"with a type", askFor(accountPath + "?type=assigment_user_ep")},
		{"escaped type", askFor(accountPath + "?type=%75ser")},
		{"escaped path", askFor("/v3.0/OS%2DQUOTA/domains/d78cbac186b744899480f25bd022f46%38")},
		{"empty query", askFor(accountPath + "?")},
		{"signed, as the vendor's SDK does", "GET " + accountPath + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Domain-Id: 1\r\nX-Sdk-Date: 20240227T120000Z\r\n" +
			"Authorization: SDK-HMAC-SHA256 Access=k, SignedHeaders=x-sdk-date, Signature=0\r\nUser-Agent: u\r\nAccept-Encoding: gzip\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			verdict := judge(t, test.raw, answer(400, iamError))
			if len(verdict.Deviations) > 0 || len(verdict.Errors) > 0 {
				t.Errorf("errors: %v, deviations:\n%s", verdict.Errors, lines(verdict))
			}
		})
	}
}

func item(kind string) string {
	return fmt.Sprintf(`{"type":"%s","used":0,"quota":20,"min":1,"max":1000}`, kind)
}

func chunked(body string) string {
	half := len(body) / 2
	return fmt.Sprintf("%x\r\n%s\r\n%X\r\n%s\r\n0\r\n\r\n", half, body[:half], len(body)-half, body[half:])
}

func reversed(list []string) []string {
	other := []string{}
	for _, s := range list {
		other = append([]string{s}, other...)
	}
	return other
}

// judge parses raw messages and judges them by the document that knows the path.
func judge(t *testing.T, request, response string) contract.Verdict {
	t.Helper()
	operation := "showImageQuota"
	if strings.Contains(request, "/v3.0") {
		operation = "showDomainQuota"
	}
	asked, err := contract.ParseRequest([]byte(request))
	if err != nil {
		t.Fatal(err)
	}
	answered, err := contract.ParseResponse([]byte(response))
	if err != nil {
		t.Fatal(err)
	}
	return judgeOf(t, operation).Exchange(contract.Exchange{Request: asked, Response: answered})
}

func idsOf(v contract.Verdict) []string {
	ids := []string{}
	for _, d := range v.Deviations {
		ids = append(ids, d.ID)
	}
	return ids
}

func lines(v contract.Verdict) string {
	text := ""
	for _, d := range v.Deviations {
		text += d.String() + "\n"
	}
	return text
}
