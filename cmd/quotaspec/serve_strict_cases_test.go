package main

import (
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/server"
)

const (
	accountPath = "/v3.0/OS-QUOTA/domains/" + server.SampleDomainID
	imagesPath  = "/v1/cloudimages/quota"
)

// strictCase is a request to serve --strict, and what each mode answers.
type strictCase struct {
	name, method, target, body string
	token                      string
	header                     string   // one more, as "Name: value"
	status, refused            int      // without and with --strict=refuse
	findings                   []string // the beginnings of X-Quotaspec-Finding
	code                       string   // in the body of the refusal; "" if nothing is refused
}

var strictCases = []strictCase{
	{name: "right", target: accountPath + "?type=user", token: server.ReaderToken, status: 200, refused: 200},
	{name: "right, forbidden", target: imagesPath, token: server.LimitedToken, status: 403, refused: 403},
	{name: "an undocumented header", target: imagesPath, token: server.ReaderToken, header: "X-Foo: a", status: 200, refused: 200},
	{
		name:     "an undocumented parameter, IAM",
		target:   accountPath + "?typ=user",
		token:    server.ReaderToken,
		status:   200,
		refused:  400,
		findings: []string{`parameter/undocumented at /request/query/typ: want no such parameter`},
		code:     "Request parameter typ is invalid.",
	},
	{
		name:     "an undocumented parameter, IMS",
		target:   imagesPath + "?typ=image",
		token:    server.ReaderToken,
		status:   200,
		refused:  400,
		findings: []string{`parameter/undocumented at /request/query/typ: `},
		code:     `{"error":{"message":"The URL format is incorrect.","code":"IMG.0017"}}`,
	},
	{
		name:     "before the permission",
		target:   imagesPath + "?typ=image",
		token:    server.LimitedToken,
		status:   403,
		refused:  400,
		findings: []string{`parameter/undocumented at /request/query/typ: `},
		code:     "IMG.0017",
	},
	{
		name:     "a body",
		target:   imagesPath,
		body:     `{"a":"b"}`,
		token:    server.ReaderToken,
		status:   200,
		refused:  400,
		findings: []string{`body/undocumented at /request/body: want no body, got 9 bytes (undocumented, openapi/ims.yaml:`},
		code:     "IMG.0017",
	},
	{
		name:     "two findings",
		target:   accountPath + "?type=users&typ=a",
		token:    server.ReaderToken,
		status:   400,
		refused:  400,
		findings: []string{`parameter/enum at /request/query/type: want one of user, `, `parameter/undocumented at /request/query/typ: `},
		code:     "Request parameter type is invalid.",
	},
	{
		name:     "beyond ASCII",
		target:   imagesPath + "?%C3%A9=%C3%BC",
		token:    server.ReaderToken,
		status:   200,
		refused:  400,
		findings: []string{`parameter/undocumented at /request/query/\u00e9: want no such parameter, got "\u00fc" (`},
		code:     "IMG.0017",
	},
	{
		name:     "a secret in the wrong place",
		target:   imagesPath + "?X-Auth-Token=" + server.ReaderToken,
		token:    server.ReaderToken,
		status:   200,
		refused:  400,
		findings: []string{`parameter/undocumented at /request/query/X-Auth-Token: `},
		code:     "IMG.0017",
	},
	{
		name:     "no credentials",
		target:   imagesPath + "?typ=image",
		status:   401,
		refused:  401,
		findings: []string{`parameter/undocumented at /request/query/typ: `, `credentials/missing at /request/headers: `},
	},
	{
		name:     "another method",
		method:   http.MethodPost,
		target:   imagesPath,
		token:    server.ReaderToken,
		status:   404,
		refused:  404,
		findings: []string{`method/undocumented at /request/method: want `},
	},
	{
		name:     "almost a path",
		target:   strings.Replace(accountPath, "domains", "domain", 1),
		token:    server.ReaderToken,
		status:   404,
		refused:  404,
		findings: []string{"path/near-miss at /request/path: want the path /v3.0/OS-QUOTA/domains/{domain_id}, got /v3.0/OS-QUOTA/domain/"},
	},
	{name: "another path", target: "/v3/auth/tokens", token: server.ReaderToken, status: 404, refused: 404},
	{name: "health is not judged", target: "/healthz?typ=a", status: 200, refused: 200},
	{name: "the page is not judged", target: "/docs?typ=a", status: 200, refused: 200},
}
