package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// The messages of these tests are raw bytes, since many findings are about framing.

const (
	accountPath = "/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468"
	imagePath   = "/v1/cloudimages/quota"
)

// requestFor returns a request without findings.
func requestFor(target string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: example.com\r\nX-Auth-Token: secret-of-the-reader\r\n\r\n"
}

// responseWith returns a response with correct framing. Given headers follow the usual ones.
func responseWith(status int, body string, headers ...string) string {
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

// without removes a header from a message.
func without(raw, header string) string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	rest := lines[:0]
	for _, line := range lines {
		if !strings.HasPrefix(line, header+":") {
			rest = append(rest, line)
		}
	}
	return strings.Join(rest, "\r\n") + "\r\n\r\n" + body
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

func swap(s, old, replacement string) string {
	if !strings.Contains(s, old) {
		panic("nothing to swap: " + old)
	}
	return strings.Replace(s, old, replacement, 1)
}

func item(kind string) string {
	return fmt.Sprintf(`{"type":"%s","used":0,"quota":20,"min":1,"max":1000}`, kind)
}

// judge parses raw messages and judges them by the document that knows the path.
func judge(t *testing.T, request, response string) contract.Result {
	t.Helper()
	operation := "showImageQuota"
	if strings.Contains(request, "/v3.0") {
		operation = "showDomainQuota"
	}
	req, err := contract.ParseRequest([]byte(request))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := contract.ParseResponse([]byte(response))
	if err != nil {
		t.Fatal(err)
	}
	return judgeOf(t, operation).Check(contract.Exchange{Request: req, Response: resp})
}

func idsOf(v contract.Result) []string {
	ids := []string{}
	for _, f := range v.Findings {
		ids = append(ids, f.ID)
	}
	return ids
}

func lines(v contract.Result) string {
	text := ""
	for _, f := range v.Findings {
		text += f.String() + "\n"
	}
	return text
}
