package contract_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestNotCheckedPartsOfForms checks that a part of a form without a reader is listed, and that the other parts are judged.
func TestNotCheckedPartsOfForms(t *testing.T) {
	judge := newJudge(t, `
openapi: 3.1.0
info: {title: Photos, version: '1'}
paths:
  /photos:
    post:
      x-rules: [{id: has-size, says: It has a size., grade: documented, source: us, rule: "has(request.body.size.w)"}]
      requestBody:
        content:
          multipart/form-data: &form
            schema: &photo
              type: object
              required: [size, name]
              minProperties: 2
              properties:
                size:
                  type: object
                  required: [w]
                  x-rules: [{id: even, says: It is even., grade: documented, source: us, rule: self.w % 2 == 0}]
                sizes: {type: array, minItems: 2, items: {type: object}}
                name: {type: string, maxLength: 3}
                count: {type: integer}
              additionalProperties: false
            encoding:
              size:
                contentType: application/xml, application/json
                headers: {X-Size: {required: true, schema: {type: integer}}}
              sizes: {contentType: application/xml}
              count: {contentType: text/plain}
          application/x-www-form-urlencoded:
            schema: *photo
            encoding: {size: {contentType: application/xml}, sizes: {style: spiral}}
      responses: {'200': {description: Stored.}}
  /either:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              properties: {size: {type: object}, count: {type: integer}}
              oneOf: [{required: [size]}, {required: [count]}]
            encoding: {size: {contentType: application/xml}, count: {contentType: text/plain}}
      responses: {'200': {description: Stored.}}
`)
	part := func(head, text string) string {
		return "--x\r\nContent-Disposition: form-data; name=" + head + "\r\n\r\n" + text + "\r\n"
	}
	const end = "--x--\r\n"
	const isXML = "\r\nContent-Type: application/xml"
	size := part("size"+isXML+"\r\nX-Size: 1", "<a/>")
	const multipart, urlencoded = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
	for _, test := range []struct {
		name, target, mediaType, body string
		findings, notChecked          []string
	}{
		{
			name: "the rest is right", mediaType: multipart, body: size + part("name", "a") + end,
			notChecked: []string{"request part size"},
		},
		{
			name: "another is wrong", mediaType: multipart, body: size + part("name", "long") + part("count", "a") + end,
			findings:   []string{"schema/type /request/body/count", "schema/maxLength /request/body/name"},
			notChecked: []string{"request part size"},
		},
		{
			name: "another is of a wrong type", mediaType: multipart,
			body:       size + part("name", "a") + part("count\r\nContent-Type: a/b", "1") + end,
			findings:   []string{"body/part-type /request/body/count"},
			notChecked: []string{"request part size"},
		},
		{
			name: "another is missing", mediaType: multipart, body: size + end,
			findings:   []string{"schema/minProperties /request/body", "schema/required /request/body/name"},
			notChecked: []string{"request part size"},
		},
		{
			name: "there is one too many", mediaType: multipart, body: size + part("name", "a") + part("other", "a") + end,
			findings:   []string{"schema/additionalProperties /request/body/other"},
			notChecked: []string{"request part size"},
		},
		{
			name: "its header is missing", mediaType: multipart, body: part("size"+isXML, "<a/>") + part("name", "a") + end,
			findings:   []string{"header/missing /request/body/size/headers/x-size"},
			notChecked: []string{"request part size"},
		},
		{
			name: "a list", mediaType: multipart,
			body: part("size\r\nContent-Type: application/json\r\nX-Size: 1", `{"w":3}`) +
				part("sizes"+isXML, "<a/>") + part("name", "long") + end,
			findings:   []string{"schema/maxLength /request/body/name", "small/even /request/body/size"},
			notChecked: []string{"request part sizes"},
		},
		{
			name: "broken off", mediaType: multipart, body: size + "--x\r\n",
			findings:   []string{"body/not-multipart /request/body"},
			notChecked: []string{"request body in multipart/form-data"},
		},
		{
			name: "the rest depends on it", target: "/either", mediaType: multipart,
			body:       part("size"+isXML, "<a/>") + part("count\r\nContent-Type: a/b", "a") + end,
			findings:   []string{"body/part-type /request/body/count"},
			notChecked: []string{"request body in multipart/form-data"},
		},
		{
			name: "a form in one text", mediaType: urlencoded, body: "size=%3Ca/%3E&sizes=1&name=a&count=a",
			findings:   []string{"schema/type /request/body/count"},
			notChecked: []string{"request part sizes", "request part size"},
		},
		{
			name: "JSON all the same", mediaType: urlencoded, body: "size=%7B%22w%22:1%7D&name=a",
			findings: []string{"small/even /request/body/size"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := judge.Check(contract.Exchange{
				Request: contract.Request{
					Method: "POST", Target: cmp.Or(test.target, "/photos"), Header: http.Header{"Content-Type": {test.mediaType}},
					Body: []byte(test.body),
				},
				Response: contract.Response{Status: 200},
			})
			var got []string
			for _, f := range result.Findings {
				got = append(got, strings.Join([]string{f.ID, f.Pointer}, " "))
			}
			if diff := gocmp.Diff(test.findings, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(test.notChecked, result.NotChecked); diff != "" || len(result.Errors) > 0 {
				t.Errorf("%v, not checked (-want +got):\n%s", result.Errors, diff)
			}
		})
	}
}
