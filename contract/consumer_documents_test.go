package contract_test

import (
	"strings"
	"testing"
)

// TestOurRequestFaults does the same for requests of our two documents.
func TestOurRequestFaults(t *testing.T) {
	group := requestFor(accountPath + "?type=group")
	wrongType, noCredentials := responseWith(400, iamError), responseWith(401, `{"error_msg":"No.","error_code":"IAM.0001"}`)
	noPath := responseWith(404, gateError)
	signed := swap(group, "X-Auth-Token: secret-of-the-reader", "X-Sdk-Date: 20240227T120000Z\r\n"+
		"Authorization: SDK-HMAC-SHA256 Access=secret-of-the-reader, SignedHeaders=host, Signature=0")
	for _, test := range []struct {
		name, document, request, response string
		isUnknown                         bool
		want                              []string
	}{
		{name: "right", document: "iam", request: group, response: responseWith(200, groupBody)},
		{name: "right and signed", document: "iam", request: signed, response: responseWith(200, groupBody)},
		{name: "right image", document: "ims", request: requestFor(imagePath), response: responseWith(200, imageBody)},
		{
			name: "enum", document: "iam", request: swap(group, "=group", "=groups"), response: wrongType,
			want: []string{"parameter/enum /request/query/type: one of " + strings.Join(allTypes, ", ")},
		},
		{
			name: "doubled", document: "iam", request: swap(group, "=group", "=group&type=user"), response: wrongType,
			want: []string{"parameter/doubled /request/query/type: the parameter once"},
		},
		{
			name: "misspelt parameter", document: "iam", request: swap(group, "?type", "?types"),
			response: responseWith(200, account(allTypes...)),
			want:     []string{`parameter/undocumented /request/query/types: no such parameter; did you mean "type"?`},
		},
		{
			name: "undocumented parameter", document: "ims", request: requestFor(imagePath + "?limit=1"), response: responseWith(200, imageBody),
			want: []string{"parameter/undocumented /request/query/limit: no such parameter"},
		},
		{
			name: "malformed", document: "iam", request: swap(group, "=group", "=%zz"), response: wrongType,
			want: []string{"query/malformed /request/query: a query that every server reads alike"},
		},
		{
			name: "no credentials", document: "iam", request: without(group, "X-Auth-Token"), response: noCredentials,
			want: []string{"credentials/missing /request/headers: Token or Signature"},
		},
		{
			name: "misspelt token", document: "iam", request: swap(group, "X-Auth-Token", "X-Auth-Tokn"), response: noCredentials,
			want: []string{
				`header/near-miss /request/headers/x-auth-tokn: no such header; did you mean "X-Auth-Token"?`,
				"credentials/missing /request/headers: Token or Signature",
			},
		},
		{
			name: "misspelt header of a signer", document: "iam", request: swap(group, "X-Auth", "X-Domain: 7\r\nX-DomainId: 7\r\nX-Auth"),
			response: responseWith(200, groupBody),
			want:     []string{`header/near-miss /request/headers/x-domainid: no such header; did you mean "X-Domain-Id"?`},
		},
		{
			name: "pattern of a signer's header", document: "iam", request: swap(signed, "T120000Z", ""), response: noCredentials,
			want: []string{"parameter/pattern /request/headers/x-sdk-date: a match of ^[0-9]{8}T[0-9]{6}Z$"},
		},
		{
			name: "body", document: "ims", request: swap(requestFor(imagePath), "\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n{}"),
			response: responseWith(200, imageBody), want: []string{"body/undocumented /request/body: no body"},
		},
		{
			name: "method", document: "ims", request: swap(requestFor(imagePath), "GET", "POST"), response: noPath,
			want: []string{"method/undocumented /request/method: GET"},
		},
		{
			name: "path in another case", document: "iam", request: swap(group, "OS-QUOTA", "os-quota"), response: noPath, isUnknown: true,
			want: []string{"path/near-miss /request/path: the path /v3.0/OS-QUOTA/domains/{domain_id}"},
		},
		{
			name: "path of another version", document: "iam", request: swap(group, "v3.0", "v3"), response: noPath, isUnknown: true,
			want: []string{"path/near-miss /request/path: the path /v3.0/OS-QUOTA/domains/{domain_id}"},
		},
		{
			name: "path with a letter more", document: "ims", request: swap(requestFor(imagePath), "quota", "quotas"), response: noPath,
			isUnknown: true, want: []string{"path/near-miss /request/path: the path /v1/cloudimages/quota"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			fault := requestFault{name: test.name, request: test.request, isUnknown: test.isUnknown, want: test.want}
			checkFault(t, judgeOf(t, test.document), fault, test.response)
		})
	}
}
