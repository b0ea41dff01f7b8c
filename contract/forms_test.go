package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// files is a document with files that few documents have.
const files = `openapi: 3.0.3
info: {title: Forms, version: '1'}
paths:
  /files/{name}.{ending}:
    get:
      operationId: showFile
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: ending, in: path, required: true, schema: {type: string, enum: [txt, tar.gz]}}
        - {name: any, in: query, schema: {description: of no type}}
        - {name: page, in: query, explode: false, schema: {type: array, items: {type: integer}}}
      responses:
        '200':
          description: A file.
          headers:
            File-Size: {schema: {allOf: [{type: integer}, {minimum: 1}]}}
            Set-Cookie: {schema: {type: string}}
            Link: {schema: {type: string}}
            Expires: {schema: {type: string, minLength: 29, maxLength: 29}}
            File-Parts: {schema: {allOf: [{type: array, items: {allOf: [{type: integer}]}}]}}
          content:
            application/json:
              schema: {type: object}
`

// TestForms holds what the judge makes of parameters that share a segment, of headers whose schema has parts, and of
// targets in absolute form.
func TestForms(t *testing.T) {
	judge := newJudge(t, files)
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
	for _, test := range []struct {
		name, target, headers string
		unknown               bool
		want                  []string // id, pointer and what was got
	}{
		{"two parameters in a segment", "/files/a.txt", "", false, nil},
		{"the first takes no more than it must", "/files/a.tar.gz", "", false, nil},
		{"the second is wrong", "/files/a.zip", "", false, []string{"parameter/enum /request/path/ending \"zip\""}},
		{"one of the two is empty", "/files/a.", "", true, nil},
		{"none of the two", "/files/a", "", true, nil},
		{"an absolute target", "http://files.example/files/a.txt?page=1,2", "", false, nil},
		{"an absolute target of another path", "https://files.example/", "", true, nil},
		{"an absolute target without a path", "http://files.example?page=1", "", true, nil},
		{"a list that cannot be read", "/files/a.txt?page=1,x", "", false, []string{"parameter/type /request/query/page/1 string \"x\""}},
		{"a value of no type", "/files/a.txt?any=1", "", false, nil},
		{"no value of no type", "/files/a.txt?any=", "", false, []string{"parameter/empty /request/query/any \"\""}},
		{"headers by their parts", "/files/a.txt", "File-Size: 7\r\nFile-Parts: 1, 2\r\n", false, nil},
		{"a list over two lines", "/files/a.txt", "File-Parts: 1\r\nFile-Parts: 2\r\n", false, nil},
		{"a number over two lines", "/files/a.txt", "File-Size: 1\r\nFile-Size: 2\r\n", false, []string{"header/doubled /response/headers/file-size 2 times"}},
		{"links over two lines", "/files/a.txt", "Link: </a>; rel=next\r\nLink: </b>; rel=prev\r\n", false, nil},
		{"two cookies", "/files/a.txt", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", false, nil},
		{"a date that was split", "/files/a.txt", "Expires: Thu\r\nExpires: 01 Jan 2026 00:00:00 GMT\r\n", false, nil},
		{"a date that was split, and the document has none", "/files/a.txt", "Date: Thu\r\nDate: 01 Jan 2026 00:00:00 GMT\r\n", false, nil},
		{"two dates", "/files/a.txt", "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n", false, []string{"header/doubled /response/headers/date 2 times"}},
		{"a header below its minimum", "/files/a.txt", "File-Size: 0\r\n", false, []string{"header/minimum /response/headers/file-size \"0\""}},
		{"a header that is an integer with a point", "/files/a.txt", "File-Size: 7.0\r\n", false, nil},
		{"a header that is no number", "/files/a.txt", "File-Size: big\r\n", false, []string{"header/type /response/headers/file-size string \"big\""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := checkRaw(t, judge, "GET "+test.target+" HTTP/1.1\r\nHost: files.example\r\n\r\n", answer+test.headers+"\r\n{}")
			if v.Judged == test.unknown {
				t.Errorf("judged: %v", v.Judged)
			}
			var got []string
			for _, d := range v.Findings {
				got = append(got, d.ID+" "+d.Pointer+" "+d.Got)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
