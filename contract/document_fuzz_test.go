package contract_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// FuzzDocument checks that no document that can be read, and no exchange judged by it, makes the judge panic, and that a
// document of which no judge can be made is refused in lines with a place.
func FuzzDocument(f *testing.F) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLink: <a>\r\nContent-Length: 10\r\n\r\n{\"a\": [1]}"
	for _, seed := range []struct{ document, request, response string }{
		{document: files, request: "GET /files/a.txt?page=1,2&any=x HTTP/1.1\r\nHost: h\r\n\r\n", response: answer},
		{
			document: echo,
			request:  "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"a\": [1]}",
			response: answer,
		},
		{document: `{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a/{b}": {"get": {"parameters": [
			{"name": "b", "in": "path", "required": true, "style": "matrix", "explode": true,
			"schema": {"$ref": "#/components/schemas/A"}},
			{"name": "c", "in": "query", "style": "deepObject", "content": {"application/json": {"schema": {"$dynamicRef": "#x"}}}},
			{"name": "d", "in": "cookie", "schema": {"type": ["array", "null"], "prefixItems": [true]}}],
			"responses": {"2XX": {"description": "", "headers": {"e": {"style": "simple", "schema": {"$ref": "#/components/schemas/A"}}},
			"content": {"*/*": {"schema": {"$ref": "#/components/schemas/A"}}}}, "default": {"$ref": "#/components/responses/F"}}}}},
			"components": {"schemas": {"A": {"$dynamicAnchor": "x",
			"anyOf": [{"$ref": "#/components/schemas/A/items"}], "items": {"pattern": "(?=a)"}}},
			"responses": {"F": {"description": ""}}},
			"x-rules": [{"id": "r", "says": "s.", "grade": "inferred", "source": "q", "rule": "response.body.a.all(x, x > 0)"}],
			"x-sources": {"q": {"title": "t", "url": "https://q.example/", "edition": "1"}}}`,
			request:  "GET /a/;b=1?c[x]=1&c=%7B%7D HTTP/1.1\r\nHost: h\r\nCookie: d=1\r\n\r\n",
			response: answer},
	} {
		newJudge(f, seed.document) // each can be read
		f.Add([]byte(seed.document), []byte(seed.request), []byte(seed.response))
	}
	base, err := openapi.Embedded("ims")
	if err != nil {
		f.Fatal(err)
	}
	judge, err := contract.New(base)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, document, request, response []byte) {
		req, err := contract.ParseRequest(request)
		if err != nil {
			return
		}
		resp, err := contract.ParseResponse(response)
		if err != nil {
			return
		}
		doc, err := spec.Read("d.yaml", document, nil)
		if err != nil {
			return
		}
		variant, err := judge.Recompile(doc) // as New makes it, sooner
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, "d.yaml:") {
					t.Errorf("refused without a place: %q", line)
				}
			}
			return
		}
		v := bounded(t, variant, contract.Exchange{Request: req, Response: resp}, len(document)+len(request)+len(response))
		for _, f := range v.Findings {
			if problem := lineProblem(f.String()); problem != "" {
				t.Errorf("%s: %q", problem, f)
			}
		}
	})
}
